/* rows_tracking.c - static and dynamic tracking, and effective-only contexts.
 */
#include "rows.h"
#include "stage.h"

#define DYNAMIC (SQOS | SECURITY_IMPERSONATION | SECURITY_CONTEXT_TRACKING)

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

const struct row tracking_rows[] = {
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
    {0}};
