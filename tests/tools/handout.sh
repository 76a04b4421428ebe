#!/bin/sh
# handout.sh - packs what students get.
#
#   handout.sh DIR.zip     the archive; it unpacks to a folder DIR
#   handout.sh DIR         the folder itself, which must not be there yet
#
# What goes in is listed below; what is not listed stays here: solutions/, the
# audit, the tests of the kit, the slides (their listings are solutions) and
# the authors' tools. The labs are made anew from solutions/, whatever somebody
# did in labs/. Before it is packed, the folder is searched for every line of
# the solutions; one find, and nothing is packed.
#
# The Makefile is the same file, without the include lines of what stays here.
set -u
export LC_ALL=C
tools=${0%/*}
. "$tools/lib.sh"

# Folders and files, and the endings of what is taken from folders.
folders='common tests/runner tests/director tests/checks tests/trace tests/tools'
files='LICENSE .clangd .clang-format .editorconfig .gitattributes .gitignore'
authors_tools='authors.mk starter.awk starters.sh hint_lint.sh hint_leaks.awk
    handout.sh handout_readme.md handout_lines.awk test_lib.sh check_tools.sh
    function.awk columns.awk task_text.awk'

wanted=${1:-}
case $wanted in
    '') die 2 "Say where to: make handout OUT=DIR.zip (or OUT=DIR for a folder)." ;;
    *.zip) name=${wanted##*/} name=${name%.zip} ;;
    *) wanted=${wanted%/} name=${wanted##*/} ;;
esac
case $name in
    '' | .* | *[!A-Za-z0-9._-]*) die 2 "OUT=$1: letters, digits, . _ and - make the name of a handout." ;;
esac
[ -d solutions ] || die 2 "There is no solutions/ here: handouts are made from the whole kit."
[ ! -e "$wanted" ] || die 2 "$wanted is there already; it is not overwritten."
case $wanted in
    */*) [ -d "${wanted%/*}" ] || die 2 "There is no folder ${wanted%/*}." ;;
esac
case $wanted in
    *.zip) command -v zip > /dev/null || die 2 "zip is not installed (apt-get install zip); OUT=DIR makes a folder without it." ;;
esac

work=build/handout.$$
stage=$work/$name
rm -rf "$work"
mkdir -p "$stage"
trap 'rm -rf "$work"' EXIT
trap 'exit 130' INT TERM

# ---- what goes in ------------------------------------------------------------

"$tools/starters.sh" generate "$work/starters" || exit
cp -R "$work/starters" "$stage/labs"
for folder in $folders; do
    find "$folder" -type f \( -name '*.[ch]' -o -name '*.def' \
        -o -name '*.mk' -o -name '*.sh' -o -name '*.awk' -o -name '*.md' \
        -o -name '*.rubric' -o -name '*.txt' -o -name '*.svg' \) 2> /dev/null
done > "$work/list"
for file in tests/*.mk $files; do
    [ -f "$file" ] && echo "$file"
done >> "$work/list"
while read -r file; do
    mkdir -p "$stage/$(dirname "$file")"
    cp -p "$file" "$stage/$file" || exit 2
done < "$work/list"
for file in $authors_tools; do
    rm -f "$stage/tests/tools/$file"
done
cp "$tools/handout_readme.md" "$stage/README.md" || exit 2

# A program for Windows that the runner needs is built from its sources there,
# like everything else. An include of what is not there is left out, and so is
# what `make help` says of the targets that need solutions/.
while IFS= read -r line; do
    included=${line#include }
    [ "$included" != "$line" ] || included=${line#-include }
    if [ "$included" = "$line" ] || [ -f "$stage/$included" ]; then
        printf '%s\n' "$line"
    fi
done < Makefile | sed -e 's/^\(all:.*\) ## .*/\1/' -e 's/^\(demo:.*\) ## .*/\1/' \
    -e "s/## the kit's own tests; /## /" > "$stage/Makefile"

# ---- nothing leaks -----------------------------------------------------------

find "$stage/labs" "$stage/common" -type f > "$work/given"
# File names of the kit are plain words.
# shellcheck disable=SC2046
awk -f "$tools/handout_lines.awk" kind=given $(cat "$work/given") \
    kind=solution solutions/*/*.[ch] > "$work/lines"
[ -s "$work/lines" ] || die 1 "No solution lines were found, so nothing can be proved; nothing was packed."
if grep -rnF -f "$work/lines" "$stage" >&2; then
    die 1 "These lines of the solutions would be handed out; nothing was packed."
fi
if grep -rnE '(BEGIN|END) SOLUTION|STUB:' "$stage/labs" "$stage/common" >&2; then
    die 1 "These markers would be handed out; nothing was packed."
fi

# ---- packing -----------------------------------------------------------------

count=$(find "$stage" -type f | wc -l | tr -d ' ')
proved=$(wc -l < "$work/lines" | tr -d ' ')
case $wanted in
    *.zip)
        case $wanted in /*) archive=$wanted ;; *) archive=$PWD/$wanted ;; esac
        (cd "$work" && find "$name" -type f | sort | zip -q -X "$archive" -@) || exit 2
        ;;
    *) mv "$stage" "$wanted" || exit 2 ;;
esac
echo "$wanted: $count files; none of the $proved lines of the solutions is in it."
