/* session.h - what all processes of one Wine session know about its pipes.
 *
 * A named section that every process maps when it first needs it. It lives as
 * long as one of them does, so there is no service to start and nothing is
 * left behind. All of it is zero at first, and zero is a valid state. */
#ifndef NPLAB_SESSION_H
#define NPLAB_SESSION_H

#include <windows.h>
#include <stdbool.h>

#define MAX_PIPES 256
#define MAX_ENDS 1024
#define MAX_CHANGES 64
#define MAX_PIPE_NAME 256   /* characters, as on Windows (fact P19) */
#define MAX_DESCRIPTOR 4096 /* bytes of a pipe's security descriptor */

/* A pipe name: exists while at least one instance does. */
struct pipe {
    DWORD ends; /* instances; 0: this entry is free */
    bool is_message_type;
    wchar_t name[MAX_PIPE_NAME]; /* in lower case, after \\.\pipe\ */
    /* Self-relative, complete: it decides opens and further instances. */
    BYTE descriptor[MAX_DESCRIPTOR];
};

/* From this stream position on, the data was written by this identity. */
struct change {
    LONGLONG position;
    LONGLONG writer; /* see identity_writer */
    DWORD token;     /* a handle of the holder */
    DWORD holder;    /* the process that created the instance, so that it stays
                        when the client ends; the client itself if the server
                        lets nobody open it */
};

/* One instance of a pipe, and its connection if it has one. */
struct end {
    bool used;
    DWORD pipe; /* index */
    DWORD server_pid;
    DWORD server_handle;
    /* Wine hands the instance that has listened longest to the next client.
     * This is its place in that order; 0 when it does not listen. */
    LONGLONG listening;

    LONG connection; /* unique number; 0: no client */
    bool unseen;     /* the client is not known: it went around the seam */
    DWORD client_pid;
    DWORD client_handle;
    SECURITY_IMPERSONATION_LEVEL level;
    bool dynamic;   /* the writer's identity counts, not the opener's */
    bool effective; /* disabled privileges do not count */
    /* Stream positions count bytes; an empty message counts as one. */
    volatile LONGLONG written;
    volatile LONGLONG consumed;
    volatile LONGLONG writer; /* the last one */
    DWORD change_count;
    struct change changes[MAX_CHANGES];
};

/* A pipe handle that was duplicated into another process. */
struct alias {
    DWORD pid;
    DWORD handle;
    LONG connection; /* 0: it is a server end */
    DWORD end;       /* index */
    bool used;
    bool inheritable; /* the copy is in `pid` itself, for its children */
};
#define MAX_ALIASES 256

struct session {
    volatile LONG owner;       /* process id of the lock's owner; 0: free */
    volatile LONG waiting;     /* threads that wait for it */
    volatile LONG connections; /* numbers given out */
    volatile LONGLONG turn;    /* places in the listening order given out */
    DWORD end_limit;           /* ends[] at and beyond this were never used */
    struct pipe pipes[MAX_PIPES];
    struct end ends[MAX_ENDS];
    struct alias aliases[MAX_ALIASES];
};

/* The mapped section. Ends the process when it cannot be had. */
struct session *session_get(void);

/* The lock over everything in the section but the three volatile counters of
 * struct end. Held for a few calls to the system, never while waiting for a
 * peer. When its owner has died, the next one puts the section in order. Both
 * keep the last error. */
void session_lock(void);
void session_unlock(void);

#endif
