/*
 * plain_server.c - the simplest synchronous message-echo server: what lab
 * 03's server is measured against. One client at a time; no care for errors.
 */
#include <windows.h>

int wmain(int argc, wchar_t **argv);

int wmain(int argc, wchar_t **argv)
{
    static char data[4096];
    DWORD size = 0;
    DWORD written = 0;

    if (argc != 3)
        return 2;
    HANDLE pipe = CreateNamedPipeW(argv[2],
                                   PIPE_ACCESS_DUPLEX,
                                   PIPE_TYPE_MESSAGE | PIPE_READMODE_MESSAGE |
                                       PIPE_REJECT_REMOTE_CLIENTS,
                                   1,
                                   4096,
                                   4096,
                                   0,
                                   NULL);
    if (pipe == INVALID_HANDLE_VALUE)
        return 1;
    for (;;) {
        ConnectNamedPipe(pipe, NULL);
        while (ReadFile(pipe, data, sizeof data, &size, NULL) &&
               WriteFile(pipe, data, size, &written, NULL))
            ;
        DisconnectNamedPipe(pipe);
    }
}
