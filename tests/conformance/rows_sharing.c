/* rows_sharing.c - several connections, threads and processes; overlapped
 * reads; death and restart. */
#include "rows.h"
#include "stage.h"

#include <stdio.h>
#include <wchar.h>

#define CLIENTS 64

static verdict row_I06d(void)
{
    HANDLE first = serve(), second = serve(), third = serve();

    dial(SQOS | SECURITY_IDENTIFICATION);
    dial(SQOS | SECURITY_ANONYMOUS);
    dial(SQOS | SECURITY_IMPERSONATION);
    HOLDS(become(third) == 0 && level_now() == SecurityImpersonation);
    RevertToSelf();
    HOLDS(become(first) == 0 && level_now() == SecurityIdentification);
    RevertToSelf();
    HOLDS(become(second) == 0 && level_now() == -2);
    return NULL;
}

struct caller {
    HANDLE token; /* what the thread wears; NULL: nothing */
    HANDLE pipe;
    bool wrote;
};

static DWORD WINAPI call(void *argument)
{
    struct caller *caller = argument;

    if (caller->token != NULL)
        SetThreadToken(NULL, caller->token);
    caller->pipe =
        CreateFileW(pipe_name(), BOTH_WAYS, 0, NULL, OPEN_EXISTING, 0, NULL);
    caller->wrote =
        say(caller->pipe, caller->token == NULL ? "mine" : "lesser");
    return 0;
}

static verdict row_I06e(void)
{
    static struct caller callers[CLIENTS];
    static HANDLE servers[CLIENTS], threads[CLIENTS];
    HANDLE lesser = lesser_token();

    for (int i = 0; i < CLIENTS; i++)
        servers[i] = serve();
    for (int i = 0; i < CLIENTS; i++) {
        callers[i] = (struct caller){i % 3 == 0 ? lesser : NULL, NULL, false};
        threads[i] = CreateThread(NULL, 0, call, &callers[i], 0, NULL);
    }
    WaitForMultipleObjects(CLIENTS, threads, TRUE, 10000);
    for (int i = 0; i < CLIENTS; i++) {
        CloseHandle(threads[i]);
        keep(callers[i].pipe);
    }
    for (int i = 0; i < CLIENTS; i++) {
        int size = hear(servers[i], 10);

        HOLDS(size == 4 || size == 6);
        HOLDS(become(servers[i]) == 0);
        HOLDS(is_lesser() == (size == 6));
        RevertToSelf();
    }
    return NULL;
}

static verdict row_I06f(void)
{
    HANDLE server =
        serve_as(PIPE_ACCESS_DUPLEX | FILE_FLAG_OVERLAPPED, 1, NULL);
    OVERLAPPED overlapped = {.hEvent =
                                 keep(CreateEventW(NULL, TRUE, FALSE, NULL))};
    HANDLE client = dial(0);
    char buffer[8];
    DWORD done;

    HOLDS(!ReadFile(server, buffer, sizeof buffer, NULL, &overlapped));
    HOLDS(GetLastError() == ERROR_IO_PENDING);
    HOLDS(become(server) == ERROR_CANNOT_IMPERSONATE);
    HOLDS(say(client, "x"));
    HOLDS(GetOverlappedResult(server, &overlapped, &done, TRUE));
    HOLDS(become(server) == 0);
    return NULL;
}

static verdict row_I06g(void)
{
    HANDLE server =
        serve_as(PIPE_ACCESS_DUPLEX | FILE_FLAG_OVERLAPPED, 1, NULL);
    HANDLE port = keep(CreateIoCompletionPort(server, NULL, 7, 1));
    HANDLE client = dial(0);
    OVERLAPPED overlapped = {0}, *finished = NULL;
    char buffer[8];
    ULONG_PTR key;
    DWORD done;

    for (int i = 0; i < 4; i++) {
        bool wrote;

        HOLDS(ReadFile(server, buffer, sizeof buffer, NULL, &overlapped) ||
              GetLastError() == ERROR_IO_PENDING);
        if (i % 2 == 1)
            wear_lesser();
        wrote = say(client, "text");
        RevertToSelf();
        HOLDS(wrote);
        HOLDS(GetQueuedCompletionStatus(port, &done, &key, &finished, 5000));
        HOLDS(finished == &overlapped && done == 4);
        HOLDS(become(server) == 0 && is_lesser() == (i % 2 == 1));
        RevertToSelf();
    }
    return NULL;
}

