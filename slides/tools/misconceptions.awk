# misconceptions.awk - lists the misconceptions that a lab's checks look for.
#
#   awk -f misconceptions.awk tests/checks/01-echo.c
#
# For each: its id, the checks that diagnose it, and what to tell a student,
# which is the lesson the grader prints.

function quoted(line,    text)
{
    while (match(line, /"([^"\\]|\\.)*"/)) {
        text = text substr(line, RSTART + 1, RLENGTH - 2)
        line = substr(line, RSTART + RLENGTH)
    }
    gsub(/\\"/, "\"", text)
    gsub(/\\\\/, "\\", text)
    return text
}

function wrapped(text,    word, count, i, line)
{
    count = split(text, word, " ")
    line = "    "
    for (i = 1; i <= count; i++) {
        if (length(line) + length(word[i]) > 78) {
            print line
            line = "    "
        }
        line = line (line == "    " ? "" : " ") word[i]
    }
    print line
}

/^static const lesson [A-Z0-9_]+ = / {
    lesson = $4
    order[++lessons] = lesson
    part = ""
}
lesson != "" && /\.misconception = / { id[lesson] = quoted($0) }
lesson != "" && /\.why/ { part = "why" }
lesson != "" && /\.read/ { part = "" }
lesson != "" && part == "why" { why[lesson] = why[lesson] quoted($0) }
lesson != "" && /\};/ { lesson = "" }

/^(SERVER_|CLIENT_)?CHECK\(/ { check = "" ; heading = 1 }
heading {
    if (match($0, /"[0-9][0-9]\.[a-z0-9-]+"/) && check == "")
        check = substr($0, RSTART + 1, RLENGTH - 2)
    if (/^\{/)
        heading = 0
}
check != "" && !heading {
    for (i = 1; i <= lessons; i++)
        if ($0 ~ "[^A-Z0-9_]" order[i] "[^A-Z0-9_]" && !((order[i], check) in seen)) {
            seen[order[i], check] = 1
            checks[order[i]] = checks[order[i]] " " check
        }
    if (/^\}/)
        check = ""
}

END {
    for (i = 1; i <= lessons; i++)
        if (id[order[i]] != "") {
            print id[order[i]] (checks[order[i]] == "" ? "" : " " checks[order[i]])
            wrapped(why[order[i]])
        }
}
