# region.awk - prints one named region of a source file, as a slide shows it.
#
#   awk -v name=01.2 -f region.awk solutions/01-echo/server.c
#
# A name is one of
#   01.2         the solution region of that task, without its STUB lines;
#   echo_client  the definition of that function, type or macro;
#   accept       what stands between // SLIDE accept and // END SLIDE accept;
#   (empty)      the whole file; of a patch, everything from the first hunk;
#   changes      of a patch, only the lines it takes away and adds.
# Common indentation is taken away and marker lines are left out. Status 1 and
# a sentence on stderr when there is no such region, two of them, or an empty
# one.

function gone(sentence)
{
    print FILENAME (name == "" ? "" : "#" name) ": " sentence > "/dev/stderr"
    failed = 1
    exit 1
}

function keep(line)
{
    if (line ~ /^[ \t]*\/\/ (STUB:|BEGIN SOLUTION |END SOLUTION |SLIDE |END SLIDE )/)
        return
    lines[++count] = line
}

function begin(kind)
{
    if (inside != "")
        return
    if (ended)
        gone("there are two regions of that name, the second in line " FNR)
    inside = kind
}

function end()
{
    inside = ""
    ended = 1
}

# Whether a line at the left margin begins the definition of `name`.
function defines(line)
{
    if (line ~ "^(typedef )?(struct|enum|union) " name "( \\{)?$")
        return 1
    if (line ~ "^#define " name "[( ]")
        return 1
    if (line ~ "^" name "\\(")
        return type ~ /^[A-Za-z_][A-Za-z0-9_ *]*$/
    return line ~ "^[A-Za-z_].*[ *]" name "\\(" && line !~ /;[ \t]*$/
}

BEGIN {
    solution = name ~ /^[0-9][0-9]\.[0-9]+$/
    patch = ARGV[1] ~ /\.patch$/
    changes = patch && name == "changes"
    if (name == "" && !patch)
        inside = "file"
}

{ sub(/\r$/, "") }

patch && /^@@ / { inside = "file"; next }
inside == "file" && (!changes || /^[-+]/) { keep($0) }
inside == "file" || changes { next }
name == "" { next }

solution && $0 ~ "^[ \t]*// BEGIN SOLUTION " name "$" { begin("marked"); next }
inside == "marked" && $0 ~ "^[ \t]*// END SOLUTION " name "$" { end(); next }
$0 ~ "^[ \t]*// SLIDE " name "$" { begin("marked"); next }
inside == "marked" && $0 ~ "^[ \t]*// END SLIDE " name "$" { end(); next }

!solution && inside == "" && defines($0) {
    begin(/^#define/ ? "macro" : "definition")
    if ($0 ~ "^" name "\\(")
        keep(type)
}

# A type may stand on the line above the function it belongs to.
{ type = $0 }

inside != "" {
    keep($0)
    if (inside == "macro" && $0 !~ /\\$/)
        end()
    if (inside == "definition" && /^\}/)
        end()
}

END {
    if (failed)
        exit 1
    if (inside != "" && inside != "file")
        gone("the region is never closed")
    margin = -1
    for (i = 1; i <= count; i++) {
        if (lines[i] !~ /[^ \t]/)
            continue
        match(lines[i], /^ */)
        if (margin < 0 || RLENGTH < margin)
            margin = RLENGTH
        last = i
        if (!first)
            first = i
    }
    if (!last)
        gone(ended ? "the region is empty" : "there is no such region")
    # In a patch the first column is the diff's own.
    for (i = first; i <= last; i++)
        print patch ? lines[i] : substr(lines[i], margin + 1)
}
