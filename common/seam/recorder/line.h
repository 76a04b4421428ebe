/* line.h - the text of one line of the flight record. */
#ifndef NPLAB_LINE_H
#define NPLAB_LINE_H

#include <windows.h>
#include <stddef.h>

/* Text beyond the size is left out; the newline always fits. */
struct line {
    size_t length;
    char text[3000];
};

/* Appends formatted text as it is. */
void line_format(struct line *line, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

/* Appends text with blanks and percent signs escaped; NULL becomes "-". */
void line_text(struct line *line, const char *text);
void line_wide(struct line *line, const wchar_t *text);

#endif