static verdict row_I06h(void)
{
    HANDLE server = serve(), shared = NULL;
    HANDLE client = dial(0);
    wchar_t value[24];

    HOLDS(say(client, "x") && hear(server, 1) == 1);
    HOLDS(become(server) == 0 && !is_lesser());
    RevertToSelf();
    HOLDS(
        SetHandleInformation(client, HANDLE_FLAG_INHERIT, HANDLE_FLAG_INHERIT));
    shared = client;
    swprintf(value, ARRAYSIZE(value), L"%llu", (ULONGLONG)(ULONG_PTR)shared);
    HOLDS(run_role(L"write-handle", true, value) == 0);
    HOLDS(hear(server, 10) == 5);
    HOLDS(become(server) == 0 && is_lesser());
    return NULL;
}

static verdict row_I06i(void)
{
    HANDLE server = serve(), copy = NULL;
    HANDLE client = dial(0);
    bool wrote;

    HOLDS(DuplicateHandle(GetCurrentProcess(),
                          client,
                          GetCurrentProcess(),
                          &copy,
                          0,
                          FALSE,
                          DUPLICATE_SAME_ACCESS));
    keep(copy);
    HOLDS(say(client, "x") && hear(server, 1) == 1);
    HOLDS(wear_lesser());
    wrote = say(copy, "y");
    RevertToSelf();
    HOLDS(wrote && hear(server, 1) == 1);
    HOLDS(become(server) == 0 && is_lesser());
    RevertToSelf();
    HOLDS(say(client, "z") && hear(server, 1) == 1);
    HOLDS(become(server) == 0 && !is_lesser());
    return NULL;
}

static verdict row_I09b(void)
{
    HANDLE server = serve();

    HOLDS(run_role(L"write-pipe", true, pipe_name()) == 0);
    HOLDS(hear(server, 10) == 5);
    HOLDS(become(server) == 0 && is_lesser());
    return NULL;
}

static verdict row_I09c(void)
{
    HANDLE server = serve();

    HOLDS(run_role(L"open-static", true, pipe_name()) == 0);
    HOLDS(become(server) == 0 && is_lesser());
    return NULL;
}

static verdict row_I09d(void)
{
    HANDLE server = serve();
    HANDLE client = start_role(L"open-and-hang", true, pipe_name());

    HOLDS(client != NULL);
    HOLDS(ConnectNamedPipe(server, NULL) ||
          GetLastError() == ERROR_PIPE_CONNECTED);
    HOLDS(hear(server, 10) == 5);
    HOLDS(TerminateProcess(client, 1));
    HOLDS(WaitForSingleObject(client, 5000) == WAIT_OBJECT_0);
    HOLDS(become(server) == 0 && is_lesser());
    return NULL;
}

/* A server that is killed leaves nothing that the next one meets. */
static verdict row_I02f(void)
{
    HANDLE server, old, client;
    DWORD first = PIPE_ACCESS_DUPLEX | FILE_FLAG_FIRST_PIPE_INSTANCE;

    old = start_role(L"serve-and-hang", false, pipe_name());
    HOLDS(old != NULL);
    client = dial(SQOS | SECURITY_IMPERSONATION);
    for (int i = 0; i < 500 && client == INVALID_HANDLE_VALUE; i++) {
        Sleep(10); /* no event tells that a pipe has come to be */
        client = dial(SQOS | SECURITY_IMPERSONATION);
    }
    HOLDS(client != INVALID_HANDLE_VALUE);
    HOLDS(TerminateProcess(old, 1));
    HOLDS(WaitForSingleObject(old, 5000) == WAIT_OBJECT_0);
    drop(client);
    server = serve_as(first, 5, NULL);
    HOLDS(server != INVALID_HANDLE_VALUE);
    HOLDS(become(server) == ERROR_CANNOT_IMPERSONATE);
    client = dial(SQOS | SECURITY_IDENTIFICATION);
    HOLDS(client != INVALID_HANDLE_VALUE);
    HOLDS(become(server) == 0 && level_now() == SecurityIdentification);
    return NULL;
}

