#!/bin/sh
# asking.sh - what it costs to ask for each request whether it is allowed, and
# lab 10's broker under load.
#
# usage: asking.sh ROUNDS REQUESTS
. "${0%/*}/bench_lib.sh"
rounds=$1 requests=$2
scratch=build/bench/asking
mkdir -p "$scratch"
rm -f "$scratch"/*.tsv

measure() { # measure NAME SERVER CLIENTS REQUESTS [LOAD-ARGUMENTS...]
    name=$1 server=$2 clients=$3 count=$4
    shift 4
    taskset -c 0 build/kit/runner run --exe build/bench/load.exe --with "build/bench/$server.exe" -- \
        'C:\lab\'"$server.exe" "$clients" "$count" "$@" \
        2>>"$scratch/errors" >>"$scratch/$name-$clients.tsv" || {
        echo "bench: $server failed:" >&2
        cat "$scratch/errors" >&2
        exit 1
    }
}

i=0
while [ "$i" -lt "$rounds" ]; do
    measure plain echo 1 "$requests"
    measure asking asking 1 "$requests"
    i=$((i + 1))
done
plain=$(cut -f2 "$scratch/plain-1.tsv" | median)
asking=$(cut -f2 "$scratch/asking-1.tsv" | median)
printf '(e) an authorised request against a plain echo, same server:\n'
printf '    %s / %s requests/s = %s (at least 0.7)\n' "$asking" "$plain" "$(ratio "$asking" "$plain")"

accounts='rich 900000000 O:BAG:BAD:P(A;;0x7;;;WD)|poor 0 O:BAG:BAD:P(A;;0x7;;;WD)'
printf '(f) lab 10, a broker over SQLite, on one core:\n'
for clients in 1 8 64; do
    i=0
    while [ "$i" -lt "$rounds" ]; do
        measure reads ledger "$clients" $((requests / 4 / clients)) 'BALANCE rich' "$accounts"
        measure moves ledger "$clients" $((requests / 4 / clients)) 'MOVE rich poor 1 id-%u' "$accounts"
        i=$((i + 1))
    done
    for what in reads moves; do
        printf '    %2d clients: %s %s/s, longest wait %s us\n' "$clients" "$what" \
            "$(cut -f2 "$scratch/$what-$clients.tsv" | median)" \
            "$(cut -f3 "$scratch/$what-$clients.tsv" | median)"
    done
done
