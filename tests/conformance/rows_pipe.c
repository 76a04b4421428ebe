/* rows_pipe.c - names and instances, and which instance a client gets. */
#include "rows.h"
#include "stage.h"

#include <fcntl.h>
#include <io.h>
#include <stdint.h>
#include <stdio.h>

#include <wchar.h>

static verdict row_P01(void)
{
    HANDLE server = serve();

    HOLDS(dial(0) != INVALID_HANDLE_VALUE);
    HOLDS(!ConnectNamedPipe(server, NULL));
    HOLDS(GetLastError() == ERROR_PIPE_CONNECTED);
    return NULL;
}

static verdict row_P02(void)
{
    HANDLE server =
        serve_as(PIPE_ACCESS_DUPLEX | FILE_FLAG_OVERLAPPED, 1, NULL);
    OVERLAPPED overlapped = {.hEvent =
                                 keep(CreateEventW(NULL, TRUE, FALSE, NULL))};

    dial(0);
    HOLDS(!ConnectNamedPipe(server, &overlapped));
    HOLDS(GetLastError() == ERROR_PIPE_CONNECTED);
    HOLDS(WaitForSingleObject(overlapped.hEvent, 0) == WAIT_TIMEOUT);
    return NULL;
}

static verdict row_P04a(void)
{
    HANDLE server = serve_as(PIPE_ACCESS_DUPLEX, 1, NULL);
    HANDLE client = dial(0);

    HOLDS(server != INVALID_HANDLE_VALUE && client != INVALID_HANDLE_VALUE);
    drop(client);
    HOLDS(dial(0) == INVALID_HANDLE_VALUE);
    HOLDS(GetLastError() == ERROR_PIPE_BUSY);
    return NULL;
}

static verdict row_P04b(void)
{
    HANDLE server = serve_as(PIPE_ACCESS_DUPLEX, 1, NULL);

    dial(0);
    HOLDS(DisconnectNamedPipe(server));
    HOLDS(dial(0) == INVALID_HANDLE_VALUE);
    HOLDS(GetLastError() == ERROR_PIPE_BUSY);
    return NULL;
}

static verdict row_P05(void)
{
    HOLDS(dial(0) == INVALID_HANDLE_VALUE);
    HOLDS(GetLastError() == ERROR_FILE_NOT_FOUND);
    HOLDS(!WaitNamedPipeW(pipe_name(), 1000));
    HOLDS(GetLastError() == ERROR_FILE_NOT_FOUND);
    return NULL;
}

static verdict row_P06(void)
{
    serve_as(PIPE_ACCESS_DUPLEX, 1, NULL);
    dial(0);
    HOLDS(!WaitNamedPipeW(pipe_name(), 10));
    HOLDS(GetLastError() == ERROR_SEM_TIMEOUT);
    return NULL;
}

static DWORD WINAPI wait_for_instance(void *waiting)
{
    SetEvent(waiting);
    return WaitNamedPipeW(pipe_name(), 500) ? 0 : GetLastError();
}

/* One client leaves while another waits, and the server listens again. The
 * other is given so many milliseconds to get from its event to its wait. */
static verdict listens_again(HANDLE server, DWORD head_start)
{
    HANDLE waiting = keep(CreateEventW(NULL, TRUE, FALSE, NULL));
    HANDLE client = dial(0), waiter;
    DWORD result = 1;

    waiter = keep(CreateThread(NULL, 0, wait_for_instance, waiting, 0, NULL));
    WaitForSingleObject(waiting, INFINITE);
    Sleep(head_start);
    drop(client);
    HOLDS(DisconnectNamedPipe(server));
    HOLDS(!ConnectNamedPipe(server, NULL));
    HOLDS(GetLastError() == ERROR_PIPE_LISTENING);
    WaitForSingleObject(waiter, INFINITE);
    HOLDS(GetExitCodeThread(waiter, &result) && result == 0);
    return NULL;
}

/* A server in the NOWAIT mode, which looks for clients now and then. A thread
 * that comes too late to wait finds the server listening, which proves nothing:
 * so it is tried again, with more time. */
static verdict row_P06b(void)
{
    DWORD nowait = PIPE_READMODE_MESSAGE | PIPE_NOWAIT;
    HANDLE server = serve_as(PIPE_ACCESS_DUPLEX, 1, NULL);
    verdict failed = NULL;

    HOLDS(SetNamedPipeHandleState(server, &nowait, NULL, NULL));
    for (DWORD ms = 0; ms < 10 && failed == NULL; ms++)
        failed = listens_again(server, ms);
    return failed;
}

