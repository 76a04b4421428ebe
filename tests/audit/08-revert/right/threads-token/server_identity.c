/* A right submission of another design: the client's token is taken, and put
 * on and off by SetThreadToken. */
#include "server_identity.h"
#include "server_log.h"
#include "np_client.h"
#include "np_handle.h"
#include "np_token.h"

#include <stdlib.h>

DWORD become_client(HANDLE pipe)
{
    HANDLE token = NULL;
    DWORD err = np_client_token(pipe, &token);

    if (err == 0 && !SetThreadToken(NULL, token))
        err = np_last_error();
    np_close(&token);
    return err;
}

void become_self(void)
{
    if (!SetThreadToken(NULL, NULL))
        give_up(np_last_error());
}

void give_up(DWORD err)
{
    /* Nothing else: a log line, and each function that exit would call, would
     * still be done by the client. */
    TerminateProcess(GetCurrentProcess(), err);
}

DWORD client_token(HANDLE pipe, HANDLE *token)
{
    return np_client_token(pipe, token);
}

void describe_token(HANDLE token, char *who, size_t size)
{
    if (token == NULL || np_token_describe(token, who, size) != 0)
        snprintf(who, size, "unknown");
}
