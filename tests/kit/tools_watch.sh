#!/bin/sh
# tools_watch.sh - tests of watch.sh, record.sh and progress.sh.
#
# The watch runs with a queue of ours for its keys and a make of ours that
# calls a lab green when its server has no TODO left. Nothing is timed: each
# step waits until the watch has printed what it must, at most 10 s.
# shellcheck disable=SC2016  # the made-up make expands its own variables
. "${0%/*}/../tools/test_lib.sh"
tools=$here/tests/tools

kit() {
    rm -rf "$scratch/kit"
    mkdir -p "$scratch/kit"
    cd "$scratch/kit" || exit 2
    cp -R "$here/tests/kit/tools_fixture/solutions" .
    "$tools/starters.sh" update > /dev/null
}

printf '%s\n' '#!/bin/sh' 'for word; do case $word in LAB=*) number=${word#LAB=} ;; esac; done' \
    'echo "checks of $number run"' \
    'if grep -q TODO labs/$number-*/server.c; then echo "FAIL $number.first"; exit 2; fi' \
    'echo "PASS $number.first"' > "$scratch/make"
chmod +x "$scratch/make"

begin() {
    mkfifo "$scratch/keys.$1"
    # shellcheck disable=SC2094
    env MAKE="$scratch/make" "$tools/watch.sh" < "$scratch/keys.$1" > "$scratch/screen" 2>&1 &
    watch=$!
    exec 9> "$scratch/keys.$1"
}

# sees NAME TEXT [COUNT] - TEXT is on the screen COUNT times before 10 s pass.
sees() {
    waited=0
    while [ "$(grep -cF -- "$2" "$scratch/screen")" -lt "${3:-1}" ]; do
        waited=$((waited + 1))
        if [ "$waited" -gt 100 ]; then
            not_ok "$1" "not seen: $2" "$(tail -20 "$scratch/screen")"
            return
        fi
        sleep 0.1
    done
    ok "$1"
}

solve() {
    sed '/TODO/d' "labs/$1/server.c" > edited && mv edited "labs/$1/server.c"
}

for way in notify poll; do
    if [ $way = notify ] && ! command -v inotifywait > /dev/null; then
        skip "$way" "inotifywait is not installed"
        continue
    fi
    WATCH=$way
    export WATCH
    kit
    begin $way
    sees "$way: the first lab is checked at once" "FAIL 01.first"
    sees "$way: then it waits for a save" "Waiting for a save in labs/01-tiny/."
    echo n >&9
    sees "$way: n does not leave a lab that is not green" "Lab 01-tiny is not green yet."
    echo h >&9
    sees "$way: h gives a hint" "Task 01.1, hint 1 of 4"
    echo r >&9
    sees "$way: r runs again" "checks of 01 run" 2
    solve 01-tiny
    sees "$way: a save is noticed" "PASS 01.first"
    sees "$way: green says what comes next, and waits" "Next comes lab 02-pair."
    is "$way: it did not go on by itself" "$(grep -c 'checks of 02' "$scratch/screen")" 0
    touch labs/01-tiny/notes
    echo n >&9
    sees "$way: n goes to the next lab" "checks of 02 run"
    is "$way: a file that is no source starts nothing" "$(grep -c 'checks of 01' "$scratch/screen")" 3
    solve 02-pair
    sees "$way: the second lab is watched now" "PASS 02.first"
    sees "$way: after the last all are green" "It was the last: all labs are green."
    echo '/* later */' >> labs/02-pair/client.c
    sees "$way: a save of a green lab checks it again" "checks of 02 run" 3
    echo q >&9
    exec 9>&-
    wait "$watch"
    is "$way: q ends it with 0" "$?" 0
done
unset WATCH

run env MAKE="$scratch/make" "$tools/watch.sh"
expect "when all is green it says so and ends" 0 "All labs are green."
echo '// TODO' >> labs/01-tiny/server.c
run env MAKE="$scratch/make" "$tools/watch.sh"
expect "an earlier lab that was changed comes first again" 0 "FAIL 01.first"
run env MAKE="$scratch/make" "$tools/watch.sh" 7
expect "no such lab" 2 "There is no lab 07."

kit
run "$tools/progress.sh"
expect "progress of nothing" 0 "01-tiny                  [....................] not tried yet" \
    "0 of 2 labs are green." "Next: lab 01-tiny." "Nothing is recorded here yet"
mkdir -p build/results
grading() {
    {
        echo '{"t":0.0,"ev":"run_begin"}'
        echo '{"t":0.1,"ev":"test_end","id":"01.one","status":"passed","score":25,"max":25,"output":"\"score\":99"}'
        echo '{"t":0.1,"ev":"test_end","id":"01.two","status":"failed","score":0,"max":25}'
        [ -z "$1" ] || echo '{"t":0.2,"ev":"test_end","id":"01.two","status":"passed","score":25,"max":25}'
        echo '{"t":'"$2"',"ev":"run_end"}'
    } > build/results/events.jsonl
}
# The same grading twice counts once.
grading '' 1.1
run "$tools/record.sh"
run "$tools/record.sh"
grading '' 1.2
run "$tools/record.sh"
run "$tools/progress.sh"
expect "points and attempts are recorded" 0 "01-tiny                  [##########..........]  25/50, 2 attempts" "!Nothing is recorded"
grading all 1.3
run "$tools/record.sh"
run "$tools/progress.sh"
expect "a green lab is called green, and the next is named" 0 \
    "[####################]  50/50, 3 attempts, green" "1 of 2 labs are green." "Next: lab 02-pair."
echo '/* later */' >> labs/01-tiny/server.c
run "$tools/progress.sh"
expect "a lab that was changed since is no longer called green" 0 "changed since" "Next: lab 01-tiny."
sed '/run_end/d' build/results/events.jsonl > half && mv half build/results/events.jsonl
run "$tools/record.sh"
run "$tools/progress.sh"
expect "a run that was stopped is no attempt" 0 "50/50, 3 attempts"
printf '%s\n' '{"t":0.0,"ev":"run_begin"}' '{"t":0.0,"ev":"run_end"}' > build/results/events.jsonl
run "$tools/record.sh"
run "$tools/progress.sh"
expect "nor is one in which nothing was built" 0 "50/50, 3 attempts"
rm build/results/events.jsonl
run "$tools/record.sh"
expect "without results nothing is recorded and nothing fails" 0
run awk 'length > 80' "$scratch/screen"
is "no line of the watch is wider than 80 columns" "$(cat "$scratch/out")" ""
cd "$here" || exit 2
finish
