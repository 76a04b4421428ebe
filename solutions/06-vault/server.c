/*
 * server.c - keeps a folder of files, and opens each as the client who asks.
 *
 *     server [--pipe NAME] [--vault FOLDER] [--audit FILE] [--timeout MS]
 *
 * The protocol is in vault.h. One client at a time: its price is that a silent
 * client holds up the others for the timeout; lab 03 lifts that. Partner:
 * client.c.
 */
#include "server_audit.h"
#include "server_files.h"
#include "server_request.h"
#include "np_args.h"
#include "np_client.h"
#include "np_handle.h"
#include "np_io.h"
#include "np_pipe.h"
#include "np_sd.h"
#include "np_stop.h"
#include "np_token.h"

#include <stdlib.h>

static const char USAGE[] =
    "usage: server [--pipe NAME] [--vault FOLDER] [--audit FILE] "
    "[--timeout MS]\n"
    "Keeps a folder of files until standard input ends.\n"
    "  --pipe NAME     default \\\\.\\pipe\\nplab-06-vault\n"
    "  --vault FOLDER  where the files are, default vault; made if absent\n"
    "  --audit FILE    who asked for what, default audit.log; added to\n"
    "  --timeout MS    longest wait for a connected client, default 5000\n";

enum { WHO_MAX = 320 }; /* bytes of a client in words */

/* Who sent the request that was just read. On failure token is NULL, and who
 * says why. */
static DWORD identify(HANDLE pipe, HANDLE *token, char *who)
{
    DWORD err = np_client_token(pipe, token);

    if (err == 0)
        err = np_token_describe(*token, who, WHO_MAX);
    if (err != 0) {
        np_close(token);
        snprintf(who, WHO_MAX, "unknown (%lu %s)", err, np_code_name(err));
    }
    return err;
}

/* From a request to its reply. */
static void
answer(HANDLE pipe, const char *text, size_t size, struct reply *reply)
{
    struct request request;
    char who[WHO_MAX] = "";
    HANDLE client = NULL;
    HANDLE file = NULL;
    DWORD err;

    // BEGIN SOLUTION 06.1
    // STUB: /* TODO 06.1: identify, request_parse, files_open_as, audit_write,
    // STUB:  * files_use: in the order in which nothing is done that was not
    // STUB:  * decided, and nothing that is not in the log. */
    // STUB: (void)pipe, (void)text, (void)size, (void)request, (void)who;
    // STUB: (void)identify;
    // STUB: err = NP_TODO("06.1");
    err = identify(pipe, &client, who);
    if (err == 0)
        err = request_parse(text, size, &request);
    if (err == 0)
        err = files_open_as(client, &request, &file);
    /* Also what was refused is written down, and before anything is done. */
    DWORD not_written = audit_write(who, text, size, word_of(err));
    if (err == 0)
        err = not_written;
    if (err == 0)
        err = files_use(file, &request, reply);
    // END SOLUTION 06.1
    if (err != 0)
        reply_line(reply, err);
    printf("%s\nis told %s\n", who, word_of(err));
    fflush(stdout);
    np_close(&file);
    np_close(&client);
}

/* Answers one client until it leaves. */
static DWORD converse(HANDLE pipe, DWORD timeout_ms)
{
    static struct reply reply;
    DWORD err;

    do {
        void *text = NULL;
        size_t size = 0;

        err =
            np_read_message(pipe, VAULT_MESSAGE_MAX, timeout_ms, &text, &size);
        /* One that is too long was read to its end: an empty one is as bad. */
        if (err == ERROR_MORE_DATA)
            err = 0;
        if (err == 0) {
            answer(pipe, text == NULL ? "" : text, size, &reply);
            err = np_write_all(pipe, reply.text, reply.size, timeout_ms);
        }
        free(text);
    } while (err == 0);
    return err == ERROR_BROKEN_PIPE ? 0 : err; /* it has left: the usual end */
}

static DWORD serve(HANDLE pipe, DWORD timeout_ms)
{
    DWORD err = np_accept(pipe, INFINITE);

    for (unsigned client = 1; err == 0; client++) {
        err = converse(pipe, timeout_ms);
        if (np_stop_requested())
            break;
        /* One client's trouble is not the server's. */
        if (err != 0)
            np_warn(err, "client %u", client);
        err = 0;
        if (!DisconnectNamedPipe(pipe))
            err = np_last_error();
        if (err == 0)
            err = np_accept(pipe, INFINITE);
    }
    return np_stop_requested() ? 0 : err;
}

/* Whoever has logged on may ask; what he gets, the files decide. */
static DWORD create_pipe(const wchar_t *name, HANDLE *pipe)
{
    SECURITY_ATTRIBUTES security;
    DWORD err = np_sd_from_text(
        L"D:P(A;;GA;;;OW)(A;;" NP_CLIENT_ACCESS L";;;AU)", &security);

    *pipe = NULL;
    if (err == 0)
        err = np_create_first(name,
                              PIPE_TYPE_MESSAGE | PIPE_READMODE_MESSAGE,
                              /* instances */ 1,
                              &security,
                              pipe);
    np_sd_free(&security);
    return err;
}

int wmain(int argc, wchar_t **argv)
{
    const wchar_t *name = VAULT_PIPE;
    const wchar_t *folder = L"vault";
    const wchar_t *audit = L"audit.log";
    DWORD timeout_ms = 5000;
    const struct np_option options[] = {{"--pipe", .text = &name},
                                        {"--vault", .text = &folder},
                                        {"--audit", .text = &audit},
                                        {"--timeout", .number = &timeout_ms},
                                        {0}};
    HANDLE pipe = NULL;
    DWORD err;

    int status = np_args(&argc, argv, USAGE, options);
    if (status != NP_ARGS_GO_ON)
        return status;
    if (argc != 0)
        return np_wrong_usage(USAGE, "the server takes no operands");

    err = files_begin(folder);
    if (err != 0) {
        np_warn(err, "CreateDirectoryW(%ls)", folder);
        goto out;
    }
    err = audit_open(audit);
    if (err != 0) {
        np_warn(err, "CreateFileW(%ls)", audit);
        goto out;
    }
    err = create_pipe(name, &pipe);
    if (err != 0) {
        np_warn(err, "CreateNamedPipeW(%ls)", name);
        goto out;
    }
    err = np_stop_begin();
    if (err != 0) {
        np_warn(err, "np_stop_begin");
        goto out;
    }
    err = serve(pipe, timeout_ms);
    if (err != 0)
        np_warn(err, "serving %ls", name);
out:
    np_close(&pipe);
    audit_close();
    return err == 0 ? 0 : 1;
}
