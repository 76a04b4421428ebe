/* rows_context.c - whose identity, at which level, and when. */
#include "rows.h"
#include "stage.h"

#define DYNAMIC (SQOS | SECURITY_IMPERSONATION | SECURITY_CONTEXT_TRACKING)

static verdict row_I01a(void)
{
    HANDLE server = serve();

    dial(0);
    HOLDS(become(server) == ERROR_CANNOT_IMPERSONATE);
    return NULL;
}

static verdict row_I01b(void)
{
    HANDLE server = serve();

    HOLDS(say(dial(0), "written"));
    HOLDS(become(server) == ERROR_CANNOT_IMPERSONATE);
    return NULL;
}

static verdict row_I01c(void)
{
    HANDLE server = serve();

    HOLDS(say(dial(0), "read"));
    HOLDS(hear(server, 10) == 4);
    HOLDS(become(server) == 0);
    return NULL;
}

static verdict row_I01e(void)
{
    HANDLE server = serve();
    CREATEFILE2_EXTENDED_PARAMETERS more = {.dwSize = sizeof more,
                                            .dwSecurityQosFlags =
                                                SQOS | SECURITY_IDENTIFICATION};

    HOLDS(keep(CreateFile2(pipe_name(), BOTH_WAYS, 0, OPEN_EXISTING, &more)) !=
          INVALID_HANDLE_VALUE);
    HOLDS(become(server) == 0 && level_now() == SecurityIdentification);
    return NULL;
}

static verdict row_I01d(void)
{
    HANDLE server = serve();
    HANDLE client = dial(DYNAMIC);

    HOLDS(become(server) == ERROR_CANNOT_IMPERSONATE);
    HOLDS(say(client, "read") && hear(server, 10) == 4);
    HOLDS(become(server) == 0);
    return NULL;
}

/* Right after the open, nothing read. */
static verdict at_once(DWORD flags, int level)
{
    HANDLE server = serve();

    dial(flags);
    HOLDS(become(server) == 0);
    HOLDS(level_now() == level);
    return NULL;
}

static verdict row_I02a(void)
{
    return at_once(SQOS | SECURITY_ANONYMOUS, -2);
}

static verdict row_I02b(void)
{
    return at_once(SQOS | SECURITY_IDENTIFICATION, SecurityIdentification);
}

static verdict row_I02c(void)
{
    return at_once(SQOS | SECURITY_IMPERSONATION, SecurityImpersonation);
}

static verdict row_I18(void)
{
    return at_once(SQOS | SECURITY_DELEGATION, SecurityDelegation);
}

static verdict row_I17(void)
{
    return at_once(SQOS, -2);
}

static verdict row_I02d(void)
{
    HANDLE server = serve();

    HOLDS(say(dial(SECURITY_IDENTIFICATION), "x") && hear(server, 1) == 1);
    HOLDS(become(server) == 0);
    HOLDS(level_now() == SecurityImpersonation);
    return NULL;
}

static verdict row_I03(void)
{
    HANDLE server = serve();

    HOLDS(become(server) == ERROR_CANNOT_IMPERSONATE);
    return NULL;
}

static verdict row_I04a(void)
{
    HANDLE server = serve();

    HOLDS(say(dial(0), "x") && hear(server, 1) == 1);
    HOLDS(become(server) == 0);
    HOLDS(level_now() == SecurityImpersonation);
    return NULL;
}

static verdict row_I08a(void)
{
    serve();
    HOLDS(become(dial(0)) == ERROR_INVALID_FUNCTION);
    return NULL;
}

static verdict row_I08b(void)
{
    HOLDS(become((HANDLE)(ULONG_PTR)0x7654) == ERROR_INVALID_HANDLE);
    HOLDS(become(NULL) == ERROR_INVALID_HANDLE);
    return NULL;
}

static verdict row_I09a(void)
{
    HANDLE server = serve();
    HANDLE client = dial(0);

    HOLDS(say(client, "x"));
    drop(client);
    HOLDS(hear(server, 1) == 1);
    HOLDS(become(server) == 0);
    return NULL;
}

static verdict row_I10(void)
{
    HANDLE server = serve();

    HOLDS(say(dial(SQOS | SECURITY_IMPERSONATION), "x") &&
          hear(server, 1) == 1);
    HOLDS(DisconnectNamedPipe(server));
    HOLDS(become(server) == ERROR_CANNOT_IMPERSONATE);
    return NULL;
}

static verdict row_I11(void)
{
    HANDLE server = serve();

    dial(SQOS | SECURITY_IMPERSONATION);
    HOLDS(become(server) == 0);
    HOLDS(DisconnectNamedPipe(server));
    HOLDS(level_now() == SecurityImpersonation);
    drop(server);
    HOLDS(level_now() == SecurityImpersonation);
    return NULL;
}

static verdict row_I16a(void)
{
    HANDLE client;

    serve();
    HOLDS(wear_level(SecurityIdentification));
    client = dial(SQOS | SECURITY_IDENTIFICATION);
    HOLDS(client == INVALID_HANDLE_VALUE);
    HOLDS(GetLastError() == ERROR_BAD_IMPERSONATION_LEVEL);
    return NULL;
}

static verdict row_I16b(void)
{
    HANDLE client;

    serve();
    client = dial(0);
    HOLDS(wear_level(SecurityIdentification));
    HOLDS(!say(client, "x"));
    HOLDS(GetLastError() == ERROR_BAD_IMPERSONATION_LEVEL);
    return NULL;
}

const struct row context_rows[] = {
    ROW(I01a, "WIN-TEST", "no SQOS, nothing read: 1368"),
    ROW(I01b, "WIN-TEST-3P", "no SQOS, written but not read: 1368"),
    ROW(I01c, "WIN-TEST", "no SQOS, read: succeeds"),
    ROW(I01e, "DOC", "CreateFile2 lends what its dwSecurityQosFlags say"),
    ROW(I01d,
        "INFER",
        "SQOS with dynamic tracking: 1368 until the server has read"),
    ROW(I02a, "WIN-TEST", "SQOS Anonymous: succeeds at once, at that level"),
    ROW(I02b,
        "WIN-TEST",
        "SQOS Identification: succeeds at once, at that level"),
    ROW(I02c,
        "WIN-TEST",
        "SQOS Impersonation: succeeds at once, at that level"),
    ROW(I02d, "DOC", "level bits without SECURITY_SQOS_PRESENT have no effect"),
    ROW(I03, "WIN-TEST (weak)", "while listening: 1368"),
    ROW(I04a, "WIN-TEST", "no SQOS: the level is Impersonation"),
    ROW(I08a, "RE", "on the client's end: 1"),
    ROW(I08b, "DOC", "no handle at all: 6"),
    ROW(I09a, "WIN-TEST", "still possible after the client closed its handle"),
    ROW(I10, "RE", "after DisconnectNamedPipe: 1368"),
    ROW(I11,
        "INFER",
        "disconnecting and closing do not end an impersonation under way"),
    ROW(I16a,
        "RE, unverified",
        "a client thread at Identification cannot open: 1346"),
    ROW(I16b,
        "RE, unverified",
        "a client thread at Identification cannot write under dynamic "
        "tracking: 1346"),
    ROW(I17, "BLOG, header", "SECURITY_SQOS_PRESENT alone is Anonymous"),
    ROW(I18, "DOC", "SQOS Delegation: succeeds at once, at that level"),
    {0}};
