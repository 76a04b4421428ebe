/* rows_pipe.c - names, instances, and who may open a pipe. */
#include "rows.h"
#include "stage.h"

#include <aclapi.h>
#include <sddl.h>
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

static verdict row_P12a(void)
{
    serve_as(PIPE_ACCESS_DUPLEX, 5, L"D:P(A;;0x12019B;;;WD)");
    HOLDS(serve_as(PIPE_ACCESS_DUPLEX, 5, NULL) == INVALID_HANDLE_VALUE);
    HOLDS(GetLastError() == ERROR_ACCESS_DENIED);
    return NULL;
}

static verdict row_P12b(void)
{
    serve_as(PIPE_ACCESS_DUPLEX, 5, L"D:P(A;;GRGW;;;WD)");
    HOLDS(serve_as(PIPE_ACCESS_DUPLEX, 5, NULL) != INVALID_HANDLE_VALUE);
    return NULL;
}

static verdict row_P12c(void)
{
    HANDLE second;

    serve_as(PIPE_ACCESS_DUPLEX, 5, GROUP_ONLY);
    HOLDS(wear_lesser());
    second = serve_as(PIPE_ACCESS_DUPLEX, 5, NULL);
    HOLDS(second == INVALID_HANDLE_VALUE);
    HOLDS(GetLastError() == ERROR_ACCESS_DENIED);
    RevertToSelf();
    HOLDS(serve_as(PIPE_ACCESS_DUPLEX, 5, NULL) != INVALID_HANDLE_VALUE);
    return NULL;
}

static verdict row_P13(void)
{
    serve_as(PIPE_ACCESS_DUPLEX, 5, L"D:P(A;;0x12019B;;;WD)");
    HOLDS(dial(0) != INVALID_HANDLE_VALUE);
    return NULL;
}

static verdict row_P14a(void)
{
    PSECURITY_DESCRIPTOR descriptor = NULL;
    wchar_t *text = NULL;
    bool everyone, anonymous;
    HANDLE server = serve();

    HOLDS(GetSecurityInfo(server,
                          SE_KERNEL_OBJECT,
                          DACL_SECURITY_INFORMATION,
                          NULL,
                          NULL,
                          NULL,
                          NULL,
                          &descriptor) == ERROR_SUCCESS);
    HOLDS(ConvertSecurityDescriptorToStringSecurityDescriptorW(
        descriptor, SDDL_REVISION_1, DACL_SECURITY_INFORMATION, &text, NULL));
    everyone = wcsstr(text, L"(A;;FR;;;WD)") != NULL;
    anonymous = wcsstr(text, L"(A;;FR;;;AN)") != NULL;
    LocalFree(text);
    LocalFree(descriptor);
    HOLDS(everyone);
    HOLDS(anonymous);
    return NULL;
}

static verdict row_P14b(void)
{
    serve();
    HOLDS(dial(0) != INVALID_HANDLE_VALUE);
    return NULL;
}

static verdict row_P15a(void)
{
    serve_as(PIPE_ACCESS_DUPLEX, 5, NULL_DACL);
    HOLDS(wear_lesser());
    HOLDS(dial(0) != INVALID_HANDLE_VALUE);
    return NULL;
}

static verdict row_P15b(void)
{
    serve_as(PIPE_ACCESS_DUPLEX, 5, L"D:P");
    HOLDS(dial(0) == INVALID_HANDLE_VALUE);
    HOLDS(GetLastError() == ERROR_ACCESS_DENIED);
    return NULL;
}

static verdict row_P15c(void)
{
    serve_as(PIPE_ACCESS_DUPLEX, 5, L"D:P(D;;GA;;;WD)(A;;GA;;;WD)");
    HOLDS(dial(0) == INVALID_HANDLE_VALUE);
    HOLDS(GetLastError() == ERROR_ACCESS_DENIED);
    return NULL;
}

