/*
 * server.c - echoes messages to many clients at once, with one thread.
 *
 *     server [--pipe NAME] [--instances N]
 *
 * Each pipe instance is a connection that is always doing one of three things
 * (connection.h); all of them wait at one I/O completion port, which hands
 * them out in the order in which they got ready, so that nobody starves.
 * Memory and handles are fixed by N. Partner: client.c.
 */
#include "connection.h"
#include "np_args.h"
#include "np_stop.h"

#include <stdlib.h>

static const char USAGE[] =
    "usage: server [--pipe NAME] [--instances N]\n"
    "Echoes messages until standard input ends.\n"
    "  --pipe NAME    the pipe to serve, default "
    "\\\\.\\pipe\\nplab-03-many-clients\n"
    "  --instances N  clients at once, 1 to 254, default 64\n";

/* The completion key of the request to stop; those of the connections are
 * their addresses. */
enum { STOP = 0 };

/* Runs on a thread of the system's pool when the stop event is signalled. */
static void CALLBACK post_stop(void *port, BOOLEAN timed_out)
{
    (void)timed_out;
    if (!PostQueuedCompletionStatus(port, 0, STOP, NULL))
        np_warn(np_last_error(), "PostQueuedCompletionStatus");
}

/* Takes the next completion from the port, waiting for ever: any client may
 * be the next to move. False for the request to stop. */
static bool next_completion(HANDLE port, struct completion *done)
{
    ULONG_PTR key = 0;
    OVERLAPPED *io = NULL;

    done->err = 0;
    done->bytes = 0;
    if (!GetQueuedCompletionStatus(port, &done->bytes, &key, &io, INFINITE))
        done->err = np_last_error(); /* of the operation: io is not NULL */
    done->connection =
        io != NULL ? CONTAINING_RECORD(io, struct connection, io) : NULL;
    return key != STOP;
}

/* Ends all operations and takes back their OVERLAPPEDs: until its completion
 * was fetched, the system may still write to one. */
static void cancel_all(HANDLE port, struct connection *all, DWORD count)
{
    // BEGIN SOLUTION 03.4
    // STUB: /* TODO 03.4: cancel what is under way, and fetch the completion of
    // STUB:  * each operation that was: it may still be a success. */
    // STUB: (void)port, (void)all, (void)count;
    // STUB: (void)NP_TODO("03.4");
    DWORD under_way = 0;
    for (DWORD i = 0; i < count; i++) {
        if (all[i].under_way) {
            CancelIoEx(all[i].pipe, &all[i].io);
            under_way++;
        }
    }
    while (under_way > 0) {
        struct completion done;
        if (next_completion(port, &done))
            under_way--;
    }
    // END SOLUTION 03.4
}

/* Serves until the program is asked to stop. */
static DWORD serve(HANDLE port, struct connection *all, DWORD count)
{
    struct completion done;
    DWORD err = 0;

    for (DWORD i = 0; i < count && err == 0; i++)
        err = connection_start(&all[i]);
    while (err == 0 && next_completion(port, &done))
        err = connection_go_on(&done);
    np_stop_requested(); /* says that we have noticed */
    cancel_all(port, all, count);
    return err;
}

int wmain(int argc, wchar_t **argv)
{
    const wchar_t *name = MANY_PIPE;
    DWORD count = 64;
    const struct np_option options[] = {
        {"--pipe", .text = &name}, {"--instances", .number = &count}, {0}};
    struct connection *all = NULL;
    HANDLE port = NULL;
    HANDLE stop_wait = NULL;
    const char *call = NULL;
    DWORD err = 0;

    int status = np_args(&argc, argv, USAGE, options);
    if (status != NP_ARGS_GO_ON)
        return status;
    if (argc != 0)
        return np_wrong_usage(USAGE, "the server takes no operands");
    if (count < 1 || count > 254) /* 255 would mean: no limit */
        return np_wrong_usage(USAGE, "N is a number from 1 to 254");

    call = "calloc";
    all = calloc(count, sizeof *all);
    if (all == NULL) {
        err = ERROR_NOT_ENOUGH_MEMORY;
        goto out;
    }
    call = "CreateIoCompletionPort";
    port = CreateIoCompletionPort(INVALID_HANDLE_VALUE,
                                  /* ExistingCompletionPort */ NULL,
                                  /* CompletionKey */ 0,
                                  /* NumberOfConcurrentThreads */ 1);
    if (port == NULL) {
        err = np_last_error();
        goto out;
    }
    call = "CreateNamedPipeW";
    for (DWORD i = 0; i < count && err == 0; i++)
        err = connection_create(&all[i], name, i == 0, count, port);
    if (err != 0)
        goto out;
    call = "np_stop_begin";
    err = np_stop_begin();
    if (err != 0)
        goto out;
    call = "RegisterWaitForSingleObject";
    if (!RegisterWaitForSingleObject(&stop_wait,
                                     np_stop_event(),
                                     post_stop,
                                     port,
                                     INFINITE,
                                     WT_EXECUTEONLYONCE)) {
        err = np_last_error();
        goto out;
    }
    call = "serve";
    err = serve(port, all, count);
out:
    if (err != 0)
        np_warn(err, "%s(%ls)", call, name);
    if (stop_wait != NULL) /* waits for post_stop if that is running */
        UnregisterWaitEx(stop_wait, INVALID_HANDLE_VALUE);
    /* Closed, not disconnected: what was written can still be read. */
    for (DWORD i = 0; all != NULL && i < count; i++)
        np_close(&all[i].pipe);
    np_close(&port);
    free(all);
    return err == 0 ? 0 : 1;
}
