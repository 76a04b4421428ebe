#!/bin/sh
# look.sh - has the browser look at each finished deck that changed since it
# last found nothing wrong with it.
#
# usage: look.sh DECK.html...
set -u
decks=$#
slides/tools/chrome.sh > /dev/null || {
    echo 'skipped: no browser'
    echo "0 passed, 0 failed, $decks skipped"
    exit 0
}
new=
for page; do
    seen=${page%.html}.seen
    # shellcheck disable=SC3013 # dash, bash and busybox have -nt
    [ "$seen" -nt "$page" ] && [ "$seen" -nt slides/tools/browser.mjs ] || new="$new $page"
done
# Decks are named by the kit: no spaces in them.
# shellcheck disable=SC2086
if [ -n "$new" ] && ! node slides/tools/browser.mjs check $new; then
    echo "0 passed, $decks failed, 0 skipped"
    exit 1
fi
for page in $new; do touch "${page%.html}.seen"; done
echo "$decks passed, 0 failed, 0 skipped"
