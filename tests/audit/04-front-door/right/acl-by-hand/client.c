/* client.c - A calls, main; CallNamedPipe does everything but the SQOS, so it
 * is done by hand, synchronously; a watchdog is the deadline. */
#include <windows.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

int main(int argc, char **argv);

static DWORD patience = 5000;

static DWORD WINAPI watch(void *unused)
{
    (void)unused;
    Sleep(patience);
    fprintf(stderr, "too late\n");
    TerminateProcess(GetCurrentProcess(), 1);
    return 0;
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
    const char *name = "\\\\.\\pipe\\nplab-04-front-door";
    const char *text = NULL;
    char reply[1100];
    DWORD mode = PIPE_READMODE_MESSAGE, size, i, from = 0;
    HANDLE pipe;
    int at;

    for (at = 1; at < argc; at++) {
        if (strcmp(argv[at], "--help") == 0) {
            printf("client [--pipe NAME] [--timeout MS] TEXT\n");
            return 0;
        } else if (strcmp(argv[at], "--pipe") == 0 && at + 1 < argc) {
            name = argv[++at];
        } else if (strcmp(argv[at], "--timeout") == 0 && at + 1 < argc) {
            patience = (DWORD)atoi(argv[++at]);
        } else if (text == NULL && argv[at][0] != '-') {
            text = argv[at];
        } else {
            text = NULL;
            break;
        }
    }
    if (text == NULL) {
        fprintf(stderr, "one text, please\n");
        return 2;
    }
    text = utf8(text);
    CloseHandle(CreateThread(NULL, 0, watch, NULL, 0, NULL));
    for (;;) {
        pipe =
            CreateFileA(name,
                        GENERIC_READ | FILE_WRITE_DATA | FILE_WRITE_ATTRIBUTES,
                        0,
                        NULL,
                        OPEN_EXISTING,
                        SECURITY_SQOS_PRESENT | SECURITY_IDENTIFICATION,
                        NULL);
        if (pipe != INVALID_HANDLE_VALUE || GetLastError() != ERROR_PIPE_BUSY)
            break;
        WaitNamedPipeA(name, patience);
    }
    if (pipe == INVALID_HANDLE_VALUE ||
        !SetNamedPipeHandleState(pipe, &mode, NULL, NULL) ||
        !TransactNamedPipe(pipe,
                           (void *)(ULONG_PTR)text,
                           (DWORD)strlen(text),
                           reply,
                           sizeof reply,
                           &size,
                           NULL)) {
        fprintf(stderr, "no luck: %lu\n", GetLastError());
        return 1;
    }
    /* Standard output is in text mode here, which would write \r\n. */
    reply[size++] = '\n';
    for (i = from; i < size;) {
        DWORD put = 0;
        if (!WriteFile(GetStdHandle(STD_OUTPUT_HANDLE),
                       reply + i,
                       size - i,
                       &put,
                       NULL))
            return 1;
        i += put;
    }
    return 0;
}
