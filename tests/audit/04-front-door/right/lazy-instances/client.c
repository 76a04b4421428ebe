/* client.c - np_connect without a name: anonymous; the deadline is for all. */
#include "np_args.h"
#include "np_io.h"
#include "np_pipe.h"

#include <stdlib.h>

int wmain(int argc, wchar_t **argv)
{
    const wchar_t *name = L"\\\\.\\pipe\\nplab-04-front-door";
    DWORD patience = 5000;
    const struct np_option options[] = {
        {"--pipe", .text = &name}, {"--timeout", .number = &patience}, {0}};
    char reply[1100];
    size_t size = 0;
    DWORD got = 0;
    HANDLE pipe = NULL;
    int status = np_args(&argc, argv, "usage\n", options);

    if (status != NP_ARGS_GO_ON)
        return status;
    if (argc != 1)
        return np_wrong_usage("usage\n", "no text");
    struct np_deadline deadline = np_deadline_in(patience);
    char *text = np_utf8(argv[0], &size);
    DWORD err = np_connect(name,
                           GENERIC_READ | GENERIC_WRITE,
                           SECURITY_ANONYMOUS,
                           patience,
                           &pipe);
    if (err == 0)
        err = np_write_all(pipe, text, size, np_time_left(deadline));
    /* In byte mode: the one reply is all that is there. */
    if (err == 0)
        err = np_read(pipe, reply, sizeof reply, np_time_left(deadline), &got);
    free(text);
    if (err != 0)
        np_die(err, "%ls", name);
    fwrite(reply, 1, got, stdout);
    putchar('\n');
    return 0;
}
