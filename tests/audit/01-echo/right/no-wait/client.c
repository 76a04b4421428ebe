/* client.c - PIPE_NOWAIT in both directions; the deadline is counted from the
 * last byte that moved. Begins at wWinMain. */
#include <windows.h>
#include <fcntl.h>
#include <io.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <wchar.h>

static const wchar_t *name = L"\\\\.\\pipe\\nplab-01-echo";
static DWORD patience = 5000;
static const wchar_t *operand;
/* -1: go on; else the exit code. */
static int arguments(int argc, wchar_t **argv)
{
    int i = 1;
    for (; i < argc; i++) {
        wchar_t *end = NULL;
        if (wcscmp(argv[i], L"--help") == 0) {
            printf("usage: client [options] TEXT\n");
            return 0;
        } else if (wcscmp(argv[i], L"--pipe") == 0 && i + 1 < argc) {
            name = argv[++i];
        } else if (wcscmp(argv[i], L"--timeout") == 0 && i + 1 < argc) {
            patience = wcstoul(argv[++i], &end, 10);
            if (*end != 0)
                return fprintf(stderr, "bad number\n"), 2;
        } else if (wcsncmp(argv[i], L"--", 2) == 0 || operand != NULL) {
            fprintf(stderr, "bad argument %ls\n", argv[i]);
            return 2;
        } else
            operand = argv[i];
    }
    if (operand == NULL)
        return fprintf(stderr, "what?\n"), 2;
    return -1;
}

static char sent[65536];
static DWORD sent_size;
static void operand_bytes(void)
{
    sent_size = (DWORD)WideCharToMultiByte(CP_UTF8,
                                           0,
                                           operand,
                                           (int)wcslen(operand),
                                           sent,
                                           sizeof sent,
                                           NULL,
                                           NULL);
    if (*operand == 0)
        sent_size = 0;
}

static HANDLE open_pipe(DWORD flags)
{
    ULONGLONG until = GetTickCount64() + patience;
    for (;;) {
        HANDLE h =
            CreateFileW(name,
                        GENERIC_READ | GENERIC_WRITE,
                        0,
                        NULL,
                        OPEN_EXISTING,
                        flags | SECURITY_SQOS_PRESENT | SECURITY_IDENTIFICATION,
                        NULL);
        if (h != INVALID_HANDLE_VALUE)
            return h;
        ULONGLONG now = GetTickCount64();
        if (GetLastError() != ERROR_PIPE_BUSY || now >= until) {
            fprintf(stderr, "cannot open the pipe: %lu\n", GetLastError());
            exit(1);
        }
        WaitNamedPipeW(name, (DWORD)(until - now));
    }
}

static HANDLE pipe;
static void swap(const char *bytes, DWORD size)
{
    char back[4096];
    while (size > 0) {
        DWORD part = size < sizeof back ? size : sizeof back, put = 0, got = 0,
              n;
        ULONGLONG since = GetTickCount64();
        while (got < part) {
            if (put < part) {
                if (!WriteFile(pipe, bytes + put, part - put, &n, NULL))
                    fprintf(stderr, "write: %lu\n", GetLastError()), exit(1);
                if (n > 0)
                    since = GetTickCount64();
                put += n;
            }
            if (ReadFile(pipe, back, part - got, &n, NULL)) {
                fwrite(back, 1, n, stdout);
                got += n;
                since = GetTickCount64();
            } else if (GetLastError() != ERROR_NO_DATA)
                fprintf(stderr, "read: %lu\n", GetLastError()), exit(1);
            if (GetTickCount64() - since > patience)
                fprintf(stderr, "too late\n"), exit(1);
            if (got < part)
                Sleep(1);
        }
        bytes += part;
        size -= part;
    }
}
static int real_main(int argc, wchar_t **argv)
{
    DWORD mode = PIPE_READMODE_BYTE | PIPE_NOWAIT;
    int code = arguments(argc, argv);
    if (code >= 0)
        return code;
    _setmode(0, _O_BINARY);
    _setmode(1, _O_BINARY);
    pipe = open_pipe(0);
    if (!SetNamedPipeHandleState(pipe, &mode, NULL, NULL))
        return fprintf(stderr, "mode: %lu\n", GetLastError()), 1;
    if (wcscmp(operand, L"-") != 0) {
        operand_bytes();
        swap(sent, sent_size);
        putchar('\n');
    } else {
        int n;
        while ((n = _read(0, sent, 4096)) > 0)
            swap(sent, (DWORD)n);
    }
    return 0;
}

int WINAPI wWinMain(HINSTANCE a, HINSTANCE b, LPWSTR c, int d)
{
    (void)a, (void)b, (void)c, (void)d;
    return real_main(__argc, __wargv);
}
