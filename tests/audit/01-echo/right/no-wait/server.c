/* server.c - PIPE_NOWAIT: it looks and sleeps, and waits for nothing. Begins at
 * wWinMain. */
#include <windows.h>
#include <process.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <wchar.h>

static const wchar_t *name = L"\\\\.\\pipe\\nplab-01-echo";

/* -1: go on; else the exit code. */
static int arguments(int argc, wchar_t **argv)
{
    for (int i = 1; i < argc; i++) {
        if (wcscmp(argv[i], L"--help") == 0) {
            printf("usage: server [options]\n");
            return 0;
        } else if (wcscmp(argv[i], L"--pipe") == 0 && i + 1 < argc) {
            name = argv[++i];
        } else {
            fprintf(stderr, "bad argument %ls\n", argv[i]);
            return 2;
        }
    }
    return -1;
}

static volatile LONG stopping;
static void input(void *unused)
{
    (void)unused;
    while (getchar() != EOF)
        ;
    InterlockedExchange(&stopping, 1);
}
static int real_main(int argc, wchar_t **argv)
{
    static char data[4096];
    int code = arguments(argc, argv);
    if (code >= 0)
        return code;
    HANDLE pipe =
        CreateNamedPipeW(name,
                         PIPE_ACCESS_DUPLEX | FILE_FLAG_FIRST_PIPE_INSTANCE,
                         PIPE_TYPE_BYTE | PIPE_NOWAIT,
                         1,
                         4096,
                         4096,
                         0,
                         NULL);
    if (pipe == INVALID_HANDLE_VALUE)
        return fprintf(stderr, "somebody serves it: %lu\n", GetLastError()), 1;
    _beginthread(input, 0, NULL);
    while (!stopping) {
        DWORD n, done = 0;
        bool gone = false;
        if (!ConnectNamedPipe(pipe, NULL) &&
            GetLastError() == ERROR_PIPE_LISTENING) {
            Sleep(1);
            continue;
        }
        while (!gone && !stopping) {
            if (!ReadFile(pipe, data, sizeof data, &n, NULL)) {
                gone = GetLastError() != ERROR_NO_DATA;
                Sleep(1);
                continue;
            }
            for (done = 0; done < n && !gone && !stopping;) {
                DWORD put = 0;
                if (!WriteFile(pipe, data + done, n - done, &put, NULL))
                    gone = true;
                else if (put == 0)
                    Sleep(1);
                done += put;
            }
        }
        if (gone)
            DisconnectNamedPipe(pipe);
    }
    return 0;
}

int WINAPI wWinMain(HINSTANCE a, HINSTANCE b, LPWSTR c, int d)
{
    (void)a, (void)b, (void)c, (void)d;
    return real_main(__argc, __wargv);
}
