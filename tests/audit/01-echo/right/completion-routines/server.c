/* server.c - one thread, several clients at once, completion routines: more
 * than the contract asks for, and no less. */
#include <windows.h>
#include <stdio.h>
#include <stdlib.h>

int wmain(int argc, wchar_t **argv);

enum { CLIENTS = 3, ROOM = 4096 };

struct client {
    OVERLAPPED io; /* its event is used while the client is awaited */
    HANDLE pipe;
    DWORD size, done;
    char data[ROOM];
};

static struct client clients[CLIENTS];
static HANDLE stop;

static void await_client(struct client *c);
static void read_some(struct client *c);

static void restart(struct client *c)
{
    DisconnectNamedPipe(c->pipe);
    await_client(c);
}

static void CALLBACK after_write(DWORD err, DWORD bytes, OVERLAPPED *io)
{
    struct client *c = CONTAINING_RECORD(io, struct client, io);

    c->done += bytes;
    if (err == 0 && c->done < c->size) {
        if (WriteFileEx(
                c->pipe, c->data + c->done, c->size - c->done, io, after_write))
            return;
        err = 1;
    }
    if (err == 0)
        read_some(c);
    else
        restart(c);
}

static void CALLBACK after_read(DWORD err, DWORD bytes, OVERLAPPED *io)
{
    struct client *c = CONTAINING_RECORD(io, struct client, io);

    c->size = bytes;
    c->done = 0;
    if (err != 0 || !WriteFileEx(c->pipe, c->data, bytes, io, after_write))
        restart(c);
}

static void read_some(struct client *c)
{
    if (!ReadFileEx(c->pipe, c->data, ROOM, &c->io, after_read))
        restart(c);
}

/* Leaves the event signalled if a client is there already. */
static void await_client(struct client *c)
{
    ResetEvent(c->io.hEvent);
    if (!ConnectNamedPipe(c->pipe, &c->io) &&
        GetLastError() != ERROR_IO_PENDING)
        SetEvent(c->io.hEvent);
}

static DWORD WINAPI watch_input(void *unused)
{
    int c;

    (void)unused;
    while ((c = getchar()) != EOF)
        continue;
    SetEvent(stop);
    return 0;
}

int wmain(int argc, wchar_t **argv)
{
    const wchar_t *name = L"\\\\.\\pipe\\nplab-01-echo";
    HANDLE events[CLIENTS + 1];
    DWORD i, woken;

    if (argc == 2 && wcscmp(argv[1], L"--help") == 0) {
        puts("server --pipe NAME");
        return 0;
    }
    if (argc == 3 && wcscmp(argv[1], L"--pipe") == 0) {
        name = argv[2];
    } else if (argc != 1) {
        fputs("bad arguments\n", stderr);
        return 2;
    }
    stop = events[CLIENTS] = CreateEventW(NULL, TRUE, FALSE, NULL);
    for (i = 0; i < CLIENTS; i++) {
        DWORD first = i == 0 ? FILE_FLAG_FIRST_PIPE_INSTANCE : 0;
        clients[i].pipe =
            CreateNamedPipeW(name,
                             PIPE_ACCESS_DUPLEX | FILE_FLAG_OVERLAPPED | first,
                             PIPE_TYPE_BYTE,
                             CLIENTS,
                             ROOM,
                             ROOM,
                             0,
                             NULL);
        if (clients[i].pipe == INVALID_HANDLE_VALUE) {
            fprintf(stderr, "pipe %lu: %lu\n", i, GetLastError());
            return 1;
        }
        events[i] = clients[i].io.hEvent = CreateEventW(NULL, TRUE, 0, NULL);
        await_client(&clients[i]);
    }
    CreateThread(NULL, 0, watch_input, NULL, 0, NULL);
    for (;;) {
        woken = WaitForMultipleObjectsEx(
            CLIENTS + 1, events, FALSE, INFINITE, TRUE);
        if (woken == WAIT_OBJECT_0 + CLIENTS)
            return 0;
        if (woken < WAIT_OBJECT_0 + CLIENTS) {
            ResetEvent(events[woken]);
            read_some(&clients[woken]);
        }
    }
}
