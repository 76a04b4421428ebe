# crop.awk - of a picture by the drawer of flight records, the part for a page:
# the lanes and the calls beside them, without title, legend and times.
#
#   awk -v scene=NAME -f crop.awk PICTURE.svg
#
# Several drawings share one page: NAME keeps their patterns and styles apart.

BEGIN { LETTER = 7.3; MARGIN = 8 }

/<\/?svg/ || /<title>[^<]*<\/title>$/ && !/<g>|<text/ || /^<desc>/ { next }

/^<rect width="100%"/ || /^<text class="title"/ { legend = 1 }
/^<path class="leader"/ { legend = 0 }
legend { next }

/^<style>/, /^<\/style>/ {
    if (/\{/) {
        sub(/\{/, "){")
        $0 = "." scene " :is(" $0
    }
}

{
    gsub(/<text class="time"[^>]*>[^<]*<\/text>/, "")
    gsub(/ id="/, "&" scene "-")
    gsub(/url\(#/, "&" scene "-")
    # The server's start is not in the scene: its lane would have no name.
    gsub(/>process<\/text>/, ">server.exe</text>")
    lines[++count] = $0
}

# The calls' words are set in a fixed-width face.
/<text class="(plain|turn|failed|finding)/ {
    x = $0
    sub(/.*<text class="(plain|turn|failed|finding)[^>]* x="/, "", x)
    sub(/".*/, "", x)
    words = $0
    sub(/.*<text class="(plain|turn|failed|finding)[^>]*>/, "", words)
    sub(/<\/text>.*/, "", words)
    gsub(/<[^>]*>/, "", words)
    gsub(/&[a-z]*;/, "x", words)
    if (x + length(words) * LETTER > right)
        right = x + length(words) * LETTER
}
# The lanes' heads.
/^<text class="mid bold"/ && match($0, / y="[0-9]+/) {
    y = substr($0, RSTART + 4, RLENGTH - 4) - 14
    if (!top || y < top)
        top = y
}
/<text class="(plain|turn|failed|finding)/ {
    y = $0
    sub(/.* y="/, "", y)
    sub(/".*/, "", y)
    if (y + 8 > bottom)
        bottom = y + 8
}

END {
    left = 100
    width = right + MARGIN - left
    height = bottom - top
    # As large as a page takes, below a heading and above a sentence.
    scale = height * 1.45 > 440 ? 440 / height : 1.45
    printf "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"%d %d %d %d\" width=\"%d\" height=\"%d\">\n",
        left, top, width, height, width * scale, height * scale
    printf "<g class=\"mono %s\">\n", scene
    for (i = 1; i <= count; i++)
        print lines[i]
    print "</g></svg>"
}
