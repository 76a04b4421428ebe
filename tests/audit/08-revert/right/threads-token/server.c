/*
 * server.c - a broker: does clients' requests on files, with their rights.
 *
 *     server [--pipe NAME] [--folder DIR] [--log FILE] [--clients N]
 *
 * A thread and an instance for each of N clients. Its price: N threads, used
 * or not. Partner: client.c.
 */
#include "broker.h"
#include "server_identity.h"
#include "server_jobs.h"
#include "server_log.h"
#include "server_request.h"
#include "np_args.h"
#include "np_handle.h"
#include "np_io.h"
#include "np_pipe.h"
#include "np_sd.h"
#include "np_stop.h"
#include "np_token.h"

#include <stdlib.h>
#include <wchar.h>

static const char USAGE[] =
    "usage: server [--pipe NAME] [--folder DIR] [--log FILE] [--clients N]\n"
    "Reads, writes and copies the files of a folder for its clients.\n"
    "  --pipe NAME   default \\\\.\\pipe\\nplab-08-revert\n"
    "  --folder DIR  whose files, default: the current one\n"
    "  --log FILE    who asked for what, default broker.log\n"
    "  --clients N   most clients at once, 1 to 16, default 4\n";

enum {
    CLIENTS_MAX = 16,
    PIPE_MODE = PIPE_TYPE_MESSAGE | PIPE_READMODE_MESSAGE | PIPE_WAIT |
                PIPE_REJECT_REMOTE_CLIENTS,
    WRITE_MS = 5000 /* a client that does not read its reply is dropped */
};

static const wchar_t *pipe_path = BROKER_PIPE;
static SECURITY_ATTRIBUTES pipe_security;

/* Everybody may be a client; the lab group alone may be a server, that is,
 * create instances. */
static DWORD make_security(void)
{
    const wchar_t *group = NULL;
    wchar_t sddl[96];
    DWORD err = np_lab_group(&group);

    if (err != 0)
        return err;
    swprintf(sddl,
             sizeof sddl / sizeof sddl[0],
             L"D:P(A;;GA;;;%ls)(A;;" NP_CLIENT_ACCESS L";;;WD)",
             group);
    return np_sd_from_text(sddl, &pipe_security);
}

/* One more instance of the pipe that np_create_first has made. */
static DWORD create_instance(HANDLE *pipe)
{
    *pipe = CreateNamedPipeW(pipe_path,
                             PIPE_ACCESS_DUPLEX | FILE_FLAG_OVERLAPPED,
                             PIPE_MODE,
                             PIPE_UNLIMITED_INSTANCES,
                             /* nOutBufferSize */ BROKER_REPLY_MAX,
                             /* nInBufferSize */ BROKER_REQUEST_MAX,
                             /* nDefaultTimeOut: 50 ms */ 0,
                             &pipe_security);
    if (*pipe != INVALID_HANDLE_VALUE)
        return 0;
    DWORD err = np_last_error();
    *pipe = NULL;
    return err;
}

/* Says goodbye to the client, and replaces its instance by one for the next.
 * In this order, the name never goes without an instance. */
static DWORD next_instance(HANDLE *pipe)
{
    char who[WHO_SIZE];
    HANDLE token = NULL;
    HANDLE next = NULL;
    DWORD err;

    /* A client that has said nothing may be unknown; so its goodbye is. */
    if (client_token(*pipe, &token) != 0)
        token = NULL;
    err = create_instance(&next);
    describe_token(token, who, sizeof who);
    log_line("left: %s", who);
    np_close(&token);
    np_close(pipe);
    *pipe = next;
    return err;
}

/* Answers one client until it leaves, or cannot be talked to. */
static void serve_client(HANDLE pipe)
{
    char reply[BROKER_REPLY_MAX];
    DWORD reply_size = 0;
    void *message = NULL;
    size_t size = 0;

    while (np_read_message(
               pipe, BROKER_REQUEST_MAX, INFINITE, &message, &size) == 0) {
        serve_request(pipe, message, size, reply, &reply_size);
        free(message);
        if (np_write_all(pipe, reply, reply_size, WRITE_MS) != 0)
            break;
    }
}

/* A thread that serves one client after another. */
static DWORD WINAPI work(void *instance)
{
    HANDLE pipe = instance;
    DWORD err = np_accept(pipe, INFINITE);

    while (err == 0) {
        serve_client(pipe);
        if (np_stop_requested())
            break;
        err = next_instance(&pipe);
        if (err == 0)
            err = np_accept(pipe, INFINITE);
    }
    if (np_stop_requested())
        err = 0;
    if (err != 0)
        np_warn(err, "serving %ls", pipe_path);
    np_close(&pipe);
    return err;
}

/* Starts a thread for an instance, which is the thread's from then on. */
static DWORD start_worker(HANDLE *pipe, HANDLE *thread)
{
    *thread = CreateThread(NULL, 0, work, *pipe, 0, NULL);
    if (*thread == NULL)
        return np_last_error();
    *pipe = NULL;
    return 0;
}

/* Serves until all workers have ended: when the program is asked to stop, or
 * when none is left. */
static DWORD serve(HANDLE *first, DWORD clients)
{
    HANDLE workers[CLIENTS_MAX] = {NULL};
    DWORD count = 0;
    DWORD err = 0;

    while (err == 0 && count < clients) {
        if (count > 0)
            err = create_instance(first);
        if (err == 0)
            err = start_worker(first, &workers[count]);
        if (err == 0)
            count++;
    }
    if (err != 0)
        np_warn(err, "worker %lu", count + 1);
    if (count > 0)
        WaitForMultipleObjects(count, workers, TRUE, INFINITE);
    for (DWORD i = 0; i < count; i++)
        np_close(&workers[i]);
    return np_stop_requested() ? 0 : ERROR_PROCESS_ABORTED;
}

int wmain(int argc, wchar_t **argv)
{
    const wchar_t *folder = L".";
    const wchar_t *log = L"broker.log";
    const wchar_t *count = NULL;
    DWORD clients = 4;
    const struct np_option options[] = {{"--pipe", .text = &pipe_path},
                                        {"--folder", .text = &folder},
                                        {"--log", .text = &log},
                                        {"--clients", .number = &clients},
                                        {"--count", .text = &count},
                                        {0}};
    HANDLE pipe = NULL;
    DWORD err;

    int status = np_args(&argc, argv, USAGE, options);
    if (status != NP_ARGS_GO_ON)
        return status;
    if (argc != 0)
        return np_wrong_usage(USAGE, "the server takes no operands");
    if (clients < 1 || clients > CLIENTS_MAX)
        return np_wrong_usage(USAGE, "--clients is 1 to 16");
    if (count != NULL)
        return (int)count_lines(count); /* the helper of COUNT */

    err = request_folder(folder);
    if (err == 0)
        err = make_security();
    if (err == 0)
        err = np_create_first(pipe_path,
                              PIPE_MODE,
                              PIPE_UNLIMITED_INSTANCES,
                              &pipe_security,
                              &pipe);
    if (err == 0)
        err = log_begin(log);
    if (err == 0)
        err = np_stop_begin();
    if (err != 0) {
        np_warn(err, "starting to serve %ls", pipe_path);
        goto out;
    }
    err = serve(&pipe, clients);
out:
    np_close(&pipe);
    np_sd_free(&pipe_security);
    return err == 0 ? 0 : 1;
}
