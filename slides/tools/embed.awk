# embed.awk - a deck as Marp gets it: pictures inside, the kit's markers gone.
#
#   awk -f embed.awk slides/01-echo.md
#
# A line ![text](pictures/name.svg) becomes the drawing itself with the text as
# its label; the path is relative to the deck. Text inside fences stays as it
# is. Status 1 when a picture is missing or has no text.

function wrong(sentence)
{
    print FILENAME ":" FNR ": " sentence > "/dev/stderr"
    failed = 1
}

function picture(line,    label, path, found, text)
{
    label = line
    sub(/^!\[/, "", label)
    sub(/\]\(.*/, "", label)
    path = line
    sub(/^.*\]\(/, "", path)
    sub(/\)$/, "", path)
    if (label == "")
        wrong("the picture " path " has no text for those who cannot see it")
    gsub(/&/, "\\&amp;", label)
    gsub(/"/, "\\&quot;", label)
    gsub(/</, "\\&lt;", label)
    path = folder path
    print "<figure role=\"img\" aria-label=\"" label "\">"
    while ((getline text < path) > 0) {
        # A blank line would end the block of HTML.
        if (text ~ /^<\?xml/ || text ~ /^<!DOCTYPE/ || text !~ /[^ \t]/)
            continue
        print text
        found = 1
    }
    close(path)
    print "</figure>"
    if (!found)
        wrong("there is no picture " path)
}

FNR == 1 { folder = FILENAME; sub(/[^\/]*$/, "", folder) }
/^```/ { fenced = !fenced }
!fenced && /^<!-- (code|transcript|picture): .* -->$/ { next }
!fenced && /^!\[.*\]\(.*\.svg\)$/ { picture($0); next }
{ print }
END { exit failed }
