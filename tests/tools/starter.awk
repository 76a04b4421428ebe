# starter.awk - makes starters of a lab's reference files.
#
#   awk -v lab=01 -v out=DIR -f starter.awk solutions/01-echo/*.[ch]
#
# A region of a reference file
#
#     // BEGIN SOLUTION 01.2
#     // STUB: return NP_TODO("01.2");
#     ...statements...
#     // END SOLUTION 01.2
#
# becomes its STUB lines, indented as they were; everything else is copied.
# Each mistake in the markers is reported as FILE:LINE: sentence, all of them
# in one run, and the status is 1; DIR then holds nothing to be relied on.

FNR == 1 {
    end_of_file()
    path = FILENAME
    target = path
    sub(/.*\//, "", target)
    target = out "/" target
    printf "" > target
}

{ sub(/\r$/, "") }

/(BEGIN|END)[ \t]+SOLUTION|STUB:/ {
    if (match($0, /^[ \t]*\/\/ BEGIN SOLUTION [0-9][0-9]\.[0-9]+$/))
        begin(id_of($0))
    else if (match($0, /^[ \t]*\/\/ END SOLUTION [0-9][0-9]\.[0-9]+$/))
        end(id_of($0))
    else if (match($0, /^[ \t]*\/\/ STUB:/))
        stub($0)
    else
        wrong(FNR, "a marker stands alone on its line, as in " \
                   "// BEGIN SOLUTION 01.2, // STUB: text, // END SOLUTION 01.2")
    next
}

region != "" {
    if ($0 ~ /[^ \t]/) {
        if (!stubs && !told_stubless) {
            wrong(FNR, "region " region " has solution lines before any STUB line")
            told_stubless = 1
        }
        solution_lines++
    }
    next
}

{ print > target }

END {
    end_of_file()
    exit errors ? 1 : 0
}

function begin(id)
{
    if (region != "") {
        wrong(FNR, "region " id " begins inside region " region \
                   " (line " begun "); regions do not nest")
        return
    }
    if (id in first_seen)
        wrong(FNR, "region " id " was there before, at " first_seen[id])
    else
        first_seen[id] = path ":" FNR
    if (lab != "" && substr(id, 1, 2) != lab)
        wrong(FNR, "region " id " does not belong to lab " lab)
    region = id
    begun = FNR
    stubs = solution_lines = names_task = told_stubless = 0
}

function end(id)
{
    if (region == "") {
        wrong(FNR, "region " id " ends here, but none is open")
        return
    }
    if (id != region)
        wrong(FNR, "region " region " (line " begun ") is closed by the marker of " id)
    if (!stubs)
        wrong(begun, "region " region " has no STUB line")
    else if (!names_task)
        wrong(begun, "the stub of region " region " does not name it: " \
                     "say TODO " region " or NP_TODO(\"" region "\")")
    if (!solution_lines)
        wrong(begun, "region " region " has no solution line")
    region = ""
}

function stub(line,    indent, text, named)
{
    if (region == "") {
        wrong(FNR, "a STUB line stands outside of any region")
        return
    }
    if (solution_lines)
        wrong(FNR, "region " region " has a STUB line after its solution; stubs come first")
    stubs++
    indent = line
    sub(/\/\/ STUB:.*/, "", indent)
    text = line
    sub(/^[ \t]*\/\/ STUB: ?/, "", text)
    if (match(text, /NP_TODO\("[^"]*"\)/)) {
        named = substr(text, RSTART + 9, RLENGTH - 11)
        if (named != region)
            wrong(FNR, "the stub of region " region " says NP_TODO(\"" named "\")")
        names_task = 1
    }
    if (index(text, "TODO " region))
        names_task = 1
    print (text == "" ? "" : indent text) > target
}

function id_of(line)
{
    sub(/.* /, "", line)
    return line
}

function end_of_file()
{
    if (region != "")
        wrong(begun, "region " region " is never closed")
    region = ""
    if (target != "")
        close(target)
}

function wrong(line, sentence)
{
    print path ":" line ": " sentence | "cat >&2"
    errors++
}
