/* server.c - synchronous I/O and a buffer for one request; np_stop cancels the
 * call that waits. */
#include "np_client.h"
#include "np_args.h"
#include "np_handle.h"
#include "np_sd.h"
#include "np_stop.h"
#include "np_token.h"

#include <sddl.h>
#include <stdlib.h>
#include <string.h>

static wchar_t *user_of(HANDLE token)
{
    wchar_t *text = NULL;
    void *info = NULL;

    if (np_token_info(token, TokenUser, &info) == 0)
        ConvertSidToStringSidW(((TOKEN_USER *)info)->User.Sid, &text);
    free(info);
    return text;
}

static void serve_one(HANDLE pipe)
{
    char request[1029], reply[256];
    DWORD size = 0, done = 0;

    while (ReadFile(pipe, request, sizeof request, &size, NULL)) {
        strcpy(reply, "REFUSED what is that?");
        if (size == 5 && memcmp(request, "HELLO", 5) == 0)
            strcpy(reply, "READY");
        if (size > 5 && memcmp(request, "KEEP ", 5) == 0) {
            HANDLE token = NULL;
            DWORD err = np_client_token(pipe, &token);
            wchar_t *who = err == 0 ? user_of(token) : NULL;
            if (err == 0 && who != NULL)
                snprintf(reply, sizeof reply, "KEPT for %ls", who);
            if (err == ERROR_CANT_OPEN_ANONYMOUS)
                strcpy(reply, "KEPT for nobody");
            LocalFree(who);
            np_close(&token);
        }
        if (!WriteFile(pipe, reply, (DWORD)strlen(reply), &done, NULL))
            break;
    }
}

int wmain(int argc, wchar_t **argv)
{
    const wchar_t *name = L"\\\\.\\pipe\\nplab-09-wary-client";
    const struct np_option options[] = {{"--pipe", .text = &name}, {0}};
    HANDLE self = NULL, pipe;
    SECURITY_ATTRIBUTES security;
    wchar_t sddl[500];

    int status = np_args(&argc, argv, "server\n", options);
    if (status != NP_ARGS_GO_ON)
        return status;
    if (!OpenProcessToken(GetCurrentProcess(), TOKEN_QUERY, &self))
        np_die(np_last_error(), "own token");
    wchar_t *user = user_of(self);
    np_close(&self);
    swprintf(sddl,
             ARRAYSIZE(sddl),
             L"O:%lsD:P(A;;GA;;;%ls)(A;;" NP_CLIENT_ACCESS L";;;WD)",
             user,
             user);
    LocalFree(user);
    DWORD err = np_sd_from_text(sddl, &security);
    if (err != 0)
        np_die(err, "descriptor");
    pipe = CreateNamedPipeW(name,
                            PIPE_ACCESS_DUPLEX | FILE_FLAG_FIRST_PIPE_INSTANCE,
                            PIPE_TYPE_MESSAGE | PIPE_READMODE_MESSAGE |
                                PIPE_REJECT_REMOTE_CLIENTS,
                            1,
                            4096,
                            4096,
                            0,
                            &security);
    if (pipe == INVALID_HANDLE_VALUE)
        np_die(np_last_error(), "pipe");
    np_sd_free(&security);
    err = np_stop_begin();
    if (err != 0)
        np_die(err, "np_stop_begin");
    while (!np_stop_requested()) {
        if (ConnectNamedPipe(pipe, NULL) ||
            GetLastError() == ERROR_PIPE_CONNECTED ||
            GetLastError() == ERROR_NO_DATA)
            serve_one(pipe);
        DisconnectNamedPipe(pipe);
    }
    return 0;
}
