#!/bin/sh
# hint_lint.sh - proves that each task has four hints, that none is empty, and
# that none holds code of the solution (hint_leaks.awk says what that means).
set -u
export LC_ALL=C
tools=${0%/*}
. "$tools/lib.sh"
passed=0 failed=0

fault() {
    echo "$*" >&2
    faults=$((faults + 1))
}

# lint_lab LAB
lint_lab() {
    folder=solutions/$1
    hints=$folder/hints.md
    if [ ! -f "$hints" ]; then
        fault "$hints is missing."
        return
    fi
    ids=$(cat "$folder"/*.[ch] |
        sed -n 's|^[[:blank:]]*// BEGIN SOLUTION \([0-9.]*\)$|\1|p')
    told=$(awk -v list=tasks -f "$tools/hints.awk" "$hints")
    for id in $ids; do
        echo "$told" | grep -qxF "$id" || fault "$hints: task $id has no hints."
    done
    twice=$(echo "$told" | sort | uniq -d)
    [ -z "$twice" ] || fault "$hints: has two headings for task $twice."
    for id in $(echo "$told" | sort -u); do
        echo "$ids" | grep -qxF "$id" ||
            fault "$hints: task $id has hints, but the code has no region of that name."
        lint_steps "$id"
    done
    lint_leaks "$1"
}

lint_steps() {
    found=$(awk -v list=steps -f "$tools/hints.awk" "$hints" |
        awk -v id="$1" '$1 "" == id { printf "%s %s;", $2, $3 }')
    [ "$found" = "1 question;2 concept;3 place;4 shape;" ] ||
        fault "$hints: task $1 has the steps \"$found\" instead of 1 Question, 2 Concept, 3 Place, 4 Shape."
    empties=$(awk -v list=steps -f "$tools/hints.awk" "$hints" |
        awk -v id="$1" '$1 "" == id && $4 == 0 { print $2 }')
    for empty in $empties; do
        fault "$hints: hint $empty of task $1 is empty."
    done
}

lint_leaks() {
    awk -f "$tools/hint_leaks.awk" kind=starter "$starters/$1"/*.[ch] \
        kind=solution "$folder"/*.[ch] kind=hints "$hints" >&2 ||
        faults=$((faults + 1))
}

starters=build/hint_lint
"$tools/starters.sh" generate "$starters" || exit
for lab in $(labs_in solutions); do
    faults=0
    lint_lab "$lab"
    if [ "$faults" -eq 0 ]; then
        passed=$((passed + 1))
        echo "PASS $lab: four hints for each task, and none gives it away"
    else
        failed=$((failed + 1))
        echo "FAIL $lab"
    fi
done
rm -rf "$starters"
echo "$passed passed, $failed failed, 0 skipped"
[ "$failed" -eq 0 ]
