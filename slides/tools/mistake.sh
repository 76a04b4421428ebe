#!/bin/sh
# mistake.sh - prints what the grader says to one of the audit's wrong
# submissions: the failure of the check that is meant to reject it, as a
# student sees it who made that mistake in labs/; without the lanes below it,
# and with one thread's id for that of each run.
#
# usage: mistake.sh LAB NAME        (mistake.sh 01-echo forgets-disconnect)
set -eu
lab=$1
patch=tests/audit/$lab/wrong/$2.patch
folder=build/slides/mistakes/$lab-$2
if [ ! -f "$patch" ]; then
    echo "mistake.sh: there is no $patch" >&2
    exit 2
fi
check=$(sed -n 's/^expect: *//p' "$patch" | head -n 1)
rm -rf "$folder"
mkdir -p "$folder"
cp "solutions/$lab"/*.[ch] "$folder/"
patch -s -p1 -d "$folder" < "$patch" > /dev/null
make --no-print-directory check LAB="${lab%%-*}" SRC="$folder" TEST="${check#*.}" 2>&1 |
    sed -n -e '/^FAIL [0-9][0-9]\./,/^  replay/p' |
    sed -e "s| SRC=$folder||" -e 's/: [0-9]* Anonymous\./: 56 Anonymous./'
