# task_text.awk - what a lab's README says of a task: the row of its table, or
# the text below a heading that names it.
#
#   awk -v id=01.2 -f task_text.awk README.md

BEGIN {
    pattern = id
    gsub(/[.]/, "[.]", pattern)
    pattern = "(^|[^0-9.])" pattern "([^0-9]|$)"
}

/^#/ {
    under = ($0 ~ pattern)
    next
}
under { text[++count] = $0 }

/^\|/ && !found {
    cells = split($0, cell, /[ \t]*\|[ \t]*/)
    if ((" " cell[2] " ") ~ pattern) {
        row = cell[cells - 1]
        found = 1
    }
}

END {
    if (found && !count)
        text[++count] = row
    for (first = 1; first <= count && text[first] !~ /[^ \t]/; first++) ;
    for (last = count; last > first && text[last] !~ /[^ \t]/; last--) ;
    for (i = first; i <= last; i++)
        print text[i]
}
