/* The plainest of all: make a pipe, serve, close it, make it again. */
#include <windows.h>
#include <stdio.h>
#include <string.h>
#include <stdlib.h>
#include <io.h>
static DWORD WINAPI watch(void *x)
{
    (void)x;
    while (getchar() != EOF) {
    }
    exit(0);
}
static BOOL WINAPI ctrl(DWORD k)
{
    (void)k;
    _Exit(0);
}
int wmain(int argc, wchar_t **argv)
{
    const wchar_t *name = L"\\\\.\\pipe\\nplab-01-echo";
    for (int i = 1; i < argc; i++)
        if (!wcscmp(argv[i], L"--help")) {
            printf("server [--pipe NAME]\n");
            return 0;
        } else if (!wcscmp(argv[i], L"--pipe") && i + 1 < argc)
            name = argv[++i];
        else {
            fprintf(stderr, "what?\n");
            return 2;
        }
    CreateThread(NULL, 0, watch, NULL, 0, NULL);
    SetConsoleCtrlHandler(ctrl, TRUE);
    for (;;) {
        HANDLE p =
            CreateNamedPipeW(name,
                             PIPE_ACCESS_DUPLEX | FILE_FLAG_FIRST_PIPE_INSTANCE,
                             0,
                             1,
                             4096,
                             4096,
                             0,
                             NULL);
        if (p == INVALID_HANDLE_VALUE) {
            fprintf(stderr, "no pipe: %lu\n", GetLastError());
            return 1;
        }
        char b[4096];
        DWORD n, w;
        ConnectNamedPipe(p, NULL);
        int fd = _open_osfhandle((intptr_t)p, 0);
        while (ReadFile(p, b, sizeof b, &n, NULL) &&
               (n == 0 || WriteFile(p, b, n, &w, NULL))) {
        }
        _close(fd);
    }
}
