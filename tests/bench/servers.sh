#!/bin/sh
# servers.sh - lab 03's server under load, against the simplest there is.
#
# usage: servers.sh ROUNDS REQUESTS
#
# Everything runs on one core: on two, the time goes into waking the other one
# up, whatever the server does. The plain server has one client; lab 03's has
# 1, 8 and 64, and must not be slower in all, nor let anybody wait for long: a
# round is the time in which each client is served once, and who has just
# missed one waits for two.
. "${0%/*}/bench_lib.sh"
rounds=$1 requests=$2
scratch=build/bench/servers
mkdir -p "$scratch"
rm -f "$scratch"/*.tsv

measure() { # measure SERVER CLIENTS
    taskset -c 0 build/kit/runner run --exe build/bench/load.exe \
        --with build/bench/plain_server.exe --with build/bench/many.exe -- \
        'C:\lab\'"$1.exe" "$2" $((requests / $2)) \
        2>/dev/null >>"$scratch/$1-$2.tsv"
}

i=0
while [ "$i" -lt "$rounds" ]; do
    measure plain_server 1
    for clients in 1 8 64; do
        measure many "$clients"
    done
    i=$((i + 1))
done

plain=$(cut -f2 "$scratch/plain_server-1.tsv" | median)
printf '(c) message echo, 64 bytes, on one core:\n'
printf '    plain synchronous server, 1 client: %s requests/s\n' "$plain"
for clients in 1 8 64; do
    rate=$(cut -f2 "$scratch/many-$clients.tsv" | median)
    wait=$(cut -f3 "$scratch/many-$clients.tsv" | median)
    rounds_waited=$(awk -v w="$wait" -v n="$clients" -v r="$rate" \
        'BEGIN { printf "%.1f", w / (n / r * 1000000) }')
    printf '    lab 03, %2d clients: %s requests/s, %s of plain; longest wait %s us, %s rounds\n' \
        "$clients" "$rate" "$(ratio "$rate" "$plain")" "$wait" "$rounds_waited"
done
