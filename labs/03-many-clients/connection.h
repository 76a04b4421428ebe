/*
 * connection.h - one pipe instance of the server and its client of the moment.
 *
 *        +--> CONNECTING --> READING --> WRITING --+
 *        |                    |   ^         |      |
 *        |                    |   +---------+      |
 *        +--- disconnect <----+--------------------+   on any error
 *
 * Exactly one operation is under way for each connection, so one OVERLAPPED
 * and one buffer are enough, and nothing needs a lock.
 */
#ifndef CONNECTION_H
#define CONNECTION_H

#include "many.h"
#include "np_error.h"
#include "np_handle.h"

struct connection {
    OVERLAPPED io; /* of the operation that is under way */
    HANDLE pipe;
    enum { CONNECTING, READING, WRITING } state;
    bool under_way; /* a completion will come to the port */
    DWORD size;     /* bytes in data */
    char data[MANY_MESSAGE_MAX];
};

/* An operation that has ended, as the port reports it. */
struct completion {
    struct connection *connection;
    DWORD err; /* 0 or the operation's code */
    DWORD bytes;
};

/*
 * connection_create - create the pipe instance of a zeroed connection.
 *
 * first  in  whether it is the first one, which must not join another's pipe
 * count  in  how many instances the pipe may have
 * port   in  where its operations report; stays the caller's
 *
 * The caller closes connection->pipe. Returns 0 or a Win32 code.
 */
NP_NODISCARD DWORD connection_create(struct connection *connection,
                                     const wchar_t *name,
                                     bool first,
                                     DWORD count,
                                     HANDLE port);

/* connection_start - begin with the first client. Returns 0, or the code with
 * which the instance cannot be used. */
NP_NODISCARD DWORD connection_start(struct connection *connection);

/* connection_go_on - do what follows from a completion. Returns as
 * connection_start: the client's errors are not the server's. */
NP_NODISCARD DWORD connection_go_on(const struct completion *done);

#endif
