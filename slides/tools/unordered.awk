# unordered.awk - sorts each run of lines that several programs printed side by
# side ("  client | ..." of a demo), so that two transcripts can be compared.

function flush(    i, j, line)
{
    for (i = 2; i <= count; i++) {
        line = lines[i]
        for (j = i - 1; j > 0 && lines[j] > line; j--)
            lines[j + 1] = lines[j]
        lines[j + 1] = line
    }
    for (i = 1; i <= count; i++)
        print lines[i]
    count = 0
}

/^ +[a-z]+ \| / { lines[++count] = $0; next }
{ flush(); print }
END { flush() }
