/* server.c - one thread, completion routines; instances are made when they
 * are needed: there is always one that listens, up to the limit. */
#include "np_args.h"
#include "np_handle.h"
#include "np_stop.h"

#include <stdlib.h>

enum { LONGEST = 4096 };

struct client {
    OVERLAPPED io;
    HANDLE pipe;
    char data[LONGEST];
};

static const wchar_t *name = L"\\\\.\\pipe\\nplab-03-many-clients";
static DWORD limit = 64, talking;
static struct client *listener; /* NULL while the limit is reached */
static OVERLAPPED listen_io;

static DWORD listen_again(bool first);

static void CALLBACK after_read(DWORD err, DWORD bytes, OVERLAPPED *io);

static void await_client(struct client *c)
{
    listener = c;
    ResetEvent(listen_io.hEvent);
    if (!ConnectNamedPipe(c->pipe, &listen_io) &&
        GetLastError() != ERROR_IO_PENDING)
        SetEvent(listen_io.hEvent);
}

/* The client is gone: if nobody listens, its instance does from now on. */
static void part(struct client *c)
{
    talking--;
    DisconnectNamedPipe(c->pipe);
    if (listener == NULL) {
        await_client(c);
    } else {
        np_close(&c->pipe);
        free(c);
    }
}

static void CALLBACK after_write(DWORD err, DWORD bytes, OVERLAPPED *io)
{
    struct client *c = CONTAINING_RECORD(io, struct client, io);

    (void)bytes;
    if (err != 0 ||
        !ReadFileEx(c->pipe, c->data, sizeof c->data, io, after_read))
        part(c);
}

static void CALLBACK after_read(DWORD err, DWORD bytes, OVERLAPPED *io)
{
    struct client *c = CONTAINING_RECORD(io, struct client, io);

    if (err != 0 || !WriteFileEx(c->pipe, c->data, bytes, io, after_write))
        part(c);
}

static void begin_to_talk(void)
{
    struct client *c = listener;

    listener = NULL;
    talking++;
    if (talking < limit)
        (void)!listen_again(false);
    if (!ReadFileEx(c->pipe, c->data, sizeof c->data, &c->io, after_read))
        part(c);
}

static DWORD listen_again(bool first)
{
    struct client *c = calloc(1, sizeof *c);

    if (c == NULL)
        return ERROR_NOT_ENOUGH_MEMORY;
    c->pipe = CreateNamedPipeW(name,
                               PIPE_ACCESS_DUPLEX | FILE_FLAG_OVERLAPPED |
                                   (first ? FILE_FLAG_FIRST_PIPE_INSTANCE : 0),
                               PIPE_TYPE_MESSAGE | PIPE_READMODE_MESSAGE,
                               limit,
                               LONGEST,
                               LONGEST,
                               0,
                               NULL);
    if (c->pipe == INVALID_HANDLE_VALUE) {
        DWORD err = np_last_error();
        free(c);
        return err;
    }
    await_client(c);
    return 0;
}

int wmain(int argc, wchar_t **argv)
{
    const struct np_option options[] = {
        {"--pipe", .text = &name}, {"--instances", .number = &limit}, {0}};

    int status = np_args(&argc, argv, "server\n", options);
    if (status != NP_ARGS_GO_ON)
        return status;
    if (limit < 1 || limit > 254)
        return np_wrong_usage("server\n", "1 to 254 instances");
    listen_io.hEvent = CreateEventW(NULL, TRUE, FALSE, NULL);
    DWORD err = listen_again(true);
    if (err != 0)
        np_die(err, "%ls", name);
    if (np_stop_begin() != 0)
        return 1;
    for (;;) {
        HANDLE events[] = {listen_io.hEvent, np_stop_event()};
        DWORD woken =
            WaitForMultipleObjectsEx(2, events, FALSE, INFINITE, TRUE);
        if (woken == WAIT_OBJECT_0) {
            ResetEvent(listen_io.hEvent);
            begin_to_talk();
        } else if (woken == WAIT_OBJECT_0 + 1) {
            /* The end of the process closes all handles, and a close keeps
             * what was written. */
            np_stop_requested();
            return 0;
        }
    }
}
