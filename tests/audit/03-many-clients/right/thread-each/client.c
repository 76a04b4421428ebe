/* client.c - one transaction a text, by the kit's functions. */
#include "np_args.h"
#include "np_handle.h"
#include "np_io.h"
#include "np_pipe.h"

#include <stdlib.h>

int wmain(int argc, wchar_t **argv)
{
    const wchar_t *name = L"\\\\.\\pipe\\nplab-03-many-clients";
    DWORD ms = 5000, mode = PIPE_READMODE_MESSAGE, err;
    const struct np_option options[] = {
        {"--pipe", .text = &name}, {"--timeout", .number = &ms}, {0}};
    HANDLE pipe = NULL;

    int status = np_args(&argc, argv, "client TEXT...\n", options);
    if (status != NP_ARGS_GO_ON)
        return status;
    if (argc == 0)
        return np_wrong_usage("client TEXT...\n", "no text");
    err = np_connect(name, GENERIC_READ | GENERIC_WRITE, 0, ms, &pipe);
    if (err != 0)
        np_die(err, "no way to %ls", name);
    SetNamedPipeHandleState(pipe, &mode, NULL, NULL);
    for (int i = 0; i < argc; i++) {
        static char reply[4096];
        OVERLAPPED io = {.hEvent = CreateEventW(NULL, TRUE, FALSE, NULL)};
        size_t size = 0;
        DWORD got = 0;
        char *text = np_utf8(argv[i], &size);

        err = 0;
        if (!TransactNamedPipe(
                pipe, text, (DWORD)size, reply, sizeof reply, NULL, &io))
            err = np_last_error();
        err = np_await_io(pipe, &io, err, ms, &got);
        if (err != 0)
            np_die(err, "transaction %d", i + 1);
        fwrite(reply, 1, got, stdout);
        putchar('\n');
        free(text);
        np_close(&io.hEvent);
    }
    np_close(&pipe);
    return 0;
}
