/* rows_stream.c - what reads and writes do at the edges of a connection. */
#include "rows.h"
#include "stage.h"

/* A server and its client, connected. */
struct pair {
    HANDLE server, client;
};

static struct pair connected(void)
{
    struct pair pair = {serve_as(PIPE_ACCESS_DUPLEX, 1, NULL), NULL};

    pair.client = dial(0);
    ConnectNamedPipe(pair.server, NULL);
    return pair;
}

static bool read_by_messages(HANDLE client)
{
    DWORD mode = PIPE_READMODE_MESSAGE;

    return SetNamedPipeHandleState(client, &mode, NULL, NULL);
}

static verdict row_P21a(void)
{
    struct pair pair = connected();
    DWORD state = PIPE_READMODE_MESSAGE;

    HOLDS(GetNamedPipeHandleStateW(
        pair.client, &state, NULL, NULL, NULL, NULL, 0));
    HOLDS(!(state & PIPE_READMODE_MESSAGE));
    return NULL;
}

static verdict row_P21b(void)
{
    HANDLE client;

    serve();
    serve();
    client = dial_for(GENERIC_READ, 0);
    HOLDS(client != INVALID_HANDLE_VALUE);
    HOLDS(!read_by_messages(client));
    HOLDS(GetLastError() == ERROR_ACCESS_DENIED);
    client = dial_for(GENERIC_READ | FILE_WRITE_ATTRIBUTES, 0);
    HOLDS(read_by_messages(client));
    return NULL;
}

static verdict row_P22(void)
{
    struct pair pair = connected();
    char buffer[3];
    DWORD done = 0;

    HOLDS(say(pair.client, "hello"));
    HOLDS(!ReadFile(pair.server, buffer, sizeof buffer, &done, NULL));
    HOLDS(GetLastError() == ERROR_MORE_DATA && done == 3);
    HOLDS(ReadFile(pair.server, buffer, sizeof buffer, &done, NULL));
    HOLDS(done == 2);
    return NULL;
}

static verdict row_P23(void)
{
    HANDLE server =
        serve_as(PIPE_ACCESS_DUPLEX | FILE_FLAG_OVERLAPPED, 1, NULL);
    OVERLAPPED overlapped = {.hEvent =
                                 keep(CreateEventW(NULL, TRUE, FALSE, NULL))};
    char buffer[3];
    DWORD done = 0;

    HOLDS(say(dial(0), "hello"));
    HOLDS(!ReadFile(server, buffer, sizeof buffer, NULL, &overlapped));
    HOLDS(GetLastError() == ERROR_MORE_DATA ||
          GetLastError() == ERROR_IO_PENDING);
    HOLDS(!GetOverlappedResult(server, &overlapped, &done, TRUE));
    HOLDS(GetLastError() == ERROR_MORE_DATA && done == 3);
    return NULL;
}

static struct {
    DWORD calls, error, bytes;
} told;

static void CALLBACK note_completion(DWORD error, DWORD bytes, OVERLAPPED *io)
{
    (void)io;
    told.calls++;
    told.error = error;
    told.bytes = bytes;
}

static verdict row_P23b(void)
{
    HANDLE server =
        serve_as(PIPE_ACCESS_DUPLEX | FILE_FLAG_OVERLAPPED, 1, NULL);
    OVERLAPPED overlapped = {0};
    char buffer[3];

    told.calls = 0;
    HOLDS(say(dial(0), "hello"));
    HOLDS(ReadFileEx(
        server, buffer, sizeof buffer, &overlapped, note_completion));
    HOLDS(GetLastError() == ERROR_MORE_DATA);
    HOLDS(told.calls == 0);
    HOLDS(SleepEx(INFINITE, TRUE) == WAIT_IO_COMPLETION);
    HOLDS(told.calls == 1);
    HOLDS(told.error == ERROR_MORE_DATA && told.bytes == 3);
    HOLDS(SleepEx(0, TRUE) == 0);
    return NULL;
}

static verdict row_P24a(void)
{
    struct pair pair = connected();

    HOLDS(say(pair.client, "left"));
    drop(pair.client);
    HOLDS(hear(pair.server, 10) == 4);
    HOLDS(hear(pair.server, 10) == -1);
    HOLDS(GetLastError() == ERROR_BROKEN_PIPE);
    return NULL;
}

static verdict row_P24b(void)
{
    struct pair pair = connected();

    drop(pair.client);
    HOLDS(!say(pair.server, "x"));
    HOLDS(GetLastError() == ERROR_NO_DATA);
    return NULL;
}

static verdict row_P25(void)
{
    struct pair pair = connected();
    DWORD mode = PIPE_READMODE_MESSAGE | PIPE_NOWAIT;

    HOLDS(SetNamedPipeHandleState(pair.server, &mode, NULL, NULL));
    HOLDS(hear(pair.server, 10) == -1);
    HOLDS(GetLastError() == ERROR_NO_DATA);
    return NULL;
}

