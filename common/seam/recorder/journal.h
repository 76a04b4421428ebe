/* journal.h - one file to which several processes append whole lines. */
#ifndef NPLAB_JOURNAL_H
#define NPLAB_JOURNAL_H

#include <windows.h>
#include <stdbool.h>

/* Opens the file, and makes it when there is none. False and the last error.
 * To be called before the thread impersonates anyone. */
bool journal_open(const char *path);

/* Appends one line. Changes the last error. */
void journal_append(const char *text, size_t length);

#endif
