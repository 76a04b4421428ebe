/*
 * client.c - a right client of another design: nothing of common/, A calls,
 * TransactNamedPipe, and a thread that ends the program at its deadline.
 */
#include <windows.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

int main(int argc, char **argv);

static char request[600], reply[16384], id[80];

static DWORD WINAPI deadline(void *milliseconds)
{
    Sleep(*(DWORD *)milliseconds);
    fprintf(stderr, "no answer in time; the request's id is %s\n", id);
    fflush(stderr);
    TerminateProcess(GetCurrentProcess(), 1);
    return 0;
}

/* Bytes of the reply, or -1: no server, or -2: it went away. */
static int ask(const char *name)
{
    DWORD mode = PIPE_READMODE_MESSAGE, size = 0;
    HANDLE pipe;

    while ((pipe = CreateFileA(name,
                               GENERIC_READ | GENERIC_WRITE,
                               0,
                               NULL,
                               OPEN_EXISTING,
                               SECURITY_SQOS_PRESENT | SECURITY_IDENTIFICATION,
                               NULL)) == INVALID_HANDLE_VALUE)
        if (GetLastError() != ERROR_PIPE_BUSY ||
            (!WaitNamedPipeA(name, 60000) &&
             GetLastError() != ERROR_SEM_TIMEOUT))
            return -1;
    BOOL ok = SetNamedPipeHandleState(pipe, &mode, NULL, NULL) &&
              TransactNamedPipe(pipe,
                                request,
                                (DWORD)strlen(request),
                                reply,
                                sizeof reply,
                                &size,
                                NULL);
    CloseHandle(pipe);
    return ok ? (int)size : -2;
}

static int usage(FILE *where, int code)
{
    fprintf(where,
            "usage: client [--pipe NAME] [--timeout MS] [--id ID] balance A |"
            " history A | list | move FROM TO AMOUNT [MEMO]\n");
    return code;
}

int main(int argc, char **argv)
{
    static DWORD timeout = 5000;
    const char *name = "\\\\.\\pipe\\nplab-10-ledger";
    int i = 1;

    setvbuf(stdout, NULL, _IONBF, 0);
    snprintf(id,
             sizeof id,
             "%lx-%llx",
             GetCurrentProcessId(),
             (unsigned long long)GetTickCount64());
    for (; i < argc && strncmp(argv[i], "--", 2) == 0; i += 2) {
        if (strcmp(argv[i], "--help") == 0)
            return usage(stdout, 0);
        if (i + 1 == argc)
            return usage(stderr, 2);
        if (strcmp(argv[i], "--pipe") == 0)
            name = argv[i + 1];
        else if (strcmp(argv[i], "--timeout") == 0)
            timeout = strtoul(argv[i + 1], NULL, 10);
        else if (strcmp(argv[i], "--id") == 0)
            snprintf(id, sizeof id, "%s", argv[i + 1]);
        else
            return usage(stderr, 2);
    }
    int left = argc - i;
    if (left == 1 && strcmp(argv[i], "list") == 0)
        strcpy(request, "LIST");
    else if (left == 2 && strcmp(argv[i], "balance") == 0)
        snprintf(request, sizeof request, "BALANCE %s", argv[i + 1]);
    else if (left == 2 && strcmp(argv[i], "history") == 0)
        snprintf(request, sizeof request, "HISTORY %s", argv[i + 1]);
    else if ((left == 4 || left == 5) && strcmp(argv[i], "move") == 0)
        snprintf(request,
                 sizeof request,
                 "MOVE %s %s %s %s%s%s",
                 argv[i + 1],
                 argv[i + 2],
                 argv[i + 3],
                 id,
                 left == 5 ? " " : "",
                 left == 5 ? argv[i + 4] : "");
    else
        return usage(stderr, 2);

    CloseHandle(CreateThread(NULL, 0, deadline, &timeout, 0, NULL));
    int size = ask(name);
    if (size == -2)
        size = ask(name);
    if (size < 2 || strncmp(reply, "OK", 2) != 0 ||
        (size > 2 && reply[2] != ' ' && reply[2] != '\n')) {
        fprintf(
            stderr, "not done: %.*s (id %s)\n", size > 0 ? size : 0, reply, id);
        return 1;
    }
    if (size > 3) {
        DWORD written;
        reply[size] = '\n';
        WriteFile(GetStdHandle(STD_OUTPUT_HANDLE),
                  reply + 3,
                  (DWORD)size - 2,
                  &written,
                  NULL);
    }
    return 0;
}
