/*
 * client.c - knocks at the server's door and prints its welcome.
 *
 *     client [--pipe NAME] [--timeout MS] TEXT
 *
 * Whoever serves the name gets what we send, and as much of our identity as
 * we lend: so we lend none. Partner: server.c.
 */
#include "door.h"
#include "np_args.h"
#include "np_handle.h"
#include "np_io.h"
#include "np_pipe.h"

#include <stdlib.h>

static const char USAGE[] =
    "usage: client [--pipe NAME] [--timeout MS] TEXT\n"
    "Sends TEXT and prints the server's reply.\n"
    "  --pipe NAME   the server's pipe, default "
    "\\\\.\\pipe\\nplab-04-front-door\n"
    "  --timeout MS  longest wait for the server, default 5000\n";

/* Opens the pipe to read and write whole messages. */
static DWORD knock(const wchar_t *name, DWORD timeout_ms, HANDLE *pipe)
{
    DWORD mode = PIPE_READMODE_MESSAGE;
    DWORD err = 0;

    /* TODO 04.6: np_connect for both ways, in time, and without
     * telling the server who we are; then set the read mode. */
    (void)name, (void)timeout_ms, (void)pipe, (void)mode;
    err = NP_TODO("04.6");
    return err;
}

/* Sends the text and prints the reply. */
static DWORD exchange(HANDLE pipe, const wchar_t *text, DWORD timeout_ms)
{
    size_t size = 0;
    char *bytes = np_utf8(text, &size);
    void *reply = NULL;
    DWORD err = ERROR_NOT_ENOUGH_MEMORY;

    if (bytes != NULL)
        err = np_write_all(pipe, bytes, size, timeout_ms);
    if (err == 0)
        err = np_read_message(pipe, DOOR_REPLY_MAX, timeout_ms, &reply, &size);
    if (err == 0) {
        fwrite(reply, 1, size, stdout);
        putchar('\n');
    }
    free(reply);
    free(bytes);
    return err;
}

int wmain(int argc, wchar_t **argv)
{
    const wchar_t *name = DOOR_PIPE;
    DWORD timeout_ms = 5000;
    const struct np_option options[] = {
        {"--pipe", .text = &name}, {"--timeout", .number = &timeout_ms}, {0}};
    HANDLE pipe = NULL;
    DWORD err;

    int status = np_args(&argc, argv, USAGE, options);
    if (status != NP_ARGS_GO_ON)
        return status;
    if (argc != 1)
        return np_wrong_usage(USAGE, "one operand is needed: TEXT");

    err = knock(name, timeout_ms, &pipe);
    if (err != 0) {
        np_warn(err, "CreateFileW(%ls)", name);
        goto out;
    }
    err = exchange(pipe, argv[0], timeout_ms);
    if (err != 0)
        np_warn(err, "talking to %ls", name);
out:
    np_close(&pipe);
    return err == 0 ? 0 : 1;
}
