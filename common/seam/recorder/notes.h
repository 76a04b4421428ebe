/* notes.h - what the recorder remembers of handles and threads. */
#ifndef NPLAB_NOTES_H
#define NPLAB_NOTES_H

#include <windows.h>
#include <stdbool.h>
#include <stddef.h>

/* What a handle stands for. */
struct note {
    char object[320];    /* "\\.\pipe\name#2", or empty */
    const char *who;     /* of a token: whose it is; NULL: not known */
    unsigned connection; /* of a server end: its client's number, 0: none yet */
};

/* Copies the note of a handle; an empty one when there is none. */
void notes_get(HANDLE handle, struct note *note);
void notes_set(HANDLE handle, const struct note *note);

/* Forgets a handle and hands its note over, to be freed by the caller; NULL
 * when there was none. */
struct note *notes_take(HANDLE handle);

/* The next number for an object of this name: counts from 1. */
unsigned notes_count(const char *name);

/* One copy of each text, kept for the life of the process. */
const char *notes_keep(const char *text);

/* Who the calling thread is. */
const char *notes_who(void);
void notes_set_who(const char *who);

/* A thread changed another's identity: each looks again before it is named. */
void notes_others_changed(void);
bool notes_start(void);

#endif
