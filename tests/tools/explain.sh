#!/bin/sh
# explain.sh - the reference beside the learner's own code, task by task, once
# the lab is green.
#
#   explain.sh LAB
#
# For each task: what it asked for, the reference's function with the comments
# that give its reasons, and the learner's function of the same name. Side by
# side from 120 columns on, one below the other otherwise.
set -u
tools=${0%/*}
. "$tools/lib.sh"
colours
unset MAKEFLAGS MFLAGS MAKELEVEL
make=${MAKE:-make}

lab=$(find_lab "${1:-}") || exit
number=${lab%%-*}
own=labs/$lab
reference=solutions/$lab
[ -d "$reference" ] || die 2 "There is no reference here for lab $number: this copy of the kit has no solutions/. Ask your instructor."
[ -d "$own" ] || die 2 "There is no $own to show beside the reference."

# Always asked anew: the record may be lost, old, or of another version.
if ! NO_RECORD=1 "$make" --no-print-directory check "LAB=$number" > /dev/null 2>&1 < /dev/null; then
    die 1 "Lab $number is not green yet: make check LAB=$number says what is missing. Its reference is shown when it is."
fi

pages=$(mktemp -d) || exit 2
trap 'rm -rf "$pages"' EXIT
trap 'exit 130' INT TERM
width=$(terminal_width)

heading() { printf '%s%s%s\n' "$bold" "$*" "$plain"; }

# The tasks of one function, in their order, each with the README's words.
say_tasks() {
    for id in $1; do
        heading "Task $id"
        awk -v id="$id" -f "$tools/task_text.awk" "$reference/README.md" |
            fold -s -w $((width < 100 ? width : 100)) | sed 's| *$||'
    done
    echo
}

# show REFERENCE-TITLE OWN-TITLE - what lies in reference and own.
show() {
    if cmp -s "$pages/reference" "$pages/own"; then
        heading "$1 and $2 are the same"
        cat "$pages/own"
    elif [ "$width" -ge 120 ]; then
        { echo "-- $1"; cat "$pages/reference"; } > "$pages/left"
        { echo "-- $2"; cat "$pages/own"; } > "$pages/right"
        awk -v width="$width" -f "$tools/columns.awk" "$pages/left" "$pages/right"
    else
        heading "-- $1"
        cat "$pages/reference"
        echo
        heading "-- $2"
        cat "$pages/own"
    fi
    echo
}

explain() {
    file=$1
    function=$2
    ids=$3
    say_tasks "$ids"
    if [ "$function" = - ]; then
        for id in $ids; do
            awk -v region="$id" -f "$tools/function.awk" "$file"
        done > "$pages/reference"
        : > "$pages/own"
    else
        awk -v name="$function" -f "$tools/function.awk" "$file" > "$pages/reference"
        awk -v name="$function" -f "$tools/function.awk" "$own"/*.[ch] > "$pages/own"
    fi
    if [ -s "$pages/own" ]; then
        show "the reference, $file" "yours, $own"
    else
        heading "-- the reference, $file"
        cat "$pages/reference"
        echo
        echo "Your files hold no function of that name: you took a way of your own."
        echo
    fi
}

# One entry a function: FILE FUNCTION ID ID ...
awk -v list=1 -f "$tools/function.awk" "$reference"/*.[ch] |
    sort | awk '
        { key = $2 " " $3 }
        !(key in ids) { order[++count] = key }
        { ids[key] = ids[key] " " $1 }
        END { for (i = 1; i <= count; i++) print order[i] ids[order[i]] }' > "$pages/list"
while read -r file function ids; do
    explain "$file" "$function" "$ids"
done < "$pages/list"

if [ -f tests/trace/trace.mk ]; then
    echo "Pictures of the two: make trace LAB=$number draws a run of yours,"
    echo "make trace LAB=$number SRC=solutions one of the reference."
fi
