# lib.sh - what the kit's shell tools share; sourced, never run.
# shellcheck shell=sh disable=SC2034  # what the sourcing script uses
#
# Only POSIX sh (dash, busybox) and POSIX awk (mawk, gawk, busybox awk). Tools
# run in the kit's top folder. Exit status of every tool: 0 done, 1 the answer
# is no, 2 wrong use or the machine lacks something.

progress_file=build/progress

# die STATUS SENTENCE... - one clear sentence on stderr, and out.
die() {
    status=$1
    shift
    printf '%s\n' "$*" >&2
    exit "$status"
}

# labs_in TREE - the lab folders of labs/ or solutions/, one name a line.
labs_in() {
    for folder in "$1"/[0-9][0-9]-*/; do
        [ -d "$folder" ] || continue
        folder=${folder%/}
        printf '%s\n' "${folder##*/}"
    done
}

# find_lab TEXT - prints the folder name of the lab a person means by "6",
# "06", "06-topic" or "labs/06-topic"; leaves with 2 and a sentence otherwise.
find_lab() {
    [ -n "$1" ] || die 2 "Say which lab: LAB=01. There are: $(known_labs)."
    number=${1%/}
    number=${number##*/}
    number=${number%%-*}
    case $number in
        [0-9]) number=0$number ;;
        [0-9][0-9]) ;;
        *) die 2 "LAB=$1 is no lab number. There are: $(known_labs)." ;;
    esac
    for folder in labs/"$number"-*/ solutions/"$number"-*/; do
        [ -d "$folder" ] || continue
        folder=${folder%/}
        printf '%s\n' "${folder##*/}"
        return 0
    done
    die 2 "There is no lab $number. There are: $(known_labs)."
}

known_labs() {
    names=$(labs_in labs | tr '\n' ' ')
    names=${names% }
    printf '%s' "${names:-none}"
}

# colours - sets bold, red, green, dim and plain; empty where colour is not
# wanted (https://no-color.org) or stdout is no terminal.
colours() {
    bold='' red='' green='' dim='' plain=''
    if [ -n "${NO_COLOR:-}" ] || [ "${TERM:-dumb}" = dumb ] || [ ! -t 1 ]; then
        return 0
    fi
    escape=$(printf '\033')
    bold="${escape}[1m" red="${escape}[31m" green="${escape}[32m"
    dim="${escape}[2m" plain="${escape}[0m"
}

# terminal_width - columns of the terminal; 80 when there is none.
terminal_width() {
    width=${COLUMNS:-}
    if [ -z "$width" ] && [ -t 1 ]; then
        width=$(stty size <&1 2>/dev/null | cut -d ' ' -f 2)
    fi
    case $width in
        '' | 0 | *[!0-9]*) width=80 ;;
    esac
    printf '%s\n' "$width"
}

# state_get KIND KEY - the values kept for a key, e.g. `lab 01`; empty if none.
state_get() {
    [ -f "$progress_file" ] || return 0
    awk -v kind="$1" -v key="$2" '$1 == kind && $2 == key {
        sub(/^[^ ]+ [^ ]+ ?/, ""); value = $0
    } END { print value }' "$progress_file"
}

# state_merge - takes lines `KIND KEY VALUES` from stdin over into the file, which
# is never seen half done.
state_merge() {
    [ -d "${progress_file%/*}" ] || mkdir -p "${progress_file%/*}"
    [ -f "$progress_file" ] || cat > "$progress_file" <<'END'
# What make progress, hint and watch remember. Delete it when you like: the
# next make check or make grade finds the truth again.
END
    awk 'FNR == NR { key = $1 " " $2; if (!(key in line)) order[++count] = key; line[key] = $0; next }
        !(($1 " " $2) in line)
        END { for (i = 1; i <= count; i++) print line[order[i]] }' \
        - "$progress_file" > "$progress_file.$$" &&
        mv "$progress_file.$$" "$progress_file"
}

# state_set KIND KEY VALUES
state_set() {
    echo "$1 $2 $3" | state_merge
}

# fingerprint FILE... - one word that changes when any of the files does.
fingerprint() {
    cat "$@" 2>/dev/null | cksum | tr -d ' \n'
}

# lab_fingerprint NN - of the learner's sources of that lab.
lab_fingerprint() {
    fingerprint labs/"$1"-*/*.[ch]
}

# is_green NN - every check passed, and no source has changed since.
is_green() {
    mark=$(lab_fingerprint "$1")
    [ -n "$mark" ] && [ "$(state_get green "$1")" = "$mark" ]
}

# next_lab - the first lab that is not green, whatever was done out of order.
next_lab() {
    for name in $(labs_in labs); do
        is_green "${name%%-*}" || { printf '%s\n' "$name"; return; }
    done
}
