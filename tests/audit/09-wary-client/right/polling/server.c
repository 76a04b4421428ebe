/*
 * server.c - keeps secrets, and tells each client for whom.
 *
 *     server [--pipe NAME] [--timeout MS]
 *
 * One client after another. The protocol is in deposit.h. This server is given
 * whole and has no tasks: the lab is about its clients. Partner: client.c.
 */
#include "deposit.h"
#include "np_args.h"
#include "np_client.h"
#include "np_handle.h"
#include "np_io.h"
#include "np_pipe.h"
#include "np_sd.h"
#include "np_stop.h"
#include "np_token.h"

#include <sddl.h>
#include <stdlib.h>
#include <string.h>
#include <wchar.h>

static const char USAGE[] =
    "usage: server [--pipe NAME] [--timeout MS]\n"
    "Keeps secrets, until standard input ends.\n"
    "  --pipe NAME   the pipe to serve, default\n"
    "                \\\\.\\pipe\\nplab-09-wary-client\n"
    "  --timeout MS  longest time for a connected client, default 5000\n";

enum { WHO_MAX = 200 }; /* bytes of a SID as text: at most 184 */

/* The user of a token as text. */
static DWORD user_of(HANDLE token, char *who)
{
    wchar_t *sid = NULL;
    void *info = NULL;
    DWORD err = np_token_info(token, TokenUser, &info);

    if (err == 0 &&
        !ConvertSidToStringSidW(((TOKEN_USER *)info)->User.Sid, &sid))
        err = np_last_error();
    if (err == 0)
        snprintf(who, WHO_MAX, "%ls", sid);
    LocalFree(sid);
    free(info);
    return err;
}

/* Who wrote the request that was read last. A client may stay unknown: then
 * its secret is kept for nobody, and nobody is who may ask for it. */
static DWORD client_of(HANDLE pipe, char *who)
{
    HANDLE token = NULL;
    DWORD err = np_client_token(pipe, &token);

    if (err == ERROR_CANT_OPEN_ANONYMOUS) {
        snprintf(who, WHO_MAX, "nobody");
        return 0;
    }
    if (err == 0)
        err = user_of(token, who);
    np_close(&token);
    return err;
}

static bool is_keep(const char *request, size_t size)
{
    size_t word = strlen(DEPOSIT_KEEP);

    return size > word && memcmp(request, DEPOSIT_KEEP, word) == 0;
}

/* Answers one request. Lab 06 would store the secret where only the client
 * can read it; this server forgets it at once, and prints its size, not it. */
static DWORD answer(HANDLE pipe, const char *request, size_t size, char *reply)
{
    char who[WHO_MAX];
    DWORD err;

    snprintf(reply, DEPOSIT_REPLY_MAX, DEPOSIT_REFUSED "unknown request");
    if (size == strlen(DEPOSIT_HELLO) &&
        memcmp(request, DEPOSIT_HELLO, size) == 0)
        snprintf(reply, DEPOSIT_REPLY_MAX, DEPOSIT_READY);
    if (!is_keep(request, size))
        return 0;
    err = client_of(pipe, who);
    if (err != 0)
        return err;
    printf("kept %zu bytes for %s\n", size - strlen(DEPOSIT_KEEP), who);
    fflush(stdout);
    snprintf(reply, DEPOSIT_REPLY_MAX, DEPOSIT_KEPT "%s", who);
    return 0;
}

/* Serves one client to its end. */
static DWORD serve_client(HANDLE pipe, DWORD timeout_ms)
{
    struct np_deadline deadline = np_deadline_in(timeout_ms);
    char reply[DEPOSIT_REPLY_MAX];
    void *request = NULL;
    size_t size = 0;
    DWORD err;

    do {
        err = np_read_message(
            pipe, DEPOSIT_REQUEST_MAX, np_time_left(deadline), &request, &size);
        if (err == 0)
            err = answer(pipe, request, size, reply);
        if (request != NULL)
            SecureZeroMemory(request, size);
        free(request);
        request = NULL;
        if (err == 0)
            err = np_write_all(
                pipe, reply, strlen(reply), np_time_left(deadline));
    } while (err == 0);
    return err;
}

static DWORD serve(HANDLE pipe, const wchar_t *name, DWORD timeout_ms)
{
    DWORD err = np_accept(pipe, INFINITE);

    while (err == 0) {
        err = serve_client(pipe, timeout_ms);
        if (err == ERROR_OPERATION_ABORTED)
            break;
        /* One client's trouble is not the server's; leaving is no trouble. */
        if (err != ERROR_BROKEN_PIPE && err != ERROR_NO_DATA)
            np_warn(err, "a client of %ls", name);
        err = DisconnectNamedPipe(pipe) ? 0 : np_last_error();
        if (err == 0)
            err = np_accept(pipe, INFINITE);
    }
    if (np_stop_requested() && err == ERROR_OPERATION_ABORTED)
        err = 0;
    return err;
}

/* The owner is said, not left to the default: an elevated administrator's
 * would be a group, and the client would look for the user. Everyone may give
 * us secrets; only those with the lab group may add instances. */
static DWORD who_may_connect(SECURITY_ATTRIBUTES *security)
{
    const wchar_t *group = NULL;
    char user[WHO_MAX];
    HANDLE token = NULL;
    DWORD err;

    *security = (SECURITY_ATTRIBUTES){0};
    if (!OpenProcessToken(GetCurrentProcess(), TOKEN_QUERY, &token))
        return np_last_error();
    err = user_of(token, user);
    if (err == 0)
        err = np_lab_group(&group);
    if (err == 0) {
        wchar_t sddl[2 * WHO_MAX];
        swprintf(sddl,
                 ARRAYSIZE(sddl),
                 L"O:%hsD:P(A;;GA;;;%ls)(A;;" NP_CLIENT_ACCESS L";;;WD)",
                 user,
                 group);
        err = np_sd_from_text(sddl, security);
    }
    np_close(&token);
    return err;
}

int wmain(int argc, wchar_t **argv)
{
    const wchar_t *name = DEPOSIT_PIPE;
    DWORD timeout_ms = 5000;
    const struct np_option options[] = {
        {"--pipe", .text = &name}, {"--timeout", .number = &timeout_ms}, {0}};
    SECURITY_ATTRIBUTES security = {0};
    const char *step = NULL;
    HANDLE pipe = NULL;
    DWORD err;

    int status = np_args(&argc, argv, USAGE, options);
    if (status != NP_ARGS_GO_ON)
        return status;
    if (argc != 0)
        return np_wrong_usage(USAGE, "the server takes no operands");

    step = "the descriptor of";
    err = who_may_connect(&security);
    if (err != 0)
        goto out;
    step = "creating";
    err = np_create_first(
        name, PIPE_TYPE_MESSAGE | PIPE_READMODE_MESSAGE, 1, &security, &pipe);
    if (err != 0)
        goto out;
    step = "np_stop_begin for";
    err = np_stop_begin();
    if (err != 0)
        goto out;
    step = "serving";
    err = serve(pipe, name, timeout_ms);
out:
    if (err != 0)
        np_warn(err, "%s %ls", step, name);
    np_sd_free(&security);
    np_close(&pipe);
    return err == 0 ? 0 : 1;
}
