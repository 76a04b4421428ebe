/*
 * client.c - sends one request and prints the reply.
 *
 *     client [--pipe NAME] [--timeout MS] REQUEST
 *     client [--pipe NAME] [--timeout MS] -
 *
 * REQUEST is sent as it is: its first letter is the verb (messages.h). The
 * second form takes the request from standard input. Partner: server.c.
 */
#include "messages.h"
#include "np_args.h"
#include "np_handle.h"
#include "np_io.h"
#include "np_pipe.h"

#include <stdlib.h>
#include <wchar.h>

static const char USAGE[] =
    "usage: client [--pipe NAME] [--timeout MS] REQUEST|-\n"
    "Sends REQUEST, or standard input for -, and prints the reply.\n"
    "  --pipe NAME   the server's pipe, default "
    "\\\\.\\pipe\\nplab-02-messages\n"
    "  --timeout MS  longest wait for the server, default 5000\n";

/* Standard input as one request. A byte more than is allowed is read, so that
 * the server, which knows the limit, can refuse it. */
static DWORD read_input(char **data, size_t *size)
{
    *data = malloc(REQUEST_MAX + 1);
    if (*data == NULL)
        return ERROR_NOT_ENOUGH_MEMORY;
    *size = fread(*data, 1, REQUEST_MAX + 1, stdin);
    return ferror(stdin) ? ERROR_READ_FAULT : 0;
}

/* Makes this end read messages: every client's handle begins in byte mode. */
static DWORD read_messages(HANDLE pipe)
{
    /* TODO 02.5: set the read mode of our end of the pipe. */
    (void)pipe;
    return NP_TODO("02.5");
}

/* Sends a request and reads the whole reply. */
static DWORD transact(HANDLE pipe,
                      char *data,
                      size_t size,
                      DWORD timeout_ms,
                      struct message *reply)
{
    struct np_deadline deadline = np_deadline_in(timeout_ms);
    OVERLAPPED io = {0};
    DWORD err = message_grow(reply) ? 0 : ERROR_NOT_ENOUGH_MEMORY;

    if (err != 0)
        return err;
    io.hEvent = CreateEventW(NULL, /* manual */ TRUE, FALSE, NULL);
    if (io.hEvent == NULL)
        return np_last_error();
    /* TODO 02.6: TransactNamedPipe writes the request and reads the
     * reply; wait for it with np_await_io. If more of the reply is
     * there than had room, read on. */
    (void)pipe, (void)data, (void)size, (void)deadline;
    err = NP_TODO("02.6");
    np_close(&io.hEvent);
    return err;
}

/* Prints the body of a reply, and returns the exit code that goes with it. */
static int show(const struct message *reply)
{
    if (reply->size > 0 && reply->data[0] == '+') {
        fwrite(reply->data + 1, 1, reply->size - 1, stdout);
        putchar('\n');
        return 0;
    }
    if (reply->size > 0 && reply->data[0] == '-')
        fprintf(
            stderr, "refused: %.*s\n", (int)(reply->size - 1), reply->data + 1);
    else
        fputs("the reply is not one of this protocol\n", stderr);
    return 1;
}

int wmain(int argc, wchar_t **argv)
{
    const wchar_t *name = MESSAGES_PIPE;
    DWORD timeout_ms = 5000;
    const struct np_option options[] = {
        {"--pipe", .text = &name}, {"--timeout", .number = &timeout_ms}, {0}};
    struct message reply = {0};
    HANDLE pipe = NULL;
    char *data = NULL;
    size_t size = 0;
    DWORD err = 0;

    int status = np_args(&argc, argv, USAGE, options);
    if (status != NP_ARGS_GO_ON)
        return status;
    if (argc != 1)
        return np_wrong_usage(USAGE, "one operand is needed: REQUEST or -");
    status = 1;

    if (wcscmp(argv[0], L"-") == 0)
        err = read_input(&data, &size);
    else if ((data = np_utf8(argv[0], &size)) == NULL)
        err = ERROR_NOT_ENOUGH_MEMORY;
    if (err != 0) {
        np_warn(err, "reading the request");
        goto out;
    }
    err = np_connect(name,
                     GENERIC_READ | GENERIC_WRITE,
                     SECURITY_ANONYMOUS,
                     timeout_ms,
                     &pipe);
    if (err != 0) {
        np_warn(err, "CreateFileW(%ls)", name);
        goto out;
    }
    err = read_messages(pipe);
    if (err != 0) {
        np_warn(err, "SetNamedPipeHandleState(%ls)", name);
        goto out;
    }
    err = transact(pipe, data, size, timeout_ms, &reply);
    if (err != 0) {
        np_warn(err, "TransactNamedPipe(%ls)", name);
        goto out;
    }
    status = show(&reply);
out:
    np_close(&pipe);
    free(reply.data);
    free(data);
    return status;
}
