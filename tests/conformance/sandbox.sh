#!/bin/sh
# sandbox.sh PROGRAM [NAME=VALUE...] - runs a Windows program in a private Wine
# prefix that lives in memory and ends with it. What it prints is passed on.

set -eu
program=$1
shift

fail() {
    printf '%s\n' "$1" >&2
    exit 2
}

for wine in /usr/lib/wine/wine64 "$(command -v wine64 || command -v wine || :)"; do
    [ -x "$wine" ] && break
done
[ -x "$wine" ] || fail 'Wine is not installed (Debian: wine64).'
command -v bwrap >/dev/null || fail 'bubblewrap is not installed.'
dlls=/usr/lib/x86_64-linux-gnu/wine/x86_64-windows
[ -d "$dlls" ] || fail "Wine's DLLs are not in $dlls."

scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT INT TERM
printf disable >"$scratch/update-timestamp"
cat >"$scratch/system.reg" <<'REG'
WINE REGISTRY Version 2
;; All keys relative to \\Machine

#arch=win64

[Software\\Microsoft\\Windows NT\\CurrentVersion] 1700000000
"CurrentBuild"="7601"
"CurrentBuildNumber"="7601"
"CurrentVersion"="6.1"
"ProductName"="Windows 7"
"SystemRoot"="C:\\windows"

[System\\CurrentControlSet\\Control\\Session Manager\\Environment] 1700000000
"OS"="Windows_NT"
"PATH"="C:\\windows\\system32;C:\\windows"
"TEMP"="C:\\windows\\temp"
"TMP"="C:\\windows\\temp"
"windir"="C:\\windows"
REG
cat >"$scratch/user.reg" <<'REG'
WINE REGISTRY Version 2
;; All keys relative to \\User\\S-1-5-21-0-0-0-1000
REG

environment=
for pair; do
    environment="$environment --setenv ${pair%%=*} ${pair#*=}"
done
# As root, bubblewrap would keep root's rights inside.
as_user=
if [ "$(id -u)" = 0 ]; then
    as_user='setpriv --reuid 1000 --regid 1000 --clear-groups'
    chmod -R a+rX "$scratch"
fi

exec 3<"$program" 4<"$scratch/system.reg" 5<"$scratch/user.reg" \
    6<"$scratch/update-timestamp"
# setarch -R: with a random layout Wine 8 fails to start now and then.
# shellcheck disable=SC2086
timeout -s KILL "${SANDBOX_LIMIT:-120}" $as_user setarch -R bwrap \
    --unshare-all --die-with-parent --cap-drop ALL \
    --ro-bind /usr /usr --symlink usr/lib /lib --symlink usr/lib64 /lib64 \
    --symlink usr/bin /bin --ro-bind-try /etc/ld.so.cache /etc/ld.so.cache \
    --proc /proc --dev /dev --size 67108864 --tmpfs /tmp \
    --size 134217728 --tmpfs /p --dir /p/dosdevices \
    --dir /p/drive_c/windows/temp --dir /p/drive_c/users \
    --dir /p/drive_c/ProgramData --dir /p/drive_c/kit \
    --symlink ../drive_c /p/dosdevices/c: \
    --symlink "$dlls" /p/drive_c/windows/system32 \
    --file 3 /p/drive_c/kit/program.exe --file 4 /p/system.reg \
    --file 5 /p/user.reg --file 6 /p/.update-timestamp \
    --chdir /p/drive_c/kit --clearenv --setenv WINEPREFIX /p --setenv HOME /p \
    --setenv PATH /usr/bin --setenv WINEDEBUG -all \
    --setenv WINEDLLOVERRIDES 'mscoree,mshtml=;services.exe,explorer.exe,winemenubuilder.exe,rpcss.exe,plugplay.exe,winedbg.exe,wineboot.exe=d' \
    $environment "$wine" 'C:\kit\program.exe'
