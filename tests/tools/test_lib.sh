# test_lib.sh - the few lines that the tests of the tools share; sourced.
# shellcheck shell=sh disable=SC2034  # what the sourcing script uses
#
# A test script sources this, calls `expect` and friends, and ends with
# `finish`. One line a test; details only of what failed.
passed=0 failed=0 skipped=0
here=$(pwd)
scratch=$(mktemp -d "${TMPDIR:-/tmp}/nplab-tools.XXXXXX")
trap 'cd /; rm -rf "$scratch"' EXIT
trap 'exit 130' INT TERM
export NO_COLOR=1
unset MAKEFLAGS MFLAGS MAKELEVEL

ok() {
    passed=$((passed + 1))
    echo "PASS $1"
}

not_ok() {
    failed=$((failed + 1))
    echo "FAIL $1"
    shift
    for line; do printf '     %s\n' "$line"; done
}

skip() {
    skipped=$((skipped + 1))
    echo "SKIP $1: $2"
}

# run COMMAND... - keeps its output, errors and status for the lines below.
run() {
    status=0
    "$@" > "$scratch/out" 2> "$scratch/err" < /dev/null || status=$?
}

# expect NAME STATUS [PART...] - the last run ended so, and each part (a fixed
# text) stands in what it printed; "!PART" must not.
expect() {
    name=$1
    wanted=$2
    shift 2
    trouble=
    [ "$status" -eq "$wanted" ] || trouble="status $status instead of $wanted"
    for part; do
        case $part in
            !*) grep -qF -- "${part#!}" "$scratch/out" "$scratch/err" &&
                    trouble="$trouble; says: ${part#!}" ;;
            *)  grep -qF -- "$part" "$scratch/out" "$scratch/err" ||
                    trouble="$trouble; does not say: $part" ;;
        esac
    done
    if [ -z "$trouble" ]; then
        ok "$name"
    else
        not_ok "$name" "${trouble#; }" "$(head -20 "$scratch/out" "$scratch/err")"
    fi
}

# same NAME FILE WANTED
same() {
    if diff "$3" "$2" > "$scratch/diff" 2>&1; then
        ok "$1"
    else
        not_ok "$1" "$(head -20 "$scratch/diff")"
    fi
}

# is NAME GOT WANTED
is() {
    if [ "$2" = "$3" ]; then ok "$1"; else not_ok "$1" "got: $2" "wanted: $3"; fi
}

finish() {
    echo "$passed passed, $failed failed, $skipped skipped"
    [ "$failed" -eq 0 ]
}
