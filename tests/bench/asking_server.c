/*
 * asking_server.c - a synchronous message-echo server that asks, with
 * -DASKING, for each request whether its client may make it.
 *
 *     asking_server --pipe NAME
 *
 * What an authorised request costs: the token of the client (impersonate, open
 * the thread's token, revert), its level, and AccessCheck. Built with ASKING
 * and without, the two differ in nothing else.
 */
#include "np_client.h"
#include "np_error.h"
#include "np_handle.h"
#include "np_sd.h"
#include "np_token.h"

#ifdef ASKING
/* Whether the sender of the last request is let in by this descriptor. */
static bool may(HANDLE pipe, PSECURITY_DESCRIPTOR descriptor)
{
    static GENERIC_MAPPING mapping = {1, 2, 4, 7};
    PRIVILEGE_SET privileges;
    DWORD size = sizeof privileges;
    DWORD granted = 0;
    BOOL allowed = FALSE;
    HANDLE token = NULL;
    SECURITY_IMPERSONATION_LEVEL level;

    if (np_client_token(pipe, &token) != 0)
        return false;
    if (np_token_level(token, &level) != 0 || level < SecurityIdentification ||
        !AccessCheck(descriptor,
                     token,
                     /* DesiredAccess */ 1,
                     &mapping,
                     &privileges,
                     &size,
                     &granted,
                     &allowed))
        allowed = FALSE;
    np_close(&token);
    return allowed;
}
#endif

int wmain(int argc, wchar_t **argv)
{
    static char data[4096];
    SECURITY_ATTRIBUTES security;
    DWORD size = 0;
    DWORD written = 0;

    if (argc != 3 ||
        np_sd_from_text(L"O:BAG:BAD:P(A;;0x7;;;WD)", &security) != 0)
        return 2;
    HANDLE pipe = CreateNamedPipeW(argv[2],
                                   PIPE_ACCESS_DUPLEX,
                                   PIPE_TYPE_MESSAGE | PIPE_READMODE_MESSAGE |
                                       PIPE_REJECT_REMOTE_CLIENTS,
                                   /* nMaxInstances */ 1,
                                   /* nOutBufferSize */ 4096,
                                   /* nInBufferSize */ 4096,
                                   /* nDefaultTimeOut */ 0,
                                   NULL);
    if (pipe == INVALID_HANDLE_VALUE)
        return 1;
    for (;;) {
        ConnectNamedPipe(pipe, NULL);
        while (ReadFile(pipe, data, sizeof data, &size, NULL)) {
#ifdef ASKING
            if (!may(pipe, security.lpSecurityDescriptor))
                break;
#endif
            if (!WriteFile(pipe, data, size, &written, NULL))
                break;
        }
        DisconnectNamedPipe(pipe);
    }
}
