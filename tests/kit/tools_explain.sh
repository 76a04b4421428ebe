#!/bin/sh
# tools_explain.sh - tests of explain.sh and the scripts below it.
. "${0%/*}/../tools/test_lib.sh"
tools=$here/tests/tools

printf '#!/bin/sh\nexit 2\n' > "$scratch/red"
printf '#!/bin/sh\nexit 0\n' > "$scratch/green"
chmod +x "$scratch/red" "$scratch/green"
cp -R "$here/tests/kit/tools_fixture/solutions" "$scratch"
cd "$scratch" || exit 2
"$tools/starters.sh" update > /dev/null

run env MAKE="$scratch/red" "$tools/explain.sh" 1
expect "a lab that is not green is not explained" 1 "Lab 01 is not green yet" "!ReadFile"

sed '/TODO/d; s/(void)used;/return solve_it(pipe);/' labs/01-tiny/server.c > s
mv s labs/01-tiny/server.c
run env MAKE="$scratch/green" COLUMNS=80 "$tools/explain.sh" 1
expect "a green lab shows the task's words" 0 "Task 01.1" "The client may send in pieces."
expect "and the reference with its reasons" 0 "if (!ReadFile(pipe, buffer + used" \
    "The pipe came from the caller, who forgets it now."
expect "and the learner's own function" 0 "return solve_it(pipe);"
expect "and no marker" 0 "!SOLUTION" "!STUB"
run awk 'length > 80' "$scratch/out"
is "nothing is wider than the terminal" "$(cat "$scratch/out")" ""

run env MAKE="$scratch/green" COLUMNS=120 "$tools/explain.sh" 1
expect "a wide terminal shows them side by side" 0 "| -- yours, labs/01-tiny" "| static int serve(HANDLE pipe)"
run awk 'length > 120' "$scratch/out"
is "the columns fit it" "$(cat "$scratch/out")" ""

sed 's/serve(/other_way(/' labs/01-tiny/server.c > s
mv s labs/01-tiny/server.c
run env MAKE="$scratch/green" "$tools/explain.sh" 1
expect "another design is respected" 0 "Your files hold no function of that name"
cp solutions/01-tiny/server.c labs/01-tiny
run env MAKE="$scratch/green" "$tools/explain.sh" 1
expect "the same code is shown once" 0 "are the same"

# A table instead of headings, functions in both brace styles, a region around
# a whole function, and one around data.
mkdir -p odd
cat > odd/README.md <<'END'
| task | where | what |
| --- | --- | --- |
| 01.1 | here | Say the first thing. |
| 01.12 | there | Say the twelfth. |
END
cat > odd/a.c <<'END'
int declared(int x);
static const char *
split_head(int x, int y)
{
    // BEGIN SOLUTION 01.1
    // STUB: NP_TODO("01.1");
    return "first";
    // END SOLUTION 01.1
}

/* Reasons
   in two lines. */
// BEGIN SOLUTION 01.12
// STUB: int whole(void) { return NP_TODO("01.12"); }
int whole(void) {
    return 12;
}
// END SOLUTION 01.12

static const int table[] = {
    // BEGIN SOLUTION 01.13
    // STUB: 0 /* TODO 01.13 */
    1, 2
    // END SOLUTION 01.13
};
END
run awk -v list=1 -f "$tools/function.awk" odd/a.c
is "each region's function is found" "$(cat "$scratch/out")" "01.1 odd/a.c split_head
01.12 odd/a.c whole
01.13 odd/a.c -"
run awk -v name=whole -f "$tools/function.awk" odd/a.c
is "a function comes with its comment, without markers" "$(cat "$scratch/out")" "/* Reasons
   in two lines. */
int whole(void) {
    return 12;
}"
run awk -v name=split_head -f "$tools/function.awk" odd/a.c
is "a head of two lines is whole" "$(sed -n 1p "$scratch/out")" "static const char *"
run awk -v region=01.13 -f "$tools/function.awk" odd/a.c
is "data is shown as a region" "$(cat "$scratch/out")" "    1, 2"
run awk -v id=01.1 -f "$tools/task_text.awk" odd/README.md
is "a task in a table has its row's words" "$(cat "$scratch/out")" "Say the first thing."
run "$tools/explain.sh" 9
expect "no such lab" 2 "There is no lab 09."
rm -r solutions
run "$tools/explain.sh" 1
expect "a copy without solutions says so" 2 "this copy of the kit has no solutions/"
cd "$here" || exit 2
finish
