#!/bin/sh
# slides_quotes.sh - a deck's quotes are compared with their sources: what
# differs is named with file and line, and update-slides mends it.
. "${0%/*}/../tools/test_lib.sh"
mkdir -p "$scratch/kit/slides"
cp -R "$here/slides/tools" "$scratch/kit/slides/"
cd "$scratch/kit" || exit 2
refresh=slides/tools/refresh.sh
deck=slides/01-x.md

printf 'int f(void)\n{\n    return 1;\n}\n' > a.c
make_deck() {
    cat > $deck <<END
before

<!-- code: a.c#f -->
\`\`\`c
$1
\`\`\`

<!-- transcript: cat said; echo run >> runs -->
\`\`\`console
$2
\`\`\`
after
END
}
listing='int f(void)
{
    return 1;
}'
echo 'pid 4711: read 5 bytes in 12.5 ms (handle 0x3c)' > said
touch Makefile

make_deck "$listing" 'pid 4711: read 5 bytes in 12.5 ms (handle 0x3c)'
run $refresh check $deck
expect "a deck that quotes truly passes" 0
is "a transcript's command ran once" "$(grep -c run runs)" 1
run $refresh check $deck
is "and not again while nothing it depends on has changed" "$(grep -c run runs)" 1
echo '# changed' >> Makefile
run $refresh check $deck
is "but again when something has" "$(grep -c run runs)" 2

make_deck "$listing" 'pid 99: read 5 bytes in 3 ms (handle 0x7f)'
cp $deck kept
run $refresh check $deck
expect "ids, times and handles of a run are not compared" 0
run $refresh update $deck
same "nor rewritten for their own sake" $deck kept

printf '  client | a\n  server | b\nend\n\n\n' > said
make_deck "$listing" '  server | b
  client | a
end'
echo '# the command says something new' >> Makefile
run $refresh check $deck
expect "nor the order of what two programs print side by side" 0
make_deck "$listing" 'end
  client | a
  server | b'
run $refresh check $deck
expect "but every other order" 1 "$deck:11:"
echo 'pid 4711: read 5 bytes in 12.5 ms (handle 0x3c)' > said
echo '# changed again' >> Makefile

make_deck "$listing" 'pid 4711: read 6 bytes in 12.5 ms (handle 0x3c)'
run $refresh check $deck
expect "a transcript that says something else is reported" 1 "$deck:11:" "read 5 bytes"

make_deck "$(echo "$listing" | sed 's/1/2/')" "$(cat said)"
run $refresh check $deck
expect "a listing that is out of date is reported" 1 "$deck:3:" "make update-slides" "return 1"
run $refresh update $deck
expect "update renews it" 0 "$deck: renewed"
make_deck "$listing" "$(cat said)" && cp $deck wanted
run $refresh update $deck
expect "a second update finds nothing to do" 0 "!renewed"
same "the renewed deck is the true one" $deck wanted

make_deck "$listing" "$(cat said)"
printf 'int g(void)\n{\n}\n' > a.c
run $refresh check $deck
expect "a listing whose region is gone is reported" 1 "$deck:3: a.c#f: there is no such region"
run $refresh update $deck
expect "and update does not hide it" 1 "there is no such region"
same "the deck is left as it was" $deck wanted
rm a.c
run $refresh check $deck
expect "a listing whose file is gone is reported" 1 "a.c: there is no such file"

printf 'int f(void)\n{\n    return 1;\n}\n' > a.c
: > said
rm -r build
run $refresh check $deck
expect "a command that prints nothing is reported" 1 "printed nothing"

printf '<!-- code: a.c#f -->\n\ntext\n' > $deck
run $refresh check $deck
expect "a marker without its block is reported" 1 "$deck:2:" "must follow the marker"
finish
