/* client.c - a write, then a whole-message read, by the kit's functions. */
#include "np_args.h"
#include "np_handle.h"
#include "np_io.h"
#include "np_pipe.h"

#include <stdlib.h>

static char input[40000];

int wmain(int argc, wchar_t **argv)
{
    const wchar_t *name = L"\\\\.\\pipe\\nplab-02-messages";
    DWORD patience = 5000, mode = PIPE_READMODE_MESSAGE, err;
    const struct np_option options[] = {
        {"--pipe", .text = &name}, {"--timeout", .number = &patience}, {0}};
    HANDLE pipe = NULL;
    void *reply = NULL;
    char *request = input;
    size_t size = 0;

    int status = np_args(&argc, argv, "client REQUEST\n", options);
    if (status != NP_ARGS_GO_ON)
        return status;
    if (argc != 1)
        return np_wrong_usage("client REQUEST\n", "one request");
    if (argv[0][0] == L'-' && argv[0][1] == 0)
        size = fread(input, 1, sizeof input, stdin);
    else
        request = np_utf8(argv[0], &size);
    err = np_connect(name, GENERIC_READ | GENERIC_WRITE, 0, patience, &pipe);
    if (err == 0 && !SetNamedPipeHandleState(pipe, &mode, NULL, NULL))
        err = np_last_error();
    if (err == 0)
        err = np_write_all(pipe, request, size, patience);
    if (err == 0)
        err = np_read_message(pipe, 32768, patience, &reply, &size);
    if (err != 0)
        np_die(err, "asking %ls", name);
    np_close(&pipe);
    if (size > 0 && *(char *)reply == '+') {
        fwrite((char *)reply + 1, 1, size - 1, stdout);
        fputs("\n", stdout);
        return 0;
    }
    fprintf(stderr, "The server says no: %.*s!\n", (int)size, (char *)reply);
    return 1;
}
