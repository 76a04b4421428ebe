#!/bin/sh
# slots.sh - all labs' checks on one core and on two, and the runner's memory.
#
# usage: slots.sh ROUNDS RUNNER-ARGUMENTS...
. "${0%/*}/bench_lib.sh"
rounds=$1
shift
scratch=build/bench/slots
mkdir -p "$scratch"
: >"$scratch/one"
: >"$scratch/two"
i=0
while [ "$i" -lt "$rounds" ]; do
    elapsed build/kit/runner grade --results "$scratch/results" --jobs 1 "$@" >>"$scratch/one"
    elapsed build/kit/runner grade --results "$scratch/results" --jobs 2 "$@" >>"$scratch/two"
    i=$((i + 1))
done
one=$(median <"$scratch/one") two=$(median <"$scratch/two")
printf '(b) all checks, one core against two:  %s ms / %s ms = %s (at least 1.6)\n' \
    "$one" "$two" "$(ratio "$one" "$two")"
# The largest process of the run; the workers are forks of it.
memory=$(build/bench/memory build/kit/runner grade --results "$scratch/results" "$@")
printf '(d) memory of the runner:  %s KiB resident at most\n' "$memory"
