#!/bin/sh
# run.sh - prints what a command line of a transcript prints, from a cache when
# nothing it depends on has changed since.
#
# usage: run.sh 'COMMAND LINE'
#
# The command runs in the kit's top folder, without a terminal and with no
# settings of the make around it. What it depends on: the kit's own sources,
# and those of the lab the command names (all labs when it names none).
# Output and errors are shown together; the exit status is the command's own
# affair, since many of them show a failure. Status 1 when it printed nothing.
set -u
command=$1
lab=$(printf '%s\n' "$command" | sed -n -E 's/.*LAB=0*([0-9]+).*/\1/p')
if [ -n "$lab" ]; then lab=$(printf '%02d' "$lab"); else lab='[0-9][0-9]'; fi

key=$({
    printf '%s\n' "$command"
    find Makefile common tests/runner tests/director tests/trace tests/tools \
        solutions/$lab-* labs/$lab-* tests/checks/$lab-* tests/audit/$lab-* \
        -type f 2> /dev/null | LC_ALL=C sort | while read -r file; do
        cksum "$file"
    done
} | cksum | tr ' ' '-')

cache=build/slides/transcripts
kept=$cache/$key
if [ ! -s "$kept" ]; then
    mkdir -p "$cache" || exit 2
    unset MAKEFLAGS MFLAGS MAKELEVEL MAKEOVERRIDES CI GITHUB_ACTIONS
    export NO_COLOR=1 TERM=dumb COLUMNS=80
    timeout 120 sh -c "$command" > "$kept.$$" 2>&1 < /dev/null
    # What make itself says about a failing recipe is no part of the story.
    sed -e 's/\r$//' -e 's/[ \t]*$//' -e '/^make\(\[[0-9]*\]\)*: /d' "$kept.$$" \
        > "$kept.$$.clean"
    rm -f "$kept.$$"
    if ! grep -q . "$kept.$$.clean"; then
        rm -f "$kept.$$.clean"
        echo "\`$command\` printed nothing" >&2
        exit 1
    fi
    mv "$kept.$$.clean" "$kept"
fi
cat "$kept"
