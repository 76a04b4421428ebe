/* handles.h - which of this process's handles are ends of which pipe. */
#ifndef NPLAB_HANDLES_H
#define NPLAB_HANDLES_H

#include "session.h"

enum handle_kind {
    HANDLE_UNKNOWN, /* not looked at yet */
    HANDLE_OTHER,   /* no end of a named pipe that the seam knows */
    HANDLE_SERVER,
    HANDLE_CLIENT
};

/* What is known of a handle. A client's handle is of use as long as the
 * instance still has the same connection. */
struct handle {
    enum handle_kind kind;
    LONG connection;
    struct end *end;
};

/* Looks a handle up. One that came from another process, by inheritance or
 * duplication, is recognised here. Takes the session's lock the first time;
 * keeps the last error. */
struct handle handle_find(HANDLE handle);

/* The handle's end, when it is of this kind and still of the same connection;
 * else NULL. Keeps the last error. */
struct end *handle_end(HANDLE handle, enum handle_kind kind);

void handle_set(HANDLE handle, enum handle_kind kind, struct end *end);
void handle_forget(HANDLE handle);

/* Around every close, whoever makes it: the handle is forgotten, and when it
 * was the last of an instance, the instance is taken off the list. Between the
 * two calls the session is locked if `end` is not NULL. */
struct closing {
    struct end *end;
    DWORD count; /* of the handles to the instance, before the close */
};
struct closing handle_closing(HANDLE handle);
void handle_closed(struct closing closing, bool done);

#endif
