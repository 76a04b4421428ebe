#!/bin/sh
# check_source.sh - says in one sentence why a file cannot be a C program.
# usage: check_source.sh FILE

refuse() {
    printf '%s\n' "$1" >&2
    exit 2
}

[ -e "$1" ] || refuse "There is no file $1."
[ -f "$1" ] || refuse "$1 is a folder; make run SRC= takes one C file, and LAB= runs a lab."
[ -r "$1" ] || refuse "$1 cannot be read."
case $1 in
*.c) ;;
*) refuse "$1 is no C file: its name does not end in .c." ;;
esac
[ -s "$1" ] || refuse "$1 is empty."
