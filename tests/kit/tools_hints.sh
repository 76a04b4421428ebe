#!/bin/sh
# tools_hints.sh - tests of hint.sh and hint_lint.sh.
# shellcheck disable=SC2016  # Markdown quotes code with backticks
. "${0%/*}/../tools/test_lib.sh"
tools=$here/tests/tools

kit() {
    rm -rf "$scratch/kit"
    mkdir -p "$scratch/kit"
    cd "$scratch/kit" || exit 2
    cp -R "$here/tests/kit/tools_fixture/solutions" .
    "$tools/starters.sh" update > /dev/null
}

kit
run "$tools/hint.sh" 1
expect "the first hint is the question of the first task" 0 \
    "Task 01.1, hint 1 of 4: question" "When does a stream end?" "!109 ERROR" \
    "Next hint (concept): make hint LAB=01" "Another task: TASK=01.2"
run "$tools/hint.sh" 01
expect "the next call gives the next step alone" 0 "hint 2 of 4: concept" \
    "109 ERROR_BROKEN_PIPE" "!When does"
run "$tools/hint.sh" labs/01-tiny "" 4
expect "N=4 jumps to the shape, code block and all" 0 "hint 4 of 4: shape" \
    "while (there is room)" "That was the last hint"
run "$tools/hint.sh" 01
expect "after the last step it stays there" 0 "hint 4 of 4: shape"
run "$tools/hint.sh" 01 2
expect "TASK=2 is the lab's second task" 0 "Task 01.2, hint 1 of 4"
run "$tools/hint.sh" 01
expect "the task asked for last is gone on with" 0 "Task 01.2, hint 2 of 4"
run "$tools/hint.sh" "" 2.1
expect "TASK=2.1 says the lab as well" 0 "Task 02.1, hint 1 of 4"
rm build/progress
sed '/01.1/d' labs/01-tiny/server.c > s && mv s labs/01-tiny/server.c
run "$tools/hint.sh" 1
expect "it begins with the first task that is still to do" 0 "Task 01.2, hint 1 of 4"
run "$tools/hint.sh" 9
expect "no such lab" 2 "There is no lab 09. There are: 01-tiny 02-pair."
run "$tools/hint.sh" echo
expect "no lab number" 2 "LAB=echo is no lab number."
run "$tools/hint.sh" ""
expect "no lab at all" 2 "Say which lab: LAB=01."
run "$tools/hint.sh" 1 7
expect "no such task" 2 "Lab 01 has no task 01.7. It has: 01.1 01.2."
run "$tools/hint.sh" 1 x
expect "no task number" 2 "TASK=x is no task number."
run "$tools/hint.sh" 1 "" 5
expect "no such step" 2 "N=5 is no hint."
rm labs/02-pair/hints.md solutions/02-pair/hints.md
run "$tools/hint.sh" 2
expect "a lab without hints" 2 "Lab 02 has no hints."

# change SED-SCRIPT - the fixture's kit with other hints in lab 01, linted.
lint_with() {
    kit
    sed "$1" solutions/01-tiny/hints.md > h && mv h solutions/01-tiny/hints.md
    run "$tools/hint_lint.sh"
}

kit
run "$tools/hint_lint.sh"
expect "good hints pass" 0 "PASS 01-tiny: four hints for each task" "2 passed, 0 failed, 0 skipped"
lint_with 's/^When does.*/  /'
expect "an empty hint is caught" 1 "FAIL 01-tiny" "1 passed, 1 failed" "solutions/01-tiny/hints.md: hint 1 of task 01.1 is empty."
lint_with '/^### 3/,/^$/d'
expect "a missing step is caught" 1 "task 01.1 has the steps" "instead of 1 Question"
lint_with 's/^## Task 01.2/## Task 01.3/'
expect "a task without hints is caught" 1 "task 01.2 has no hints" "task 01.3 has hints, but"
lint_with 's/^Each handle.*/Write `used += got;` after the read./'
expect "a short line of the solution is caught" 1 \
    "solutions/01-tiny/hints.md:32: gives away code of task 01.1: used + = got ;"
lint_with 's/^Each handle.*/Call ReadFile(pipe,buffer+used, and so on/'
expect "six tokens of the solution are caught, spaced otherwise" 1 \
    "gives away code of task 01.1: ReadFile ( pipe , buffer +"
lint_with 's/^Each handle.*/`np_close_for_the_caller`\
`(\&pipe);`/'
expect "code spread over two lines is caught" 1 "gives away code of task 01.2"
lint_with 's/^Each handle.*/The helper is np_close_for_the_caller; it takes the pipe./'
expect "the name of a function is no leak" 0
lint_with 's/^Each handle.*/See `DWORD used = 0;` and `static int serve(HANDLE pipe)`./'
expect "code that the starter holds is no leak" 0
lint_with 's/^Each handle.*/The pipe came from the caller, who forgets it now./'
expect "words of a comment are no leak" 0
kit
rm solutions/02-pair/hints.md
run "$tools/hint_lint.sh"
expect "a lab without hints is caught" 1 "solutions/02-pair/hints.md is missing."
cd "$here" || exit 2
finish
