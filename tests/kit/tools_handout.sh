#!/bin/sh
# tools_handout.sh - tests of handout.sh and compdb.sh: on a small kit, and on
# this one as far as it has solutions.
. "${0%/*}/../tools/test_lib.sh"

rm -rf "$scratch/kit"
mkdir -p "$scratch/kit/common" "$scratch/kit/tests/runner" "$scratch/kit/tests/audit"
cd "$scratch/kit" || exit 2
cp -R "$here/tests/kit/tools_fixture/solutions" .
cp -R "$here/tests/tools" tests
cp "$here/LICENSE" .
echo 'static DWORD used; /* used += got; here it is given */' > common/np_given.c
echo 'int runner;' > tests/runner/main.c
echo '# audit' > tests/audit/audit.mk
echo '# for instructors' > tests/runner/INSTRUCTOR.pdf
cat > Makefile <<'END'
include tests/tools/tools.mk
include tests/audit/audit.mk
-include slides/slides.mk
check: ; @echo checked
END
handout=tests/tools/handout.sh

run $handout out
expect "a folder is made" 0 "out: " "none of the" "lines of the solutions is in it."
is "it holds no solutions, audit or authors' tools" "$(cd out && ls -d solutions tests/audit \
    tests/kit tests/tools/starter.awk tests/tools/handout.sh tests/runner/*.pdf 2> /dev/null)" ""
for file in README.md LICENSE Makefile labs/01-tiny/README.md labs/01-tiny/hints.md \
    labs/02-pair/server.c common/np_given.c tests/runner/main.c tests/tools/hint.sh; do
    [ -f "out/$file" ] || not_ok "$file is in it"
done
is "its Makefile includes only what is there" "$(grep include out/Makefile)" "include tests/tools/tools.mk"
run sh -c 'cd out && make -s check'
expect "its Makefile works" 0 "checked"
run sh -c 'cd out && make -s hint LAB=1'
expect "its hints work" 0 "Task 01.1, hint 1 of 4"
run sh -c 'cd out && make -s progress'
expect "its progress works" 0 "01-tiny"
run sh -c 'cd out && make -s explain LAB=1'
expect "it says that it has no reference" 2 "this copy of the kit has no solutions/"
same "the lab is the starter" out/labs/01-tiny/client.c solutions/01-tiny/client.c
run grep -c NP_TODO out/labs/01-tiny/server.c
expect "its tasks are to do" 0 1

run $handout out
expect "nothing is overwritten" 2 "out is there already"
if command -v zip > /dev/null && command -v unzip > /dev/null; then
    run $handout course-1.zip
    expect "an archive is made" 0 "course-1.zip: "
    run unzip -q course-1.zip
    same "it unpacks to a folder of its name" course-1/labs/02-pair/server.c out/labs/02-pair/server.c
    run test -x course-1/tests/tools/hint.sh
    expect "its tools can be run" 0
else
    skip "an archive is made" "zip and unzip are not installed"
fi

# The proof: every line of every region that is not given, one at a time.
mkdir -p build
awk -f tests/tools/handout_lines.awk kind=given common/np_given.c out/labs/*/*.[ch] \
    kind=solution solutions/*/*.[ch] > lines
is "the lines looked for are those of the regions" "$(head -3 lines)" \
    "while (used < size) {
if (!ReadFile(pipe, buffer + used, size - used, &got, NULL))
np_close_for_the_caller(&pipe);"
count=0
while IFS= read -r line; do
    printf '/* see: %s */\n' "$line" > tests/runner/leak.c
    run $handout leaking
    if [ "$status" -ne 1 ] || [ -e leaking ]; then
        not_ok "a leak is caught: $line"
    fi
    count=$((count + 1))
done < lines
rm tests/runner/leak.c
[ "$count" -ge 6 ] && ok "each of $count solution lines is caught when it leaks"
echo '    used += got;' > tests/runner/leak.c
run $handout given
expect "a line that is given anyway is no leak" 0
echo '// END SOLUTION 01.1' >> common/np_given.c
run $handout marked
expect "a marker is caught" 1 "These markers would be handed out"
run $handout
expect "wrong use: no OUT" 2 "make handout OUT=DIR.zip"
run $handout nowhere/x.zip
expect "wrong use: no such folder" 2 "There is no folder nowhere."
run $handout "a b"
expect "wrong use: a name with a blank" 2 "make the name of a handout"
rm -r solutions
run $handout other
expect "a handout cannot make handouts" 2 "There is no solutions/ here"

cd "$here" || exit 2
if [ -d solutions ] && ls solutions/*/server.c > /dev/null 2>&1; then
    run tests/tools/handout.sh "$scratch/real"
    expect "this kit's own handout leaks nothing" 0 "lines of the solutions is in it."
else
    skip "this kit's own handout" "there are no solutions here"
fi

# What a student does first, with nothing but the handout: the starter fails and
# names its first task; with the tasks done, the lab is green.
# What it builds is kept for the next time, in a place of its own: the sources
# come with their dates, so make knows what is new.
if [ -d "$scratch/real" ] && command -v x86_64-w64-mingw32-gcc > /dev/null; then
    student=$here/build/handout
    mkdir -p "$student"
    find "$student" -mindepth 1 -maxdepth 1 ! -name build -exec rm -rf {} +
    cp -a "$scratch/real/." "$student"
    cd "$student" || exit 2
    run make check LAB=01 TIMEOUT_SCALE=3
    expect "in the handout the starter of lab 01 fails and names a task" 2 "TODO 01.1 is not done yet"
    cp "$here"/solutions/01-*/*.[ch] labs/01-*/
    run make check LAB=01 TIMEOUT_SCALE=3
    expect "in the handout the reference of lab 01 is green" 0 " 0 failed, "
    cd "$here" || exit 2
else
    skip "lab 01 in the handout" "the cross compiler is not installed"
fi

cd "$scratch/kit" || exit 2
mkdir -p tests/director
echo 'int d;' > tests/director/main.c
run "$here/tests/tools/compdb.sh" build/c.json 'cross-gcc -DX="a\b"' 'gcc -O'
expect "the compilation database is made" 0
run grep -c '"file"' build/c.json
is "with every C file" "$(cat "$scratch/out")" "$(find labs solutions common tests -name '*.c' 2> /dev/null | wc -l | tr -d ' ')"
run grep -F 'cross-gcc -DX=\"a\\b\" -Itests/director -c tests/director/main.c' build/c.json
expect "a program for Windows has the cross compiler's command, quoted" 0
run grep -F '"gcc -O -c tests/runner/main.c"' build/c.json
expect "a program of this host has the host's" 0
cd "$here" || exit 2
finish
