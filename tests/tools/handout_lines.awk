# handout_lines.awk - the lines that a handout must not hold.
#
#   awk -f handout_lines.awk kind=given FILE... kind=solution SOURCE...
#
# Prints each line of a marked region, without the blanks around it, that says
# something (6 tokens or more; `return err;` gives nothing away) and that
# students are not given anyway, in a starter or in common/.

{ gsub(/^[ \t]+|[ \t\r]+$/, "") }

kind == "given" {
    given = given $0 "\n"
    next
}

/^\/\/ BEGIN SOLUTION/ { region = $NF; next }
/^\/\/ END SOLUTION/ { region = ""; next }
/^\/\/ STUB:/ { next }

region != "" && !($0 in seen) {
    seen[$0] = 1
    if (tokens($0) >= 6 && !index(given, $0))
        print
}

function tokens(text)
{
    gsub(/[A-Za-z0-9_]+/, "w", text)
    gsub(/[ \t]+/, "", text)
    return length(text)
}
