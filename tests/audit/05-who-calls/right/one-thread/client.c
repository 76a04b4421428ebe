/* client.c - one CallNamedPipe-like exchange by hand, with A calls and flags
 * worked out by arithmetic. */
#include <windows.h>
#include <fcntl.h>
#include <io.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

int main(int argc, char **argv);

static DWORD WINAPI give_up(void *ms)
{
    Sleep((DWORD)(ULONG_PTR)ms);
    fputs("no answer in time\n", stderr);
    ExitProcess(1);
}

static DWORD level_named(const char *word)
{
    static const char *const levels[] = {
        "anonymous", "identification", "impersonation"};

    for (DWORD level = 0; level < 3; level++)
        if (strcmp(word, levels[level]) == 0)
            return level;
    fprintf(stderr, "no level: %s\n", word);
    exit(2);
}

int main(int argc, char **argv)
{
    static char request[] = "WHO", reply[5000];
    const char *name = "\\\\.\\pipe\\nplab-05-who-calls";
    DWORD ms = 5000, level = 1, mode = PIPE_READMODE_MESSAGE, size = 0;
    HANDLE pipe;

    for (int i = 1; i + 1 < argc; i += 2) {
        if (strcmp(argv[i], "--pipe") == 0)
            name = argv[i + 1];
        else if (strcmp(argv[i], "--timeout") == 0)
            ms = (DWORD)atoi(argv[i + 1]);
        else if (strcmp(argv[i], "--level") == 0)
            level = level_named(argv[i + 1]);
    }
    _setmode(1, _O_BINARY);
    CloseHandle(CreateThread(NULL, 0, give_up, (void *)(ULONG_PTR)ms, 0, NULL));
    do
        pipe = CreateFileA(name,
                           GENERIC_READ | GENERIC_WRITE,
                           0,
                           NULL,
                           OPEN_EXISTING,
                           SECURITY_SQOS_PRESENT | level << 16,
                           NULL);
    while (pipe == INVALID_HANDLE_VALUE && GetLastError() == ERROR_PIPE_BUSY &&
           WaitNamedPipeA(name, ms));
    if (!SetNamedPipeHandleState(pipe, &mode, NULL, NULL) ||
        !TransactNamedPipe(
            pipe, request, 3, reply, sizeof reply - 1, &size, NULL)) {
        fprintf(stderr, "error %lu\n", GetLastError());
        return 1;
    }
    if (strncmp(reply, "you: ", 5) != 0) {
        fprintf(stderr, "the server says: %s", reply);
        return 1;
    }
    fputs(reply, stdout);
    return 0;
}