static verdict row_P07a(void)
{
    HOLDS(serve_as(PIPE_ACCESS_DUPLEX, 256, NULL) == INVALID_HANDLE_VALUE);
    HOLDS(GetLastError() == ERROR_INVALID_PARAMETER);
    return NULL;
}

static verdict row_P07b(void)
{
    HOLDS(serve_as(PIPE_ACCESS_DUPLEX, 0, NULL) == INVALID_HANDLE_VALUE);
    HOLDS(GetLastError() == ERROR_INVALID_PARAMETER);
    return NULL;
}

static verdict row_P08(void)
{
    serve_as(PIPE_ACCESS_DUPLEX, 1, NULL);
    HOLDS(serve_as(PIPE_ACCESS_DUPLEX, 1, NULL) == INVALID_HANDLE_VALUE);
    HOLDS(GetLastError() == ERROR_PIPE_BUSY);
    return NULL;
}

static verdict row_P09(void)
{
    serve_as(PIPE_ACCESS_DUPLEX, 2, NULL);
    HOLDS(serve_as(PIPE_ACCESS_INBOUND, 2, NULL) == INVALID_HANDLE_VALUE);
    HOLDS(GetLastError() == ERROR_ACCESS_DENIED);
    return NULL;
}

static verdict row_P10(void)
{
    serve_as(PIPE_ACCESS_DUPLEX, 2, NULL);
    HOLDS(serve_as(PIPE_ACCESS_DUPLEX, 3, NULL) != INVALID_HANDLE_VALUE);
    return NULL;
}

static verdict row_P11a(void)
{
    DWORD first = PIPE_ACCESS_DUPLEX | FILE_FLAG_FIRST_PIPE_INSTANCE;

    HOLDS(serve_as(first, 5, NULL) != INVALID_HANDLE_VALUE);
    HOLDS(serve_as(first, 5, NULL) == INVALID_HANDLE_VALUE);
    HOLDS(GetLastError() == ERROR_ACCESS_DENIED);
    return NULL;
}

static verdict row_P11b(void)
{
    DWORD first = PIPE_ACCESS_DUPLEX | FILE_FLAG_FIRST_PIPE_INSTANCE;

    HOLDS(serve_as(first, 5, NULL) != INVALID_HANDLE_VALUE);
    HOLDS(serve() != INVALID_HANDLE_VALUE);
    return NULL;
}

static verdict row_P11c(void)
{
    DWORD first = PIPE_ACCESS_DUPLEX | FILE_FLAG_FIRST_PIPE_INSTANCE;

    drop(serve());
    HOLDS(serve_as(first, 5, NULL) != INVALID_HANDLE_VALUE);
    return NULL;
}

static HANDLE serve_first(void)
{
    return CreateNamedPipeW(pipe_name(),
                            PIPE_ACCESS_DUPLEX | FILE_FLAG_FIRST_PIPE_INSTANCE,
                            PIPE_TYPE_BYTE,
                            1,
                            0,
                            0,
                            0,
                            NULL);
}

static verdict row_P11d(void)
{
    HANDLE server = serve_first();

    HOLDS(_close(_open_osfhandle((intptr_t)server, 0)) == 0);
    server = serve_first();
    HOLDS(server != INVALID_HANDLE_VALUE);
    HOLDS(fclose(_fdopen(_open_osfhandle((intptr_t)server, 0), "r")) == 0);
    HOLDS(keep(serve_first()) != INVALID_HANDLE_VALUE);
    return NULL;
}

static verdict row_P18a(void)
{
    wchar_t upper[64];

    serve();
    wcscpy(upper, pipe_name());
    _wcsupr(upper);
    HOLDS(
        keep(CreateFileW(upper, BOTH_WAYS, 0, NULL, OPEN_EXISTING, 0, NULL)) !=
        INVALID_HANDLE_VALUE);
    return NULL;
}

static verdict row_P18b(void)
{
    HOLDS(CreateNamedPipeW(L"nplab", PIPE_ACCESS_DUPLEX, 0, 1, 0, 0, 0, NULL) ==
          INVALID_HANDLE_VALUE);
    HOLDS(GetLastError() == ERROR_INVALID_NAME);
    HOLDS(CreateNamedPipeW(NULL, PIPE_ACCESS_DUPLEX, 0, 1, 0, 0, 0, NULL) ==
          INVALID_HANDLE_VALUE);
    HOLDS(GetLastError() == ERROR_PATH_NOT_FOUND);
    return NULL;
}

