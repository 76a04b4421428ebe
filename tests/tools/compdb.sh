#!/bin/sh
# compdb.sh - writes compile_commands.json for clangd and its like.
#
#   compdb.sh OUT CROSS-COMMAND HOST-COMMAND
#
# The commands are those of the build (compiler and flags, without files).
# Programs for Windows get the first one and their own folder as -I, programs
# of this host the second. .clangd says that the file lies in build/.
# (The commands travel as environment: -v would interpret backslashes.)
set -u
export LC_ALL=C
[ $# -eq 3 ] || { echo "usage: compdb.sh OUT CROSS-COMMAND HOST-COMMAND" >&2; exit 2; }

mkdir -p "${1%/*}"
find labs solutions common tests -name '*.c' ! -path '*/tools_fixture/*' 2> /dev/null | sort |
    HERE=$(pwd) CROSS=$2 HOST=$3 awk '
        function text(s) {
            gsub(/\\/, "&&", s)
            gsub(/"/, "\\\"", s)
            return "\"" s "\""
        }
        {
            folder = $0
            sub(/\/[^\/]*$/, "", folder)
            command = ($0 ~ /^tests\// && $0 !~ /^tests\/(director|conformance|audit)\//) ? \
                ENVIRON["HOST"] : ENVIRON["CROSS"] " -I" folder
            printf "%s{\"directory\": %s,\n \"command\": %s,\n \"file\": %s}", \
                (NR == 1) ? "[\n" : ",\n", text(ENVIRON["HERE"]), text(command " -c " $0), text($0)
        }
        END { print (NR > 0) ? "\n]" : "[]" }' > "$1.new" && mv "$1.new" "$1"
