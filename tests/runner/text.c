/* text.c - texts made safe for terminals and reports, wrapped and escaped. */
#include "text.h"

#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#define CUT_MARK " [cut]"

void copy_text(char *to, size_t size, const char *text)
{
    if (!text)
        text = "";
    size_t length = strnlen(text, size);
    if (length < size) {
        memcpy(to, text, length + 1);
        return;
    }
    if (size <= sizeof(CUT_MARK)) { /* too small to say that it was cut */
        memcpy(to, text, size - 1);
        to[size - 1] = '\0';
        return;
    }
    length = size - sizeof(CUT_MARK);
    while (length > 0 && ((unsigned char)text[length] & 0xC0) == 0x80)
        length--; /* not in the middle of a character */
    memcpy(to, text, length);
    memcpy(to + length, CUT_MARK, sizeof(CUT_MARK));
}

void copy_last_lines(char *to, size_t size, const char *text)
{
    if (!text || strlen(text) < size) {
        copy_text(to, size, text);
        return;
    }
    size_t length = strlen(text);
    static const char mark[] = "[cut]\n";
    const char *rest = text + length - (size - sizeof(mark));
    const char *line = strchr(rest, '\n');
    if (line && line[1])
        rest = line + 1;
    memcpy(to, mark, sizeof(mark));
    copy_text(to + sizeof(mark) - 1, size - (sizeof(mark) - 1), rest);
}

/* Length of the UTF-8 character at p, and which it is; 0 if it is none. */
static size_t character(const unsigned char *p, uint32_t *code)
{
    static const uint32_t smallest[] = {0, 0, 0x80, 0x800, 0x10000};
    size_t length = *p < 0x80             ? 1
                    : (*p & 0xE0) == 0xC0 ? 2
                    : (*p & 0xF0) == 0xE0 ? 3
                    : (*p & 0xF8) == 0xF0 ? 4
                                          : 0;
    if (length <= 1) {
        *code = *p;
        return length;
    }
    *code = (uint32_t)(*p & (0xFF >> (length + 1)));
    for (size_t i = 1; i < length; i++) {
        if ((p[i] & 0xC0) != 0x80)
            return 0;
        *code = *code << 6 | (p[i] & 0x3F);
    }
    bool surrogate = *code >= 0xD800 && *code <= 0xDFFF;
    return *code < smallest[length] || *code > 0x10FFFF || surrogate ? 0
                                                                     : length;
}

static bool is_troublesome(uint32_t c)
{
    return c == 0xFFFE || c == 0xFFFF || (c >= 0x80 && c < 0xA0) || /* C1 */
           (c >= 0x200E && c <= 0x200F) || (c >= 0x2028 && c <= 0x202E) ||
           (c >= 0x2066 && c <= 0x2069) || c == 0xFEFF;
}

/* Where the escape sequence that begins at p ends. */
static const unsigned char *after_escape(const unsigned char *p)
{
    p++; /* ESC */
    if (*p == '[') {
        for (p++; *p >= 0x20 && *p < 0x40; p++)
            ;
        return *p >= 0x40 && *p < 0x7F ? p + 1 : p;
    }
    if (*p == ']' || *p == 'P' || *p == '^' || *p == '_') {
        /* a title or the like: to BEL, to ESC \, or to the line's end */
        for (p++; *p && *p != '\n' && *p != 7 && *p != 27; p++)
            ;
        return *p == 7 ? p + 1 : *p == 27 && p[1] == '\\' ? p + 2 : p;
    }
    return *p >= 0x20 && *p < 0x7F ? p + 1 : p;
}

void clean_text(char *text)
{
    unsigned char *to = (unsigned char *)text;
    const unsigned char *p = to;
    while (*p) {
        uint32_t code;
        size_t length = character(p, &code);
        if (*p == 27) {
            p = after_escape(p);
        } else if (length == 0 || (length > 1 && is_troublesome(code))) {
            *to++ = '?';
            p += length ? length : 1;
        } else if (length == 1 && (*p < 0x20 || *p == 0x7F)) {
            if (*p == '\n')
                *to++ = '\n';
            else if (*p == '\t')
                *to++ = ' ';
            p++;
        } else {
            memmove(to, p, length);
            to += length;
            p += length;
        }
    }
    *to = '\0';
}

void json_string(FILE *f, const char *text)
{
    putc('"', f);
    for (; *text; text++) {
        unsigned char c = (unsigned char)*text;
        if (c == '"' || c == '\\')
            fprintf(f, "\\%c", c);
        else if (c == '\n')
            fputs("\\n", f);
        else if (c < 0x20)
            fprintf(f, "\\u%04x", (unsigned)c);
        else
            putc(c, f);
    }
    putc('"', f);
}

static void xml_escaped(FILE *f, const char *text, const char *line_end)
{
    for (; *text; text++) {
        unsigned char c = (unsigned char)*text;
        if (c == '&')
            fputs("&amp;", f);
        else if (c == '<')
            fputs("&lt;", f);
        else if (c == '>')
            fputs("&gt;", f);
        else if (c == '"')
            fputs("&quot;", f);
        else if (c == '\n')
            fputs(line_end, f);
        else if (c >= 0x20)
            putc(c, f);
    }
}

void xml_text(FILE *f, const char *text)
{
    xml_escaped(f, text, "\n");
}

void xml_attribute(FILE *f, const char *text)
{
    xml_escaped(f, text, "&#10;");
}

void shell_word(FILE *f, const char *word)
{
    static const char harmless[] = "abcdefghijklmnopqrstuvwxyz"
                                   "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"
                                   "_-./+:,@%=";
    if (*word && word[strspn(word, harmless)] == '\0') {
        fputs(word, f);
        return;
    }
    putc('\'', f);
    for (; *word; word++) {
        if (*word == '\'')
            fputs("'\\''", f);
        else
            putc(*word, f);
    }
    putc('\'', f);
}

char *read_whole_file(const char *path, size_t max)
{
    FILE *f = fopen(path, "re");
    if (!f)
        return NULL;
    char *text = malloc(max + 1);
    if (text) {
        size_t size = fread(text, 1, max, f);
        for (size_t i = 0; i < size; i++)
            if (!text[i])
                text[i] = ' ';
        text[size] = 0;
    }
    fclose(f);
    return text;
}