static verdict row_P26a(void)
{
    HANDLE server = serve();

    HOLDS(!PeekNamedPipe(server, NULL, 0, NULL, NULL, NULL));
    HOLDS(GetLastError() == ERROR_BAD_PIPE);
    return NULL;
}

static verdict row_P26b(void)
{
    HANDLE server = serve();

    HOLDS(hear(server, 1) == -1);
    HOLDS(GetLastError() == ERROR_PIPE_LISTENING);
    HOLDS(!say(server, "x"));
    HOLDS(GetLastError() == ERROR_PIPE_LISTENING);
    return NULL;
}

static verdict row_P27(void)
{
    struct pair pair = connected();

    HOLDS(say(pair.server, "lost"));
    HOLDS(DisconnectNamedPipe(pair.server));
    HOLDS(hear(pair.client, 10) == -1);
    HOLDS(GetLastError() == ERROR_PIPE_NOT_CONNECTED);
    HOLDS(!DisconnectNamedPipe(pair.server));
    HOLDS(GetLastError() == ERROR_PIPE_NOT_CONNECTED);
    return NULL;
}

static verdict row_P28(void)
{
    struct pair pair = connected();

    HOLDS(say(pair.server, "kept"));
    drop(pair.server);
    HOLDS(hear(pair.client, 10) == 4);
    return NULL;
}

static verdict row_P29(void)
{
    struct pair pair = connected();

    HOLDS(!ConnectNamedPipe(pair.server, NULL));
    HOLDS(GetLastError() == ERROR_PIPE_CONNECTED);
    drop(pair.client);
    HOLDS(!ConnectNamedPipe(pair.server, NULL));
    HOLDS(GetLastError() == ERROR_NO_DATA);
    return NULL;
}

static verdict row_P30(void)
{
    struct pair pair = connected();
    DWORD mode = PIPE_READMODE_MESSAGE | PIPE_NOWAIT;

    HOLDS(SetNamedPipeHandleState(pair.server, &mode, NULL, NULL));
    HOLDS(DisconnectNamedPipe(pair.server));
    HOLDS(!ConnectNamedPipe(pair.server, NULL));
    HOLDS(GetLastError() == ERROR_PIPE_LISTENING);
    HOLDS(dial(0) != INVALID_HANDLE_VALUE);
    return NULL;
}

static DWORD WINAPI accept_one(void *server)
{
    return ConnectNamedPipe(server, NULL) ? 0 : GetLastError();
}

static verdict row_P29b(void)
{
    struct pair pair = connected();
    HANDLE thread;
    DWORD code = 1;

    drop(pair.client);
    HOLDS(DisconnectNamedPipe(pair.server));
    thread = keep(CreateThread(NULL, 0, accept_one, pair.server, 0, NULL));
    HOLDS(WaitNamedPipeW(pipe_name(), 5000));
    HOLDS(dial(0) != INVALID_HANDLE_VALUE);
    HOLDS(WaitForSingleObject(thread, 5000) == WAIT_OBJECT_0);
    HOLDS(GetExitCodeThread(thread, &code));
    HOLDS(code == 0 || code == ERROR_PIPE_CONNECTED);
    return NULL;
}

static verdict row_P31a(void)
{
    struct pair pair = connected();

    HOLDS(!ConnectNamedPipe(pair.client, NULL));
    HOLDS(GetLastError() == ERROR_INVALID_FUNCTION);
    return NULL;
}

static verdict row_P31b(void)
{
    struct pair pair = connected();

    HOLDS(!DisconnectNamedPipe(pair.client));
    HOLDS(GetLastError() == ERROR_INVALID_FUNCTION);
    return NULL;
}

static verdict row_P32(void)
{
    struct pair pair = connected();

    HOLDS(say(pair.client, ""));
    HOLDS(hear(pair.server, 10) == 0);
    return NULL;
}

static verdict row_P34a(void)
{
    struct pair pair = connected();
    char question[] = "x", reply[8];
    DWORD done;

    HOLDS(!TransactNamedPipe(
        pair.client, question, 1, reply, sizeof reply, &done, NULL));
    HOLDS(GetLastError() == ERROR_BAD_PIPE);
    return NULL;
}

static verdict row_P34b(void)
{
    struct pair pair = connected();
    char question[] = "x", reply[8];
    DWORD done;

    HOLDS(read_by_messages(pair.client));
    HOLDS(say(pair.server, "unread"));
    HOLDS(!TransactNamedPipe(
        pair.client, question, 1, reply, sizeof reply, &done, NULL));
    HOLDS(GetLastError() == ERROR_PIPE_BUSY);
    return NULL;
}

