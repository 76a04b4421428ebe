#!/bin/sh
# all.sh - runs the kit's own test suites and adds up what they say.
#
# usage: all.sh NAME=COMMAND...
#
# A suite ends with a line "N passed, N failed, N skipped"; one that does not,
# or whose exit status does not fit its line, counts as a failure. The output
# of a suite that failed is shown; all of it is in build/results/kit.

# Two suites run at a time: much of some is waiting.
logs=build/results/kit

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

run_suite() { # run_suite NAME=COMMAND: one line, and its counts in NAME.count
    name=${1%%=*}
    log=$logs/$name.log
    began=$(date +%s)
    sh -c "${1#*=}" >"$log" 2>&1 </dev/null
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
    echo "$good $bad $left" >"$logs/$name.count"
    if [ "$bad" -eq 0 ]; then
        printf '%-12s PASS %5d passed, %d skipped, %d s\n' "$name" "$good" "$left" \
            $(($(date +%s) - began))
    else
        printf '%-12s FAIL %5d passed, %d failed: %s\n' "$name" "$good" "$bad" "${problem:-$log}"
    fi
}

if [ "${1:-}" = --one ]; then
    run_suite "$2"
    exit 0
fi

rm -rf "$logs"
mkdir -p "$logs" || exit 2
printf '%s\0' "$@" | xargs -0 -n 1 -P 2 "$0" --one

passed=0 failed=0 skipped=0
for suite in "$@"; do
    name=${suite%%=*}
    if ! read -r good bad left 2>/dev/null <"$logs/$name.count"; then
        good=0 bad=1 left=0
    fi
    passed=$((passed + good)) failed=$((failed + bad)) skipped=$((skipped + left))
    if [ "$bad" -ne 0 ]; then
        printf '\n%s:\n' "$name"
        sed 's/^/    /' "$logs/$name.log"
    fi
done

printf '\n%d passed, %d failed, %d skipped\n' "$passed" "$failed" "$skipped"
[ "$failed" -eq 0 ]
