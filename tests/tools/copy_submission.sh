#!/bin/sh
# copy_submission.sh - copies a submission's C files into the build folder, so
# that grading never writes beside somebody's work and any path will do.
#
# usage: copy_submission.sh FOLDER COPY
# Exit status 2 and one sentence when FOLDER cannot be a submission.

folder=$1
copy=$2

refuse() {
    printf '%s\n' "$1" >&2
    exit 2
}

[ -e "$folder" ] || refuse "There is no folder $folder."
[ -d "$folder" ] ||
    refuse "$folder is a file; SRC= takes the folder that holds server.c and client.c."
for program in server.c client.c; do
    [ -f "$folder/$program" ] ||
        refuse "$folder holds no $program; a submission is a folder with server.c and client.c."
    [ -r "$folder/$program" ] || refuse "$folder/$program cannot be read."
done

mkdir -p "$copy" || exit 2
# Files that are gone from the submission must go from the copy too.
for old in "$copy"/*.[ch]; do
    [ -e "$old" ] && [ ! -e "$folder/${old##*/}" ] && rm -f "$old" "$copy/../"*.built
done
for file in "$folder"/*.[ch]; do
    [ -f "$file" ] || continue
    # An unchanged file keeps its time, so that it is not compiled again.
    cmp -s "$file" "$copy/${file##*/}" || cp "$file" "$copy/" || exit 2
done
