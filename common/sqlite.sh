#!/bin/sh
# sqlite.sh - makes SQLite's amalgamation from the distribution's own source.
#
# usage: sqlite.sh OUT       leaves OUT/sqlite3.c and OUT/sqlite3.h
#
# Only lab 10 needs it. Nothing outside OUT is changed: apt-get works on a
# private copy of the system's list of sources, which need not name source
# packages, and needs no root. What is said on the way goes to OUT/fetch.log.
set -u
out=$1
mkdir -p "$out/work" || exit 2
out=$(cd "$out" && pwd)
work=$out/work
log=$out/fetch.log
: > "$log"

give_up() {
    printf '%s\n' "Lab 10 needs SQLite's source, and $1 ($log has the details). The other labs do not need it. By hand: put sqlite3.c and sqlite3.h of any SQLite from 3.24 on into $out." >&2
    exit 2
}

# The distribution's own entries, for source packages and binary ones. Both
# forms of the list: one entry a line, and paragraphs.
copy_sources() {
    mkdir -p "$work/lists/partial" "$work/cache/archives/partial" "$work/parts"
    if [ -f /etc/apt/sources.list ]; then
        sed -n -e 's/^deb\( .*\(debian\|ubuntu\).*\)/deb\1\ndeb-src\1/p' \
            /etc/apt/sources.list > "$work/parts/system.list"
    fi
    for file in /etc/apt/sources.list.d/debian.sources /etc/apt/sources.list.d/ubuntu.sources; do
        [ -f "$file" ] && sed 's/^Types:.*/Types: deb deb-src/' "$file" > "$work/parts/${file##*/}"
    done
    [ -n "$(ls "$work/parts")" ]
}

apt() {
    command=$1
    shift
    "$command" -q -o Dir::Etc::sourcelist=/dev/null \
        -o Dir::Etc::sourceparts="$work/parts" -o Dir::State::lists="$work/lists" \
        -o Dir::Cache="$work/cache" -o APT::Sandbox::User="$(id -un)" "$@" >> "$log" 2>&1 < /dev/null
}

# Unpacks the source and applies the distribution's patches, as dpkg-source
# would; that is part of a package this machine may not have.
unpack() {
    rm -rf "$work"/sqlite3-*/
    tar -C "$work" -xf "$work"/sqlite3_*.orig.tar.*z &&
        tree=$(find "$work" -maxdepth 1 -type d -name 'sqlite*-*' | head -n 1) &&
        tar -C "$tree" -xf "$work"/sqlite3_*.debian.tar.*z || return
    sed -e '/^#/d' -e '/^$/d' "$tree/debian/patches/series" | while read -r name; do
        patch -d "$tree" -s -p1 < "$tree/debian/patches/$name" || exit 1
    done
}

# Tcl scripts put it together. From 3.48 on SQLite is configured by a script
# that brings its own Tcl; that way has not been tried here.
amalgamate() {
    cd "$tree" || return
    if [ -d autosetup ]; then
        ./configure && make sqlite3.c
    else
        make -f main.mk TOP=. BCC="${HOST_CC:-gcc} -O1 -w" OPTS= sqlite3.c
    fi
}

# Make's own settings are for this kit's build and not for that one.
unset MAKEFLAGS MFLAGS MAKELEVEL
command -v apt-get > /dev/null 2>&1 || give_up "this system has no apt-get to fetch it with"
copy_sources || give_up "this system's package list names no Debian or Ubuntu archive"
apt apt-get update
(cd "$work" && apt apt-get source --download-only --only-source sqlite3) ||
    give_up "it could not be downloaded: is there a network?"
unpack >> "$log" 2>&1 || give_up "it could not be unpacked"
(amalgamate) >> "$log" 2>&1 || give_up "it could not be put together"
cp "$tree/sqlite3.h" "$tree/sqlite3.c" "$out/" && rm -rf "$work"
