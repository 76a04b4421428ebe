/* rows_peer.c - what each end is told about the other. */
#include "rows.h"
#include "stage.h"

static verdict row_N01a(void)
{
    HANDLE server = serve(), client = dial(0);
    ULONG pid = 0;

    HOLDS(GetNamedPipeClientProcessId(server, &pid));
    HOLDS(pid == GetCurrentProcessId());
    pid = 0;
    HOLDS(GetNamedPipeServerProcessId(client, &pid));
    HOLDS(pid == GetCurrentProcessId());
    return NULL;
}

static verdict row_N01b(void)
{
    HANDLE server = serve();
    ULONG pid = 0;

    drop(dial(0));
    HOLDS(GetNamedPipeClientProcessId(server, &pid));
    HOLDS(pid == GetCurrentProcessId());
    return NULL;
}

static verdict row_N02a(void)
{
    HANDLE server = serve();
    ULONG pid;

    dial(0);
    HOLDS(DisconnectNamedPipe(server));
    HOLDS(!GetNamedPipeClientProcessId(server, &pid));
    HOLDS(GetLastError() == ERROR_NOT_FOUND);
    return NULL;
}

static verdict row_N02b(void)
{
    HANDLE server = serve(), client = dial(0);
    ULONG pid;

    HOLDS(DisconnectNamedPipe(server));
    HOLDS(!GetNamedPipeServerProcessId(client, &pid));
    HOLDS(GetLastError() == ERROR_PIPE_NOT_CONNECTED);
    return NULL;
}

static verdict row_N02c(void)
{
    HANDLE server = serve();

    dial(0);
    HOLDS(!GetNamedPipeClientProcessId(server, NULL));
    HOLDS(GetLastError() == ERROR_INSUFFICIENT_BUFFER);
    return NULL;
}

static verdict row_N04(void)
{
    HANDLE server = serve();
    ULONG pid;

    HOLDS(!GetNamedPipeClientProcessId(server, &pid));
    HOLDS(GetLastError() == ERROR_NOT_FOUND);
    return NULL;
}

static BOOL user_name(HANDLE pipe)
{
    wchar_t name[64] = L"";

    return GetNamedPipeHandleStateW(
               pipe, NULL, NULL, NULL, NULL, name, ARRAYSIZE(name)) &&
           name[0] != '\0';
}

static verdict row_N06a(void)
{
    HANDLE server = serve();

    dial(SQOS | SECURITY_IMPERSONATION);
    HOLDS(user_name(server));
    HOLDS(level_now() == -1);
    return NULL;
}

static verdict row_N06b(void)
{
    HANDLE server = serve();

    dial(0);
    HOLDS(!user_name(server));
    HOLDS(GetLastError() == ERROR_CANNOT_IMPERSONATE);
    return NULL;
}

static verdict row_N06c(void)
{
    HANDLE server = serve();

    dial(SQOS | SECURITY_IDENTIFICATION);
    HOLDS(!user_name(server));
    return NULL;
}

static verdict row_N06d(void)
{
    serve();
    HOLDS(!user_name(dial(SQOS | SECURITY_IMPERSONATION)));
    return NULL;
}

static verdict row_N07(void)
{
    HANDLE server = serve();
    DWORD collect = 1;

    dial(0);
    HOLDS(
        !GetNamedPipeHandleStateW(server, NULL, NULL, &collect, NULL, NULL, 0));
    HOLDS(GetLastError() == ERROR_INVALID_PARAMETER);
    return NULL;
}

const struct row peer_rows[] = {
    ROW(N01a, "WIN-TEST", "each end can ask for the other's process id"),
    ROW(N01b, "WIN-TEST", "also after the client closed"),
    ROW(N02a, "WIN-TEST", "after a disconnect there is no client's id: 1168"),
    ROW(N02b, "WIN-TEST", "nor, for the client, the server's: 233"),
    ROW(N02c, "WIN-TEST", "nowhere to put the id: 122"),
    ROW(N04,
        "INFER, unverified",
        "before any client there is no client's id: 1168"),
    ROW(N06a,
        "DOC, WIN-TEST",
        "a client that lent Impersonation is named at once"),
    ROW(N06b, "WIN-TEST-3P", "one without SQOS is not before a read: 1368"),
    ROW(N06c, "DOC", "one that lent Identification is not named"),
    ROW(N06d, "DOC", "the client's end is told no name"),
    ROW(N07, "DOC, WIN-TEST", "a local pipe has no collection count: 87"),
    {0}};
