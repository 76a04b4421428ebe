/*
 * server.c - returns to each client what it sends, one client at a time.
 *
 *     server [--pipe NAME]
 *
 * Synchronous I/O on a single pipe instance: the simplest server there is.
 * Its price: while one client is connected, the others wait, however long
 * that client stays silent. Lab 03 lifts that. Partner: client.c.
 */
#include "echo.h"
#include "np_args.h"
#include "np_error.h"
#include "np_handle.h"
#include "np_stop.h"

static const char USAGE[] =
    "usage: server [--pipe NAME]\n"
    "Returns to each client what it sends, until standard input ends.\n"
    "  --pipe NAME  the pipe to serve, default \\\\.\\pipe\\nplab-01-echo\n";

/* Creates the pipe, or fails if anybody serves that name already. */
static DWORD create_pipe(const wchar_t *name, HANDLE *pipe)
{
    // BEGIN SOLUTION 01.1
    // STUB: /* TODO 01.1: create a duplex pipe of bytes, with one instance. Be
    // STUB:  * its first server or none, and refuse clients from the network. */
    // STUB: (void)name;
    // STUB: *pipe = NULL;
    // STUB: return NP_TODO("01.1");
    *pipe = CreateNamedPipeW(name,
                             PIPE_ACCESS_DUPLEX | FILE_FLAG_FIRST_PIPE_INSTANCE,
                             PIPE_TYPE_BYTE | PIPE_REJECT_REMOTE_CLIENTS,
                             /* nMaxInstances */ 1,
                             /* nOutBufferSize */ ECHO_BUFFER,
                             /* nInBufferSize */ ECHO_BUFFER,
                             /* nDefaultTimeOut: 50 ms */ 0,
                             /* lpSecurityAttributes: see README */ NULL);
    if (*pipe != INVALID_HANDLE_VALUE)
        return 0;
    DWORD err = np_last_error();
    *pipe = NULL;
    return err;
    // END SOLUTION 01.1
}

/* Waits until a client is connected. */
static DWORD wait_for_client(HANDLE pipe)
{
    // BEGIN SOLUTION 01.2
    // STUB: /* TODO 01.2: wait for a client. It may be there before you ask,
    // STUB:  * and it may even have left again. */
    // STUB: (void)pipe;
    // STUB: return NP_TODO("01.2");
    if (ConnectNamedPipe(pipe, NULL))
        return 0;
    DWORD err = np_last_error();
    /* The client was faster: 535, it is connected; 232, it has closed its
     * end again, and what it wrote before can still be read. */
    return err == ERROR_PIPE_CONNECTED || err == ERROR_NO_DATA ? 0 : err;
    // END SOLUTION 01.2
}

/* Reads what is there, at most size bytes. *end tells that the client has
 * closed its end and everything it wrote is read. */
static DWORD
read_some(HANDLE pipe, char *data, DWORD size, DWORD *got, bool *end)
{
    *got = 0;
    *end = false;
    // BEGIN SOLUTION 01.3
    // STUB: /* TODO 01.3: read once. Which error is the end of the stream, and
    // STUB:  * therefore no error? */
    // STUB: (void)pipe, (void)data, (void)size;
    // STUB: return NP_TODO("01.3");
    if (ReadFile(pipe, data, size, got, NULL))
        return 0;
    DWORD err = np_last_error();
    *end = err == ERROR_BROKEN_PIPE;
    return *end ? 0 : err;
    // END SOLUTION 01.3
}

/* Writes all of it, however many calls that takes. */
static DWORD write_all(HANDLE pipe, const char *data, DWORD size)
{
    // BEGIN SOLUTION 01.4
    // STUB: /* TODO 01.4: write until nothing is left. */
    // STUB: (void)pipe, (void)data, (void)size;
    // STUB: return NP_TODO("01.4");
    while (size > 0) {
        DWORD written = 0;
        if (!WriteFile(pipe, data, size, &written, NULL))
            return np_last_error();
        data += written;
        size -= written;
    }
    return 0;
    // END SOLUTION 01.4
}

/* Makes the instance free for the next client. */
static DWORD end_connection(HANDLE pipe)
{
    // BEGIN SOLUTION 01.5
    // STUB: /* TODO 01.5: end this connection, and keep the pipe. */
    // STUB: (void)pipe;
    // STUB: return NP_TODO("01.5");
    /* Throws away what the client has not read. Nothing is lost here: we get
     * here when it has closed its end, or cannot be talked to. */
    if (!DisconnectNamedPipe(pipe))
        return np_last_error();
    return 0;
    // END SOLUTION 01.5
}

static DWORD echo(HANDLE pipe, ULONGLONG *echoed)
{
    static char buffer[ECHO_BUFFER];
    DWORD got = 0;
    bool end = false;
    DWORD err = read_some(pipe, buffer, sizeof buffer, &got, &end);

    while (err == 0 && !end) {
        err = write_all(pipe, buffer, got);
        if (err != 0)
            break;
        *echoed += got;
        err = read_some(pipe, buffer, sizeof buffer, &got, &end);
    }
    return err;
}

/* Serves clients until the program is asked to stop, which makes the call it
 * is in fail with 995 ERROR_OPERATION_ABORTED. */
static DWORD serve(HANDLE pipe)
{
    for (unsigned client = 1; !np_stop_requested(); client++) {
        ULONGLONG echoed = 0;
        DWORD err = wait_for_client(pipe);

        if (err != 0)
            return np_stop_requested() ? 0 : err;
        err = echo(pipe, &echoed);
        printf("client %u: %llu bytes\n", client, echoed);
        fflush(stdout);
        /* One client's trouble is not the server's. */
        if (err != 0 && !np_stop_requested())
            np_warn(err, "client %u", client);
        err = end_connection(pipe);
        if (err != 0)
            return err;
    }
    return 0;
}

int wmain(int argc, wchar_t **argv)
{
    const wchar_t *name = ECHO_PIPE;
    const struct np_option options[] = {{"--pipe", .text = &name}, {0}};
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
    err = serve(pipe);
    if (err != 0)
        np_warn(err, "serving %ls", name);
out:
    np_close(&pipe);
    return err == 0 ? 0 : 1;
}
