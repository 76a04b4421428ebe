/* Everything polled: N instances, PIPE_NOWAIT, one thread, no OVERLAPPED. */
#include <windows.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct inst {
    HANDLE h;
    int up, has;
    DWORD n;
    char m[4096];
};
static struct inst all[254];
static int count = 64;
static volatile LONG stop;

static DWORD WINAPI eof_thread(LPVOID x)
{
    HANDLE in = GetStdHandle(STD_INPUT_HANDLE);
    char c;
    DWORD n;
    (void)x;
    while (ReadFile(in, &c, 1, &n, NULL) && n == 1) {
    }
    InterlockedExchange(&stop, 1);
    return 0;
}
static BOOL WINAPI brk(DWORD k)
{
    (void)k;
    InterlockedExchange(&stop, 1);
    return TRUE;
}

static void drop(struct inst *i)
{
    DisconnectNamedPipe(i->h);
    i->up = i->has = 0;
}

static int step(struct inst *i)
{
    DWORD n = 0;
    if (!i->up) {
        if (ConnectNamedPipe(i->h, NULL))
            return 0;
        DWORD e = GetLastError();
        if (e != ERROR_PIPE_CONNECTED && e != ERROR_NO_DATA)
            return 0;
        i->up = 1;
    }
    if (!i->has) {
        if (!ReadFile(i->h, i->m, sizeof i->m, &i->n, NULL)) {
            if (GetLastError() != ERROR_NO_DATA) {
                drop(i);
                return 1;
            }
            return 0;
        }
        i->has = 1;
    }
    if (!WriteFile(i->h, i->m, i->n, &n, NULL)) {
        drop(i);
        return 1;
    }
    if (n == i->n) {
        i->has = 0;
        return 1;
    }
    return 0;
}

int main(int argc, char **argv)
{
    char *name = "\\\\.\\pipe\\nplab-03-many-clients";
    for (int i = 1; i < argc; i++) {
        if (!strcmp(argv[i], "--help")) {
            puts("server [--pipe NAME] [--instances N]");
            return 0;
        }
        if (!strcmp(argv[i], "--pipe") && i + 1 < argc)
            name = argv[++i];
        else if (!strcmp(argv[i], "--instances") && i + 1 < argc) {
            char *end;
            count = (int)strtol(argv[++i], &end, 10);
            if (*end || count < 1 || count > 254) {
                fprintf(stderr, "--instances: 1 to 254\n");
                return 2;
            }
        } else {
            fprintf(stderr, "unexpected %s\n", argv[i]);
            return 2;
        }
    }
    for (int i = 0; i < count; i++) {
        all[i].h = CreateNamedPipeA(
            name,
            PIPE_ACCESS_DUPLEX | (i ? 0 : FILE_FLAG_FIRST_PIPE_INSTANCE),
            PIPE_TYPE_MESSAGE | PIPE_READMODE_MESSAGE | PIPE_NOWAIT |
                PIPE_REJECT_REMOTE_CLIENTS,
            (DWORD)count,
            8192,
            8192,
            0,
            NULL);
        if (all[i].h == INVALID_HANDLE_VALUE) {
            fprintf(stderr, "instance %d: %lu\n", i, GetLastError());
            return 1;
        }
    }
    SetConsoleCtrlHandler(brk, TRUE);
    CreateThread(NULL, 0, eof_thread, NULL, 0, NULL);
    while (!stop) {
        int busy = 0;
        for (int i = 0; i < count; i++)
            busy |= step(&all[i]);
        if (!busy)
            Sleep(1);
    }
    return 0;
}
