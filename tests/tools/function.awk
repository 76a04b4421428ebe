# function.awk - takes C functions out of files, without understanding C: a
# function begins at column 1 with its name and a parenthesis, and ends with
# the first } at column 1. clang-format sees to that.
#
#   awk -v list=1 -f function.awk REFERENCE...
#       for each marked region: ID FILE FUNCTION ("-" when it is in none)
#   awk -v name=FUNCTION -f function.awk FILE...
#       the comment before it and the whole function, without marker lines
#   awk -v region=ID -f function.awk REFERENCE...
#       the lines of one region

FNR == 1 { forget(); inside = "" }

/^[ \t]*\/\/ BEGIN SOLUTION / {
    here = $NF
    if (list != "" && inside != "")
        print here, FILENAME, inside
    else if (list != "")
        pending = here
    next
}
/^[ \t]*\/\/ END SOLUTION / {
    if (pending != "")
        print pending, FILENAME, "-"
    here = pending = ""
    next
}
/^[ \t]*\/\/ STUB:/ { next }

region != "" && here == region { print }

# What stands right before a function belongs to it.
inside == "" && /^[ \t]*$/ { forget(); next }

inside == "" {
    kept[++count] = $0
    if (comment_goes_on())
        next
    found = defined($0)
    if (found != "") {
        inside = found
        if (pending != "") {
            print pending, FILENAME, inside
            pending = ""
        }
        if (inside == name && !printed)
            for (i = 1; i <= count; i++)
                print kept[i]
        if (/[}]$/)
            leave()
    } else if (/[;}]$/ || /^#/) {
        forget()
    }
    next
}

inside == name && !printed { print }
/^[}]/ { leave() }

function leave()
{
    if (inside == name)
        printed = 1
    inside = ""
    forget()
}

function forget() { count = 0; comment = 0 }

# A /* comment at column 1, up to the line that closes it.
function comment_goes_on()
{
    if (!comment && /^\/\*/)
        comment = 1
    if (comment) {
        if (/\*\//)
            comment = 0
        return 1
    }
    return /^\/\//
}

# The function that a line at column 1 defines, or "".
function defined(line,    text)
{
    if (line !~ /^[A-Za-z_]/ || line ~ /;[ \t]*$/)
        return ""
    if (!match(line, /[A-Za-z_][A-Za-z0-9_]*\(/))
        return ""
    text = substr(line, RSTART, RLENGTH - 1)
    return text
}
