/*
 * client.c - sends data to the echo server and prints what comes back.
 *
 *     client [--pipe NAME] [--timeout MS] TEXT
 *     client [--pipe NAME] [--timeout MS] -
 *
 * The second form sends standard input, whatever bytes it holds.
 * Partner: server.c.
 */
#include "echo.h"
#include "np_args.h"
#include "np_error.h"
#include "np_handle.h"
#include "np_io.h"
#include "np_pipe.h"

#include <io.h>
#include <stdlib.h>
#include <wchar.h>

static const char USAGE[] =
    "usage: client [--pipe NAME] [--timeout MS] TEXT|-\n"
    "Sends TEXT, or standard input for -, and prints the echo.\n"
    "  --pipe NAME   the server's pipe, default \\\\.\\pipe\\nplab-01-echo\n"
    "  --timeout MS  longest wait for the server, default 5000\n";

/* Prints the next size bytes of the echo. */
static DWORD print_echo(HANDLE pipe, size_t size, DWORD timeout_ms)
{
    char buffer[ECHO_BUFFER];

    while (size > 0) {
        DWORD got = 0;
        DWORD room = size < sizeof buffer ? (DWORD)size : sizeof buffer;
        DWORD err = np_read(pipe, buffer, room, timeout_ms, &got);

        if (err != 0)
            return err;
        fwrite(buffer, 1, got, stdout);
        size -= got;
    }
    return 0;
}

/* Sends all of data and prints its echo. */
static DWORD
exchange(HANDLE pipe, const char *data, size_t size, DWORD timeout_ms)
{
    // BEGIN SOLUTION 01.6
    // STUB: /* TODO 01.6: send the data and print_echo it, in an order that
    // STUB:  * cannot leave both programs waiting, however much it is. */
    // STUB: (void)data;
    // STUB: DWORD err = NP_TODO("01.6");
    // STUB: return err != 0 ? err : print_echo(pipe, size, timeout_ms);
    /* Never more under way than the pipe holds: the server, which reads
     * nothing while it writes, never has to wait for us, nor we for it. */
    while (size > 0) {
        size_t piece = size < ECHO_BUFFER ? size : ECHO_BUFFER;
        DWORD err = np_write_all(pipe, data, piece, timeout_ms);
        if (err == 0)
            err = print_echo(pipe, piece, timeout_ms);
        if (err != 0)
            return err;
        data += piece;
        size -= piece;
    }
    return 0;
    // END SOLUTION 01.6
}

static DWORD exchange_text(HANDLE pipe, const wchar_t *text, DWORD timeout_ms)
{
    size_t size = 0;
    char *bytes = np_utf8(text, &size);
    DWORD err = ERROR_NOT_ENOUGH_MEMORY;

    if (bytes != NULL)
        err = exchange(pipe, bytes, size, timeout_ms);
    if (err == 0)
        putchar('\n');
    free(bytes);
    return err;
}

static DWORD exchange_input(HANDLE pipe, DWORD timeout_ms)
{
    char data[ECHO_BUFFER];
    DWORD err = 0;
    int size = 1;

    /* _read returns what has been typed; fread would wait for a full buffer. */
    while (err == 0 && size > 0) {
        size = _read(_fileno(stdin), data, sizeof data);
        if (size < 0)
            err = ERROR_READ_FAULT;
        else if (size > 0)
            err = exchange(pipe, data, (size_t)size, timeout_ms);
        fflush(stdout);
    }
    return err;
}

int wmain(int argc, wchar_t **argv)
{
    const wchar_t *name = ECHO_PIPE;
    DWORD timeout_ms = 5000;
    const struct np_option options[] = {
        {"--pipe", .text = &name}, {"--timeout", .number = &timeout_ms}, {0}};
    HANDLE pipe = NULL;
    DWORD err;

    int status = np_args(&argc, argv, USAGE, options);
    if (status != NP_ARGS_GO_ON)
        return status;
    if (argc != 1)
        return np_wrong_usage(USAGE, "one operand is needed: TEXT or -");

    /* The server needs to know nothing about us: anonymous. */
    err = np_connect(name,
                     GENERIC_READ | GENERIC_WRITE,
                     SECURITY_ANONYMOUS,
                     timeout_ms,
                     &pipe);
    if (err != 0) {
        np_warn(err, "CreateFileW(%ls)", name);
        return 1;
    }
    if (wcscmp(argv[0], L"-") == 0)
        err = exchange_input(pipe, timeout_ms);
    else
        err = exchange_text(pipe, argv[0], timeout_ms);
    if (err != 0)
        np_warn(err, "talking to %ls", name);
    np_close(&pipe);
    return err == 0 ? 0 : 1;
}
