/* server.c - the system's thread pool calls back; A calls, and a critical
 * section for the little that is shared. */
#include <windows.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

int main(int argc, char **argv);

enum { LONGEST = 4096, MOST = 254 };

struct instance {
    HANDLE pipe;
    TP_IO *pool;
    OVERLAPPED io;
    int step; /* 0 connecting, 1 reading, 2 writing */
    DWORD size;
    char data[LONGEST];
};

static struct instance instances[MOST];
static CRITICAL_SECTION lock;
static BOOL stopping;

static BOOL start(struct instance *it)
{
    BOOL ok;

    memset(&it->io, 0, sizeof it->io);
    StartThreadpoolIo(it->pool);
    if (it->step == 0)
        ok = ConnectNamedPipe(it->pipe, &it->io);
    else if (it->step == 1)
        ok = ReadFile(it->pipe, it->data, LONGEST, NULL, &it->io);
    else
        ok = WriteFile(it->pipe, it->data, it->size, NULL, &it->io);
    if (ok || GetLastError() == ERROR_IO_PENDING ||
        GetLastError() == ERROR_MORE_DATA)
        return TRUE;
    CancelThreadpoolIo(it->pool);
    return FALSE;
}

static void go_on(struct instance *it)
{
    EnterCriticalSection(&lock);
    while (!stopping && !start(it)) {
        DWORD err = GetLastError();
        if (it->step == 0 &&
            (err == ERROR_PIPE_CONNECTED || err == ERROR_NO_DATA)) {
            it->step = 1;
        } else {
            DisconnectNamedPipe(it->pipe);
            it->step = 0;
        }
    }
    LeaveCriticalSection(&lock);
}

static void CALLBACK done(PTP_CALLBACK_INSTANCE callback,
                          PVOID context,
                          PVOID overlapped,
                          ULONG err,
                          ULONG_PTR bytes,
                          PTP_IO pool)
{
    struct instance *it = context;

    (void)callback;
    (void)overlapped;
    (void)pool;
    if (err != 0) {
        EnterCriticalSection(&lock);
        if (!stopping)
            DisconnectNamedPipe(it->pipe);
        LeaveCriticalSection(&lock);
        it->step = 0;
    } else if (it->step == 1) {
        it->size = (DWORD)bytes;
        it->step = 2;
    } else {
        it->step = 1;
    }
    /* A request that was read is answered, stop or no stop. */
    if (it->step == 2) {
        StartThreadpoolIo(it->pool);
        memset(&it->io, 0, sizeof it->io);
        if (!WriteFile(it->pipe, it->data, it->size, NULL, &it->io) &&
            GetLastError() != ERROR_IO_PENDING) {
            CancelThreadpoolIo(it->pool);
            EnterCriticalSection(&lock);
            if (!stopping)
                DisconnectNamedPipe(it->pipe);
            LeaveCriticalSection(&lock);
            it->step = 0;
            go_on(it);
        }
        return;
    }
    go_on(it);
}

int main(int argc, char **argv)
{
    const char *name = "\\\\.\\pipe\\nplab-03-many-clients";
    int i, count = 64;

    for (i = 1; i + 1 < argc; i += 2) {
        if (strcmp(argv[i], "--pipe") == 0)
            name = argv[i + 1];
        else
            count = atoi(argv[i + 1]);
    }
    if (count < 1 || count > MOST)
        return fprintf(stderr, "1 to 254 instances\n"), 2;
    InitializeCriticalSection(&lock);
    for (i = 0; i < count; i++) {
        struct instance *it = &instances[i];
        it->pipe = CreateNamedPipeA(name,
                                    PIPE_ACCESS_DUPLEX | FILE_FLAG_OVERLAPPED |
                                        (i ? 0 : FILE_FLAG_FIRST_PIPE_INSTANCE),
                                    PIPE_TYPE_MESSAGE | PIPE_READMODE_MESSAGE,
                                    (DWORD)count,
                                    65536,
                                    65536,
                                    0,
                                    NULL);
        if (it->pipe == INVALID_HANDLE_VALUE) {
            fprintf(stderr, "instance %d: %lu\n", i, GetLastError());
            return 1;
        }
        it->pool = CreateThreadpoolIo(it->pipe, done, it, NULL);
    }
    for (i = 0; i < count; i++)
        go_on(&instances[i]);
    while (getchar() != EOF)
        continue;
    EnterCriticalSection(&lock);
    stopping = TRUE;
    LeaveCriticalSection(&lock);
    for (i = 0; i < count; i++)
        CancelIoEx(instances[i].pipe, NULL);
    for (i = 0; i < count; i++) {
        WaitForThreadpoolIoCallbacks(instances[i].pool, FALSE);
        CloseHandle(instances[i].pipe);
        CloseThreadpoolIo(instances[i].pool);
    }
    return 0;
}
