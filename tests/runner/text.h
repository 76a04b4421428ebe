/* text.h - texts made safe for terminals and reports, wrapped and escaped. */
#ifndef NPLAB_TEXT_H
#define NPLAB_TEXT_H

#include <stddef.h>
#include <stdio.h>

/* Copies text (NULL: "") into size bytes with its NUL. A text that is too
 * long loses its end, and " [cut]" marks the place. */
void copy_text(char *to, size_t size, const char *text);

/* The same, but a text that is too long loses whole lines at its beginning:
 * for a program's output, where the last lines matter. */
void copy_last_lines(char *to, size_t size, const char *text);

/* In place: removes escape sequences and control bytes (line ends stay, a
 * tab becomes a space); bytes that are not UTF-8, and characters that no XML
 * 1.0 file may hold or that reorder a line on a terminal, become '?'. */
void clean_text(char *text);

/* As JSON, with its quotes. The text must be clean. */
void json_string(FILE *f, const char *text);

/* Escaped for XML: as an element's content, and as an attribute in double
 * quotes (which would lose bare line ends). */
void xml_text(FILE *f, const char *text);
void xml_attribute(FILE *f, const char *text);

/* Prints text in lines of at most width columns, broken at spaces (in a word
 * only if the word is longer than a line). The first line begins with
 * `first`, which is clean, each later one with as many spaces. */
void print_wrapped(FILE *f, const char *first, const char *text, int width);

/* Prints each line of text behind `mark`, broken at width, spaces kept. Lines
 * of a student's program can so never pass for lines of ours. */
void print_quoted(FILE *f, const char *mark, const char *text, int width);

/* Number of columns, counting each character as one. */
int text_columns(const char *text);

/* "word" for a shell: as it is if harmless, else in single quotes. */
void shell_word(FILE *f, const char *word);

/* The file's contents in new memory with a NUL, at most max bytes of it;
 * the caller frees it. NULL and errno if it cannot be read. */
char *read_whole_file(const char *path, size_t max);

#endif
