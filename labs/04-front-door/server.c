/*
 * server.c - welcomes those whom it admits, and is the only one to do so.
 *
 *     server [--pipe NAME] [--admit WHO] [--instances N] [--timeout MS]
 *
 * A thread for each pipe instance. All instances are created before the first
 * client is served, and live as long as the server: the name is never given
 * up. Whom the pipe admits is decided in door.c. Partner: client.c.
 */
#include "door.h"
#include "np_args.h"
#include "np_handle.h"
#include "np_io.h"
#include "np_pipe.h"
#include "np_sd.h"
#include "np_stop.h"

#include <stdlib.h>
#include <string.h>

static const char USAGE[] =
    "usage: server [--pipe NAME] [--admit WHO] [--instances N] [--timeout MS]\n"
    "Welcomes its clients, until standard input ends.\n"
    "  --pipe NAME    the pipe to serve, default "
    "\\\\.\\pipe\\nplab-04-front-door\n"
    "  --admit WHO    who may connect: group (default), everyone, or a SID\n"
    "  --instances N  clients at once, 1 to 16, default 4\n"
    "  --timeout MS   longest wait for a connected client, default 5000\n";

enum { INSTANCES_MAX = 16 };

struct instance {
    const wchar_t *name;
    DWORD timeout_ms;
    HANDLE pipe;
    HANDLE thread;
    DWORD err; /* why the thread ended; 0: it was asked to */
};

/* Creates one instance of the pipe: the first that exists, or a further one. */
static DWORD create_instance(const wchar_t *name,
                             bool first,
                             DWORD count,
                             SECURITY_ATTRIBUTES *security,
                             HANDLE *pipe)
{
    const DWORD both_ways = PIPE_ACCESS_DUPLEX | FILE_FLAG_OVERLAPPED;
    const DWORD messages = PIPE_TYPE_MESSAGE | PIPE_READMODE_MESSAGE;

    /* TODO 04.3: create the instance, for count at most, with security
     * and NP_PIPE_BUFFER bytes each way. Refuse the network, and for
     * the first one a name that is served already. */
    (void)name, (void)first, (void)count, (void)security;
    (void)both_ways, (void)messages;
    *pipe = NULL;
    return NP_TODO("04.3");
}

/* All instances with one descriptor, or an error. Whoever calls closes what
 * was created, also after an error. */
static DWORD create_all(const wchar_t *name,
                        const wchar_t *who,
                        struct instance *all,
                        DWORD count)
{
    SECURITY_ATTRIBUTES security = {0};
    wchar_t sddl[DOOR_SDDL_MAX];
    DWORD err = 0;

    /* TODO 04.4: door_text and np_sd_from_text make the descriptor;
     * create_instance count instances with it. Without a descriptor
     * there is no pipe. */
    (void)name, (void)who, (void)all, (void)count;
    (void)sddl, (void)create_instance;
    err = NP_TODO("04.4");
    np_sd_free(&security);
    return err;
}

/* Answers one request. Returns 0, or the code that ends the conversation. */
static DWORD answer(HANDLE pipe, DWORD timeout_ms)
{
    char reply[DOOR_REPLY_MAX] = DOOR_WELCOME;
    const size_t begin = strlen(DOOR_WELCOME);
    void *request = NULL;
    size_t size = 0;
    DWORD err =
        np_read_message(pipe, DOOR_REQUEST_MAX, timeout_ms, &request, &size);

    if (err == 0) {
        memcpy(reply + begin, request, size);
        err = np_write_all(pipe, reply, begin + size, timeout_ms);
    }
    free(request);
    return err;
}

/* Makes this instance free for its next client, and waits for him. */
static DWORD next_client(struct instance *me)
{
    DWORD err = 0;

    /* TODO 04.5: end this connection and np_accept the next one, so
     * that at no moment the name is free for somebody else. */
    (void)me;
    err = NP_TODO("04.5");
    return err;
}

/* One client after another, until the program is asked to stop, which ends
 * the wait it is in with 995. */
static DWORD WINAPI serve_instance(void *argument)
{
    struct instance *me = argument;
    DWORD err = np_accept(me->pipe, INFINITE);

    while (err == 0) {
        do
            err = answer(me->pipe, me->timeout_ms);
        while (err == 0);
        if (err == ERROR_OPERATION_ABORTED)
            break;
        /* One client's trouble is not the server's; to leave (109), even
         * before the reply (232), is no trouble at all. */
        if (err != ERROR_BROKEN_PIPE && err != ERROR_NO_DATA)
            np_warn(err, "a client of %ls", me->name);
        err = next_client(me);
    }
    me->err = err == ERROR_OPERATION_ABORTED ? 0 : err;
    if (me->err != 0)
        np_warn(me->err, "an instance of %ls", me->name);
    return 0;
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
    const wchar_t *name = DOOR_PIPE;
    const wchar_t *who = L"group"; /* the narrower one, unless asked for more */
    struct instance all[INSTANCES_MAX] = {0};
    DWORD count = 4;
    DWORD timeout_ms = 5000;
    const struct np_option options[] = {{"--pipe", .text = &name},
                                        {"--admit", .text = &who},
                                        {"--instances", .number = &count},
                                        {"--timeout", .number = &timeout_ms},
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

    for (DWORD i = 0; i < count; i++) {
        all[i].name = name;
        all[i].timeout_ms = timeout_ms;
    }
    call = "creating the pipe";
    err = create_all(name, who, all, count);
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
        np_warn(err, "%s(%ls)", call, name);
    /* Closed, not disconnected: what was written can still be read. */
    for (DWORD i = 0; i < count; i++)
        np_close(&all[i].pipe);
    return err == 0 ? 0 : 1;
}
