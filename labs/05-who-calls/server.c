/*
 * server.c - tells each client who it is, as Windows sees it from here.
 *
 *     server [--pipe NAME] [--log FILE] [--instances N] [--timeout MS]
 *
 * A thread for each pipe instance. The protocol is in who.h, and everything
 * that a thread does as the client in caller.c. Partner: client.c.
 */
#include "caller.h"
#include "journal.h"
#include "np_args.h"
#include "np_handle.h"
#include "np_io.h"
#include "np_pipe.h"
#include "np_sd.h"
#include "np_stop.h"
#include "np_token.h"
#include "who.h"

#include <stdlib.h>
#include <string.h>
#include <wchar.h>

static const char USAGE[] =
    "usage: server [--pipe NAME] [--log FILE] [--instances N] [--timeout MS]\n"
    "Tells each client who it is, until standard input ends.\n"
    "  --pipe NAME    the pipe to serve, default "
    "\\\\.\\pipe\\nplab-05-who-calls\n"
    "  --log FILE     a line for each request, default standard output\n"
    "  --instances N  clients at once, 1 to 16, default 4\n"
    "  --timeout MS   longest wait for a connected client, default 5000\n";

enum { INSTANCES_MAX = 16 };

/* What all threads share; nobody changes it while they run. */
struct service {
    const wchar_t *name;
    const wchar_t *log;
    DWORD timeout_ms;
    char self[WHO_MAX]; /* the server's own token in words */
};

struct instance {
    const struct service *service;
    HANDLE pipe;
    HANDLE thread;
    DWORD err; /* why the thread ended; 0: it was asked to */
};

/* The whole request is read before anybody looks at it, also one that is too
 * long: it is as unknown as any other. */
static DWORD read_request(HANDLE pipe, DWORD timeout_ms, bool *is_who)
{
    void *data = NULL;
    size_t size = 0;
    DWORD err =
        np_read_message(pipe, WHO_REQUEST_MAX, timeout_ms, &data, &size);

    *is_who = err == 0 && size == strlen(WHO_REQUEST) &&
              memcmp(data, WHO_REQUEST, size) == 0;
    free(data);
    return err == ERROR_MORE_DATA ? 0 : err;
}

/* The log first, so that no reply exists that it does not know of. If it
 * cannot be written the client is served all the same: a full disk shall not
 * silence the server. The price is a missing line, and standard error says
 * so. */
static DWORD send_reply(HANDLE pipe,
                        const struct service *service,
                        const char *who,
                        const char *refusal)
{
    char line[WHO_MAX + 128];
    char reply[WHO_REPLY_MAX];
    DWORD err;

    if (refusal != NULL) {
        snprintf(line, sizeof line, "%s: refused %s", who, refusal);
        snprintf(reply, sizeof reply, WHO_REFUSED "%s\n", refusal);
    } else {
        snprintf(line, sizeof line, "%s: told", who);
        snprintf(reply,
                 sizeof reply,
                 WHO_YOU "%s\nserver: %s\n",
                 who,
                 service->self);
    }
    err = journal_add(service->log, line);
    if (err != 0)
        np_warn(err, "writing the log");
    return np_write_all(pipe, reply, strlen(reply), service->timeout_ms);
}

/* Serves one request. Returns 0, or the code that ends the conversation. */
static DWORD serve_request(HANDLE pipe, const struct service *service)
{
    HANDLE caller = NULL;
    char who[WHO_MAX] = "unknown";
    char why[64];
    const char *refusal = NULL;
    bool is_who = false;
    DWORD refused = 0;
    DWORD err;

    /* TODO 05.6: read_request; caller_take and caller_describe for who
     * wrote it. A failing read ends the conversation (return its code);
     * a caller who cannot be known is refused: put the code into
     * refused. */
    (void)read_request;
    return NP_TODO("05.6");
    if (refused != 0) {
        snprintf(why, sizeof why, "%lu %s", refused, np_code_name(refused));
        refusal = why;
    } else if (!is_who) {
        refusal = "unknown request";
    }
    err = send_reply(pipe, service, who, refusal);
    np_close(&caller);
    return err;
}

/* A thread for each instance: one client after another, until the program is
 * asked to stop, which ends the wait it is in with 995. */
static DWORD WINAPI serve_instance(void *argument)
{
    struct instance *me = argument;
    DWORD err = np_accept(me->pipe, INFINITE);

    while (err == 0) {
        do
            err = serve_request(me->pipe, me->service);
        while (err == 0);
        if (err == ERROR_OPERATION_ABORTED)
            break;
        /* One client's trouble is not the server's; to leave (109), even
         * before the reply (232), is no trouble at all. */
        if (err != ERROR_BROKEN_PIPE && err != ERROR_NO_DATA)
            np_warn(err, "a client of %ls", me->service->name);
        err = DisconnectNamedPipe(me->pipe) ? 0 : np_last_error();
        if (err == 0)
            err = np_accept(me->pipe, INFINITE);
    }
    me->err = err == ERROR_OPERATION_ABORTED ? 0 : err;
    return 0;
}

