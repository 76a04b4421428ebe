/* rows_pipe_access.c - who may open a pipe, and who may add instances. */
#include "rows.h"
#include "stage.h"

#include <aclapi.h>
#include <sddl.h>
#include <wchar.h>

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

static verdict row_P12d(void)
{
    serve_as(PIPE_ACCESS_DUPLEX, 5, L"D:P(A;;GA;;;OW)(A;;0x12019B;;;WD)");
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

const struct row pipe_access_rows[] = {
    ROW(P12a,
        "DOC",
        "a DACL without 0x4 stops further instances, even the owner's: 5"),
    ROW(P12b, "DOC", "GENERIC_WRITE in a DACL lets others make instances"),
    ROW(P12c, "DOC", "the thread's identity decides about a further instance"),
    ROW(P12d,
        "DOC",
        "a DACL that gives OWNER RIGHTS all lets the creator add instances"),
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
    {0}};
