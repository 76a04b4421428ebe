#!/bin/sh
# sources.sh - lays out every submission of the audit and lists them.
#
# usage: sources.sh all|sample OUT LAB...      (LAB as in 01-echo)
#
# A sample has of the wrong submissions the first for each check, and the first
# three right ones of each lab.
#
# A wrong submission is the reference with one patch applied; a right one is
# a folder of its own; the program and the headers that it leaves out are the
# reference's. OUT/LAB/KIND/NAME/src gets the sources, OUT/list.tsv
# one line a submission: lab, kind, name, programs' folder, the check that
# must reject it, its misconception. A patch that no longer applies is an
# error: the reference has moved and the mistake must be made again in it.

extent=$1
out=$2
shift 2
here=${0%/*}
failed=0
list=$out/list.tsv
mkdir -p "$out" || exit 2
: >"$list.new"

# same_sources A B: whether the two folders hold the same files.
same_sources() {
    diff -rq "$1" "$2" >/dev/null 2>&1
}

# install_sources NEW DIR: keeps the old files' times where nothing changed.
install_sources() {
    if same_sources "$1" "$2"; then
        rm -rf "$1"
    else
        rm -rf "$2" "${2%/src}"/*.built
        mv "$1" "$2"
    fi
}

# reuse PROGRAM LAB DIR OTHER: takes PROGRAM from the reference's build when the
# patch touched nothing but OTHER's own files.
reuse() {
    built=$out/../programs/solutions/$2
    [ -f "$built/$1.exe" ] || return 0
    for file in "$3/src"/*.[ch]; do
        case ${file##*/} in
        "$4".c | "$4"_*) ;;
        *) cmp -s "$file" "solutions/$2/${file##*/}" || return 0 ;;
        esac
    done
    cp "$built/$1.exe" "$built/$1.log" "$3/" && touch "$3/$1.built"
}

# complete DIR REFERENCE: gives DIR the program that it lacks, with all its
# files, and the headers that both programs share.
complete() {
    for file in "$2"/*.[ch]; do
        case ${file##*/} in
        server.* | server_*) [ -f "$1/server.c" ] && continue ;;
        client.* | client_*) [ -f "$1/client.c" ] && continue ;;
        *.c) continue ;;
        esac
        [ -f "$1/${file##*/}" ] || cp "$file" "$1/"
    done
}

header() { # header FILE FIELD: the value of "FIELD: value" before the diff
    sed -n -e '/^--- /q' -e "s/^$2: *//p" "$1" | head -n 1
}

add() { # add LAB KIND NAME FOLDER CHECK MISCONCEPTION
    printf '%s\t%s\t%s\t%s\t%s\t%s\n' "${1%%-*}" "$2" "$3" "$4" "$5" "$6" >>"$list.new"
}

# is_wanted CHECK: false in a sample for a check that has its wrong submission.
is_wanted() {
    case $extent:$seen in
    sample:*" $1 "*) return 1 ;;
    esac
    seen="$seen$1 "
}
seen=' '

for lab in "$@"; do
    add "$lab" solution reference "$out/../programs/solutions/$lab" - -
    add "$lab" starter starter "$out/../programs/labs/$lab" - -
    for patch in "$here/$lab"/wrong/*.patch; do
        [ -f "$patch" ] || continue
        check=$(header "$patch" expect)
        if [ -z "$check" ]; then
            printf '%s names no check: it needs a line "expect: NN.name".\n' "$patch" >&2
            failed=1
            continue
        fi
        is_wanted "$check" || continue
        name=${patch##*/}
        name=${name%.patch}
        dir=$out/$lab/wrong/$name
        mkdir -p "$dir"
        rm -rf "$dir/new"
        mkdir "$dir/new"
        cp "solutions/$lab"/*.[ch] "$dir/new/"
        if ! patch -s -d "$dir/new" -p1 --fuzz=0 --no-backup-if-mismatch \
            <"$patch" >"$dir/patch.log" 2>&1; then
            printf '%s does not apply to solutions/%s any more:\n' "$patch" "$lab" >&2
            sed 's/^/    /' "$dir/patch.log" >&2
            failed=1
            continue
        fi
        misconception=$(header "$patch" misconception)
        install_sources "$dir/new" "$dir/src"
        reuse server "$lab" "$dir" client
        reuse client "$lab" "$dir" server
        add "$lab" wrong "$name" "$dir" "$check" "${misconception:--}"
    done
    rights=0
    for folder in "$here/$lab"/right/*/; do
        [ -d "$folder" ] || continue
        rights=$((rights + 1))
        [ "$extent" = all ] || [ $rights -le 3 ] || break
        name=$(basename "$folder")
        dir=$out/$lab/right/$name
        rm -rf "$dir/new"
        mkdir -p "$dir/new"
        cp "$folder"/*.[ch] "$dir/new/"
        complete "$dir/new" "solutions/$lab"
        install_sources "$dir/new" "$dir/src"
        reuse server "$lab" "$dir" client
        reuse client "$lab" "$dir" server
        add "$lab" right "$name" "$dir" - -
    done
done

mv "$list.new" "$list"
exit $failed
