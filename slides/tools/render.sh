#!/bin/sh
# render.sh - makes one self-contained page of a deck.
#
# usage: render.sh DECK.md OUT.html    (slides-tools is installed in build/)
#
# The pictures and the typefaces go into the page itself: it opens without a
# network, and looks the same on every machine.
set -eu
deck=$1
out=$2
here=${0%/*}
tools=build/slides-tools
work=${out%.html}.work
mkdir -p "$work"

# embedded WEIGHT STYLE FAMILY FILE - one typeface as CSS.
embedded() {
    printf "@font-face { font-family: '%s'; font-weight: %s; font-style: %s; src: url(data:font/woff2;base64,%s) format('woff2'); }\n" \
        "$3" "$1" "$2" "$(base64 < "$tools/node_modules/@fontsource/$4-$1-$2.woff2" | tr -d '\n')"
}

{
    # Marp wants the theme's name in the first comment.
    cat "$here/../theme.css"
    for style in normal italic; do
        embedded 400 $style 'IBM Plex Sans' ibm-plex-sans/files/ibm-plex-sans-latin
        embedded 400 $style 'IBM Plex Mono' ibm-plex-mono/files/ibm-plex-mono-latin
    done
    embedded 600 normal 'IBM Plex Sans' ibm-plex-sans/files/ibm-plex-sans-latin
    embedded 600 normal 'IBM Plex Mono' ibm-plex-mono/files/ibm-plex-mono-latin
} > "$work/theme.css"

awk -f "$here/embed.awk" "$deck" > "$work/deck.md"
"$tools/node_modules/.bin/marp" --config "$here/../marp.config.json" \
    --theme "$work/theme.css" --no-stdin --output "$out" "$work/deck.md" \
    > "$work/log" 2>&1 || { cat "$work/log" >&2; exit 1; }
rm -rf "$work"
