/* client.c - A calls, main, synchronous I/O; a watchdog thread is its
 * deadline. */
#include <windows.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <fcntl.h>
#include <io.h>

int main(int argc, char **argv);

static LONG moves; /* grows with each answer of the server */
static DWORD patience = 5000;

static DWORD WINAPI watch(void *unused)
{
    LONG before;

    (void)unused;
    do {
        before = InterlockedCompareExchange(&moves, 0, 0);
        Sleep(patience);
    } while (before != InterlockedCompareExchange(&moves, 0, 0));
    fprintf(stderr, "the server is silent\n");
    TerminateProcess(GetCurrentProcess(), 1);
    return 0;
}

static int echo(HANDLE pipe, const char *data, size_t size)
{
    char back[2048];
    DWORD n;

    while (size > 0) {
        DWORD part = (DWORD)(size < sizeof back ? size : sizeof back);
        if (!WriteFile(pipe, data, part, &n, NULL))
            return 0;
        data += part;
        size -= part;
        while (part > 0) {
            if (!ReadFile(pipe, back, part, &n, NULL))
                return 0;
            fwrite(back, 1, n, stdout);
            part -= n;
            InterlockedIncrement(&moves);
        }
    }
    return 1;
}

/* main's argv is in the ANSI code page; the text has to go as UTF-8. */
static const char *utf8(const char *text)
{
    static WCHAR wide[10000];
    static char bytes[3 * 10000];

    MultiByteToWideChar(CP_ACP, 0, text, -1, wide, 10000);
    WideCharToMultiByte(CP_UTF8, 0, wide, -1, bytes, sizeof bytes, NULL, NULL);
    return bytes;
}

int main(int argc, char **argv)
{
    const char *name = "\\\\.\\pipe\\nplab-01-echo";
    const char *text = NULL;
    HANDLE pipe;
    int i, good = 1;

    for (i = 1; i < argc; i++) {
        if (strcmp(argv[i], "--help") == 0) {
            printf("client [--pipe NAME] [--timeout MS] TEXT\n");
            return 0;
        } else if (strcmp(argv[i], "--pipe") == 0 && i + 1 < argc) {
            name = argv[++i];
        } else if (strcmp(argv[i], "--timeout") == 0 && i + 1 < argc) {
            patience = (DWORD)atoi(argv[++i]);
        } else if (text == NULL &&
                   (argv[i][0] != '-' || strcmp(argv[i], "-") == 0)) {
            text = argv[i];
        } else {
            text = NULL;
            break;
        }
    }
    if (text == NULL) {
        fprintf(stderr, "one text, please\n");
        return 2;
    }
    _setmode(0, _O_BINARY);
    _setmode(1, _O_BINARY);
    if (!WaitNamedPipeA(name, patience)) {
        fprintf(stderr, "nobody is listening: %lu\n", GetLastError());
        return 1;
    }
    pipe = CreateFileA(
        name, GENERIC_READ | GENERIC_WRITE, 0, NULL, OPEN_EXISTING, 0, NULL);
    if (pipe == INVALID_HANDLE_VALUE) {
        fprintf(stderr, "cannot open: %lu\n", GetLastError());
        return 1;
    }
    CloseHandle(CreateThread(NULL, 0, watch, NULL, 0, NULL));
    if (strcmp(text, "-") == 0) {
        char data[5000];
        size_t size;
        while (good && (size = fread(data, 1, sizeof data, stdin)) > 0)
            good = echo(pipe, data, size);
    } else {
        text = utf8(text);
        good = echo(pipe, text, strlen(text));
        if (good)
            putchar('\n');
    }
    fflush(stdout);
    if (!good)
        fprintf(stderr, "the server left: %lu\n", GetLastError());
    CloseHandle(pipe);
    return !good;
}
