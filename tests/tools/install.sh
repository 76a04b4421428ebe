#!/bin/sh
# install.sh - installs what the kit needs and this machine lacks.
#
#   install.sh [STAMP]     STAMP is touched when all is there
#
# When nothing is missing it prints nothing, needs no network and starts no
# process, so that every build can begin with it. What the package manager
# says goes to build/install.log.
set -u
tools=${0%/*}
. "$tools/lib.sh"
. "$tools/needs.sh"
log=build/install.log

all_there() {
    if [ $# -gt 0 ] && [ ! -f "$1" ]; then
        case $1 in */*) mkdir -p "${1%/*}" ;; esac
        : > "$1"
    fi
    exit 0
}

# become_root - sets as_root to what runs a command as root.
become_root() {
    if [ "$(id -u)" -eq 0 ]; then
        as_root=
    elif has_command sudo; then
        as_root=sudo
    else
        die 2 "The kit needs $missing, and installing that takes root, but there is no sudo here. Ask an administrator for: apt-get install $missing"
    fi
}

apt() {
    # shellcheck disable=SC2086
    $as_root env DEBIAN_FRONTEND=noninteractive apt-get -q "$@" >> "$log" 2>&1 < /dev/null
}

# The package lists of a fresh machine are empty or old; they are fetched only
# when the installation fails without them.
with_apt() {
    # Words, not one: package names.
    # shellcheck disable=SC2086
    apt install -y --no-install-recommends $1 && return
    apt update || return
    # shellcheck disable=SC2086
    apt install -y --no-install-recommends $1
}

missing_packages
[ -n "$missing" ] || all_there "$@"

mkdir -p build
: > "$log"
case $manager in
    apt)
        become_root
        echo "Installing with apt-get: $missing"
        with_apt "$missing"
        # Some releases keep the 64-bit loader in the package wine.
        missing_packages
        case " $missing " in *" wine64 "*) with_apt wine ;; esac
        ;;
    pacman)
        echo "Installing with pacman: $missing"
        # shellcheck disable=SC2086
        pacman -S --needed --noconfirm $missing >> "$log" 2>&1 < /dev/null
        ;;
    none)
        die 2 "This system has no apt-get and no pacman, so install these yourself (Debian's names) and try again: $missing"
        ;;
esac

missing_packages
[ -n "$missing" ] || all_there "$@"
die 2 "Could not install $missing: is there a network? $log has the details; by hand it is: $(install_command)"
