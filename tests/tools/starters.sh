#!/bin/sh
# starters.sh - keeps labs/ (what students edit) in step with solutions/.
#
#   starters.sh generate DIR   makes all starters below DIR, which is emptied
#   starters.sh update [LAB]   brings labs/ up to date; refuses over edits
#   starters.sh check          proves that labs/ is what solutions/ makes
#
# What the generator last wrote is known from labs/.starters (checksum, bytes,
# path of every file). It is committed with labs/, so that a student's edit is
# seen with git and without, committed or not. A lost list makes `update` more
# careful, never less.
set -u
export LC_ALL=C
tools=${0%/*}
. "$tools/lib.sh"
list=labs/.starters

# The two kinds of files of a lab folder.
is_source() { case $1 in *.c | *.h) ;; *) return 1 ;; esac; }
is_copied() { case $1 in *.md | *.txt | *.svg) ;; *) return 1 ;; esac; }

generate() {
    [ -d solutions ] || die 2 "There is no solutions/ here, so there is nothing to make starters of."
    [ -n "$(labs_in solutions)" ] || die 2 "solutions/ holds no lab folder (NN-topic)."
    out=$1
    failed=no
    rm -rf "$out.new"
    for lab in $(labs_in solutions); do
        generate_lab "$lab" || failed=yes
    done
    [ $failed = no ] || die 1 "No starters were made."
    rm -rf "$out"
    mv "$out.new" "$out"
}

generate_lab() {
    mkdir -p "$out.new/$1"
    sources=
    for file in solutions/"$1"/*; do
        name=${file##*/}
        case $name in *[!A-Za-z0-9._-]*) die 1 "$file: letters, digits, . _ and - make a file name here" ;; esac
        [ -f "$file" ] || die 1 "$file: a lab folder holds plain files only"
        if is_source "$name"; then
            sources="$sources $file"
        elif is_copied "$name"; then
            cp "$file" "$out.new/$1/$name" || exit 2
        else
            die 1 "$file: starters are made of .c .h .md .txt .svg files; this is none"
        fi
    done
    [ -n "$sources" ] || die 1 "solutions/$1: no C source in it"
    # Words, not one: the names have just been checked.
    # shellcheck disable=SC2086
    awk -v lab="${1%%-*}" -v out="$out.new/$1" -f "$tools/starter.awk" $sources
}

# files_in DIR - every file below it as NN-topic/name, sorted.
files_in() {
    (cd "$1" && find . -type f ! -path ./.starters | sed 's|^\./||' | sort)
}

checksums_of() {
    (cd "$1" && files_in . | while read -r file; do cksum "$file"; done)
}

# is_pristine FILE - labs/FILE is what the generator last wrote there.
is_pristine() {
    [ -f "$list" ] && grep -qxF "$(cd labs && cksum "$1")" "$list"
}

# Makes the starters below $made: a folder for this run alone, as another may
# be making them at the same time.
generate_aside() {
    made=build/starters.$$
    trap 'rm -rf "$made" "$made.new" "$made.list"' EXIT
    trap 'exit 2' HUP INT TERM
    generate "$made"
}

update() {
    generate_aside
    only=
    if [ -n "${1:-}" ]; then
        only=$(find_lab "$1") || exit
    fi
    mkdir -p labs
    edited='' writes='' removes='' same=0
    for file in $(files_in "$made"); do
        case $file in "$only"*) ;; *) continue ;; esac
        if [ ! -e "labs/$file" ]; then
            writes="$writes $file"
        elif cmp -s "$made/$file" "labs/$file"; then
            same=$((same + 1))
        elif is_pristine "$file"; then
            writes="$writes $file"
        else
            edited="$edited $file"
        fi
    done
    for file in $(listed); do
        case $file in "$only"*) ;; *) continue ;; esac
        if [ ! -f "labs/$file" ] || [ -f "$made/$file" ]; then continue; fi
        if is_pristine "$file"; then
            removes="$removes $file"
        else
            edited="$edited $file"
        fi
    done
    if [ -n "$edited" ]; then
        for file in $edited; do
            echo "labs/$file has edits that are not the generator's." >&2
        done
        die 1 "Nothing was written. Move these files out of labs/ to keep them, then run make update-starters again."
    fi
    for file in $writes; do
        mkdir -p "labs/${file%/*}"
        cp "$made/$file" "labs/$file.new" && mv "labs/$file.new" "labs/$file" || exit 2
    done
    for file in $removes; do
        rm "labs/$file"
        rmdir "labs/${file%/*}" 2>/dev/null || :
    done
    write_list
    # shellcheck disable=SC2086
    echo "labs/: $(count $writes) written, $(count $removes) removed, $same as they were."
}

