/*
 * server.c - reads its file to each client within that client's rights, and
 * tells it how much of itself it lends.
 *
 *     server [--pipe NAME] [--file FILE] [--timeout MS]
 *
 * One client after another: lab 03 has shown how to serve many. All that a
 * thread does as the client is in server_file.c and server_probe.c. The
 * protocol is in levels.h. Partner: client.c.
 */
#include "levels.h"
#include "np_args.h"
#include "np_handle.h"
#include "np_io.h"
#include "np_pipe.h"
#include "np_sd.h"
#include "np_stop.h"
#include "np_token.h"
#include "server_file.h"
#include "server_probe.h"

#include <stdlib.h>
#include <string.h>

static const char USAGE[] =
    "usage: server [--pipe NAME] [--file FILE] [--timeout MS]\n"
    "Reads FILE to clients that may read it, until standard input ends.\n"
    "  --pipe NAME   the pipe to serve, default "
    "\\\\.\\pipe\\nplab-07-levels\n"
    "  --file FILE   default nplab-07-levels.txt; made if there is none\n"
    "  --timeout MS  longest wait for a connected client, default 5000\n";

struct service {
    const wchar_t *name;
    const wchar_t *path;
    DWORD timeout_ms;
};

enum request { REQUEST_READ, REQUEST_PROBE, REQUEST_UNKNOWN };

/* The whole request is read before anybody looks at it, also one that is too
 * long: it is as unknown as any other. */
static DWORD read_request(HANDLE pipe, DWORD timeout_ms, enum request *request)
{
    void *data = NULL;
    size_t size = 0;
    DWORD err =
        np_read_message(pipe, LEVELS_REQUEST_MAX, timeout_ms, &data, &size);

    *request = REQUEST_UNKNOWN;
    if (err == 0 && size == strlen(LEVELS_READ) &&
        memcmp(data, LEVELS_READ, size) == 0)
        *request = REQUEST_READ;
    if (err == 0 && size == strlen(LEVELS_PROBE) &&
        memcmp(data, LEVELS_PROBE, size) == 0)
        *request = REQUEST_PROBE;
    free(data);
    return err == ERROR_MORE_DATA ? 0 : err;
}

/* Puts the file's content after the mark in the reply, or the refusal. */
static size_t make_text(HANDLE pipe,
                        const struct caller *caller,
                        const wchar_t *path,
                        char *reply)
{
    const DWORD mark = (DWORD)strlen(LEVELS_TEXT);
    HANDLE file = NULL;
    DWORD got = 0;
    DWORD err = file_open(pipe, caller, path, &file);

    memcpy(reply, LEVELS_TEXT, mark);
    if (err == 0 &&
        !ReadFile(file, reply + mark, LEVELS_CONTENT_MAX, &got, NULL))
        err = np_last_error();
    np_close(&file);
    if (err == 0)
        return mark + got;
    return (size_t)snprintf(reply,
                            LEVELS_REPLY_MAX,
                            LEVELS_REFUSED "%lu %s",
                            err,
                            np_code_name(err));
}

/* Serves one request. Returns 0, or the code that ends the conversation. */
static DWORD serve_request(HANDLE pipe, const struct service *service)
{
    static const char *const words[] = {[REQUEST_READ] = LEVELS_READ,
                                        [REQUEST_PROBE] = LEVELS_PROBE,
                                        [REQUEST_UNKNOWN] = "unknown request"};
    char reply[LEVELS_REPLY_MAX] = LEVELS_REFUSED "unknown request";
    size_t size = strlen(reply);
    struct caller caller = {SecurityAnonymous, NULL};
    enum request request;
    DWORD unknown;
    DWORD err = read_request(pipe, service->timeout_ms, &request);

    if (err != 0)
        return err;
    /* For each request anew: with dynamic tracking somebody else may have
     * written this one. */
    unknown = caller_meet(pipe, &caller);
    if (unknown != 0) {
        size = (size_t)snprintf(reply,
                                sizeof reply,
                                LEVELS_REFUSED "%lu %s",
                                unknown,
                                np_code_name(unknown));
    } else if (request == REQUEST_PROBE) {
        probe(pipe, &caller, service->path, reply, sizeof reply);
        size = strlen(reply);
    } else if (request == REQUEST_READ) {
        size = make_text(pipe, &caller, service->path, reply);
    }
    printf("%s, %s: %s\n",
           unknown != 0 ? "unknown" : np_level_name(caller.level),
           words[request],
           memcmp(reply, LEVELS_REFUSED, strlen(LEVELS_REFUSED)) == 0
               ? "refused"
               : "served");
    fflush(stdout);
    caller_forget(&caller);
    return np_write_all(pipe, reply, size, service->timeout_ms);
}

/* Serves clients until the program is asked to stop, which ends the wait it is
 * in with 995. */
static DWORD serve(HANDLE pipe, const struct service *service)
{
    DWORD err = np_accept(pipe, INFINITE);

    while (err == 0) {
        do
            err = serve_request(pipe, service);
        while (err == 0);
        if (err == ERROR_OPERATION_ABORTED)
            break;
        /* One client's trouble is not the server's; to leave (109), even
         * before the reply (232), is no trouble at all. */
        if (err != ERROR_BROKEN_PIPE && err != ERROR_NO_DATA)
            np_warn(err, "a client of %ls", service->name);
        err = DisconnectNamedPipe(pipe) ? 0 : np_last_error();
        if (err == 0)
            err = np_accept(pipe, INFINITE);
    }
    np_stop_requested(); /* says that we have noticed */
    return err == ERROR_OPERATION_ABORTED ? 0 : err;
}

/* Everyone may connect: who may read is asked afterwards. One instance is all
 * there will ever be, so nobody has the right to add another. */
static DWORD create_pipe(const wchar_t *name, HANDLE *pipe)
{
    SECURITY_ATTRIBUTES security;
    DWORD err =
        np_sd_from_text(L"D:P(A;;" NP_CLIENT_ACCESS L";;;WD)", &security);

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
    struct service service = {LEVELS_PIPE, LEVELS_FILE, 5000};
    const struct np_option options[] = {
        {"--pipe", .text = &service.name},
        {"--file", .text = &service.path},
        {"--timeout", .number = &service.timeout_ms},
        {0}};
    const char *call = NULL;
    HANDLE pipe = NULL;
    DWORD err;

    int status = np_args(&argc, argv, USAGE, options);
    if (status != NP_ARGS_GO_ON)
        return status;
    if (argc != 0)
        return np_wrong_usage(USAGE, "the server takes no operands");

    call = "providing the file";
    err = file_provide(service.path);
    if (err != 0)
        goto out;
    call = "CreateNamedPipeW";
    err = create_pipe(service.name, &pipe);
    if (err != 0)
        goto out;
    call = "np_stop_begin";
    err = np_stop_begin();
    if (err != 0)
        goto out;
    call = "serving";
    err = serve(pipe, &service);
out:
    if (err != 0)
        np_warn(err, "%s(%ls)", call, service.name);
    /* Closed, not disconnected: what was written can still be read. */
    np_close(&pipe);
    return err == 0 ? 0 : 1;
}
