#!/bin/sh
# chrome.sh - prints the browser that prints and checks the decks; status 1
# when there is none. CHROME=PATH names another.
for browser in "${CHROME:-}" chromium chromium-browser google-chrome google-chrome-stable; do
    [ -n "$browser" ] && command -v "$browser" && exit 0
done
exit 1
