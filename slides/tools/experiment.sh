#!/bin/sh
# experiment.sh - runs an experiment of a lab's README, the program below the
# words `NAME.c` there, as `make run SRC=NAME.c` runs it.
#
# usage: experiment.sh LAB NAME        (experiment.sh 05-who-calls slot)
set -eu
readme=solutions/$1/README.md
folder=build/slides/experiments
mkdir -p "$folder"
# Make names what it builds after the file: two labs may use the same name.
name=lab-${1%%-*}-$2
awk -v start="$2.c\`" '
    index($0, start) { found = 1 }
    inside && /^```$/ { exit }
    inside { print }
    found && /^```c$/ { inside = 1 }' "$readme" > "$folder/$name.c"
if [ ! -s "$folder/$name.c" ]; then
    echo "experiment.sh: $readme has no program $2.c" >&2
    exit 2
fi
make --no-print-directory run-program SRC="$folder/$name.c" > /dev/null
build/kit/runner run --exe "build/run/$name.exe" --
