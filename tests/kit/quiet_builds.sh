#!/bin/sh
# quiet_builds.sh - no reference and no starter draws a warning.
#
# usage: quiet_builds.sh PROGRAMS     build/programs, after everything is built
passed=0 failed=0
for program in "$1"/solutions/*/*.log "$1"/labs/*/*.log; do
    if [ ! -f "${program%.log}.exe" ] || [ -s "$program" ]; then
        echo "FAIL ${program%.log} is built without a warning:"
        sed 's/^/    /' "$program"
        failed=$((failed + 1))
    else
        passed=$((passed + 1))
    fi
done
echo "$passed passed, $failed failed, 0 skipped"
[ "$failed" -eq 0 ] && [ "$passed" -gt 0 ]
