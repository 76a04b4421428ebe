/* server_identity.c - see server_identity.h. */
#include "server_identity.h"
#include "server_log.h"
#include "np_token.h"

#include <stdlib.h>

DWORD become_client(HANDLE pipe)
{
    // BEGIN SOLUTION 08.1
    // STUB: /* TODO 08.1: on a bad day everybody reads secret.txt. */
    // STUB: NP_TODO("08.1");
    // STUB: ImpersonateNamedPipeClient(pipe);
    // STUB: return 0;
    if (!ImpersonateNamedPipeClient(pipe))
        return np_last_error();
    return 0;
    // END SOLUTION 08.1
}

void become_self(void)
{
    // BEGIN SOLUTION 08.2
    // STUB: /* TODO 08.2: once this did nothing, and the server did not mind.
    // STUB:  */
    // STUB: NP_TODO("08.2");
    // STUB: RevertToSelf();
    if (!RevertToSelf())
        give_up(np_last_error());
    // END SOLUTION 08.2
}

void give_up(DWORD err)
{
    // BEGIN SOLUTION 08.3
    // STUB: /* TODO 08.3: the last lines that a failed server writes are not
    // STUB:  * its own. */
    // STUB: NP_TODO("08.3");
    // STUB: log_line("RevertToSelf failed: error %lu", err);
    // STUB: exit((int)err);
    /* Nothing else: a log line, and each function that exit would call, would
     * still be done by the client. */
    TerminateProcess(GetCurrentProcess(), err);
    // END SOLUTION 08.3
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
