# blocks.awk - finds the quoted blocks of a deck, or puts new ones in.
#
#   awk -v work=DIR -f blocks.awk DECK            lists NUMBER LINE KIND ARGUMENT,
#                                                 writes the blocks to DIR/NUMBER.old
#   awk -v work=DIR -v merge=1 -f blocks.awk DECK prints the deck with DIR/NUMBER.new
#
# A marker is a line <!-- code: ... --> or <!-- transcript: ... -->; the next
# line must open its fence.

function wrong(sentence)
{
    print FILENAME ":" FNR ": " sentence > "/dev/stderr"
    failed = 1
}

state == "marked" {
    if ($0 !~ /^```[a-z]+$/) {
        wrong("a fence such as ```c must follow the marker at once")
        state = ""
    } else {
        state = "block"
        if (merge) {
            print
            while ((getline line < new) > 0)
                print line
            close(new)
        }
        next
    }
}

state == "block" && $0 != "```" {
    if (!merge)
        print > old
    next
}

state == "block" {
    state = ""
    if (!merge)
        close(old)
}

/^<!-- (code|transcript): .* -->$/ {
    number++
    old = work "/" number ".old"
    new = work "/" number ".new"
    kind = $2
    sub(/:$/, "", kind)
    argument = $0
    sub(/^<!-- [a-z]+: /, "", argument)
    sub(/ -->$/, "", argument)
    state = "marked"
    if (!merge) {
        printf "" > old
        print number, FNR, kind, argument
    }
}

merge { print }

END {
    if (state != "")
        wrong("the last fence is never closed")
    exit failed
}
