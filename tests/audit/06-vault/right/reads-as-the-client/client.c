/* client.c - the client by TransactNamedPipe and A calls, without the helper
 * library; a second thread ends it at the deadline. */
#include <windows.h>
#include <fcntl.h>
#include <io.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static char request[70000], reply[70000];
static DWORD timeout_ms = 5000;

static DWORD WINAPI watch(void *unused)
{
    (void)unused;
    Sleep(timeout_ms);
    fputs("no reply in time\n", stderr);
    ExitProcess(1);
}

static int usage(FILE *to, int code)
{
    fputs("client [--pipe NAME] [--timeout MS] list | get NAME | put NAME "
          "TEXT|-\n",
          to);
    return code;
}

int main(int argc, char **argv)
{
    const char *name = "\\\\.\\pipe\\nplab-06-vault", *words[3] = {0};
    int count = 0;
    size_t size = 0;
    DWORD mode = PIPE_READMODE_MESSAGE, got = 0;

    _setmode(0, _O_BINARY);
    _setmode(1, _O_BINARY);
    for (int i = 1; i < argc; i++) {
        if (strcmp(argv[i], "--help") == 0)
            return usage(stdout, 0);
        if (strcmp(argv[i], "--pipe") == 0 && i + 1 < argc)
            name = argv[++i];
        else if (strcmp(argv[i], "--timeout") == 0 && i + 1 < argc)
            timeout_ms = strtoul(argv[++i], NULL, 10);
        else if (strncmp(argv[i], "--", 2) == 0 || count == 3)
            return usage(stderr, 2);
        else
            words[count++] = argv[i];
    }
    if (count == 1 && strcmp(words[0], "list") == 0)
        size = (size_t)sprintf(request, "LIST");
    else if (count == 2 && strcmp(words[0], "get") == 0)
        size = (size_t)snprintf(request, 1000, "GET %s", words[1]);
    else if (count == 3 && strcmp(words[0], "put") == 0) {
        size = (size_t)snprintf(request, 1000, "PUT %s\n", words[1]);
        if (strcmp(words[2], "-") == 0)
            size += fread(request + size, 1, sizeof request - size, stdin);
        else
            size += (size_t)snprintf(request + size, 60000, "%s", words[2]);
    } else {
        return usage(stderr, 2);
    }
    CreateThread(NULL, 0, watch, NULL, 0, NULL);
    HANDLE pipe;
    while ((pipe = CreateFileA(name,
                               GENERIC_READ | GENERIC_WRITE,
                               0,
                               NULL,
                               OPEN_EXISTING,
                               SECURITY_SQOS_PRESENT | SECURITY_IMPERSONATION,
                               NULL)) == INVALID_HANDLE_VALUE &&
           GetLastError() == ERROR_PIPE_BUSY)
        WaitNamedPipeA(name, timeout_ms);
    if (pipe == INVALID_HANDLE_VALUE ||
        !SetNamedPipeHandleState(pipe, &mode, NULL, NULL) ||
        !TransactNamedPipe(
            pipe, request, (DWORD)size, reply, sizeof reply, &got, NULL)) {
        fprintf(stderr, "%s: error %lu\n", name, GetLastError());
        return 1;
    }
    char *end = memchr(reply, '\n', got);
    if (end == NULL || strncmp(reply, "OK", 2) != 0 ||
        (reply[2] != '\n' && reply[2] != ' ')) {
        fprintf(stderr,
                "refused: %.*s\n",
                (int)(end == NULL ? got : (DWORD)(end - reply)),
                reply);
        return 1;
    }
    fwrite(end + 1, 1, got - (size_t)(end + 1 - reply), stdout);
    return 0;
}
