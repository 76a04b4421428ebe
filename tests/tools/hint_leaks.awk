# hint_leaks.awk - finds solution code in hints.
#
#   awk -f hint_leaks.awk kind=starter STARTER... kind=solution SOURCE... \
#       kind=hints hints.md
#
# Code is compared as tokens, so that other spacing, other lines and Markdown's
# quotes hide nothing. A hint leaks when it holds
#   - 6 tokens in a row of a region's solution, or
#   - a whole line of it of 4 tokens or more
# that the starter does not hold. Comments of the solution are words, not code,
# and runs of punctuation with fewer than two words give nothing away.
# Prints FILE:LINE: sentence for each leak; status 1 if there is any.

BEGIN { SHORTEST = 4; LONGEST = 6 }

FNR == 1 { forget(); region = ""; comment = 0; fenced = 0 }

kind == "starter" {
    add($0)
    for (size = SHORTEST; size <= LONGEST; size++)
        remember_tail(given, size, "")
}

kind == "solution" && /^[ \t]*\/\/ BEGIN SOLUTION/ {
    forget()
    region = $NF
    next
}
kind == "solution" && /^[ \t]*\/\/ (END SOLUTION|STUB:)/ {
    if ($2 == "END")
        region = ""
    next
}
kind == "solution" && region != "" {
    line = without_comments($0)
    before = count
    add(line)
    for (end = before + 1; end <= count; end++)
        learn(end, LONGEST)
    if (count - before >= SHORTEST && count - before < LONGEST)
        learn(count, count - before)
}

kind == "hints" && /^```/ { fenced = !fenced; next }
kind == "hints" && !fenced && /^##/ { forget(); next }
kind == "hints" {
    before = count
    add($0)
    told = 0
    for (end = before + 1; end <= count && !told; end++)
        for (size = LONGEST; size >= SHORTEST && !told; size--) {
            key = gram(end, size)
            if (key != "" && (key in secret) && !(key in given)) {
                printf "%s:%d: gives away code of task %s: %s\n", \
                    FILENAME, FNR, secret[key], key
                leaks++
                told = 1
            }
        }
}

END { exit leaks ? 1 : 0 }

function forget()
{
    count = 0
    seen = 0
}

# Appends the tokens of a line: words, and single signs. Quotes and * are left
# out, for Markdown uses them too.
function add(text,    token)
{
    gsub(/["'`*]/, " ", text)
    while (text != "") {
        if (match(text, /^[ \t\r]+/)) {
            text = substr(text, RLENGTH + 1)
            continue
        }
        if (!match(text, /^[A-Za-z0-9_]+/))
            RLENGTH = 1
        token = substr(text, 1, RLENGTH)
        text = substr(text, RLENGTH + 1)
        tokens[++count] = token
    }
}

# The tokens that end at `end`, or "" when there are too few or too few words.
function gram(end, size,    i, key, words)
{
    if (end < size)
        return ""
    for (i = end - size + 1; i <= end; i++) {
        key = key (key == "" ? "" : " ") tokens[i]
        if (tokens[i] ~ /^[A-Za-z_]/)
            words++
    }
    return words >= 2 ? key : ""
}

function learn(end, size,    key)
{
    key = gram(end, size)
    if (key != "" && !(key in secret))
        secret[key] = region
}

# Every gram of one size that ends in the tokens not looked at before.
function remember_tail(set, size, value,    end, key)
{
    for (end = seen + 1; end <= count; end++) {
        key = gram(end, size)
        if (key != "")
            set[key] = value
    }
    if (size == LONGEST)
        seen = count
}

function without_comments(text,    start, stop)
{
    if (comment) {
        stop = index(text, "*/")
        if (!stop)
            return ""
        comment = 0
        text = substr(text, stop + 2)
    }
    while ((start = index(text, "/*")) > 0) {
        stop = index(substr(text, start + 2), "*/")
        if (!stop) {
            comment = 1
            text = substr(text, 1, start - 1)
        } else {
            text = substr(text, 1, start - 1) " " substr(text, start + stop + 3)
        }
    }
    sub(/\/\/.*/, "", text)
    return text
}
