#!/bin/sh
# tools_starter.sh - golden tests of the starter generator, with every awk
# there is. starter/NAME.in makes NAME.out, or the messages of NAME.err.
. "${0%/*}/../tools/test_lib.sh"
golden=$here/tests/kit/starter
script=$here/tests/tools/starter.awk

for awk in mawk gawk "busybox awk" original-awk; do
    command -v "${awk%% *}" > /dev/null || continue
    cd "$golden" || exit 2
    for file in *.in; do
        case=${file%.in}
        mkdir -p "$scratch/made"
        run $awk -v lab=01 -v out="$scratch/made" -f "$script" "$file"
        if [ -f "$case.out" ]; then
            is "$awk: $case is made without complaint" "$status" 0
            same "$awk: $case becomes the starter wanted" "$scratch/made/$file" "$case.out"
        else
            is "$awk: $case is refused" "$status" 1
            same "$awk: $case is explained with file and line" "$scratch/err" "$case.err"
        fi
        rm -r "$scratch/made"
    done
    # An id may not come back in another file of the same lab either.
    mkdir -p "$scratch/made"
    run $awk -v lab=01 -v out="$scratch/made" -f "$script" region.in edges.in
    expect "$awk: an id twice in two files is refused" 1 \
        "edges.in:1: region 01.1 was there before, at region.in:4"
    rm -r "$scratch/made"
    cd "$here" || exit 2
done
finish
