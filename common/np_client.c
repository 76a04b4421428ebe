/* np_client.c - see np_client.h. */
#include "np_client.h"

void np_revert_or_die(void)
{
    DWORD last = GetLastError();

    if (!RevertToSelf())
        TerminateProcess(GetCurrentProcess(), np_last_error());
    SetLastError(last);
}

DWORD np_client_token(HANDLE pipe, HANDLE *token)
{
    DWORD err = 0;

    *token = NULL;
    if (!ImpersonateNamedPipeClient(pipe))
        return np_last_error();
    /* OpenAsSelf: the server opens the token, and not the client, whose
     * identity may be lent for identification only and can then open nothing
     * (L03). */
    if (!OpenThreadToken(GetCurrentThread(),
                         TOKEN_QUERY | TOKEN_IMPERSONATE | TOKEN_DUPLICATE,
                         /* OpenAsSelf */ TRUE,
                         token)) {
        err = np_last_error();
        *token = NULL;
    }
    np_revert_or_die();
    return err;
}
