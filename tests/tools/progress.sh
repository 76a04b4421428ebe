#!/bin/sh
# progress.sh - a line a lab: a bar, points, attempts; then what comes next.
set -u
tools=${0%/*}
. "$tools/lib.sh"
colours
bar_width=20

# bar POINTS MOST - "##########.........." ; full only when all is there.
bar() {
    awk -v got="$1" -v most="$2" -v width=$bar_width 'BEGIN {
        full = most > 0 ? int(width * got / most) : 0
        for (i = 1; i <= width; i++)
            printf "%s", (i <= full) ? "#" : "."
    }'
}

tries() {
    if [ "$1" = 1 ]; then echo "1 attempt"; else echo "$1 attempts"; fi
}

[ -n "$(labs_in labs)" ] || die 2 "There is no lab in labs/."
labs=0
greens=0
for lab in $(labs_in labs); do
    number=${lab%%-*}
    labs=$((labs + 1))
    # Words: points and maximum.
    # shellcheck disable=SC2046
    set -- $(state_get points "$number")
    if [ $# -lt 2 ]; then
        printf '%-24s [%s] not tried yet\n' "$lab" "$(bar 0 1)"
        continue
    fi
    state=
    if is_green "$number"; then
        greens=$((greens + 1))
        state="${green}green$plain"
    elif [ "$(state_get green "$number")" != no ]; then
        state="changed since"
    fi
    printf '%-24s [%s] %3s/%s, %s%s\n' "$lab" "$(bar "$1" "$2")" "$1" "$2" \
        "$(tries "$(state_get attempts "$number")")" "${state:+, $state}"
done

echo
echo "$greens of $labs labs are green."
next=$(next_lab)
if [ -n "$next" ]; then
    echo "Next: lab $next. Read labs/$next/README.md, then: make watch LAB=${next%%-*}"
fi
[ -f "$progress_file" ] || echo "Nothing is recorded here yet; make grade grades all of labs/ and fills this in."
