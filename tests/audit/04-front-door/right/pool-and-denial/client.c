/* client.c - synchronous, narrow rights, no read mode: the reply is read in
 * the handle's byte mode, as far as it is there; a timer is the deadline. */
#include "np_args.h"

#include <stdlib.h>

static VOID CALLBACK too_late(void *unused, BOOLEAN fired)
{
    (void)unused, (void)fired;
    fprintf(stderr, "no answer in time\n");
    TerminateProcess(GetCurrentProcess(), 1);
}

int wmain(int argc, wchar_t **argv)
{
    const wchar_t *name = L"\\\\.\\pipe\\nplab-04-front-door";
    DWORD patience = 5000;
    const struct np_option options[] = {
        {"--pipe", .text = &name}, {"--timeout", .number = &patience}, {0}};
    char reply[1100];
    size_t size = 0;
    DWORD n = 0;
    HANDLE timer = NULL;
    HANDLE pipe;
    int status = np_args(&argc, argv, "usage\n", options);

    if (status != NP_ARGS_GO_ON)
        return status;
    if (argc != 1)
        return np_wrong_usage("usage\n", "no text");
    CreateTimerQueueTimer(
        &timer, NULL, too_late, NULL, patience, 0, WT_EXECUTEONLYONCE);
    char *text = np_utf8(argv[0], &size);
    do {
        pipe = CreateFileW(name,
                           FILE_READ_DATA | FILE_WRITE_DATA | SYNCHRONIZE,
                           0,
                           NULL,
                           OPEN_EXISTING,
                           SECURITY_SQOS_PRESENT | SECURITY_ANONYMOUS,
                           NULL);
    } while (pipe == INVALID_HANDLE_VALUE &&
             GetLastError() == ERROR_PIPE_BUSY &&
             WaitNamedPipeW(name, patience));
    if (pipe == INVALID_HANDLE_VALUE)
        np_die(np_last_error(), "CreateFileW(%ls)", name);
    if (!WriteFile(pipe, text, (DWORD)size, &n, NULL) ||
        !ReadFile(pipe, reply, sizeof reply, &n, NULL))
        np_die(np_last_error(), "the talk with %ls", name);
    fwrite(reply, 1, n, stdout);
    putchar('\n');
    free(text);
    return 0;
}
