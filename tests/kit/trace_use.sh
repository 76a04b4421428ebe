#!/bin/sh
# trace_use.sh TRACE - its options, its exit status, and records that are not
# as they should be.
trace=$1
samples=tests/kit/trace
. "${0%/*}/../tools/test_lib.sh"

run "$trace" --help
expect "--help is no error" 0 "Usage: trace RECORD"
run "$trace"
expect "no record" 2 "which record?" "Usage:"
run "$trace" a.tsv b.tsv
expect "two records" 2 "one record, not two: b.tsv"
run "$trace" "$samples/good.tsv" --colour
expect "an unknown option" 2 "what is meant by --colour?"
run "$trace" "$samples/good.tsv" --width wide
expect "a width that is no number" 2 "what is meant by --width?"
run "$trace" "$samples/good.tsv" --svg
expect "an option without its value" 2 "what is meant by --svg?"
run "$trace" "$samples/good.tsv" --around a --around-line 3
expect "two moments" 2 "not both"
run "$trace" no/such/record
expect "no such file" 2 "cannot read no/such/record: "
run "$trace" "$samples/good.tsv" --svg no/such/folder/x.svg
expect "nowhere to write" 2 "cannot write no/such/folder/x.svg: "

: > "$scratch/empty"
run "$trace" "$scratch/empty"
expect "an empty record" 1 "holds no call: nothing to draw"
run "$trace" "$scratch/empty" --svg "$scratch/empty.svg"
expect "no picture of nothing" 1 "nothing to draw"
is "no file is left behind" "$(ls "$scratch"/*.svg 2> /dev/null)" ""

# ---- a moment ------------------------------------------------------------------

rows() { grep -c '^ *[0-9]*\.[0-9][0-9][0-9] ' "$scratch/out"; }
run "$trace" "$samples/good.tsv" --utf8 --around ERROR_ACCESS_DENIED --context 2
expect "--around finds a call" 0 "failed, 5" "rows before)" "rows after)"
is "--context 2 gives five rows" "$(rows)" 5
run "$trace" "$samples/forgets-revert.tsv" --around 'next client was read' --context 0
expect "--around finds a finding" 0 "still impersonating A"
is "--context 0 gives one row" "$(rows)" 1
line=$(grep -n 'Identification' "$samples/trusts-true.tsv" | head -1 | cut -d: -f1)
run "$trace" "$samples/trusts-true.tsv" --around-line "$line" --utf8
expect "--around-line takes a line of the record" 0 "▒A  ┊         Identification"
line=$(awk -F '\t' '$2 == "-" && $5 ~ /Connect/ { print NR; exit }' "$samples/good.tsv")
run "$trace" "$samples/good.tsv" --around-line "$line" --context 0
expect "the line on which a call began means that call" 0 "after 413 ms"
run "$trace" "$samples/good.tsv" --around 'no such words'
expect "a moment that never was" 1 "that moment is not in the record"

# ---- locale and width ------------------------------------------------------------

LC_ALL=C "$trace" "$samples/good.tsv" > "$scratch/c"
"$trace" "$samples/good.tsv" --ascii > "$scratch/ascii"
same "the C locale means ASCII" "$scratch/c" "$scratch/ascii"
LC_ALL='' LC_CTYPE='' LANG=en_GB.UTF-8 "$trace" "$samples/good.tsv" > "$scratch/u"
same "a UTF-8 locale means line drawing" "$scratch/u" "$samples/good.txt"
for width in 40 56 120; do
    "$trace" "$samples/good.tsv" --ascii --width $width > "$scratch/out"
    is "--width $width is kept to" \
        "$(LC_ALL=C awk -v most=$width 'length($0) > most' "$scratch/out")" ""
done

# ---- records that are not as they should be ----------------------------------------

event() { printf '%s\t%s\t%s\t%s\t%s\t%s\t%s\t%s\t%s\t%s\n' "$@"; }
{
    echo 'half a line'
    event 10 20 1 2 CloseHandle - TRUE 0 self -
    event x 20 1 2 CloseHandle - TRUE 0 self -
    event 30 40 1 2 CloseHandle - TRUE 0 'client:9:Impersonation' -
    event 30 40 1 2 CloseHandle - TRUE 0 'client:9.1:Great' -
    event 30 40 99999999999 2 CloseHandle - TRUE 0 self -
    printf '50\t60\t1\t2\tClose'
} > "$scratch/bad.tsv"
run "$trace" "$scratch/bad.tsv"
expect "malformed lines are counted once, the rest is drawn" 0 \
    "skipped 6 malformed lines" "CloseHandle TRUE"
is "one warning" "$(wc -l < "$scratch/err" | tr -d ' ')" 1

esc=$(printf '\033[31m\001')
bytes=$(printf '\377\300\200')
{
    event 10 20 1 2 process - - 0 self "args=C:\\a\\<x>&y.exe%20$esc\"<b>\""
    event 30 40 1 2 CreateFile "C:\\$esc$bytes<b>%20c.txt" 0x40 0 self -
} > "$scratch/hostile.tsv"
run "$trace" "$scratch/hostile.tsv" --ascii --svg "$scratch/hostile.svg" --text
expect "control characters and broken UTF-8 do not reach the terminal" 0 \
    'CreateFile C:\?[31m????<b> c.txt = 0x40' '<x>&y.exe ?[31m?"<b>"'
run cat "$scratch/hostile.svg"
expect "nor markup the picture" 0 '&lt;x&gt;&amp;y.exe' '&quot;&lt;b&gt;&quot;' '!<b>' '!<x>'

{
    event 10 - 1 2 ConnectNamedPipe '\\.\pipe\p#1' - 0 self -
    event 20 30 1 3 CloseHandle - TRUE 0 self -
    event 40 50 1 3 CloseHandle - TRUE 0 token:Identification -
} > "$scratch/open.tsv"
run "$trace" "$scratch/open.tsv" --ascii
expect "a call that never ended waits to the end" 0 \
    "ConnectNamedPipe pipe#1 did not return" ":   |-*" \
    "now * at Identification"

{
    event 10 - 1 2 process - - 0 self 'args="\\?\unix\a%20b\pair.exe"%20client%20now'
    event 20 - 1 2 process - - 0 self end
} > "$scratch/process.tsv"
run "$trace" "$scratch/process.tsv" --ascii
expect "a process is named by its command line if need be" 0 \
    "  1 pair.exe 1, thread 2" "process starts: pair.exe client now" \
    "|-* process ends"

# ---- many ------------------------------------------------------------------------

i=0
while [ $i -lt 70 ]; do
    event $((i * 10)) $((i * 10 + 5)) 1 $((1000 + i)) CloseHandle - TRUE 0 self -
    i=$((i + 1))
done > "$scratch/wide.tsv"
run "$trace" "$scratch/wide.tsv" --ascii
expect "threads that have no room are named in their rows" 0 \
    "8 of 70 threads have a lane" "[thread 1069 of 1]"
run "$trace" "$scratch/wide.tsv" --svg "$scratch/wide.svg"
expect "a picture has room for all" 0
is "70 lanes" "$(grep -c 'thread 10[0-9]*</title>$' "$scratch/wide.svg")" 70
finish
