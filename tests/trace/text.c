/* text.c - a text that grows, and memory that is there or ends the program. */
#include "text.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void *must(void *memory)
{
    if (memory == NULL) {
        fputs("trace: out of memory\n", stderr);
        abort();
    }
    return memory;
}

void *new_array(size_t count, size_t size)
{
    return must(calloc(count > 0 ? count : 1, size));
}

void *grow(void *items, size_t count, size_t size)
{
    /* Full at 0 and at every power of two: then the room doubles. */
    if ((count & (count - 1)) != 0)
        return items;
    return must(realloc(items, (count > 0 ? 2 * count : 1) * size));
}

static void reserve(struct text *text, size_t more)
{
    if (text->size + more < text->room)
        return;
    text->room = 2 * (text->size + more) + 256;
    text->bytes = must(realloc(text->bytes, text->room));
}

void text_add_bytes(struct text *text, const char *bytes, size_t size)
{
    reserve(text, size + 1);
    memcpy(text->bytes + text->size, bytes, size);
    text->size += size;
    text->bytes[text->size] = '\0';
}

void text_add(struct text *text, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    int size = vsnprintf(NULL, 0, format, args);
    va_end(args);
    if (size < 0)
        return;
    reserve(text, (size_t)size + 1);
    va_start(args, format);
    vsnprintf(text->bytes + text->size, (size_t)size + 1, format, args);
    va_end(args);
    text->size += (size_t)size;
}

void free_text(struct text *text)
{
    free(text->bytes);
    *text = (struct text){0};
}

void text_repeat(struct text *text, const char *string, size_t count)
{
    for (size_t i = 0; i < count; i++)
        text_add_bytes(text, string, strlen(string));
}

void text_add_xml(struct text *text, const char *string)
{
    for (; *string != '\0'; string++) {
        switch (*string) {
        case '&':
            text_add(text, "&amp;");
            break;
        case '<':
            text_add(text, "&lt;");
            break;
        case '>':
            text_add(text, "&gt;");
            break;
        case '"':
            text_add(text, "&quot;");
            break;
        default:
            text_add_bytes(text, string, 1);
        }
    }
}

static int starts_character(char byte)
{
    return ((unsigned char)byte & 0xC0) != 0x80;
}

size_t text_columns(const char *string)
{
    size_t columns = 0;
    for (; *string != '\0'; string++)
        columns += starts_character(*string) ? 1 : 0;
    return columns;
}

size_t text_offset(const char *string, size_t columns)
{
    size_t offset = 0;
    while (string[offset] != '\0') {
        if (starts_character(string[offset])) {
            if (columns == 0)
                break;
            columns--;
        }
        offset++;
    }
    return offset;
}

size_t text_line(const char *words, size_t columns)
{
    size_t most = text_offset(words, columns);
    if (words[most] == '\0')
        return most;
    for (size_t size = most; size > most / 2; size--)
        if (words[size] == ' ')
            return size;
    return most;
}
