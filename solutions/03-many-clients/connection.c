/* connection.c - see connection.h; of use to the server alone. */
#include "connection.h"

DWORD connection_create(struct connection *connection,
                        const wchar_t *name,
                        bool first,
                        DWORD count,
                        HANDLE port)
{
    // BEGIN SOLUTION 03.1
    // STUB: /* TODO 03.1: create an instance for overlapped I/O with messages,
    // STUB:  * and let the port report its operations. Only one of them can be
    // STUB:  * the first. */
    // STUB: (void)connection, (void)name, (void)first, (void)count, (void)port;
    // STUB: return NP_TODO("03.1");
    DWORD only_first = first ? FILE_FLAG_FIRST_PIPE_INSTANCE : 0;
    connection->pipe = CreateNamedPipeW(
        name,
        PIPE_ACCESS_DUPLEX | FILE_FLAG_OVERLAPPED | only_first,
        PIPE_TYPE_MESSAGE | PIPE_READMODE_MESSAGE | PIPE_REJECT_REMOTE_CLIENTS,
        /* nMaxInstances */ count,
        /* nOutBufferSize */ MANY_MESSAGE_MAX,
        /* nInBufferSize */ MANY_MESSAGE_MAX,
        /* nDefaultTimeOut: 50 ms */ 0,
        /* lpSecurityAttributes: default */ NULL);
    if (connection->pipe == INVALID_HANDLE_VALUE)
        return np_last_error();
    if (CreateIoCompletionPort(
            connection->pipe, port, (ULONG_PTR)connection, 0) == NULL)
        return np_last_error();
    return 0;
    // END SOLUTION 03.1
}

/* Begins the operation of the connection's state. Returns 0, or the code with
 * which it failed at once: 997 means that it is under way. */
static DWORD begin(struct connection *c)
{
    BOOL ok = FALSE;

    c->io = (OVERLAPPED){0};
    switch (c->state) {
    case CONNECTING:
        ok = ConnectNamedPipe(c->pipe, &c->io);
        break;
    case READING:
        ok = ReadFile(c->pipe, c->data, sizeof c->data, NULL, &c->io);
        break;
    case WRITING:
        ok = WriteFile(c->pipe, c->data, c->size, NULL, &c->io);
        break;
    }
    return ok ? 0 : np_last_error();
}

/* Whether the port will report an operation that began with this outcome. */
static bool will_complete(DWORD err)
{
    // BEGIN SOLUTION 03.2
    // STUB: /* TODO 03.2: after which outcomes is there a completion to come? */
    // STUB: (void)err;
    // STUB: return NP_TODO("03.2") == 0;
    /* Success is reported to the port as well. So is 234: to the system it is
     * a warning and no error (Wine: tried; Windows: not verified here). Real
     * errors, and the 535 of a client that came first, are not. */
    return err == 0 || err == ERROR_IO_PENDING || err == ERROR_MORE_DATA;
    // END SOLUTION 03.2
}

/* Begins operations until one is under way. */
static DWORD advance(struct connection *c)
{
    DWORD err = begin(c);

    c->under_way = false;
    // BEGIN SOLUTION 03.3
    // STUB: /* TODO 03.3: it failed at once, so nobody will call again: what
    // STUB:  * follows here and now? A client that came first or has left
    // STUB:  * already? An error on a connection? On an instance? */
    // STUB: if (!will_complete(err))
    // STUB:     return NP_TODO("03.3");
    while (!will_complete(err)) {
        if (c->state != CONNECTING) {
            DisconnectNamedPipe(c->pipe);
            c->state = CONNECTING;
        } else if (err == ERROR_PIPE_CONNECTED || err == ERROR_NO_DATA) {
            c->state = READING; /* with 232 it has left, perhaps with a word */
        } else {
            return err;
        }
        err = begin(c);
    }
    // END SOLUTION 03.3
    c->under_way = true;
    return 0;
}

DWORD connection_start(struct connection *c)
{
    c->state = CONNECTING;
    return advance(c);
}

DWORD connection_go_on(const struct completion *done)
{
    struct connection *c = done->connection;

    if (done->err != 0) {
        /* The client has left, was not polite (234), or never came. What it
         * has not read of its echoes is lost to it with the disconnect. */
        DisconnectNamedPipe(c->pipe);
        c->state = CONNECTING;
    } else if (c->state == READING) {
        c->size = done->bytes;
        c->state = WRITING;
    } else {
        c->state = READING;
    }
    return advance(c);
}
