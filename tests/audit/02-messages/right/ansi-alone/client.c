/* client.c - A calls, main, nothing of the kit; one big buffer in message
 * mode, overlapped for the sake of the deadline. */
#include <windows.h>
#include <fcntl.h>
#include <io.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

int main(int argc, char **argv);

static char request[40000], reply[40000];

static int move(HANDLE pipe, int reading, DWORD size, DWORD ms, DWORD *moved)
{
    OVERLAPPED io = {0};
    BOOL ok;

    io.hEvent = CreateEventA(NULL, TRUE, FALSE, NULL);
    ok = reading ? ReadFile(pipe, reply, size, NULL, &io)
                 : WriteFile(pipe, request, size, NULL, &io);
    if (!ok && GetLastError() != ERROR_IO_PENDING) {
        CloseHandle(io.hEvent); /* failed at once: nothing to wait for */
        return 0;
    }
    if (WaitForSingleObject(io.hEvent, ms) != WAIT_OBJECT_0)
        CancelIo(pipe);
    ok = GetOverlappedResult(pipe, &io, moved, TRUE);
    CloseHandle(io.hEvent);
    return ok;
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
    const char *name = "\\\\.\\pipe\\nplab-02-messages", *text = NULL;
    DWORD ms = 5000, mode = PIPE_READMODE_MESSAGE, size, got;
    HANDLE pipe;
    int i;

    for (i = 1; i < argc; i++) {
        if (strcmp(argv[i], "--pipe") == 0)
            name = argv[++i];
        else if (strcmp(argv[i], "--timeout") == 0)
            ms = (DWORD)atoi(argv[++i]);
        else
            text = argv[i];
    }
    if (text == NULL) {
        fputs("no request\n", stderr);
        return 2;
    }
    _setmode(0, _O_BINARY);
    _setmode(1, _O_BINARY);
    if (strcmp(text, "-") == 0) {
        size = (DWORD)fread(request, 1, sizeof request, stdin);
    } else {
        text = utf8(text);
        size = (DWORD)strlen(text);
        memcpy(request, text, size);
    }
    WaitNamedPipeA(name, ms);
    pipe = CreateFileA(name,
                       GENERIC_READ | GENERIC_WRITE,
                       0,
                       NULL,
                       OPEN_EXISTING,
                       FILE_FLAG_OVERLAPPED,
                       NULL);
    if (pipe == INVALID_HANDLE_VALUE ||
        !SetNamedPipeHandleState(pipe, &mode, NULL, NULL) ||
        !move(pipe, 0, size, ms, &got) ||
        !move(pipe, 1, sizeof reply, ms, &got)) {
        fprintf(stderr, "no luck: %lu\n", GetLastError());
        return 1;
    }
    CloseHandle(pipe);
    if (got > 0 && reply[0] == '+') {
        fwrite(reply + 1, 1, got - 1, stdout);
        printf("\n");
        return 0;
    }
    fprintf(stderr, "%.*s\n", (int)got, reply);
    return 1;
}
