/*
 * client.c - sends messages and prints their echoes, one a line.
 *
 *     client [--pipe NAME] [--timeout MS] TEXT...
 *
 * Partner: server.c.
 */
#include "many.h"
#include "np_args.h"
#include "np_handle.h"
#include "np_io.h"

#include <stdlib.h>

static const char USAGE[] =
    "usage: client [--pipe NAME] [--timeout MS] TEXT...\n"
    "Sends each TEXT as a message and prints what comes back.\n"
    "  --pipe NAME   the server's pipe, default "
    "\\\\.\\pipe\\nplab-03-many-clients\n"
    "  --timeout MS  longest wait for a free instance, and for each echo,\n"
    "                default 5000\n";

static HANDLE open_pipe(const wchar_t *name)
{
    return CreateFileW(name,
                       GENERIC_READ | GENERIC_WRITE,
                       /* dwShareMode: pipes ignore it */ 0,
                       /* lpSecurityAttributes */ NULL,
                       OPEN_EXISTING,
                       FILE_FLAG_OVERLAPPED | SECURITY_SQOS_PRESENT |
                           SECURITY_ANONYMOUS,
                       /* hTemplateFile */ NULL);
}

/* Opens the pipe, and queues for it while all of its instances are busy, in
 * all no longer than timeout_ms. (np_connect does this in later labs.) */
static DWORD
connect_in_time(const wchar_t *name, DWORD timeout_ms, HANDLE *pipe)
{
    struct np_deadline deadline = np_deadline_in(timeout_ms);

    *pipe = open_pipe(name);
    /* TODO 03.5: if all instances are busy, wait for a free one and try
     * again. Another client may be quicker. Count the time as a whole. */
    (void)deadline;
    if (*pipe == INVALID_HANDLE_VALUE)
        return NP_TODO("03.5");
    return *pipe != INVALID_HANDLE_VALUE ? 0 : np_last_error();
}

/* Sends one message and prints its echo. */
static DWORD exchange(HANDLE pipe, const wchar_t *text, DWORD timeout_ms)
{
    void *echo = NULL;
    size_t size = 0;
    char *bytes = np_utf8(text, &size);
    DWORD err = ERROR_NOT_ENOUGH_MEMORY;

    if (bytes != NULL)
        err = np_write_all(pipe, bytes, size, timeout_ms);
    if (err == 0)
        err = np_read_message(pipe, MANY_MESSAGE_MAX, timeout_ms, &echo, &size);
    if (err == 0) {
        fwrite(echo, 1, size, stdout);
        putchar('\n');
        fflush(stdout);
    }
    free(echo);
    free(bytes);
    return err;
}

int wmain(int argc, wchar_t **argv)
{
    const wchar_t *name = MANY_PIPE;
    DWORD timeout_ms = 5000;
    const struct np_option options[] = {
        {"--pipe", .text = &name}, {"--timeout", .number = &timeout_ms}, {0}};
    HANDLE pipe = NULL;
    DWORD mode = PIPE_READMODE_MESSAGE;
    DWORD err;

    int status = np_args(&argc, argv, USAGE, options);
    if (status != NP_ARGS_GO_ON)
        return status;
    if (argc == 0)
        return np_wrong_usage(USAGE, "at least one TEXT is needed");

    err = connect_in_time(name, timeout_ms, &pipe);
    if (err != 0) {
        np_warn(err, "CreateFileW(%ls)", name);
        goto out;
    }
    if (!SetNamedPipeHandleState(pipe, &mode, NULL, NULL)) {
        err = np_last_error();
        np_warn(err, "SetNamedPipeHandleState(%ls)", name);
        goto out;
    }
    for (int i = 0; i < argc && err == 0; i++) {
        err = exchange(pipe, argv[i], timeout_ms);
        if (err != 0)
            np_warn(err, "talking to %ls", name);
    }
out:
    np_close(&pipe);
    return err == 0 ? 0 : 1;
}
