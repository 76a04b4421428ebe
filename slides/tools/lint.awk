# lint.awk - what every deck must have, checked in its Markdown.
#
#   awk -f lint.awk slides/*.md
#
# 12 to 20 pages; a heading on each; speaker notes on each that begin with the
# time it takes ("Time: 3 min") and somewhere ask something ("Ask"); no fenced
# block that is not drawn from a source; no picture from a network.

function wrong(line, sentence)
{
    print path ":" line ": " sentence
    faults++
}

function end_of_page()
{
    if (!headings)
        wrong(began, "page " pages " has no heading")
    if (headings > 1)
        wrong(began, "page " pages " has " headings " headings")
    if (!minutes)
        wrong(began, "page " pages " has no speaker notes that begin with Time: N min")
}

function end_of_deck()
{
    if (path == "")
        return
    if (fenced)
        wrong(last, "a fenced block is never closed")
    end_of_page()
    if (pages < 12 || pages > 20)
        wrong(1, pages " pages; a deck has 12 to 20")
    if (asks * 2 < pages)
        wrong(1, "only " asks " of " pages " pages ask the class something")
    printf "%s: %d pages, %d minutes\n", path, pages, total
    if (faults)
        failed++
    else
        passed++
    faults = 0
}

function new_page()
{
    pages++
    began = FNR
    headings = minutes = asked = 0
}

FNR == 1 {
    end_of_deck()
    path = FILENAME
    pages = total = asks = fenced = note = 0
    front = $0 == "---"
    if (!front)
        wrong(1, "a deck begins with its front matter")
    new_page()
    next
}

{ last = FNR }
front { if ($0 == "---") front = 0; next }

/^```/ {
    if (!fenced && marked != FNR - 1)
        wrong(FNR, "this block is not drawn from a source: no code or transcript marker above it")
    fenced = !fenced
    next
}
fenced { next }

/^<!-- (code|transcript): .* -->$/ { marked = FNR; next }
/^<!--$/ { note = 1; next }
/^-->$/ { note = 0; next }
note && /^Time: [0-9]+ min/ { minutes = $2; total += $2 }
note && /(^| )Ask/ && !asked { asked = 1; asks++ }
note { next }

/^---$/ { end_of_page(); new_page(); next }
/^##? / { headings++ }
/!\[[^]]*\]\([a-z]+:/ { wrong(FNR, "a picture from elsewhere: decks open without a network") }
/!\[\]\(/ { wrong(FNR, "a picture without a text for those who cannot see it") }

END {
    end_of_deck()
    printf "%d passed, %d failed, 0 skipped\n", passed, failed
    exit failed > 0
}
