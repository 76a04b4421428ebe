#!/bin/sh
# check_tools.sh - runs every tests/kit/tools_*.sh and adds up. Shows the lines
# of what failed or was skipped; V=1 shows all.
passed=0 failed=0 skipped=0
for test in tests/kit/tools_*.sh; do
    lines=$(sh "$test" 2>&1 < /dev/null)
    status=$?
    last=$(printf '%s\n' "$lines" | tail -n 1)
    case $last in
        *' passed, '*' failed, '*' skipped') ;;
        *) last="0 passed, 1 failed, 0 skipped"; lines="FAIL $test ended early: $lines" ;;
    esac
    # shellcheck disable=SC2086
    set -- $last
    # A test that ends badly although it counts no failure has failed as well.
    if [ "$status" -ne 0 ] && [ "$3" -eq 0 ]; then
        set -- "$1" "" 1 "" "$5"
    fi
    passed=$((passed + $1)) failed=$((failed + $3)) skipped=$((skipped + $5))
    printf '%-32s %s\n' "$test" "$last"
    if [ -n "${V:-}" ]; then
        printf '%s\n' "$lines"
    else
        printf '%s\n' "$lines" | awk '/^(FAIL|SKIP)/ { print; more = /^FAIL/; next } /^PASS/ { more = 0 } more && / / && !/passed, /'
    fi
done
echo "$passed passed, $failed failed, $skipped skipped"
[ "$failed" -eq 0 ]
