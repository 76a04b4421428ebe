/* server.c - N threads, each with one instance and no knowledge of the
 * others; the deadline-free waits of np_io end when the stop comes. */
#include "np_args.h"
#include "np_handle.h"
#include "np_io.h"
#include "np_stop.h"

#include <stdlib.h>

enum { LONGEST = 4096, MOST = 254 };

static DWORD WINAPI serve(void *context)
{
    HANDLE pipe = context;
    OVERLAPPED io = {.hEvent = CreateEventW(NULL, TRUE, FALSE, NULL)};
    DWORD unused;

    while (WaitForSingleObject(np_stop_event(), 0) == WAIT_TIMEOUT) {
        DWORD err = 0;
        if (!ConnectNamedPipe(pipe, &io))
            err = np_last_error();
        if (err == ERROR_IO_PENDING)
            err = np_await_io(pipe, &io, err, INFINITE, &unused);
        for (;;) {
            void *message = NULL;
            size_t size = 0;
            if (np_read_message(pipe, LONGEST, INFINITE, &message, &size) != 0)
                break;
            err = np_write_all(pipe, message, size, INFINITE);
            free(message);
            if (err != 0)
                break;
        }
        if (WaitForSingleObject(np_stop_event(), 0) == WAIT_TIMEOUT)
            DisconnectNamedPipe(pipe);
    }
    np_close(&io.hEvent);
    np_close(&pipe);
    return 0;
}

int wmain(int argc, wchar_t **argv)
{
    static HANDLE pipes[MOST], threads[MOST];
    const wchar_t *name = L"\\\\.\\pipe\\nplab-03-many-clients";
    DWORD count = 64;
    const struct np_option options[] = {
        {"--pipe", .text = &name}, {"--instances", .number = &count}, {0}};

    int status = np_args(&argc, argv, "server\n", options);
    if (status != NP_ARGS_GO_ON)
        return status;
    if (count == 0 || count > MOST)
        return np_wrong_usage("server\n", "1 to 254");
    for (DWORD i = 0; i < count; i++) {
        pipes[i] =
            CreateNamedPipeW(name,
                             PIPE_ACCESS_DUPLEX | FILE_FLAG_OVERLAPPED |
                                 (i == 0 ? FILE_FLAG_FIRST_PIPE_INSTANCE : 0),
                             PIPE_TYPE_MESSAGE | PIPE_READMODE_MESSAGE,
                             count,
                             LONGEST,
                             LONGEST,
                             0,
                             NULL);
        if (pipes[i] == INVALID_HANDLE_VALUE)
            np_die(np_last_error(), "instance %lu", i);
    }
    if (np_stop_begin() != 0)
        return 1;
    for (DWORD i = 0; i < count; i++)
        threads[i] = CreateThread(NULL, 65536, serve, pipes[i], 0, NULL);
    WaitForSingleObject(np_stop_event(), INFINITE);
    np_stop_requested();
    for (DWORD i = 0; i < count; i++) {
        WaitForSingleObject(threads[i], INFINITE);
        np_close(&threads[i]);
    }
    return 0;
}
