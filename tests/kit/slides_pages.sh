#!/bin/sh
# slides_pages.sh - the browser that looks at the pages sees what is wrong.
# Needs the slides' packages (make slides) and a browser; skipped otherwise.
. "${0%/*}/../tools/test_lib.sh"
if ! slides/tools/chrome.sh > /dev/null; then
    skip "pages are looked at" "no browser"
    finish
    exit
fi
if [ ! -f build/slides-tools/.installed ]; then
    skip "pages are looked at" "the slides' packages are not installed: make slides"
    finish
    exit
fi

mkdir "$scratch/pictures"
printf '<svg xmlns="http://www.w3.org/2000/svg" width="100" height="50">\n\n<rect width="100" height="50"/>\n</svg>\n' \
    > "$scratch/pictures/box.svg"

# deck BODY...: renders a deck with one page for each body.
deck() {
    {
        printf -- '---\nmarp: true\ntheme: nplab\npaginate: true\nfooter: f\n---\n'
        page=0
        for body; do
            page=$((page + 1))
            [ $page -eq 1 ] || printf '\n---\n'
            printf '\n## Page\n\n%s\n\n<!--\nTime: %d min.\n-->\n' "$body" $page
        done
    } > "$scratch/01-x.md"
    run slides/tools/render.sh "$scratch/01-x.md" "$scratch/01-x.html"
}

repeat() { # repeat TIMES TEXT
    awk -v times="$1" -v text="$2" 'BEGIN { while (times--) print text }'
}

deck text "$(repeat 4 '- point after point after point')" '![a box](pictures/box.svg)'
run node slides/tools/browser.mjs check "$scratch/01-x.html"
expect "pages that fit are left in peace" 0 "3 pages looked at" "!page 1"
is "notes that read like YAML stay notes" \
    "$(grep -o 'bespoke-marp-note" data-index' "$scratch/01-x.html" | grep -c .)" 3
is "the picture is in the page itself" "$(grep -c '<rect width="100"' "$scratch/01-x.html")" 1

deck "\`\`\`c
$(repeat 30 'a line of code')
\`\`\`" "\`\`\`c
$(repeat 40 word | tr '\n' '_')
\`\`\`" "$(repeat 14 '- point after point after point')" \
    "<table><tr><td>$(repeat 60 x_x | tr '\n' '_')</td></tr></table>" \
    '<img src="https://127.0.0.1:9/x.png" alt="x">' text
run node slides/tools/browser.mjs check "$scratch/01-x.html"
expect "a listing that is too long is seen" 1 "01-x page 1: "
expect "a line that is too long is seen" 1 "01-x page 2: "
expect "a list down to the footer is seen" 1 "01-x page 3: "
expect "a table that is too wide is seen" 1 "01-x page 4: "
expect "a request to the network is seen" 1 "asks the network for https://127.0.0.1:9/x.png"
expect "the page that fits is not blamed" 1 "!page 6"
deck "<!-- picture: sed 's/\"100\"/\"117\"/' $scratch/pictures/box.svg -->
![a box](run.svg)"
is "a picture can be what a command prints" "$(grep -c '<rect width="117"' "$scratch/01-x.html")" 1
deck '<!-- picture: echo no drawing -->
![x](run.svg)'
expect "and that must be a picture" 1 "there is no picture from echo no drawing"
deck '![x](pictures/none.svg)'
expect "a picture that is not there stops the rendering" 1 "there is no picture"
finish
