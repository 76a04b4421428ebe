#!/bin/sh
# help.sh - lists the make targets that carry a "## " comment.
# usage: help.sh MAKEFILE...
printf 'Named Pipe Impersonation Labs\n\n'
awk -F' ## ' '/^[a-z][a-z-]*:.* ## / {
    name = $1
    sub(/:.*/, "", name)
    printf "  make %-17s %s\n", name, $2
}' "$@"
cat <<'EOF'

Variables: LAB=03 which lab; SRC=DIR a folder with that lab's files (or
solutions); TEST=text only checks whose name holds it; V=1 show everything;
ARGS="..." for the program that is run; OUT=FILE.zip for make handout;
TIMEOUT_SCALE=2 double every limit; JOBS=1 one check at a time;
SANDBOX=required refuse to grade without bubblewrap.
EOF
