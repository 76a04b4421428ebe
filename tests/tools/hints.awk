# hints.awk - reads a lab's hints.md.
#
#   awk -v list=tasks -f hints.awk hints.md              the task ids, one a line
#   awk -v list=steps -f hints.awk hints.md              TASK N NAME LINES, one a line
#   awk -v task=01.2 -v step=3 -f hints.awk hints.md     the text of one step
#
# LINES counts the lines with text, so that 0 is an empty step. Headings are
# `## Task 01.2` and `### 3 Place`; what looks like one in a code block is text.

/^```/ { fenced = !fenced }

!fenced && /^## / {
    report()
    at = ($2 == "Task") ? $3 : ""
    sub(/[^0-9.].*/, "", at)
    if (at != "" && list == "tasks")
        print at
    number = ""
    next
}

!fenced && /^### / {
    report()
    number = $2
    name = tolower($3)
    next
}

at != "" && number != "" {
    if (/[^ \t]/)
        lines++
    if (list == "" && at "" == task "" && number == step) # 08.1 is not 08.10
        text[++kept] = $0
}

END {
    report()
    # Without the blank lines around it.
    for (first = 1; first <= kept && text[first] !~ /[^ \t]/; first++) ;
    for (last = kept; last > first && text[last] !~ /[^ \t]/; last--) ;
    for (i = first; i <= last; i++)
        print text[i]
}

function report()
{
    if (at != "" && number != "" && list == "steps")
        print at, number, name, lines + 0
    lines = 0
}