static verdict row_P20(void)
{
    HOLDS(CreateNamedPipeW(pipe_name(),
                           PIPE_ACCESS_DUPLEX,
                           PIPE_TYPE_BYTE | PIPE_READMODE_MESSAGE,
                           1,
                           0,
                           0,
                           0,
                           NULL) == INVALID_HANDLE_VALUE);
    HOLDS(GetLastError() == ERROR_INVALID_PARAMETER);
    return NULL;
}

static verdict row_P41a(void)
{
    HANDLE first = serve(), second = serve(), client;

    client = dial(0);
    HOLDS(say(client, "x"));
    HOLDS(!ConnectNamedPipe(first, NULL));
    HOLDS(GetLastError() == ERROR_PIPE_CONNECTED);
    HOLDS(hear(first, 1) == 1);
    HOLDS(dial(0) != INVALID_HANDLE_VALUE);
    HOLDS(!ConnectNamedPipe(second, NULL));
    HOLDS(GetLastError() == ERROR_PIPE_CONNECTED);
    return NULL;
}

/* Which of two instances got the client: by the level it lends. */
static verdict row_P41b(void)
{
    DWORD overlapped = PIPE_ACCESS_DUPLEX | FILE_FLAG_OVERLAPPED;
    HANDLE first = serve_as(overlapped, 5, NULL);
    HANDLE second = serve_as(overlapped, 5, NULL);
    OVERLAPPED wait = {.hEvent = keep(CreateEventW(NULL, TRUE, FALSE, NULL))};

    dial(0);
    HOLDS(DisconnectNamedPipe(first));
    HOLDS(!ConnectNamedPipe(first, &wait)); /* now behind the second */
    HOLDS(GetLastError() == ERROR_IO_PENDING);
    dial(SQOS | SECURITY_IDENTIFICATION);
    dial(SQOS | SECURITY_IMPERSONATION);
    HOLDS(become(second) == 0 && level_now() == SecurityIdentification);
    RevertToSelf();
    HOLDS(become(first) == 0 && level_now() == SecurityImpersonation);
    return NULL;
}

static verdict row_P42(void)
{
    serve_as(PIPE_ACCESS_DUPLEX, 1, NULL);
    HOLDS(dial_for(0, 0) != INVALID_HANDLE_VALUE);
    HOLDS(dial(0) == INVALID_HANDLE_VALUE);
    HOLDS(GetLastError() == ERROR_PIPE_BUSY);
    return NULL;
}

const struct row pipe_rows[] = {
    ROW(P01,
        "DOC, WIN-TEST",
        "a client may open before ConnectNamedPipe, which then gives 535"),
    ROW(P02,
        "DOC, WIN-TEST",
        "an overlapped connect that gives 535 does not signal its event"),
    ROW(P04a,
        "WIN-TEST",
        "231 after the client closed and before the server disconnects"),
    ROW(P04b,
        "WIN-TEST",
        "231 after the disconnect and before the next connect"),
    ROW(P05,
        "DOC, WIN-TEST",
        "no such pipe: open and WaitNamedPipe fail at once with 2"),
    ROW(P06, "DOC, WIN-TEST", "WaitNamedPipe's timeout is 121"),
    ROW(P06b,
        "DOC",
        "WaitNamedPipe ends when a server in the NOWAIT mode listens again"),
    ROW(P07a, "DOC", "more than 255 instances: 87"),
    ROW(P07b, "RE", "zero instances: 87"),
    ROW(P08, "WIN-TEST", "one instance too many: 231"),
    ROW(P09, "DOC, WIN-TEST", "an instance with another access mode: 5"),
    ROW(P10,
        "WIN-TEST",
        "an instance with another maximum is made all the same"),
    ROW(P11a, "DOC", "FILE_FLAG_FIRST_PIPE_INSTANCE when the pipe exists: 5"),
    ROW(P11b,
        "DOC",
        "FILE_FLAG_FIRST_PIPE_INSTANCE does not stop later instances"),
    ROW(P11c,
        "DOC",
        "FILE_FLAG_FIRST_PIPE_INSTANCE works again when the last instance is "
        "gone"),
    ROW(P11d, "DOC", "also when the C library closed it"),
    ROW(P18a, "DOC, WIN-TEST", "names are the same in upper and lower case"),
    ROW(P18b, "WIN-TEST", "a name outside \\\\.\\pipe\\: 123; NULL: 3"),
    ROW(P20, "DOC, WIN-TEST", "a byte pipe with message read mode: 87"),
    ROW(P41a, "WIN-TEST", "the instance made first gets the first client"),
    ROW(P41b, "WIN-TEST", "an instance that listens again is served last"),
    ROW(P42, "WIN-TEST", "an open with no access takes an instance too"),
    {0}};
