#!/bin/sh
# slides_rules.sh - the decks keep the rules of a deck, and the linter that
# says so can fail.
. "${0%/*}/../tools/test_lib.sh"
lint=$here/slides/tools/lint.awk

deck() { # deck PAGES BODY: a faultless deck whose second page has BODY as well
    printf -- '---\nmarp: true\n---\n'
    page=1
    while [ "$page" -le "$1" ]; do
        [ "$page" -eq 1 ] || printf '\n---\n'
        printf '\n## Page %d\n\n' "$page"
        [ "$page" -ne 2 ] || printf '%s\n' "$2"
        [ -n "$3" ] && [ "$page" -eq 2 ] ||
            printf '\n<!--\nTime: 2 min.\nAsk: why?\n-->\n'
        page=$((page + 1))
    done
}

try() { # try NAME STATUS PART PAGES BODY [NO_NOTES]
    deck "$4" "$5" "${6:-}" > "$scratch/01-x.md"
    run awk -f "$lint" "$scratch/01-x.md"
    expect "$1" "$2" "$3"
}

try "a faultless deck passes and is summed up" 0 "12 pages, 24 minutes" 12 text
try "a short deck is refused" 1 "11 pages; a deck has 12 to 20" 11 text
try "a long deck is refused" 1 "21 pages; a deck has 12 to 20" 21 text
try "a page needs notes with a time" 1 "page 2 has no speaker notes" 12 text none
try "a page has one heading" 1 "page 2 has 2 headings" 12 "## Again"
try "a block from nowhere is refused" 1 "not drawn from a source" 12 '```c
int x;
```'
try "a block from a source is welcome" 0 "12 pages" 12 '<!-- code: a.c#f -->
```c
int x;
```'
try "a picture from the network is refused" 1 "without a network" 12 '![x](https://host/x.svg)'
try "a picture without a text is refused" 1 "cannot see it" 12 '![](pictures/x.svg)'

for drawing in "$here"/slides/pictures/*.svg; do
    name=${drawing##*/}
    if grep -qE '(href|src)="[a-z]+:|url\([^#]' "$drawing"; then
        not_ok "pictures/$name is complete in itself" "it refers to something outside"
    fi
    grep -qF "(pictures/$name)" "$here"/slides/*.md ||
        not_ok "pictures/$name is shown by a deck" "no deck shows it"
done
ok "every drawing was looked through"
for name in $(sed -n 's/^!\[.*](\(pictures\/.*\))$/\1/p' "$here"/slides/*.md); do
    [ -f "$here/slides/$name" ] || not_ok "every drawing is there" "there is no slides/$name"
done

if grep -q '"resolved"' "$here/slides/package-lock.json"; then
    not_ok "the lock file names no registry" "run npm with --omit-lockfile-registry-resolved"
else
    ok "the lock file names no registry"
fi

# Without Node there is one sentence, naming the packages.
mkdir "$scratch/bin"
for program in sh sed cat cp mkdir touch; do
    ln -s "$(command -v $program)" "$scratch/bin/$program"
done
run env PATH="$scratch/bin" "$here/slides/tools/install.sh"
expect "without Node one sentence names the packages" 2 "apt-get install nodejs npm"
is "one sentence, no more" "$(wc -l < "$scratch/err")" 1
finish
