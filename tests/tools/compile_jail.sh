#!/bin/sh
# compile_jail.sh - compiles somebody else's source where it can read only the
# compiler, the kit's library and its own folder: a compiler includes whatever
# file a source names, the reference solution too.
#
# usage: compile_jail.sh FOLDER COMMAND...     from the kit's top folder
#
# FOLDER, a path below the top folder, may be written to. Where bubblewrap
# cannot work the command runs as it is; then the programs run without a
# sandbox too, and the runner says so.
folder=$1
shift

if [ "${SANDBOX:-}" = off ] || ! bwrap --unshare-all --ro-bind /usr /usr \
    --symlink usr/lib /lib --symlink usr/lib64 /lib64 /usr/bin/true 2>/dev/null; then
    exec "$@"
fi
exec bwrap --unshare-all --die-with-parent --new-session \
    --ro-bind /usr /usr --symlink usr/bin /bin --symlink usr/lib /lib \
    --symlink usr/lib64 /lib64 --ro-bind-try /etc/alternatives /etc/alternatives \
    --proc /proc --dev /dev --tmpfs /tmp \
    --ro-bind "$PWD/common" "$PWD/common" \
    --ro-bind "$PWD/build/kit" "$PWD/build/kit" \
    --bind "$PWD/$folder" "$PWD/$folder" --chdir "$PWD" \
    "$@"
