/* connection.c - see connection.h; of use to the server alone. */
#include "connection.h"

DWORD connection_create(struct connection *connection,
                        const wchar_t *name,
                        bool first,
                        DWORD count,
                        HANDLE port)
{
    /* TODO 03.1: create an instance for overlapped I/O with messages,
     * and let the port report its operations. Only one of them can be
     * the first. */
    (void)connection, (void)name, (void)first, (void)count, (void)port;
    return NP_TODO("03.1");
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
    /* TODO 03.2: after which outcomes is there a completion to come? */
    (void)err;
    return NP_TODO("03.2") == 0;
}

/* Begins operations until one is under way. */
static DWORD advance(struct connection *c)
{
    DWORD err = begin(c);

    c->under_way = false;
    /* TODO 03.3: it failed at once, so nobody will call again: what
     * follows here and now? A client that came first or has left
     * already? An error on a connection? On an instance? */
    if (!will_complete(err))
        return NP_TODO("03.3");
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
