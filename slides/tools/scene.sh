#!/bin/sh
# scene.sh - draws a scene of a lab's demo for a page: who the server's thread
# was while it served one client. The demo is really run, its flight record cut
# down by scene.awk, and drawn by the drawer of `make trace`; of that picture
# the lanes are shown, without its title, times and legend.
#
# usage: scene.sh LAB CLIENT CALLS        (scene.sh 05-who-calls 2 'ReadFile|WriteFile')
#
# The kit and the solutions are built already. The drawing goes to standard
# output as SVG that may stand beside others in one page.
set -eu
lab=$1
here=${0%/*}
work=$(mktemp -d "${TMPDIR:-/tmp}/nplab-scene.XXXXXX")
trap 'rm -rf "$work"' EXIT
trap 'exit 130' INT TERM

build/kit/runner demo --labs solutions --lab "$lab" --programs build/programs/solutions \
    --record "$work/record" > /dev/null
awk -v client="$2" -v calls="$3" -f "$here/scene.awk" "$work/record" > "$work/scene"
build/kit/trace "$work/scene" --svg "$work/picture"
awk -v scene="scene-$lab-$(printf %s "$2$3" | cksum | cut -d' ' -f1)" -f "$here/crop.awk" "$work/picture"
