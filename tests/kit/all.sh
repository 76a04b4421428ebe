#!/bin/sh
# all.sh - runs the kit's own test suites and adds up what they say.
#
# usage: all.sh NAME=COMMAND...
#
# A suite ends with a line "N passed, N failed, N skipped"; one that does not,
# or whose exit status does not fit its line, counts as a failure. The output
# of a suite that failed is shown; all of it is in build/results/kit.

logs=build/results/kit
mkdir -p "$logs" || exit 2
passed=0 failed=0 skipped=0

# A suite of several programs has several closing lines.
count() { # count WORD FILE: the sum of the numbers before WORD
    awk -v word="$1" '
        /^[0-9]+ passed, [0-9]+ failed, [0-9]+ skipped$/ {
            seen = 1
            for (i = 2; i <= NF; i++)
                if ($i ~ "^" word)
                    sum += $(i - 1)
        }
        END { if (seen) print sum + 0 }' "$2"
}

for suite in "$@"; do
    name=${suite%%=*}
    command=${suite#*=}
    log=$logs/$name.log
    printf '%-14s' "$name"
    began=$(date +%s)
    sh -c "$command" >"$log" 2>&1 </dev/null
    status=$?
    good=$(count passed "$log")
    bad=$(count failed "$log")
    left=$(count skipped "$log")
    problem=
    if [ -z "$bad" ]; then
        problem="it ended with status $status and without its closing line"
        good=0 bad=1 left=0
    elif [ "$status" -ne 0 ] && [ "$bad" -eq 0 ]; then
        problem="it ended with status $status although nothing failed"
        bad=1
    elif [ "$status" -eq 0 ] && [ "$bad" -ne 0 ]; then
        problem="it ended with status 0 although something failed"
    elif [ $((good + bad + left)) -eq 0 ]; then
        problem="it ran no test"
        bad=1
    fi
    passed=$((passed + good)) failed=$((failed + bad)) skipped=$((skipped + left))
    if [ "$bad" -eq 0 ]; then
        printf 'PASS %5d passed, %d skipped, %d s\n' "$good" "$left" $(($(date +%s) - began))
    else
        printf 'FAIL %5d passed, %d failed: %s\n\n' "$good" "$bad" "${problem:-$log}"
        sed 's/^/    /' "$log"
        printf '\n'
    fi
done

printf '%d passed, %d failed, %d skipped\n' "$passed" "$failed" "$skipped"
[ "$failed" -eq 0 ]
