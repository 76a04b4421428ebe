#!/bin/sh
# conformance.sh [--write] RUNNER PROGRAM RESULTS.tsv TABLE.md - runs the suite on
# Wine with the platform layer and without, prints the table and judges it:
#
#   a row must hold with the layer; a row that is marked as a known difference
#   must not (if it does, the mark is to be taken away); and TABLE.md must be
#   what this run would write. --write writes it.
#
# On Windows (MSYS2) there is one run, of the real kernel, and no TABLE.md. A
# row that differs there is a mistake of the suite: please report it.
#
# The exit code is 0 when nothing failed. Last line: N passed, N failed, N
# skipped.

set -eu
write=
[ "$1" = --write ] && write=1 && shift
runner=$1
program=$2
results=$3
table=$4
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT INT TERM
mkdir -p "$(dirname "$results")"

# run OUTPUT OPTION...: one run, which must have come to its end.
run() {
    output=$1
    shift
    if [ "${OS-}" = Windows_NT ]; then
        "$program" >"$output" || :
    else
        "$runner" run --exe "$program" "$@" >"$output" 2>"$work/errors" || :
    fi
    awk -F'\t' '$1 == "rows" { ended = $2 == NR - 1 } END { exit !ended }' \
        "$output" || {
        printf 'The run%s did not come to its end. Its last lines:\n' \
            "${1+ with $1}" >&2
        tail -n 3 "$output" "$work/errors" >&2
        printf '0 passed, 1 failed, 0 skipped\n'
        exit 1
    }
}

run "$work/layer"
if [ "${OS-}" = Windows_NT ]; then
    cp "$work/layer" "$work/plain"
    with=Windows
else
    run "$work/plain" --plain-wine
    with=layer
fi

# fact, evidence, plain, with the layer, known, claim, place
paste "$work/plain" "$work/layer" | awk -F'\t' -v OFS='\t' '
    $1 == "rows" { next }
    $1 != $7 { print "the two runs have different rows: " $1 ", " $7; exit 1 }
    { print $1, $2, $3, $9, $10, $11, $12 }' >"$results"

awk -F'\t' -v with="$with" '
    function word(result) {
        return result == "holds" ? "yes" : result == "differs" ? "no" : "-"
    }
    BEGIN {
        printf "%-6s %-22s %-5s %-7s %s\n", "fact", "evidence", "plain", with, "claim"
    }
    { printf "%-6s %-22s %-5s %-7s %s\n", $1, $2, word($3), word($4), $6 }
    $3 == "differs" { lacking++ }
    END { if (with == "layer") printf "\nPlain Wine lacks %d of %d facts.\n", lacking, NR }
' "$results"

awk -F'\t' '
    function cell(result) {
        return result == "holds" ? "yes" : result == "differs" ? "**no**" : "-"
    }
    BEGIN {
        print "# What holds on Wine, with the platform layer and without\n"
        print "Written by `make conformance-table` from a run of the suite in"
        print "`tests/conformance`; do not edit. The claims are about Windows; the"
        print "evidence says how well each is established there (DOC: Microsoft'"'"'s"
        print "documentation; WIN-TEST: a test that its project runs on Windows;"
        print "BOOK; RE: read from ReactOS; BLOG; INFER: our deduction). **None of"
        print "it was run on Windows by us**: if you have a Windows machine, run"
        print "`make conformance` there and report what differs.\n"
        print "| fact | Windows | evidence | plain Wine 8 | with the layer |"
        print "|---|---|---|---|---|"
    }
    {
        gsub(/\|/, "\\|", $6)
        gsub(/\\\\\.\\pipe\\/, "`&`", $6)
        printf "| %s | %s | %s | %s | %s |\n", $1, $6, $2, cell($3), cell($4)
        plain += $3 == "holds"
        layer += $4 == "holds"
    }
    END {
        printf "\nOf %d rows %d hold on plain Wine and %d with the layer.\n",
            NR, plain, layer
    }' "$results" >"$work/table"

stale=0
if [ "${OS-}" != Windows_NT ]; then
    if [ -n "$write" ]; then
        cp "$work/table" "$table"
    elif ! cmp -s "$work/table" "$table"; then
        stale=1
        printf '\nFAIL  %s is not what this run gives (make conformance-table):\n' "$table"
        diff "$table" "$work/table" || :
    fi
fi

printf '\n'
awk -F'\t' -v stale="$stale" '
    $4 == "skipped" { skipped++; next }
    $5 == "known" && $4 == "holds" {
        printf "FAIL  %s holds, though it is marked as a known difference\n", $1
        failed++
        next
    }
    $5 != "known" && $4 != "holds" {
        printf "FAIL  %s: %s (%s)\n", $1, $6, $7
        failed++
        next
    }
    { passed++ }
    END {
        failed += stale
        printf "%d passed, %d failed, %d skipped\n", passed, failed, skipped
        exit failed != 0
    }' "$results"
