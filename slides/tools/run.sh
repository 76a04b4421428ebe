#!/bin/sh
# run.sh - prints what a command line of a transcript prints, from a cache when
# nothing it depends on has changed since.
#
# usage: run.sh 'COMMAND LINE'
#
# The command runs in the kit's top folder, without a terminal and with no
# settings of the make around it. What it depends on: the kit's own sources,
# and those of the lab the command names (all labs when it names none).
# Only standard output is shown. The exit status is the command's own affair,
# since many of them show a failure; who prints nothing has failed, and what it
# said on standard error is the reason given. Status 1 then.
set -u
command=$1
lab=$(printf '%s\n' "$command" | sed -n -E 's/.*(LAB=|mistake.sh |scene.sh |experiment.sh )0*([0-9]+).*/\2/p')
if [ -n "$lab" ]; then lab=$(printf '%02d' "$lab"); else lab='[0-9][0-9]'; fi

# The lab is a pattern.
# shellcheck disable=SC2086
key=$({
    printf '%s\n' "$command"
    find Makefile slides/tools common tests/runner tests/director tests/trace tests/tools \
        solutions/$lab-* labs/$lab-* tests/checks/$lab-* tests/audit/$lab-* \
        -type f 2> /dev/null | LC_ALL=C sort | xargs cksum
} | cksum | tr ' ' '-')

cache=build/slides/transcripts
kept=$cache/$key
if [ ! -s "$kept" ]; then
    mkdir -p "$cache" || exit 2
    unset MAKEFLAGS MFLAGS MAKELEVEL MAKEOVERRIDES CI GITHUB_ACTIONS
    export NO_COLOR=1 NO_RECORD=1 TERM=dumb COLUMNS=80
    new=$kept.$$
    trap 'rm -f "$new" "$new.err"' EXIT
    timeout 120 sh -c "$command" 2> "$new.err" < /dev/null |
        awk '{ sub(/[ \t\r]+$/, "") }
            $0 == "" { blank++; next }
            { while (shown && blank-- > 0) print ""; blank = 0; shown = 1; print }' > "$new"
    if ! grep -q . "$new"; then
        echo "\`$command\` printed nothing" >&2
        tail -n 5 "$new.err" >&2
        exit 1
    fi
    mv "$new" "$kept"
fi
cat "$kept"
