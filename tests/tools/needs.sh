# needs.sh - what the kit needs of the machine; sourced by install and doctor.
# shellcheck shell=sh disable=SC2034  # what the sourcing script uses
#
# Asks with shell built-ins alone, because this runs at the start of every
# build. MACHINE_ROOT is for the tests of these tools: headers and programs
# that are not on PATH are looked for below it.
root=${MACHINE_ROOT:-}

# lacks_COMMAND tests, in the order of the report.
has_command() { command -v "$1" > /dev/null 2>&1; }

has_wine() {
    [ -n "$(find_wine)" ]
}

# find_wine - the Wine loader for 64-bit programs. Debian's wine64 package
# does not put it on PATH.
find_wine() {
    for candidate in "$root/usr/lib/wine/wine64" "$root/usr/lib64/wine/wine64"; do
        if [ -x "$candidate" ]; then
            printf '%s\n' "$candidate"
            return
        fi
    done
    command -v wine64 || command -v wine || :
}

# missing_packages - sets missing to the packages this machine lacks and
# manager to what installs them (apt, pacman or none).
missing_packages() {
    missing=
    if [ -n "${MSYSTEM:-}" ]; then
        manager=pacman
        missing_on_msys2
        return
    fi
    manager=none
    has_command apt-get && manager=apt
    has_command x86_64-w64-mingw32-gcc || lack gcc-mingw-w64-x86-64
    [ -x "$root/usr/lib/wine/wine64" ] || has_command wine64 || has_command wine || lack wine64
    [ -f "$root/usr/include/check.h" ] || lack check
    has_command bwrap || lack bubblewrap
    has_command gcc || lack gcc
    [ -f "$root/usr/include/stdio.h" ] || lack libc6-dev
    has_command pkg-config || lack pkg-config
    has_command patch || lack patch
    # SQLite's source is packed with xz and put together by Tcl scripts.
    has_command xz || lack xz-utils
    has_command tclsh || lack tcl
    has_command make || lack make
}

# Package names from MSYS2's own lists. Not tried: nobody here has a Windows
# machine. On Windows the programs run as they are, so Wine and bubblewrap
# have no counterpart. Two compilers: the native one for the lab programs, and
# MSYS2's own for the runner, which forks.
missing_on_msys2() {
    prefix=${MINGW_PACKAGE_PREFIX:-mingw-w64-x86_64}
    native=${MINGW_PREFIX:-/mingw64}
    [ -x "$native/bin/gcc" ] || lack "$prefix-gcc"
    [ -f "$native/include/sqlite3.h" ] || lack "$prefix-sqlite3"
    [ -x "$root/usr/bin/gcc" ] || lack gcc
    has_command patch || lack patch
    has_command make || lack make
}

lack() { missing="${missing:+$missing }$1"; }

# install_command - what a person would type, for messages.
install_command() {
    case $manager in
        apt) printf 'sudo apt-get install %s' "$missing" ;;
        pacman) printf 'pacman -S --needed %s' "$missing" ;;
    esac
}
