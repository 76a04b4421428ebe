# embed.awk - a deck as Marp gets it: pictures inside, the kit's markers gone.
#
#   awk -f embed.awk slides/01-echo.md
#
# A line ![text](pictures/name.svg) becomes the drawing itself with the text as
# its label; the path is relative to the deck. Below <!-- picture: COMMAND -->
# the drawing is what that command prints instead (run.sh keeps it). Text
# inside fences stays as it is. Status 1 when a picture is missing or has no
# text.

function wrong(sentence)
{
    print FILENAME ":" FNR ": " sentence > "/dev/stderr"
    failed = 1
}

# shell_word TEXT - quoted for the shell.
function shell_word(text)
{
    gsub(/'/, "'\\\\''", text)
    return "'" text "'"
}

function picture(line,    label, path, found, text, source)
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
    source = command == "" ? "cat " shell_word(path) : \
             "slides/tools/run.sh " shell_word(command)
    source = source " 2>/dev/null"
    print "<figure role=\"img\" aria-label=\"" label "\">"
    while ((source | getline text) > 0) {
        # A blank line would end the block of HTML.
        if (text ~ /^<\?xml/ || text ~ /^<!DOCTYPE/ || text !~ /[^ \t]/)
            continue
        print text
        if (text ~ /<svg/)
            found = 1
    }
    close(source)
    print "</figure>"
    if (!found)
        wrong("there is no picture " (command == "" ? path : "from " command))
    command = ""
}

FNR == 1 { folder = FILENAME; sub(/[^\/]*$/, "", folder) }
/^```/ { fenced = !fenced }
!fenced && /^<!-- picture: .* -->$/ {
    command = $0
    sub(/^<!-- picture: /, "", command)
    sub(/ -->$/, "", command)
    next
}
!fenced && /^<!-- (code|transcript): .* -->$/ { next }
!fenced && /^!\[.*\]\(.*\.svg\)$/ { picture($0); next }
{ print }
END { exit failed }
