#!/bin/sh
# install.sh - puts the pinned packages that render the decks into
# build/slides-tools. Needs node, npm and, the first time, the npm registry.
set -eu
here=${0%/*}
target=build/slides-tools
for program in node npm; do
    command -v $program > /dev/null || {
        echo "The slides need Node.js 18 or newer and npm (Debian/Ubuntu: apt-get install nodejs npm); the decks can be read as they are in slides/*.md." >&2
        exit 2
    }
done
major=$(node -p 'process.versions.node.split(".")[0]')
[ "$major" -ge 18 ] || {
    echo "The slides need Node.js 18 or newer; this is $(node --version)." >&2
    exit 2
}
mkdir -p "$target"
cp "$here/../package.json" "$here/../package-lock.json" "$target/"
if ! (cd "$target" && npm ci --ignore-scripts --no-audit --no-fund > npm.log 2>&1); then
    cat "$target/npm.log" >&2
    echo "The slides' packages could not be installed: npm ci failed in $target (it needs the npm registry once)." >&2
    exit 2
fi
touch "$target/.installed"
