# columns.awk - two files side by side.
#
#   awk -v width=120 -f columns.awk LEFT RIGHT
#
# A line that is too long goes on below, indented a little more, from a space on
# if there is one.
FNR == 1 { side++ }
{
    half = int((width - 3) / 2)
    gsub(/\t/, "    ")
    line = $0
    match(line, /^ */)
    margin = sprintf("%" (RLENGTH < half / 2 ? RLENGTH + 4 : 4) "s", "")
    while (length(line) > half) {
        cut = half
        while (cut > length(margin) && substr(line, cut, 1) != " ")
            cut--
        if (cut <= length(margin))
            cut = half
        cell[side, ++rows[side]] = substr(line, 1, cut)
        line = margin substr(line, cut + 1)
    }
    cell[side, ++rows[side]] = line
}

END {
    most = rows[1] > rows[2] ? rows[1] : rows[2]
    for (row = 1; row <= most; row++) {
        line = sprintf("%-" half "s | %s", cell[1, row], cell[2, row])
        sub(/ +$/, "", line)
        print line
    }
}
