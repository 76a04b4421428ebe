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

/* main's argv is in the ANSI code page; the text has to go as UTF-8. */
static const char *utf8(const char *text)
{
    static WCHAR wide[4000];
    static char bytes[3 * 4000];

    MultiByteToWideChar(CP_ACP, 0, text, -1, wide, 4000);
    WideCharToMultiByte(CP_UTF8, 0, wide, -1, bytes, sizeof bytes, NULL, NULL);
    return bytes;
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
        const char *text = utf8(argv[i]);
        if (!WriteFile(pipe, text, (DWORD)strlen(text), &n, NULL) ||
            !ReadFile(pipe, echo, sizeof echo, &n, NULL))
            return fprintf(stderr, "error %lu\n", GetLastError()), 1;
        fwrite(echo, 1, n, stdout);
        putchar('\n');
    }
    CloseHandle(pipe);
    return 0;
}