static verdict row_P15d(void)
{
    HANDLE client;

    serve_as(PIPE_ACCESS_DUPLEX, 5, GROUP_ONLY);
    HOLDS(wear_lesser());
    client = dial(0);
    HOLDS(client == INVALID_HANDLE_VALUE);
    HOLDS(GetLastError() == ERROR_ACCESS_DENIED);
    RevertToSelf();
    HOLDS(dial(0) != INVALID_HANDLE_VALUE);
    return NULL;
}

static verdict row_P15e(void)
{
    serve_as(PIPE_ACCESS_DUPLEX, 5, GROUP_ONLY);
    HOLDS(run_role(L"open-pipe", true, pipe_name()) == ERROR_ACCESS_DENIED);
    HOLDS(run_role(L"open-pipe", false, pipe_name()) == 0);
    return NULL;
}

static verdict row_P15f(void)
{
    serve_as(PIPE_ACCESS_DUPLEX, 5, L"D:P(A;;GR;;;WD)");
    HOLDS(dial_for(GENERIC_WRITE, 0) == INVALID_HANDLE_VALUE);
    HOLDS(GetLastError() == ERROR_ACCESS_DENIED);
    HOLDS(dial_for(GENERIC_READ, 0) != INVALID_HANDLE_VALUE);
    return NULL;
}

static verdict row_P15g(void)
{
    serve_as(PIPE_ACCESS_DUPLEX, 1, GROUP_ONLY);
    HOLDS(dial(0) != INVALID_HANDLE_VALUE);
    HOLDS(wear_lesser());
    HOLDS(dial(0) == INVALID_HANDLE_VALUE);
    HOLDS(GetLastError() == ERROR_ACCESS_DENIED);
    return NULL;
}

static verdict row_P15h(void)
{
    HANDLE server =
        serve_as(PIPE_ACCESS_DUPLEX | WRITE_DAC, 5, L"D:P(A;;GA;;;WD)");
    SECURITY_ATTRIBUTES *closed = security(L"D:P");

    HOLDS(SetKernelObjectSecurity(
        server, DACL_SECURITY_INFORMATION, closed->lpSecurityDescriptor));
    HOLDS(dial(0) == INVALID_HANDLE_VALUE);
    HOLDS(GetLastError() == ERROR_ACCESS_DENIED);
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
    ROW(P12a,
        "DOC",
        "a DACL without 0x4 stops further instances, even the owner's: 5"),
    ROW(P12b, "DOC", "GENERIC_WRITE in a DACL lets others make instances"),
    ROW(P12c, "DOC", "the thread's identity decides about a further instance"),
    ROW(P13, "RE", "a client may ask for GENERIC_WRITE where 0x4 is withheld"),
    ROW(P14a, "DOC", "the default DACL gives read to Everyone and Anonymous"),
    ROW(P14b, "DOC", "the default DACL gives the creator everything"),
    ROW(P15a, "DOC", "a NULL DACL lets everyone in"),
    ROW(P15b, "DOC", "an empty DACL lets nobody in, not even the owner: 5"),
    ROW(P15c, "DOC", "a denying entry before an allowing one wins: 5"),
    ROW(P15d, "DOC", "the DACL decides about a client thread by its token"),
    ROW(P15e, "DOC", "the DACL decides about a client process by its token"),
    ROW(P15f, "DOC", "the DACL decides right by right"),
    ROW(P15g,
        "INFER",
        "a refused client is told 5, not 231, when the pipe is busy"),
    ROW(P15h, "DOC", "a DACL set later decides the opens that follow"),
    ROW(P18a, "DOC, WIN-TEST", "names are the same in upper and lower case"),
    ROW(P18b, "WIN-TEST", "a name outside \\\\.\\pipe\\: 123; NULL: 3"),
    ROW(P20, "DOC, WIN-TEST", "a byte pipe with message read mode: 87"),
    ROW(P41a, "WIN-TEST", "the instance made first gets the first client"),
    ROW(P41b, "WIN-TEST", "an instance that listens again is served last"),
    ROW(P42, "WIN-TEST", "an open with no access takes an instance too"),
    {0}};
