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

/* Whether the token that the server gets has the privilege that the client
 * had disabled. */
static verdict spare_privilege_is(DWORD flags, bool expected)
{
    HANDLE server = serve();
    HANDLE token = NULL;
    bool wrote;

    HOLDS(switch_privilege(false));
    wrote = say(dial(flags), "x");
    switch_privilege(true);
    HOLDS(wrote && hear(server, 1) == 1);
    HOLDS(become(server) == 0);
    HOLDS(OpenThreadToken(GetCurrentThread(), TOKEN_QUERY, TRUE, &token));
    keep(token);
    HOLDS(has_privilege(token, SPARE_PRIVILEGE) == expected);
    return NULL;
}

static verdict row_I04b(void)
{
    return spare_privilege_is(0, false);
}

static verdict row_I04d(void)
{
    return spare_privilege_is(
        SQOS | SECURITY_IMPERSONATION | SECURITY_EFFECTIVE_ONLY, false);
}

static verdict row_I04e(void)
{
    return spare_privilege_is(SQOS | SECURITY_IMPERSONATION, true);
}

/* The server's identity after each of two messages, the second of them written
 * under a lesser token. */
static verdict second_message_is(DWORD flags, bool lesser)
{
    HANDLE server = serve();
    HANDLE client = dial(flags);
    bool wrote;

    HOLDS(say(client, "x") && hear(server, 1) == 1);
    HOLDS(become(server) == 0 && !is_lesser());
    RevertToSelf();
    HOLDS(wear_lesser());
    wrote = say(client, "y");
    RevertToSelf();
    HOLDS(wrote && hear(server, 1) == 1);
    HOLDS(become(server) == 0);
    HOLDS(is_lesser() == lesser);
    return NULL;
}

static verdict row_I04c(void)
{
    return second_message_is(0, true);
}

static verdict row_I05a(void)
{
    return second_message_is(SQOS | SECURITY_IMPERSONATION, false);
}

static verdict row_I05b(void)
{
    return second_message_is(DYNAMIC, true);
}

static verdict row_I05c(void)
{
    HANDLE server = serve(), client;

    HOLDS(wear_lesser());
    client = dial(SQOS | SECURITY_IMPERSONATION);
    RevertToSelf();
    HOLDS(say(client, "x") && hear(server, 1) == 1);
    HOLDS(become(server) == 0 && is_lesser());
    return NULL;
}

static verdict row_I05d(void)
{
    HANDLE server = serve(), client;
    bool wrote;

    HOLDS(wear_lesser());
    client = dial(0);
    wrote = say(client, "x");
    RevertToSelf();
    HOLDS(wrote && hear(server, 1) == 1);
    HOLDS(become(server) == 0 && is_lesser());
    RevertToSelf();
    HOLDS(say(client, "y") && hear(server, 1) == 1);
    HOLDS(become(server) == 0 && !is_lesser());
    return NULL;
}

static verdict row_I05e(void)
{
    HANDLE server = serve(), token = NULL;

    HOLDS(switch_privilege(true));
    dial(SQOS | SECURITY_IMPERSONATION | SECURITY_EFFECTIVE_ONLY);
    HOLDS(switch_privilege(false));
    HOLDS(become(server) == 0);
    OpenThreadToken(GetCurrentThread(), TOKEN_QUERY, TRUE, &token);
    RevertToSelf();
    keep(token);
    switch_privilege(true);
    HOLDS(has_privilege(token, SPARE_PRIVILEGE));
    return NULL;
}

static verdict row_I06a(void)
{
    HANDLE server = serve();
    HANDLE client = dial(0);
    bool wrote;

    HOLDS(say(client, "mine"));
    HOLDS(wear_lesser());
    wrote = say(client, "lesser");
    RevertToSelf();
    HOLDS(wrote && hear(server, 10) == 4);
    HOLDS(become(server) == 0 && !is_lesser()); /* the second is unread */
    RevertToSelf();
    HOLDS(hear(server, 2) == 2); /* its first bytes */
    HOLDS(become(server) == 0 && is_lesser());
    return NULL;
}

static verdict row_I06b(void)
{
    HANDLE server = serve();
    HANDLE client = dial(0), lesser = lesser_token();

    for (int i = 0; i < 20; i++) {
        bool wrote;

        HOLDS(i % 2 == 0 || SetThreadToken(NULL, lesser));
        wrote = say(client, "some text");
        RevertToSelf();
        HOLDS(wrote);
    }
    for (int i = 0; i < 20; i++) {
        HOLDS(hear(server, 100) == 9);
        HOLDS(become(server) == 0 && is_lesser() == (i % 2 == 1));
        RevertToSelf();
    }
    return NULL;
}

static verdict row_I06c(void)
{
    HANDLE server = serve();
    HANDLE client = dial(0);
    bool wrote;

    HOLDS(say(client, "x") && hear(server, 1) == 1);
    HOLDS(wear_lesser());
    wrote = say(client, "");
    RevertToSelf();
    HOLDS(wrote && hear(server, 1) == 0);
    HOLDS(become(server) == 0 && is_lesser());
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
    ROW(I04b,
        "WIN-TEST",
        "no SQOS: effective only, disabled privileges are gone"),
    ROW(I04c, "WIN-TEST", "no SQOS: tracking is dynamic"),
    ROW(I04d, "DOC", "SECURITY_EFFECTIVE_ONLY: disabled privileges are gone"),
    ROW(I04e, "DOC", "SQOS without it: disabled privileges stay"),
    ROW(I05a, "WIN-TEST", "static: a later change of identity does not show"),
    ROW(I05b,
        "WIN-TEST",
        "SECURITY_CONTEXT_TRACKING: the writer's identity counts"),
    ROW(I05c,
        "WIN-TEST",
        "static: the opening thread's token counts, not the process's"),
    ROW(I05d, "WIN-TEST", "dynamic: a switch back to the process token shows"),
    ROW(I05e, "INFER", "static: privileges are those at the open"),
    ROW(I06a,
        "DOC",
        "the last message read counts, not one that is still unread"),
    ROW(I06b, "DOC", "messages of two identities in turn keep their own"),
    ROW(I06c, "RE", "an empty message carries its writer's identity too"),
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
