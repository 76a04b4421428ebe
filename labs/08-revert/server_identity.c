/* server_identity.c - see server_identity.h. */
#include "server_identity.h"
#include "server_log.h"
#include "np_token.h"

#include <stdlib.h>

DWORD become_client(HANDLE pipe)
{
    /* TODO 08.1: on a bad day everybody reads secret.txt. */
    NP_TODO("08.1");
    ImpersonateNamedPipeClient(pipe);
    return 0;
}

void become_self(void)
{
    /* TODO 08.2: once this did nothing, and the server did not mind.
     */
    NP_TODO("08.2");
    RevertToSelf();
}

void give_up(DWORD err)
{
    /* TODO 08.3: the last lines that a failed server writes are not
     * its own. */
    NP_TODO("08.3");
    log_line("RevertToSelf failed: error %lu", err);
    exit((int)err);
}

DWORD client_token(HANDLE pipe, HANDLE *token)
{
    DWORD err = become_client(pipe);

    *token = NULL;
    if (err != 0)
        return err;
    /* OpenAsSelf: the server opens the token. The client could not, when it
     * lends its identity for identification only. */
    if (!OpenThreadToken(GetCurrentThread(),
                         TOKEN_QUERY | TOKEN_DUPLICATE,
                         /* OpenAsSelf */ TRUE,
                         token)) {
        err = np_last_error();
        *token = NULL;
    }
    become_self();
    return err;
}

void describe_token(HANDLE token, char *who, size_t size)
{
    if (token == NULL || np_token_describe(token, who, size) != 0)
        snprintf(who, size, "unknown");
}
