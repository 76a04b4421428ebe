/* server.c - A calls, main, nothing of the kit; ends by ExitProcess, which is
 * all that the contract asks of a server that has nothing to hand over. */
#include <windows.h>
#include <stdio.h>
#include <string.h>

int main(int argc, char **argv);

static DWORD WINAPI wait_for_end(void *unused)
{
    char byte;
    DWORD got;

    (void)unused;
    while (ReadFile(GetStdHandle(STD_INPUT_HANDLE), &byte, 1, &got, NULL) &&
           got == 1) {
    }
    ExitProcess(0);
}

int main(int argc, char **argv)
{
    const char *name = "\\\\.\\pipe\\nplab-01-echo";
    char buffer[8192];
    HANDLE pipe;
    int i;

    for (i = 1; i < argc; i++) {
        if (strcmp(argv[i], "--help") == 0) {
            printf("server [--pipe NAME]\n");
            return 0;
        }
        if (strcmp(argv[i], "--pipe") == 0 && i + 1 < argc) {
            name = argv[++i];
        } else {
            fprintf(stderr, "%s?\n", argv[i]);
            return 2;
        }
    }
    pipe = CreateNamedPipeA(name,
                            PIPE_ACCESS_DUPLEX | FILE_FLAG_FIRST_PIPE_INSTANCE,
                            PIPE_TYPE_BYTE,
                            PIPE_UNLIMITED_INSTANCES,
                            16384,
                            16384,
                            0,
                            NULL);
    if (pipe == INVALID_HANDLE_VALUE) {
        fprintf(stderr, "no pipe for me: %lu\n", GetLastError());
        return 1;
    }
    CloseHandle(CreateThread(NULL, 0, wait_for_end, NULL, 0, NULL));
    for (;;) {
        DWORD got, put;

        /* Whatever it says: if there is no client, the read fails. */
        ConnectNamedPipe(pipe, NULL);
        while (ReadFile(pipe, buffer, sizeof buffer, &got, NULL) &&
               WriteFile(pipe, buffer, got, &put, NULL) && put == got)
            continue;
        DisconnectNamedPipe(pipe);
    }
}
