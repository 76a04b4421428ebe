#!/bin/sh
# refresh.sh - keeps what a deck quotes equal to where it comes from.
#
# usage: refresh.sh check|update DECK.md...
#
# Below each line of the form
#     <!-- code: FILE#REGION -->       (region.awk says what a region is)
#     <!-- transcript: COMMAND -->     (a shell command line, run in the top folder)
# a deck holds a fenced block with exactly that text, so that it can be read as
# it is. `update` writes the blocks anew. `check` changes nothing, says where a
# block and its source differ, and ends with 1. Both end with 0 otherwise.
#
# Process ids, durations, handles and pipe names of a transcript change from
# run to run, and so does the order in which two programs print at the same
# time. They are not compared, and a transcript that differs in nothing else is
# left as it is.
#
# Below <!-- picture: COMMAND --> stands a drawing that each rendering makes anew.
# The file that it names is for readers of the Markdown: `update` makes it when
# it is not there.
#
# A command's output is kept in build/slides/transcripts until one of the files
# it depends on changes: run.sh knows which.
set -u
here=${0%/*}
mode=${1-}
case $mode in
    check | update) shift ;;
    *) echo "usage: refresh.sh check|update DECK.md..." >&2; exit 2 ;;
esac
work=$(mktemp -d "${TMPDIR:-/tmp}/nplab-slides.XXXXXX") || exit 2
trap 'rm -rf "$work"' EXIT
trap 'exit 130' INT TERM
passed=0
failed=0

complain() {
    printf '%s\n' "$1" >&2
    failed=$((failed + 1))
}

# content KIND ARGUMENT - what the block should hold.
content() {
    case $1 in
        code)
            file=${2%%#*}
            region=
            case $2 in *'#'*) region=${2#*#} ;; esac
            if [ ! -f "$file" ]; then
                echo "$file: there is no such file" >&2
                return 1
            fi
            awk -v name="$region" -f "$here/region.awk" "$file" ;;
        transcript) "$here/run.sh" "$2" ;;
    esac
}

# comparable FILE - a transcript without what changes from run to run.
comparable() {
    sed -E -e 's/(^|[^[:alnum:].])[0-9]+([.][0-9]+)? ?(ms|us|s|seconds?)([^[:alnum:]]|$)/\1N \3\4/g' \
        -e 's/(pid|PID|process|tid|thread)([ =:]+)[0-9]+/\1\2N/g' \
        -e 's/(handle)([ =]+)0x[0-9a-fA-F]+/\1\2N/g' \
        -e 's/(nplab-[a-z0-9.-]*-)[0-9a-f]{8}/\1N/g' -e 's/ +/ /g' "$1" |
        awk -f "$here/unordered.awk"
}

# pictures DECK - the files of drawings that commands make.
pictures() {
    sed -n -e '/^<!-- picture: /{s/^<!-- picture: \(.*\) -->$/\1/p;n;s/^!.*](\(.*\))$/\1/p;}' "$1" |
        while read -r command && read -r path; do
            path=${1%/*}/$path
            [ -f "$path" ] && continue
            if [ "$mode" = check ]; then
                echo "$1: there is no $path (make update-slides draws it)"
            elif ! "$here/run.sh" "$command" > "$path"; then
                rm -f "$path"
                echo "$1: $path could not be drawn"
            fi
        done
}

refresh() {
    deck=$1
    rm -f "$work"/*
    missing=$(pictures "$deck")
    [ -z "$missing" ] || complain "$missing"
    # One line per marker: number, line in the deck, kind, argument. The block
    # as it stands goes to NUMBER.old.
    if ! awk -v work="$work" -f "$here/blocks.awk" "$deck" > "$work/markers"; then
        failed=$((failed + 1))
        return
    fi
    while read -r number line kind argument; do
        new=$work/$number.new
        old=$work/$number.old
        if ! content "$kind" "$argument" > "$new" 2> "$work/why" < /dev/null; then
            complain "$deck:$line: $(cat "$work/why")"
            cp "$old" "$new"
            continue
        fi
        passed=$((passed + 1))
        cmp -s "$old" "$new" && continue
        if [ "$kind" = transcript ]; then
            comparable "$old" > "$work/a"
            comparable "$new" > "$work/b"
            if cmp -s "$work/a" "$work/b"; then
                cp "$old" "$new"
                continue
            fi
        fi
        if [ "$mode" = check ]; then
            passed=$((passed - 1))
            complain "$deck:$line: this is no longer what $argument says (make update-slides renews it):
$(diff "$old" "$new" | sed -n '/^[<>]/p' | head -n 12)"
        fi
    done < "$work/markers"
    [ "$mode" = update ] || return
    awk -v work="$work" -v merge=1 -f "$here/blocks.awk" "$deck" > "$work/deck" || return
    cmp -s "$deck" "$work/deck" && return
    cat "$work/deck" > "$deck"
    echo "$deck: renewed"
}

# Commands take seconds: run them side by side, before their blocks are needed.
sed -n 's/^<!-- transcript: \(.*\) -->$/\1/p' "$@" | tr '\n' '\0' |
    xargs -0 -P "$(getconf _NPROCESSORS_ONLN)" -n 1 "$here/run.sh" > /dev/null 2>&1

for deck; do
    refresh "$deck"
done
[ "$mode" = update ] || echo "$passed passed, $failed failed, 0 skipped"
[ $failed -eq 0 ]
