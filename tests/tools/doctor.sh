#!/bin/sh
# doctor.sh - what the kit found on this machine, and what is missing.
#
# Exit status 0 when all that is needed is there, else 1.
set -u
tools=${0%/*}
. "$tools/lib.sh"
. "$tools/needs.sh"
colours
faults=0
sandbox=works

# report STATE WHAT TEXT - one line of the table; STATE is a word, so that
# nothing rests on colour.
report() {
    case $1 in
        missing | fails) tint=$red ;;
        found | works) tint=$green ;;
        *) tint=$dim ;;
    esac
    printf '  %s%-8s%s %-16s %s\n' "$tint" "$1" "$plain" "$2" "$3"
}

# version COMMAND... - the number at the end of its first line:
# "gcc (Debian 12.2.0-14) 12.2.0", "wine-8.0 (Debian)", "1.8.1".
version() {
    "$@" 2>&1 < /dev/null |
        sed -n '1{s/ ([^)]*)//g; s/.*[ -]\([0-9][^ ]*\)$/\1/p; /^[0-9]/p; }' | sed -n 1p
}

# need WHAT COMMAND - a program that must be there.
need() {
    if has_command "$2"; then
        report found "$1" "$2 $(version "$2" --version)"
    else
        report missing "$1" "$2"
        faults=$((faults + 1))
    fi
}

# nice_to_have COMMAND PURPOSE - a program that helps, and is not needed.
nice_to_have() {
    if has_command "$1"; then
        report found "$1" "$2"
    else
        report absent "$1" "$2 (not needed)"
    fi
}

report_check_library() {
    header=$root/usr/include/check.h
    if [ ! -f "$header" ]; then
        report missing "Check library" "check.h"
        faults=$((faults + 1))
        return
    fi
    numbers=$(sed -n 's/^#define CHECK_M[A-Z]*_VERSION *(*\([0-9]*\)).*/\1/p' "$header" |
        paste -s -d . -)
    report found "Check library" "$numbers"
}

report_wine() {
    loader=$(find_wine)
    if [ -z "$loader" ]; then
        report missing Wine "wine64"
        platform="none: Wine is missing"
        faults=$((faults + 1))
        return
    fi
    # Asking for the version touches no prefix; HOME is hidden all the same.
    number=$(HOME=/nonexistent version "$loader" --version)
    platform="Wine $number"
    report found Wine "$number ($loader)"
}

# The grader starts every program in namespaces of its own. Containers and
# some kernels' settings forbid that; the tools are there and do not work.
report_namespaces() {
    has_command bwrap || return
    # What bwrap says beyond its first sentence is for its packagers.
    if trouble=$(bwrap --unshare-all --unshare-user --ro-bind / / true 2>&1); then
        report works sandbox "bwrap can make namespaces"
    else
        trouble=${trouble%% See <*}
        report fails sandbox "${trouble:-bwrap cannot make namespaces}"
        sandbox=fails
        echo "           Checks still run, without a sandbox; SANDBOX=required refuses that."
    fi
}

echo "What this machine has for the labs"
echo
need make make
need patch patch
if [ -n "${MSYSTEM:-}" ]; then
    need "C compiler" /usr/bin/gcc
    need "MinGW compiler" "${MINGW_PREFIX:-/mingw64}/bin/gcc"
    platform="Windows $(uname -r) ($MSYSTEM; the kit has not been run there)"
else
    need xz xz
    need Tcl tclsh
    need "C compiler" gcc
    need "MinGW compiler" x86_64-w64-mingw32-gcc
    need pkg-config pkg-config
    need bubblewrap bwrap
    report_namespaces
    report_wine
    report_check_library
fi
nice_to_have inotifywait "notices a save at once in make watch"
nice_to_have clangd "completion and errors in an editor"
nice_to_have zip "packs make handout"
echo
echo "Platform: $platform"

missing_packages
if [ -n "$missing" ]; then
    echo "Missing: $missing"
    case $manager in
        none) echo "Install these yourself; this system has no apt-get and no pacman." ;;
        *) echo "To install: make install-needed   (or: $(install_command))" ;;
    esac
    exit 1
fi
[ "$faults" -eq 0 ] || exit 1
if [ "$sandbox" = fails ]; then
    echo "Nothing is missing, but there is no sandbox here."
else
    echo "Nothing is missing."
fi
