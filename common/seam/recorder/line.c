/* line.c - see line.h. */
#include "line.h"

#include <stdarg.h>
#include <stdio.h>

void line_format(struct line *line, const char *format, ...)
{
    size_t room = sizeof line->text - line->length;
    va_list arguments;
    int written;

    va_start(arguments, format);
    written = vsnprintf(line->text + line->length, room, format, arguments);
    va_end(arguments);
    if (written > 0)
        line->length += (size_t)written < room ? (size_t)written : room - 1;
}

void line_text(struct line *line, const char *text)
{
    for (text = text == NULL ? "-" : text; *text != '\0'; text++) {
        if ((unsigned char)*text <= ' ' || *text == '%')
            line_format(line, "%%%02X", (unsigned)*text & 0xFFu);
        else
            line_format(line, "%c", *text);
    }
}

void line_wide(struct line *line, const wchar_t *text)
{
    char utf8[1200] = "";

    if (text == NULL) {
        line_text(line, NULL);
        return;
    }
    WideCharToMultiByte(
        CP_UTF8, 0, text, -1, utf8, sizeof utf8 - 1, NULL, NULL);
    line_text(line, utf8);
}
