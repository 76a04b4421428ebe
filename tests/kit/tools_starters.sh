#!/bin/sh
# tools_starters.sh - tests of starters.sh: labs/ is made, kept in step, and
# never written over a student's edits.
. "${0%/*}/../tools/test_lib.sh"
starters=$here/tests/tools/starters.sh

# kit NAME - a fresh small kit in a folder of its own, which becomes current.
kit() {
    mkdir -p "$scratch/$1"
    cd "$scratch/$1" || exit 2
    cp -R "$here/tests/kit/tools_fixture/solutions" .
}

kit update
run "$starters" update
expect "the first update writes all starters" 0 "labs/: 12 written, 0 removed, 0 as they were."
run grep -rE 'SOLUTION|STUB' labs
expect "no marker is in them" 1
run grep -c 'TODO 01' labs/01-tiny/server.c
expect "they name their tasks" 0 "2"
run "$starters" check
expect "check finds them in step" 0 "PASS 01-tiny: labs/ is what solutions/ makes, 2 regions" "2 passed, 0 failed, 0 skipped"
run "$starters" update
expect "a second update writes nothing" 0 "labs/: 0 written, 0 removed, 12 as they were."

echo '// mine' >> labs/01-tiny/server.c
cp labs/01-tiny/server.c kept
run env -u CI "$starters" check
expect "check skips a lab in which somebody works" 0 "labs/01-tiny/server.c: line 24 differs" \
    "SKIP 01-tiny: somebody works in it" "1 passed, 0 failed, 1 skipped"
run env CI=true "$starters" check
expect "where nobody works, in CI, it is a fault" 1 "FAIL 01-tiny" "1 passed, 1 failed, 0 skipped"
echo '/* newer */' >> solutions/01-tiny/server.c
echo '/* newer */' >> solutions/02-pair/client.c
run "$starters" update
expect "update refuses over an edit, and names the file" 1 \
    "labs/01-tiny/server.c has edits" "Nothing was written."
same "the edited file is untouched" labs/01-tiny/server.c kept
run grep newer labs/02-pair/client.c
expect "nor is anything else written then" 1
run "$starters" check
expect "check reports both drifts" 1 "labs/01-tiny/server.c is not up to date" \
    "labs/02-pair/client.c is not up to date" "0 passed, 2 failed, 0 skipped"
run "$starters" update 2
expect "one lab can be updated while another has edits" 0 "labs/: 1 written"
rm labs/01-tiny/server.c
run "$starters" update
expect "an edited file moved away is written anew" 0 "labs/: 1 written"

echo '/* newest */' >> solutions/01-tiny/server.c
rm labs/.starters
run "$starters" update
expect "without the list update refuses rather than guess" 1 "server.c has edits"

if command -v git > /dev/null; then
    kit committed
    run "$starters" update
    git init -q . && git add . &&
        git -c user.name=a -c user.email=a@b commit -q -m start
    echo '// mine' >> labs/02-pair/server.c
    git add . && git -c user.name=a -c user.email=a@b commit -q -m "my work"
    echo '/* newer */' >> solutions/02-pair/server.c
    run "$starters" update
    expect "an edit that is committed is an edit all the same" 1 \
        "labs/02-pair/server.c has edits"
else
    skip "an edit that is committed" "git is not installed"
fi

kit together
run "$starters" update
ends=0
for i in 1 2 3 4; do
    "$starters" check > "check.$i" 2>&1 &
    checks="${checks:-} $!"
done
for check in $checks; do wait "$check" || ends=1; done
is "several runs at a time do not disturb each other" "$ends" 0
is "and leave nothing behind" "$(ls build)" ""

kit removed
run "$starters" update
rm solutions/01-tiny/demo.txt
run "$starters" check
expect "check reports a file that solutions/ no longer makes" 1 \
    "labs/01-tiny/demo.txt is in labs/.starters, but solutions/ does not make it."
run "$starters" update
expect "update removes it" 0 "1 removed"
touch labs/01-tiny/notes.txt
run "$starters" update
expect "update leaves a student's own file alone" 0 "0 removed"
run env CI=true "$starters" check
expect "check calls it an orphan" 1 "labs/01-tiny/notes.txt is made of nothing"

kit marks
run "$starters" update
echo '// END SOLUTION 01.1' >> labs/01-tiny/client.c
run "$starters" check
expect "a leaked marker is found" 1 "labs/01-tiny/client.c:8: a marker"

kit readme
sed 's/01[.]2/01.22/' solutions/01-tiny/README.md > r && mv r solutions/01-tiny/README.md
run "$starters" update
run "$starters" check
expect "a region that the README does not know is found" 1 \
    "solutions/01-tiny/README.md has no task 01.2, but"

kit bare
sed '/BEGIN SOLUTION/d; /END SOLUTION/d; /STUB:/d' solutions/02-pair/server.c > s
mv s solutions/02-pair/server.c
run "$starters" update
run "$starters" check
expect "a lab without any region is found" 1 "solutions/02-pair has no marked region"

kit broken
echo '// BEGIN SOLUTION 01.3' >> solutions/01-tiny/server.c
run "$starters" update
expect "a broken marker stops the update" 1 \
    "solutions/01-tiny/server.c:36: region 01.3 is never closed" "No starters were made."
run test -e labs
expect "and labs/ is not even begun" 1

kit stray
touch solutions/01-tiny/a.out
run "$starters" update
expect "a file of an unknown kind is refused" 1 "solutions/01-tiny/a.out: starters are made of"
cd "$scratch" && mkdir -p nothing && cd nothing || exit 2
run "$starters" update
expect "without solutions/ it says so" 2 "There is no solutions/ here"
run "$starters" nonsense
expect "wrong use ends with 2" 2 "usage: starters.sh"
finish
