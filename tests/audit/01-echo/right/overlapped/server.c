/* server.c - overlapped I/O throughout, a fresh instance for each client. */
#include "np_args.h"
#include "np_error.h"
#include "np_handle.h"
#include "np_io.h"
#include "np_pipe.h"
#include "np_stop.h"

static DWORD echo_all(HANDLE pipe)
{
    char data[1000];
    DWORD got = 0;
    DWORD err;

    while ((err = np_read(pipe, data, sizeof data, INFINITE, &got)) == 0) {
        err = np_write_all(pipe, data, got, INFINITE);
        if (err != 0)
            break;
    }
    return err;
}

/* The next instance is made before the last one is closed, so that the name
 * is never free. */
static DWORD next_instance(const wchar_t *name, HANDLE *pipe)
{
    HANDLE next = CreateNamedPipeW(name,
                                   PIPE_ACCESS_DUPLEX | FILE_FLAG_OVERLAPPED,
                                   PIPE_TYPE_BYTE | PIPE_REJECT_REMOTE_CLIENTS,
                                   2,
                                   8192,
                                   8192,
                                   0,
                                   NULL);
    DWORD err = next != INVALID_HANDLE_VALUE ? 0 : np_last_error();

    np_close(pipe);
    *pipe = err == 0 ? next : NULL;
    return err;
}

int wmain(int argc, wchar_t **argv)
{
    const wchar_t *name = L"\\\\.\\pipe\\nplab-01-echo";
    const struct np_option options[] = {{"--pipe", .text = &name}, {0}};
    HANDLE pipe = NULL;
    DWORD err;

    int status = np_args(&argc, argv, "usage: server [--pipe NAME]\n", options);
    if (status != NP_ARGS_GO_ON)
        return status;
    if (argc != 0)
        return np_wrong_usage("usage: server [--pipe NAME]\n", "too much");
    err = np_create_first(name, PIPE_TYPE_BYTE, 2, NULL, &pipe);
    if (err != 0)
        np_die(err, "cannot serve %ls", name);
    err = np_stop_begin();
    while (err == 0) {
        err = np_accept(pipe, INFINITE);
        if (err == 0) {
            (void)echo_all(pipe);
            if (np_stop_requested())
                break;
            err = next_instance(name, &pipe);
        }
    }
    np_close(&pipe);
    return np_stop_requested() ? 0 : 1;
}