/* Everyone may connect and be told who they are; only those with the lab group
 * may add instances, and so not the user's lesser self (lab 04). */
static DWORD who_may_connect(SECURITY_ATTRIBUTES *security)
{
    const wchar_t *group = NULL;
    wchar_t sddl[128];
    DWORD err = np_lab_group(&group);

    *security = (SECURITY_ATTRIBUTES){0};
    if (err != 0)
        return err;
    swprintf(sddl,
             ARRAYSIZE(sddl),
             L"D:P(A;;GA;;;%ls)(A;;" NP_CLIENT_ACCESS L";;;WD)",
             group);
    return np_sd_from_text(sddl, security);
}

static DWORD
create_pipes(const wchar_t *name, struct instance *all, DWORD count)
{
    const DWORD mode = PIPE_TYPE_MESSAGE | PIPE_READMODE_MESSAGE;
    SECURITY_ATTRIBUTES security;
    DWORD err = who_may_connect(&security);

    if (err == 0)
        err = np_create_first(name, mode, count, &security, &all[0].pipe);
    for (DWORD i = 1; i < count && err == 0; i++) {
        all[i].pipe =
            CreateNamedPipeW(name,
                             PIPE_ACCESS_DUPLEX | FILE_FLAG_OVERLAPPED,
                             mode | PIPE_WAIT | PIPE_REJECT_REMOTE_CLIENTS,
                             count,
                             NP_PIPE_BUFFER,
                             NP_PIPE_BUFFER,
                             /* nDefaultTimeOut: 50 ms */ 0,
                             &security);
        if (all[i].pipe == INVALID_HANDLE_VALUE)
            err = np_last_error();
    }
    np_sd_free(&security);
    return err;
}

/* Asked once, at the start: a process keeps its token for life. */
static DWORD describe_self(char *text, size_t size)
{
    HANDLE token = NULL;
    DWORD err;

    if (!OpenProcessToken(GetCurrentProcess(), TOKEN_QUERY, &token))
        return np_last_error();
    err = caller_describe(token, text, size);
    np_close(&token);
    return err;
}

/* Serves until the program is asked to stop. An instance that fails leaves
 * the others at work, and shows in the result. */
static DWORD serve(struct instance *all, DWORD count)
{
    DWORD err = 0;

    for (DWORD i = 0; i < count; i++) {
        all[i].thread = CreateThread(NULL, 0, serve_instance, &all[i], 0, NULL);
        if (all[i].thread == NULL)
            err = np_last_error();
    }
    for (DWORD i = 0; i < count; i++) {
        if (all[i].thread != NULL)
            WaitForSingleObject(all[i].thread, INFINITE);
        if (err == 0)
            err = all[i].err;
        np_close(&all[i].thread);
    }
    np_stop_requested(); /* says that we have noticed */
    return err;
}

int wmain(int argc, wchar_t **argv)
{
    struct service service = {.name = WHO_PIPE, .timeout_ms = 5000};
    struct instance all[INSTANCES_MAX] = {0};
    DWORD count = 4;
    const struct np_option options[] = {
        {"--pipe", .text = &service.name},
        {"--log", .text = &service.log},
        {"--instances", .number = &count},
        {"--timeout", .number = &service.timeout_ms},
        {0}};
    const char *call = NULL;
    DWORD err = 0;

    int status = np_args(&argc, argv, USAGE, options);
    if (status != NP_ARGS_GO_ON)
        return status;
    if (argc != 0)
        return np_wrong_usage(USAGE, "the server takes no operands");
    if (count < 1 || count > INSTANCES_MAX)
        return np_wrong_usage(USAGE, "N is a number from 1 to 16");

    for (DWORD i = 0; i < count; i++)
        all[i].service = &service;
    call = "the server's own token";
    err = describe_self(service.self, sizeof service.self);
    if (err != 0)
        goto out;
    call = "CreateNamedPipeW";
    err = create_pipes(service.name, all, count);
    if (err != 0)
        goto out;
    call = "np_stop_begin";
    err = np_stop_begin();
    if (err != 0)
        goto out;
    call = "serving";
    err = serve(all, count);
out:
    if (err != 0)
        np_warn(err, "%s(%ls)", call, service.name);
    /* Closed, not disconnected: what was written can still be read. */
    for (DWORD i = 0; i < count; i++)
        np_close(&all[i].pipe);
    return err == 0 ? 0 : 1;
}
