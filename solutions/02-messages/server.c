/*
 * server.c - answers requests, each a message, one client at a time.
 *
 *     server [--pipe NAME] [--timeout MS]
 *
 * The protocol is in messages.h. All waits for a client have a deadline,
 * which synchronous I/O cannot have: hence overlapped I/O, by way of np_io.h.
 * Partner: client.c.
 */
#include "messages.h"
#include "np_args.h"
#include "np_handle.h"
#include "np_io.h"
#include "np_pipe.h"
#include "np_stop.h"

#include <stdlib.h>
#include <string.h>

static const char USAGE[] =
    "usage: server [--pipe NAME] [--timeout MS]\n"
    "Answers requests until standard input ends.\n"
    "  --pipe NAME   the pipe to serve, default "
    "\\\\.\\pipe\\nplab-02-messages\n"
    "  --timeout MS  longest wait for a connected client, default 5000\n";

/* Creates the pipe, or fails if anybody serves that name already. */
static DWORD create_pipe(const wchar_t *name, HANDLE *pipe)
{
    // BEGIN SOLUTION 02.1
    // STUB: /* TODO 02.1: np_create_first: a pipe that keeps messages apart
    // STUB:  * when they are written, and when we read them. */
    // STUB: (void)name;
    // STUB: *pipe = NULL;
    // STUB: return NP_TODO("02.1");
    return np_create_first(name,
                           PIPE_TYPE_MESSAGE | PIPE_READMODE_MESSAGE,
                           /* instances */ 1,
                           /* security: default */ NULL,
                           pipe);
    // END SOLUTION 02.1
}

/*
 * Reads one whole request. One that is too long is read to its end and
 * dropped, so that the next read begins with the next request; *too_long
 * tells. What the request costs us in memory is REQUEST_MAX, whatever a
 * client sends.
 */
static DWORD read_request(HANDLE pipe,
                          DWORD timeout_ms,
                          struct message *request,
                          bool *too_long)
{
    struct np_deadline deadline = np_deadline_in(timeout_ms);

    *too_long = false;
    request->size = 0;
    // BEGIN SOLUTION 02.2
    // STUB: /* TODO 02.2: read until the message is complete, and let the room
    // STUB:  * grow as it must, but no further than it may. */
    // STUB: (void)pipe, (void)deadline;
    // STUB: return NP_TODO("02.2");
    DWORD err;
    do {
        DWORD got = 0;
        if (request->size == request->room && !message_grow(request)) {
            if (request->room < REQUEST_MAX)
                return ERROR_NOT_ENOUGH_MEMORY;
            *too_long = true;
            request->size = 0;
        }
        err = np_read(pipe,
                      request->data + request->size,
                      request->room - request->size,
                      np_time_left(deadline),
                      &got);
        request->size += got;
    } while (err == ERROR_MORE_DATA);
    return err;
    // END SOLUTION 02.2
}

/* ASCII only: toupper would depend on the locale. */
static void upper(char *text, DWORD size)
{
    for (DWORD i = 0; i < size; i++)
        if (text[i] >= 'a' && text[i] <= 'z')
            text[i] = (char)(text[i] - 'a' + 'A');
}

static void reverse(char *text, DWORD size)
{
    for (DWORD i = 0; i < size / 2; i++) {
        char other = text[size - 1 - i];
        text[size - 1 - i] = text[i];
        text[i] = other;
    }
}

/* Turns a good request into its reply, in place: they are equally long.
 * Returns NULL, or the reply that replaces it. */
static const char *answer(struct message *request, bool too_long)
{
    // BEGIN SOLUTION 02.3
    // STUB: /* TODO 02.3: answer the three verbs and refuse all else. Only then
    // STUB:  * look at the first byte when you know that there is one. */
    // STUB: (void)request, (void)too_long, (void)upper, (void)reverse;
    // STUB: (void)NP_TODO("02.3");
    // STUB: return REPLY_UNKNOWN;
    if (too_long)
        return REPLY_TOO_LONG;
    if (request->size == 0)
        return REPLY_EMPTY;
    if (request->data[0] == 'B' && request->size == 1)
        return REPLY_BYE;
    if (request->data[0] == 'U')
        upper(request->data + 1, request->size - 1);
    else if (request->data[0] == 'R')
        reverse(request->data + 1, request->size - 1);
    else
        return REPLY_UNKNOWN;
    request->data[0] = '+';
    return NULL;
    // END SOLUTION 02.3
}

/* Waits until the client has read all and closed its end: to disconnect
 * before would take back the reply. But not longer than timeout_ms. */
static DWORD wait_until_left(HANDLE pipe, DWORD timeout_ms)
{
    // BEGIN SOLUTION 02.4
    // STUB: /* TODO 02.4: the client leaves when it has its reply. How do you
    // STUB:  * notice, without trusting that it ever happens? */
    // STUB: (void)pipe, (void)timeout_ms;
    // STUB: return NP_TODO("02.4");
    struct np_deadline deadline = np_deadline_in(timeout_ms);
    char ignored[512];
    DWORD got;
    DWORD err;
    do {
        err = np_read(
            pipe, ignored, sizeof ignored, np_time_left(deadline), &got);
    } while (err == 0 || err == ERROR_MORE_DATA);
    return err == ERROR_BROKEN_PIPE ? 0 : err;
    // END SOLUTION 02.4
}

static DWORD converse(HANDLE pipe, DWORD timeout_ms, struct message *request)
{
    const char *instead = NULL;

    while (instead == NULL || strcmp(instead, REPLY_BYE) != 0) {
        bool too_long;
        DWORD err = read_request(pipe, timeout_ms, request, &too_long);
        if (err != 0) /* to leave without a word is a way to end, too */
            return err == ERROR_BROKEN_PIPE ? 0 : err;
        instead = answer(request, too_long);
        if (instead != NULL)
            err = np_write_all(pipe, instead, strlen(instead), timeout_ms);
        else
            err = np_write_all(pipe, request->data, request->size, timeout_ms);
        if (err != 0)
            return err;
    }
    return wait_until_left(pipe, timeout_ms);
}

/* Serves clients until the program is asked to stop. Then it returns without
 * a disconnect: closing the pipe leaves the client what was written. */
static DWORD serve(HANDLE pipe, DWORD timeout_ms)
{
    struct message request = {0};
    DWORD err = np_accept(pipe, INFINITE);

    for (unsigned client = 1; err == 0; client++) {
        err = converse(pipe, timeout_ms, &request);
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
    free(request.data);
    return np_stop_requested() ? 0 : err;
}

int wmain(int argc, wchar_t **argv)
{
    const wchar_t *name = MESSAGES_PIPE;
    DWORD timeout_ms = 5000;
    const struct np_option options[] = {
        {"--pipe", .text = &name}, {"--timeout", .number = &timeout_ms}, {0}};
    HANDLE pipe = NULL;
    DWORD err;

    int status = np_args(&argc, argv, USAGE, options);
    if (status != NP_ARGS_GO_ON)
        return status;
    if (argc != 0)
        return np_wrong_usage(USAGE, "the server takes no operands");

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
    return err == 0 ? 0 : 1;
}