count() { echo $#; }

listed() { [ -f "$list" ] && cut -d ' ' -f 3- "$list"; }

# The list keeps the entries of labs that this run left alone.
write_list() {
    {
        if [ -n "$only" ] && [ -f "$list" ]; then
            awk -v only="$only/" 'index($3, only) != 1' "$list"
        fi
        checksums_of "$made" | awk -v only="${only:+$only/}" \
            'only == "" || index($3, only) == 1'
    } | sort -k 3 > "$list.new"
    mv "$list.new" "$list"
}

# One test a lab. A file that is not the starter, but in a lab whose entry in
# the list is, has been edited by a learner: that is no fault of the kit, and
# the lab is skipped. Where nobody learns (CI) it is a fault all the same.
check() {
    generate_aside
    checksums_of "$made" | sort -k 3 > "$made.list"
    passed=0 failed=0 skipped=0
    for lab in $( (labs_in solutions; labs_in labs) | sort -u); do
        faults=0
        edits=0
        check_lab "$lab"
        if [ "$faults" -gt 0 ]; then
            failed=$((failed + 1))
            echo "FAIL $lab"
        elif [ "$edits" -gt 0 ]; then
            skipped=$((skipped + 1))
            echo "SKIP $lab: somebody works in it"
        else
            passed=$((passed + 1))
            echo "PASS $lab: labs/ is what solutions/ makes, $(region_ids "$lab" | wc -l | tr -d ' ') regions"
        fi
    done
    echo "$passed passed, $failed failed, $skipped skipped"
    [ "$failed" -eq 0 ]
}

check_lab() {
    for file in $(files_in "$made" | grep "^$1/"); do
        if ! entry_is_right "$file"; then
            fault "labs/$file is not up to date; make update-starters writes it."
        elif [ ! -f "labs/$file" ]; then
            edit "labs/$file is missing; make update-starters writes it."
        elif ! cmp -s "$made/$file" "labs/$file"; then
            edit "labs/$file: line $(first_difference "$made/$file" "labs/$file") differs from what solutions/$file makes."
        fi
    done
    for file in $(listed | grep "^$1/"); do
        [ -f "$made/$file" ] || fault "labs/$file is in $list, but solutions/ does not make it."
    done
    for file in $(files_in labs | grep "^$1/"); do
        [ -f "$made/$file" ] || edit "labs/$file is made of nothing in solutions/."
    done
    markers=$(grep -rnE '(BEGIN|END) SOLUTION|STUB:' "labs/$1" 2> /dev/null | cut -d : -f 1,2)
    for found in $markers; do
        fault "$found: a marker of the regions leaked into labs/."
    done
    ids=$(region_ids "$1")
    [ -n "$ids" ] || fault "solutions/$1 has no marked region, so its starter is the solution."
    for id in $ids; do
        mentions "$id" "solutions/$1/README.md" ||
            fault "solutions/$1/README.md has no task $id, but the code has a region of that name."
    done
}

# entry_is_right FILE - the committed list has the starter of today.
entry_is_right() {
    grep -qxF "$(awk -v file="$1" '$3 == file' "$made.list")" "$list" 2> /dev/null
}

fault() {
    echo "$*" >&2
    faults=$((faults + 1))
}

edit() {
    if [ -n "${CI:-}" ]; then
        fault "$*"
    else
        echo "$*" >&2
        edits=$((edits + 1))
    fi
}

region_ids() {
    cat solutions/"$1"/*.[ch] 2>/dev/null |
        sed -n 's|^[[:blank:]]*// BEGIN SOLUTION \([0-9.]*\)$|\1|p'
}

first_difference() {
    diff "$1" "$2" | sed -n '1s/.*[acd]\([0-9]*\).*/\1/p'
}

# mentions ID FILE - the id stands there as a word: 01.1 is not in 01.12.
mentions() {
    awk -v id="$1" 'BEGIN { gsub(/\./, "[.]", id); id = "(^|[^0-9.])" id "([^0-9]|$)" }
        $0 ~ id { found = 1; exit } END { exit !found }' "$2" 2>/dev/null
}

case ${1:-} in
    generate) [ $# -eq 2 ] || die 2 "usage: starters.sh generate DIR"; generate "$2" ;;
    update) update "${2:-}" ;;
    check) check ;;
    *) die 2 "usage: starters.sh generate DIR | update [LAB] | check" ;;
esac
