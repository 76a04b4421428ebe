#!/bin/sh
# trace_pictures.sh TRACE - the sample records drawn: text lanes as wanted,
# and what a picture has to show.
#
# Each tests/kit/trace/NAME.tsv has NAME.txt beside it. After a change that is
# meant, look at every line of `git diff` that ACCEPT=1 makes.
trace=$1
samples=tests/kit/trace
. "${0%/*}/../tools/test_lib.sh"

for record in "$samples"/*.tsv; do
    sample=${record##*/}
    sample=${sample%.tsv}
    run "$trace" "$record" --utf8
    [ -z "${ACCEPT:-}" ] || cp "$scratch/out" "$samples/$sample.txt"
    same "$sample: text lanes" "$scratch/out" "$samples/$sample.txt"
    bytes=$("$trace" "$record" --ascii | LC_ALL=C awk 'length($0) > 80' | wc -l)
    is "$sample: no line is wider than 80 columns" "$((bytes))" 0
    is "$sample: ASCII lanes hold nothing else" \
        "$("$trace" "$record" --ascii | LC_ALL=C tr -d '\n -~' | wc -c | tr -d ' ')" 0
    run "$trace" "$record" --svg "$scratch/$sample.svg"
    expect "$sample: a picture alone prints nothing" 0
    is "$sample: one row a call" \
        "$(grep -c '<g class="row">' "$scratch/$sample.svg")" \
        "$("$trace" "$record" --utf8 --width 400 | grep -c '^ *[0-9][0-9]*\.[0-9][0-9][0-9] ')"
    is "$sample: as many findings as in the text" \
        "$(grep -c 'class="finding"' "$scratch/$sample.svg")" \
        "$("$trace" "$record" --utf8 --width 400 | grep -c '!! ')"
    if command -v xmllint > /dev/null; then
        run xmllint --noout "$scratch/$sample.svg"
        expect "$sample: the picture is well-formed XML" 0
    elif command -v python3 > /dev/null; then
        run python3 -c 'import sys, xml.dom.minidom as m; m.parse(sys.argv[1])' \
            "$scratch/$sample.svg"
        expect "$sample: the picture is well-formed XML" 0
    else
        skip "$sample: the picture is well-formed XML" "no xmllint, no python3"
    fi
    # Letters of the picture's type are 7.3 wide, 12 in the title.
    run awk 'NR == 1 { split($0, w, /width="|" height/); width = w[2] }
        { parts = split($0, part, /<text /) }
        { for (i = 2; i <= parts; i++) {
            if (part[i] ~ /class="(mid|time)/) continue
            x = part[i]; sub(/.* x="/, "", x); sub(/".*/, "", x)
            words = part[i]; sub(/<\/text>.*/, "", words)
            sub(/<title>.*/, "", words); sub(/^[^>]*>/, "", words)
            gsub(/<[^>]*>/, "", words); gsub(/&[a-z]*;/, "x", words)
            wide = part[i] ~ /class="title"/ ? 12 : 7.3
            if (x + length(words) * wide > width) print words } }' \
        "$scratch/$sample.svg"
    is "$sample: no text is cut off at the right" "$(cat "$scratch/out")" ""
    run grep -ciE '<script|href=|@import|url\(.?http' "$scratch/$sample.svg"
    expect "$sample: the picture needs nothing from elsewhere" 1
done

# shows NAME PART - the picture of that sample says it too.
shows() {
    run cat "$scratch/$1.svg"
    expect "$1: the picture says: $2" 0 "$2"
}

shows forgets-revert 'still impersonating A when the next client was read'
shows forgets-revert 'process ended while impersonating B'
shows forgets-revert ', never closed</title>'
shows too-early 'impersonated before reading: 1368'
shows too-early 'opened as itself after impersonating had failed'
shows too-early 'FALSE 1368 ERROR_CANNOT_IMPERSONATE'
shows trusts-true 'TRUE, but only Identification (asked Impersonation)'
shows trusts-true 'failed, 1346 ERROR_BAD_IMPERSONATION_LEVEL'
shows trusts-true 'the client was refused this, now opened as itself'
shows good 'lacks INTERACTIVE (S-1-5-4)'
shows good 'Nothing stands out'

arrows() { grep -c '<title>a message' "$scratch/$1.svg"; }
is "good: four messages, four arrows" "$(arrows good)" 4
is "eight-threads: every message has its arrow" "$(arrows eight-threads)" 30
finish