static verdict row_P34c(void)
{
    struct pair pair = {serve(), INVALID_HANDLE_VALUE};
    OVERLAPPED io = {.hEvent = keep(CreateEventW(NULL, TRUE, FALSE, NULL))};
    char question[] = "x", reply[8];
    DWORD done = 0;

    pair.client = dial(FILE_FLAG_OVERLAPPED);
    HOLDS(read_by_messages(pair.client));
    HOLDS(!TransactNamedPipe(
        pair.client, question, 1, reply, sizeof reply, NULL, &io));
    HOLDS(GetLastError() == ERROR_IO_PENDING);
    HOLDS(!GetOverlappedResult(pair.client, &io, &done, FALSE));
    HOLDS(GetLastError() == ERROR_IO_INCOMPLETE);
    HOLDS(hear(pair.server, 1) == 1 && say(pair.server, "reply"));
    HOLDS(GetOverlappedResult(pair.client, &io, &done, TRUE) && done == 5);
    return NULL;
}

struct blocked {
    HANDLE pipe, done;
};

static DWORD WINAPI read_blocked(void *argument)
{
    struct blocked *blocked = argument;

    hear(blocked->pipe, 1);
    return 0;
}

static DWORD WINAPI write_blocked(void *argument)
{
    struct blocked *blocked = argument;

    say(blocked->pipe, "x");
    SetEvent(blocked->done);
    return 0;
}

static verdict row_P37(void)
{
    struct pair pair = connected();
    struct blocked blocked = {pair.client,
                              keep(CreateEventW(NULL, TRUE, FALSE, NULL))};
    HANDLE reader =
        keep(CreateThread(NULL, 0, read_blocked, &blocked, 0, NULL));
    HANDLE writer;
    bool waited;

    /* The reader's wait has no mark of its own; the time only decides how
     * surely a difference is seen. */
    WaitForSingleObject(reader, 20);
    writer = keep(CreateThread(NULL, 0, write_blocked, &blocked, 0, NULL));
    waited = WaitForSingleObject(blocked.done, 100) == WAIT_TIMEOUT;
    say(pair.server, "y");
    WaitForSingleObject(reader, 5000);
    WaitForSingleObject(writer, 5000);
    HOLDS(waited);
    return NULL;
}

static verdict row_P39(void)
{
    HANDLE server =
        serve_as(PIPE_ACCESS_DUPLEX | FILE_FLAG_OVERLAPPED, 1, NULL);
    OVERLAPPED overlapped = {.hEvent =
                                 keep(CreateEventW(NULL, TRUE, FALSE, NULL))};
    DWORD done;

    HOLDS(!ConnectNamedPipe(server, &overlapped));
    HOLDS(GetLastError() == ERROR_IO_PENDING);
    HOLDS(CancelIo(server));
    HOLDS(!GetOverlappedResult(server, &overlapped, &done, TRUE));
    HOLDS(GetLastError() == ERROR_OPERATION_ABORTED);
    return NULL;
}

const struct row stream_rows[] = {
    ROW(P21a, "WIN-TEST", "a client's handle starts in byte read mode"),
    ROW(P21b, "DOC", "switching the read mode needs FILE_WRITE_ATTRIBUTES"),
    ROW(P22,
        "DOC, WIN-TEST",
        "a message longer than the buffer: 234, and the count is valid"),
    ROW(P23, "WIN-TEST", "the same overlapped: the count is in the result"),
    ROW(P23b,
        "DOC",
        "the same by ReadFileEx: TRUE, 234 as last error, the routine called"),
    ROW(P24a, "WIN-TEST", "what a closed client left can be read; then 109"),
    ROW(P24b, "WIN-TEST", "writing to a closed client: 232"),
    ROW(P25, "DOC, WIN-TEST", "nothing to read without waiting: 232"),
    ROW(P26a, "WIN-TEST", "peeking while listening: 230"),
    ROW(P26b, "RE", "reading and writing while listening: 536"),
    ROW(P27, "DOC, WIN-TEST", "a disconnect destroys what was not read: 233"),
    ROW(P28,
        "DOC, WIN-TEST",
        "closing the server's end keeps what was written"),
    ROW(P29,
        "DOC, WIN-TEST",
        "connecting without a disconnect: 535, or 232 when the client closed"),
    ROW(P29b,
        "DOC, WIN-TEST",
        "a blocking connect after a disconnect takes the next client"),
    ROW(P30, "WIN-TEST", "connecting without waiting after a disconnect: 536"),
    ROW(P31a, "WIN-TEST", "ConnectNamedPipe on the client's end: 1"),
    ROW(P31b, "RE", "DisconnectNamedPipe on the client's end: 1"),
    ROW(P32, "WIN-TEST", "an empty message is a message: TRUE and 0 bytes"),
    ROW(P34a, "RE", "TransactNamedPipe in byte read mode: 230"),
    ROW(P34b, "RE", "TransactNamedPipe with a message unread: 231"),
    ROW(P34c, "DOC", "an overlapped TransactNamedPipe is under way until then"),
    KNOWN(
        P37, "DOC", "on a synchronous handle a write waits for a pending read"),
    ROW(P39, "DOC, WIN-TEST", "a cancelled overlapped operation ends with 995"),
    {0}};
