#!/bin/sh
# look.sh - has the browser look at each finished deck that changed since it
# last found nothing wrong with it.
#
# usage: look.sh DECK.html...
set -u
new=
for page; do
    seen=${page%.html}.seen
    [ "$seen" -nt "$page" ] && [ "$seen" -nt slides/tools/browser.mjs ] || new="$new $page"
done
[ -n "$new" ] || { echo 'no deck has changed since it was looked at'; exit 0; }
slides/tools/chrome.sh > /dev/null || { echo 'skipped: no browser'; exit 0; }
# Decks are named by the kit: no spaces in them.
# shellcheck disable=SC2086
node slides/tools/browser.mjs check $new || exit 1
for page in $new; do touch "${page%.html}.seen"; done
