#!/bin/sh
# loop.sh - from an edit to the verdict, against its floor.
#
# usage: loop.sh LAB-NAME ROUNDS "COMPILE-COMMAND" CHECKS
#
# The loop: server.c changes, make check LAB=NN SRC=solutions compiles and
# grades. The floor: the same compiler with the same flags for the two
# programs, side by side, and as many no-op sandboxes as there are checks.
. "${0%/*}/bench_lib.sh"
lab=$1 rounds=$2 compile=$3 checks=$4
number=${lab%%-*}
slots=$(nproc)
scratch=build/bench/loop
mkdir -p "$scratch"
loops=$scratch/loops floors=$scratch/floors
: >"$loops"
: >"$floors"

# As from the student's shell: not a part of the make that runs the bench.
edit_and_check() {
    touch "solutions/$lab/server.c"
    env -u MAKEFLAGS -u MFLAGS -u MAKELEVEL make -s check LAB="$number" SRC=solutions
}

floor() {
    sh -c "$(printf "$compile" "solutions/$lab/server.c" "$scratch/server.exe")" &
    one=$!
    sh -c "$(printf "$compile" "solutions/$lab/client.c" "$scratch/client.exe")" || return
    wait $one || return
    build/bench/starts build/bench/nop.exe "$checks" "$slots"
}

edit_and_check >/dev/null 2>&1 # everything else is built and in memory
i=0
while [ "$i" -lt "$rounds" ]; do
    elapsed edit_and_check >>"$loops"
    elapsed floor >>"$floors"
    i=$((i + 1))
done
loop=$(median <"$loops") bare=$(median <"$floors")
printf '(a) edit to verdict, lab %s, %s checks:  %s ms; floor %s ms; ratio %s (at most 1.5)\n' \
    "$number" "$checks" "$loop" "$bare" "$(ratio "$loop" "$bare")"
