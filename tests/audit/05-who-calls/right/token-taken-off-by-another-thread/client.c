/* client.c - A calls; a pipe that is looked into until the reply is there. */
#include <windows.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static int wrong(const char *what)
{
    fprintf(stderr,
            "client: %s\nusage: client [--pipe NAME] [--level LEVEL] "
            "[--timeout MS]\n",
            what);
    return 2;
}

int main(int argc, char **argv)
{
    const char *name = "\\\\.\\pipe\\nplab-05-who-calls";
    DWORD flags = SECURITY_IDENTIFICATION, ms = 5000,
          mode = PIPE_READMODE_MESSAGE, n, left = 0;
    ULONGLONG end;
    HANDLE h;
    static char reply[8192];
    int i;
    for (i = 1; i < argc; i++) {
        const char *a = argv[i], *v = i + 1 < argc ? argv[i + 1] : NULL;
        if (!strcmp(a, "--help")) {
            puts("usage: client [--pipe NAME] [--level LEVEL] [--timeout MS]");
            return 0;
        }
        if (!strcmp(a, "--pipe") && v)
            name = v;
        else if (!strcmp(a, "--level") && v) {
            if (!strcmp(v, "anonymous"))
                flags = SECURITY_ANONYMOUS;
            else if (!strcmp(v, "identification"))
                flags = SECURITY_IDENTIFICATION;
            else if (!strcmp(v, "impersonation"))
                flags = SECURITY_IMPERSONATION;
            else
                return wrong("no such level");
        } else if (!strcmp(a, "--timeout") && v) {
            char *stop;
            ms = strtoul(v, &stop, 10);
            if (*stop || !*v || *v == '-')
                return wrong("not a number");
        } else
            return wrong(a);
        i++;
    }
    end = GetTickCount64() + ms;
    for (;;) {
        ULONGLONG now;
        h = CreateFileA(name,
                        GENERIC_READ | GENERIC_WRITE,
                        0,
                        NULL,
                        OPEN_EXISTING,
                        SECURITY_SQOS_PRESENT | flags,
                        NULL);
        if (h != INVALID_HANDLE_VALUE)
            break;
        now = GetTickCount64();
        if (GetLastError() != ERROR_PIPE_BUSY || now >= end) {
            fprintf(stderr,
                    "client: cannot open the pipe, error %lu\n",
                    GetLastError());
            return 1;
        }
        WaitNamedPipeA(name, (DWORD)(end - now));
    }
    if (!SetNamedPipeHandleState(h, &mode, NULL, NULL) ||
        !WriteFile(h, "WHO", 3, &n, NULL)) {
        fprintf(stderr, "client: cannot ask, error %lu\n", GetLastError());
        return 1;
    }
    end = GetTickCount64() + ms;
    for (;;) {
        DWORD there = 0;
        if (!PeekNamedPipe(h, NULL, 0, NULL, &there, &left)) {
            fprintf(stderr, "client: no reply, error %lu\n", GetLastError());
            return 1;
        }
        if (there)
            break;
        if (GetTickCount64() >= end) {
            fputs("client: no reply in time\n", stderr);
            return 1;
        }
        Sleep(5);
    }
    if (!ReadFile(h, reply, sizeof reply, &n, NULL)) {
        fprintf(stderr, "client: reading failed, error %lu\n", GetLastError());
        return 1;
    }
    if (n < 5 || memcmp(reply, "you: ", 5) != 0) {
        fprintf(stderr, "client: %.*s\n", (int)n, reply);
        return 1;
    }
    if (!WriteFile(GetStdHandle(STD_OUTPUT_HANDLE), reply, n, &mode, NULL))
        return 1;
    CloseHandle(h);
    return 0;
}