static verdict row_I02g(void)
{
    HANDLE server = serve_as(PIPE_ACCESS_DUPLEX, 1, GROUP_ONLY);

    dial(SQOS | SECURITY_IMPERSONATION);
    drop(server);
    server = serve_as(
        PIPE_ACCESS_DUPLEX, 1, L"D:P(A;;GA;;;WD)"); /* nothing of the old */
    HOLDS(server != INVALID_HANDLE_VALUE);
    HOLDS(become(server) == ERROR_CANNOT_IMPERSONATE);
    HOLDS(wear_lesser());
    HOLDS(dial(SQOS | SECURITY_IMPERSONATION) != INVALID_HANDLE_VALUE);
    RevertToSelf();
    HOLDS(become(server) == 0 && is_lesser());
    return NULL;
}

static DWORD WINAPI level_in_thread(void *unused)
{
    (void)unused;
    return (DWORD)level_now();
}

static verdict row_I13(void)
{
    HANDLE server = serve(), thread;
    DWORD level = 0;

    dial(SQOS | SECURITY_IMPERSONATION);
    HOLDS(become(server) == 0);
    thread = keep(CreateThread(NULL, 0, level_in_thread, NULL, 0, NULL));
    HOLDS(WaitForSingleObject(thread, 5000) == WAIT_OBJECT_0);
    HOLDS(GetExitCodeThread(thread, &level) && level == (DWORD)-1);
    return NULL;
}

static verdict row_I12(void)
{
    HANDLE outer = serve(), inner = serve();

    dial(SQOS | SECURITY_IMPERSONATION);
    dial(SQOS | SECURITY_IDENTIFICATION);
    HOLDS(become(outer) == 0 && become(inner) == 0);
    HOLDS(level_now() == SecurityIdentification);
    HOLDS(RevertToSelf());
    HOLDS(level_now() == -1);
    return NULL;
}

static verdict row_I14(void)
{
    HANDLE good = serve(), bad = serve();

    dial(SQOS | SECURITY_IDENTIFICATION);
    HOLDS(become(good) == 0);
    HOLDS(become(bad) == ERROR_CANNOT_IMPERSONATE);
    HOLDS(level_now() == SecurityIdentification);
    return NULL;
}

const struct row sharing_rows[] = {
    ROW(I02f, "INFER", "nothing is left of a server that was killed"),
    ROW(I02g,
        "INFER",
        "a server under the same name sees nothing of the old one"),
    ROW(I06d, "INFER", "three connections of one client keep their own levels"),
    ROW(I06e, "INFER", "64 connections made at once keep their own identities"),
    ROW(I06f,
        "WIN-TEST",
        "an overlapped read counts when it is done, not before"),
    ROW(I06g,
        "INFER",
        "reads finished through a completion port count in order"),
    ROW(I06h,
        "INFER from RE",
        "dynamic: a process that inherited the handle writes as itself"),
    ROW(I06i,
        "INFER from RE",
        "dynamic: a duplicated handle follows its writer"),
    ROW(I09b, "WIN-TEST", "no SQOS: possible after the client's process ended"),
    ROW(I09c,
        "INFER",
        "static: possible after the client's process ended, nothing read"),
    ROW(I09d, "INFER", "possible after the client was killed"),
    ROW(I12, "DOC", "impersonation does not nest: one revert ends it"),
    ROW(I13, "DOC", "other threads keep the process's identity"),
    ROW(I14, "DOC", "a call that fails leaves the thread as it was"),
    {0}};
