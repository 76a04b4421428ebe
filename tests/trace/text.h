/* text.h - a text that grows, and memory that is there or ends the program. */
#ifndef NPLAB_TRACE_TEXT_H
#define NPLAB_TRACE_TEXT_H

#include <stddef.h>

/* Starts as {0}; `bytes` is NULL or ends in NUL, and is freed by its owner. */
struct text {
    char *bytes;
    size_t size; /* bytes, without the NUL */
    size_t room;
};

void text_add(struct text *text, const char *format, ...)
    __attribute__((format(printf, 2, 3)));
void text_add_bytes(struct text *text, const char *bytes, size_t size);

void free_text(struct text *text);

/* Adds `count` times the same string. */
void text_repeat(struct text *text, const char *string, size_t count);

/* Adds a string with the characters XML reserves replaced. */
void text_add_xml(struct text *text, const char *string);

/* Columns of a UTF-8 string on a terminal: one for each code point. */
size_t text_columns(const char *string);

/* The byte offset at which `columns` columns of the string are over. */
size_t text_offset(const char *string, size_t columns);

/* Bytes to put on a line of at most `columns`: to a space past the line's
 * middle if there is one. */
size_t text_line(const char *words, size_t columns);

/* Zeroed array, and array with room for one more element: `*items` moves when
 * it has to. Both end the program with a sentence when memory is out. */
void *new_array(size_t count, size_t size);
void *grow(void *items, size_t count, size_t size);

#endif
