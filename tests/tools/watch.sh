#!/bin/sh
# watch.sh - checks the current lab at each save.
#
#   watch.sh [LAB]     default: the first lab that is not green
#
# Keys: n next lab (once this one is green), h hint, r run again, q quit. The
# learner goes on, never the program: code may be green by accident while
# someone tries things out. WATCH=poll looks at the files once a second
# instead of waiting for inotify, for file systems that report no changes.
#
# One queue, a named pipe, carries all that happens:
#     saved FILE     written by the process that watches the folder
#     Watches ...    inotifywait listens from here on: look once yourself
#     key K, end     written by the process that reads the keyboard
#     checked N      written by ourselves after check N; what was typed while
#                    it ran stands before it and is dropped
set -u
tools=${0%/*}
. "$tools/lib.sh"
colours
# The checks are made by a make of its own; options of the outer one reach it
# as environment variables.
unset MAKEFLAGS MFLAGS MAKELEVEL
make=${MAKE:-make}
terminal=
[ -t 0 ] && terminal=yes

# ---- the two processes beside us ---------------------------------------------

# The child reads what we were given on fd 3: a shell without job control would
# give it /dev/null. Each ends its child when it is ended, so that nothing outlives the watch.
in_child() {
    "$@" <&3 &
    child=$!
    wait "$child"
}

watch_folder() {
    trap 'kill "$child" 2>/dev/null; exit' TERM
    if [ "${WATCH:-}" != poll ] && command -v inotifywait > /dev/null; then
        in_child inotifywait -m -e close_write,moved_to --format 'saved %f' "$1" 2>&1
    fi
    # Not installed, or it failed: too many watches, an odd file system.
    seen=$(fingerprint "$1"/*.[ch])
    while in_child sleep 1; do
        now=$(fingerprint "$1"/*.[ch])
        [ "$now" = "$seen" ] || echo "saved a file"
        seen=$now
    done
}

# A terminal gives single keys, anything else lines.
read_keys() {
    trap 'kill "$child" 2>/dev/null; exit' TERM
    if [ -n "$terminal" ]; then
        while in_child dd bs=1 count=1 of="$queue_dir/key" 2> /dev/null; do
            echo "key $(cat "$queue_dir/key")"
        done
    else
        while read -r line; do
            echo "key $line"
        done <&3
    fi
    echo end
}

begin_watching() {
    watch_folder "labs/$1" > "$queue_dir/queue" 2> /dev/null < /dev/null &
    watcher=$!
}

end_watching() {
    kill "$watcher" 2> /dev/null
    wait "$watcher" 2> /dev/null
}

# ---- what the learner sees ---------------------------------------------------

headline() {
    if [ -t 1 ]; then
        printf '\033[H\033[2J'
    else
        echo
    fi
    printf '%sLab %s%s  %schecking ...\n' "$bold" "$lab" "$plain" "${1:+$1; }"
}

prompt() {
    echo
    if [ -z "$state" ]; then
        echo "Waiting for a save in labs/$lab/."
        echo "[r] run again   [h] hint   [q] quit"
        return
    fi
    printf '%sLab %s is green.%s make explain LAB=%s shows the reference beside it.\n' \
        "$green" "$lab" "$plain" "$number"
    if [ -n "$next" ]; then
        echo "Next comes lab $next."
        echo "[n] next lab   [r] run again   [q] quit   (saving checks this lab again)"
    else
        echo "It was the last: all labs are green."
        echo "[r] run again   [q] quit   (saving checks this lab again)"
    fi
}

# ---- doing it ----------------------------------------------------------------

# An editor may save under another name first.
saved_file() {
    case $1 in *.c | *.h) echo "saved $1" ;; *) echo "saved" ;; esac
}

check() {
    headline "$1"
    checked=$(lab_fingerprint "$number")
    if "$make" --no-print-directory check "LAB=$number" < /dev/null; then
        state=green
        state_set green "$number" "$checked"
    else
        state=
        state_set green "$number" no
    fi
    "$tools/record.sh"
    next=$(next_lab)
    runs=$((runs + 1))
    echo "checked $runs" >&4
    drop_keys
    prompt
}

# Reads up to our own mark; a save in between is not lost, for the files then
# differ from those that were checked.
drop_keys() {
    saved=
    while read -r event detail <&4; do
        case $event:$detail in
            "checked:$runs") break ;;
            saved:* | Watches:*) saved=$detail ;;
            key:q | end:) quit ;;
        esac
    done
    if [ -n "$saved" ] && [ "$(lab_fingerprint "$number")" != "$checked" ]; then
        echo "saved $saved" >&4
    fi
}

choose() {
    lab=$1
    number=${lab%%-*}
    state_set current lab "$number"
}

go_on() {
    if [ -z "$state" ]; then
        echo "Lab $lab is not green yet."
        echo "To leave it for now: q, then make watch LAB=NN."
        return
    fi
    [ -n "$next" ] || return
    end_watching
    choose "$next"
    begin_watching "$lab"
    check "read labs/$lab/README.md first"
}

quit() {
    echo
    exit 0
}

tidy() {
    [ -z "$terminal" ] || stty "$terminal_settings" <&3
    kill "$watcher" "$keys" 2> /dev/null
    rm -rf "$queue_dir"
}

if [ -n "${1:-}" ]; then
    lab=$(find_lab "$1") || exit
else
    lab=$(next_lab)
    [ -n "$lab" ] || die 0 "All labs are green. To watch one all the same: make watch LAB=01"
fi
[ -d "labs/$lab" ] || die 2 "There is no labs/$lab."
choose "$lab"

runs=0
queue_dir=$(mktemp -d) || exit 2
mkfifo "$queue_dir/queue" || die 2 "Cannot make a named pipe in $queue_dir."
exec 3<&0 4<> "$queue_dir/queue"
watcher='' keys=''
[ -z "$terminal" ] || terminal_settings=$(stty -g <&3)
trap tidy EXIT
trap 'exit 130' INT TERM HUP
[ -z "$terminal" ] || stty -icanon -echo min 1 time 0 <&3
begin_watching "$lab"
read_keys > "$queue_dir/queue" 2> /dev/null &
keys=$!

check ""
while read -r event detail <&4; do
    case $event:$detail in
        saved:* | Watches:*)
            [ "$(lab_fingerprint "$number")" = "$checked" ] || check "$(saved_file "$detail")" ;;
        key:n) go_on ;;
        key:h) echo; "$tools/hint.sh" "$number"; prompt ;;
        key:r) check "" ;;
        key:q | end:) quit ;;
    esac
done
