/* wrap.c - texts printed in lines of a terminal's width. */
#include "text.h"

#include <stdbool.h>
#include <string.h>

static bool begins_character(char c)
{
    return ((unsigned char)c & 0xC0) != 0x80;
}

int text_columns(const char *text)
{
    int columns = 0;
    for (; *text; text++)
        columns += begins_character(*text);
    return columns;
}

/* Bytes of the first `columns` characters of text, no more than size. */
static size_t bytes_of_columns(const char *text, size_t size, int columns)
{
    size_t i = 0;
    for (; i < size; i++)
        if (begins_character(text[i]) && columns-- == 0)
            break;
    return i;
}

/* A CI service obeys lines that begin with "::" or hold "##[". The texts
 * quote what students print, so such a word is broken by a space. */
static void put_word(FILE *f, const char *word, size_t size, bool begins_line)
{
    for (size_t i = 0; i < size; i++) {
        bool is_command = i == 0 && begins_line && size > 1 && word[1] == ':';
        bool is_old_command =
            i + 2 < size && word[i + 1] == '#' && word[i + 2] == '[';
        putc(word[i], f);
        if ((word[i] == ':' && is_command) ||
            (word[i] == '#' && is_old_command))
            putc(' ', f);
    }
}

void print_wrapped(FILE *f, const char *first, const char *text, int width)
{
    int indent = text_columns(first);
    int room = width - indent > 16 ? width - indent : 16;
    int column = 0;

    fputs(first, f);
    while (*text) {
        if (*text == ' ') {
            text++;
        } else if (*text == '\n') {
            text++;
            if (*text) {
                fprintf(f, "\n%*s", indent, "");
                column = 0;
            }
        } else {
            size_t size = strcspn(text, " \n");
            size = bytes_of_columns(text, size, room);
            int columns = 0;
            for (size_t i = 0; i < size; i++)
                columns += begins_character(text[i]);
            if (column > 0 && column + 1 + columns > room) {
                fprintf(f, "\n%*s", indent, "");
                column = 0;
            }
            if (column > 0) {
                putc(' ', f);
                column++;
            }
            put_word(f, text, size, column == 0);
            column += columns;
            text += size;
            if (*text && *text != ' ' && *text != '\n') { /* a giant word */
                fprintf(f, "\n%*s", indent, "");
                column = 0;
            }
        }
    }
    putc('\n', f);
}

void print_quoted(FILE *f, const char *mark, const char *text, int width)
{
    int room =
        width - text_columns(mark) > 16 ? width - text_columns(mark) : 16;
    while (*text) {
        size_t line = strcspn(text, "\n");
        size_t size = bytes_of_columns(text, line, room);
        fputs(mark, f);
        put_word(f, text, size, false);
        putc('\n', f);
        text += size;
        if (size == line && *text)
            text++;
    }
}
