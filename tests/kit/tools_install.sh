#!/bin/sh
# shellcheck disable=SC2016  # the made-up programs expand their own variables
# tools_install.sh - tests of install.sh and doctor.sh on made-up machines:
# a PATH of a few links, and a package manager that only writes down what it
# is asked for and then "installs" it.
. "${0%/*}/../tools/test_lib.sh"
install=$here/tests/tools/install.sh
doctor=$here/tests/tools/doctor.sh
sh=$(command -v sh)

# machine NAME - an empty machine, which becomes current: the plain tools of
# any system, and nothing that the kit needs.
machine() {
    machine=$scratch/$1
    mkdir -p "$machine/bin" "$machine/usr/include"
    cd "$machine" || exit 2
    for tool in awk cat cut dirname env grep mkdir mv paste rm sed sh stty tr uname touch ln chmod; do
        ln -s "$(command -v "$tool")" "bin/$tool"
    done
    # Whoever runs these tests, the machine's user is root.
    program id 'echo ${FAKE_ID:-0}'
}

program() {
    printf '#!%s\n%s\n' "$sh" "$2" > "$machine/bin/$1"
    chmod +x "$machine/bin/$1"
}

# apt-get that installs a package's one file, as far as FAKE_LISTS=fetched or
# an update has told it of packages.
apt_machine() {
    machine "$1"
    program apt-get '
echo "apt-get $*" >> calls
case "$*" in *update*) [ -z "${FAKE_OFFLINE:-}" ] || exit 100; touch lists; exit 0 ;; esac
[ -f lists ] || { echo "E: Unable to locate package"; exit 100; }
for word; do
    case $word in
        gcc-mingw-w64-x86-64) file=bin/x86_64-w64-mingw32-gcc ;;
        wine64) file=${FAKE_WINE64:-usr/lib/wine/wine64} ;;
        wine) file=bin/wine ;;
        check) file=usr/include/check.h ;;
        bubblewrap) file=bin/bwrap ;;
        libc6-dev) file=usr/include/stdio.h ;;
        gcc | pkg-config | patch | make) file=bin/$word ;;
        xz-utils) file=bin/xz ;;
        tcl) file=bin/tclsh ;;
        *) continue ;;
    esac
    mkdir -p "${file%/*}"
    printf "#!/bin/sh\necho fake 1.0\n" > $file
    chmod +x $file
done'
}

here_run() { run env -u MSYSTEM PATH="$machine/bin" MACHINE_ROOT="$machine" "$@"; }
all="gcc-mingw-w64-x86-64 wine64 check bubblewrap gcc libc6-dev pkg-config patch xz-utils tcl make"

apt_machine fresh
here_run "$doctor"
expect "doctor on a bare machine lists what is missing" 1 "missing  Wine" \
    "Missing: $all" "To install: make install-needed" "Platform: none"
here_run "$install" build/.installed
expect "a bare machine gets everything, announced in one line" 0 "Installing with apt-get: $all"
is "it is one line" "$(wc -l < "$scratch/out" | tr -d ' ')" 1
is "the lists are fetched when a package is not found" "$(grep -c update calls)" 1
run test -f build/.installed
expect "the stamp is there" 0
rm calls
here_run "$install" build/.installed
expect "a second run succeeds" 0
is "a second run is silent" "$(cat "$scratch/out" "$scratch/err")" ""
run test -e calls
expect "and asks apt-get for nothing" 1
here_run "$doctor"
expect "doctor is content now" 0 "Nothing is missing." "Platform: Wine 1.0"
rm bin/bwrap
here_run "$install" build/.installed
expect "what was removed since is noticed in spite of the stamp" 0 "Installing with apt-get: bubblewrap"
is "the lists are not fetched when they are there" "$(grep -c update calls)" 0

apt_machine elsewhere
touch lists
FAKE_WINE64=usr/share/nothing here_run "$install"
expect "wine is added where wine64 brings no loader" 0
is "wine is asked for by name" "$(tail -1 calls | sed 's/.* //')" wine

apt_machine offline
FAKE_OFFLINE=1 here_run "$install" build/.installed
expect "no network: one sentence and 2" 2 "Could not install $all: is there a network?"
is "it is one sentence" "$(wc -l < "$scratch/err" | tr -d ' ')" 1
run test -e build/.installed
expect "and no stamp" 1

apt_machine user
touch lists
FAKE_ID=1000 here_run "$install"
expect "a user without sudo is told what to ask for" 2 "there is no sudo here" "apt-get install gcc-mingw"
program sudo 'echo sudo >> calls; exec "$@"'
FAKE_ID=1000 here_run "$install"
expect "a user with sudo gets it through sudo" 0 "Installing with apt-get"
is "sudo was used" "$(head -1 calls)" sudo

machine other
here_run "$install"
expect "a system without apt-get and pacman gets one clear sentence" 2 \
    "This system has no apt-get and no pacman" "$all"
is "it is one sentence there too" "$(wc -l < "$scratch/err" | tr -d ' ')" 1

machine windows
program pacman 'echo "pacman $*" > calls'
run env MSYSTEM=MINGW64 MINGW_PACKAGE_PREFIX=mingw-w64-x86_64 MINGW_PREFIX=/nowhere \
    PATH="$machine/bin" MACHINE_ROOT="$machine" "$install"
expect "MSYS2 is served by pacman" 2 "Installing with pacman: mingw-w64-x86_64-gcc mingw-w64-x86_64-sqlite3 gcc"
is "pacman is asked without questions" "$(sed 's/\(--noconfirm\).*/\1/' calls)" "pacman -S --needed --noconfirm"

cd "$here" || exit 2
finish
