/* client.c - A calls, main; tries now and again instead of WaitNamedPipe, and
 * a waitable timer ends it. */
#include <windows.h>
#include <fcntl.h>
#include <io.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

int main(int argc, char **argv);

static void CALLBACK too_late(void *unused, BOOLEAN fired)
{
    (void)unused;
    (void)fired;
    fprintf(stderr, "time is up\n");
    TerminateProcess(GetCurrentProcess(), 1);
}

int main(int argc, char **argv)
{
    const char *name = "\\\\.\\pipe\\nplab-03-many-clients";
    DWORD ms = 5000, mode = PIPE_READMODE_MESSAGE, n;
    HANDLE pipe, timer;
    int i = 1;

    while (i + 1 < argc && argv[i][0] == '-') {
        if (strcmp(argv[i], "--pipe") == 0)
            name = argv[i + 1];
        else
            ms = (DWORD)atoi(argv[i + 1]);
        i += 2;
    }
    if (i == argc)
        return fprintf(stderr, "no text\n"), 2;
    _setmode(1, _O_BINARY);
    CreateTimerQueueTimer(
        &timer, NULL, too_late, NULL, ms, 0, WT_EXECUTEDEFAULT);
    for (;;) {
        pipe = CreateFileA(name,
                           GENERIC_READ | GENERIC_WRITE,
                           0,
                           NULL,
                           OPEN_EXISTING,
                           SECURITY_SQOS_PRESENT | SECURITY_IDENTIFICATION,
                           NULL);
        if (pipe != INVALID_HANDLE_VALUE)
            break;
        if (GetLastError() != ERROR_PIPE_BUSY)
            return fprintf(stderr, "error %lu\n", GetLastError()), 1;
        Sleep(3);
    }
    SetNamedPipeHandleState(pipe, &mode, NULL, NULL);
    for (; i < argc; i++) {
        char echo[4097];
        if (!WriteFile(pipe, argv[i], (DWORD)strlen(argv[i]), &n, NULL) ||
            !ReadFile(pipe, echo, sizeof echo, &n, NULL))
            return fprintf(stderr, "error %lu\n", GetLastError()), 1;
        fwrite(echo, 1, n, stdout);
        putchar('\n');
    }
    CloseHandle(pipe);
    return 0;
}
