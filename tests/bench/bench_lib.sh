# bench_lib.sh - measuring side by side; sourced by the benches.
#
# Times are noisy here and everywhere, so what is compared runs alternately in
# one run, and the medians' ratio is what counts.

# elapsed COMMAND...: its wall time in milliseconds; its output is dropped.
elapsed() {
    began=$(date +%s%N)
    "$@" >/dev/null 2>&1 || {
        echo "bench: failed: $*" >&2
        exit 1
    }
    echo $((($(date +%s%N) - began) / 1000000))
}

# median: of the numbers on standard input, one a line.
median() {
    sort -n | awk '{ v[NR] = $1 } END { print NR % 2 ? v[(NR + 1) / 2] : (v[NR / 2] + v[NR / 2 + 1]) / 2 }'
}

# ratio A B: A/B with two places.
ratio() {
    awk -v a="$1" -v b="$2" 'BEGIN { printf "%.2f", a / b }'
}
