/* server.c - synchronous I/O; another thread is the deadline and the stop: it
 * cancels the call that takes too long. */
#include <windows.h>
#include <fcntl.h>
#include <io.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

int wmain(int argc, wchar_t **argv);

static HANDLE worker, stop, idle;
static CRITICAL_SECTION lock;
static ULONGLONG limit; /* when the call under way is to end; 0: never */
static DWORD patience = 5000;
static char message[32768];

static void begin_call(DWORD ms)
{
    EnterCriticalSection(&lock);
    limit = ms == INFINITE ? 0 : GetTickCount64() + ms;
    LeaveCriticalSection(&lock);
}

static DWORD WINAPI watch(void *unused)
{
    (void)unused;
    for (;;) {
        BOOL asked = WaitForSingleObject(stop, 5) == WAIT_OBJECT_0;
        EnterCriticalSection(&lock);
        if (asked || (limit != 0 && GetTickCount64() > limit))
            CancelSynchronousIo(worker);
        LeaveCriticalSection(&lock);
        if (asked && WaitForSingleObject(idle, 5) == WAIT_OBJECT_0)
            return 0;
    }
}

static DWORD WINAPI watch_input(void *unused)
{
    (void)unused;
    while (getchar() != EOF)
        continue;
    SetEvent(stop);
    return 0;
}

static BOOL stopping(void)
{
    return WaitForSingleObject(stop, 0) == WAIT_OBJECT_0;
}

static BOOL answer(HANDLE pipe, const char *data, DWORD size)
{
    DWORD put;
    begin_call(patience);
    return WriteFile(pipe, data, size, &put, NULL);
}

static void talk(HANDLE pipe)
{
    DWORD got, i;

    for (;;) {
        begin_call(patience);
        if (!ReadFile(pipe, message, sizeof message, &got, NULL)) {
            BOOL more = GetLastError() == ERROR_MORE_DATA;
            if (!more)
                return;
            while (!ReadFile(pipe, message, sizeof message, &got, NULL))
                if (GetLastError() != ERROR_MORE_DATA)
                    return;
            if (!answer(pipe, "-too long", 9))
                return;
            continue;
        }
        if (got == 0) {
            if (!answer(pipe, "-empty", 6))
                return;
        } else if (got == 1 && message[0] == 'B') {
            if (!answer(pipe, "+bye", 4))
                return;
            begin_call(patience);
            while (ReadFile(pipe, message, sizeof message, &got, NULL))
                continue;
            return;
        } else if (message[0] == 'U') {
            for (i = 1; i < got; i++)
                if (strchr("abcdefghijklmnopqrstuvwxyz", message[i]) &&
                    message[i] != 0)
                    message[i] = (char)(message[i] ^ 32);
            message[0] = '+';
            if (!answer(pipe, message, got))
                return;
        } else if (message[0] == 'R') {
            static char turned[sizeof message];
            turned[0] = '+';
            for (i = 1; i < got; i++)
                turned[i] = message[got - i];
            if (!answer(pipe, turned, got))
                return;
        } else if (!answer(pipe, "-unknown", 8)) {
            return;
        }
    }
}

int wmain(int argc, wchar_t **argv)
{
    const wchar_t *name = L"\\\\.\\pipe\\nplab-02-messages";
    HANDLE pipe;
    int i;

    for (i = 1; i + 1 < argc; i += 2) {
        if (wcscmp(argv[i], L"--pipe") == 0)
            name = argv[i + 1];
        else if (wcscmp(argv[i], L"--timeout") == 0)
            patience = wcstoul(argv[i + 1], NULL, 10);
    }
    _setmode(0, _O_BINARY);
    InitializeCriticalSection(&lock);
    stop = CreateEventW(NULL, TRUE, FALSE, NULL);
    idle = CreateEventW(NULL, TRUE, FALSE, NULL);
    DuplicateHandle(GetCurrentProcess(),
                    GetCurrentThread(),
                    GetCurrentProcess(),
                    &worker,
                    0,
                    FALSE,
                    DUPLICATE_SAME_ACCESS);
    pipe = CreateNamedPipeW(name,
                            PIPE_ACCESS_DUPLEX | FILE_FLAG_FIRST_PIPE_INSTANCE,
                            PIPE_TYPE_MESSAGE | PIPE_READMODE_MESSAGE,
                            1,
                            4096,
                            4096,
                            0,
                            NULL);
    if (pipe == INVALID_HANDLE_VALUE) {
        fprintf(stderr, "CreateNamedPipe: %lu\n", GetLastError());
        return 1;
    }
    CreateThread(NULL, 0, watch, NULL, 0, NULL);
    CreateThread(NULL, 0, watch_input, NULL, 0, NULL);
    while (!stopping()) {
        begin_call(INFINITE);
        ConnectNamedPipe(pipe, NULL);
        if (!stopping())
            talk(pipe);
        if (!stopping())
            DisconnectNamedPipe(pipe);
    }
    SetEvent(idle);
    CloseHandle(pipe);
    return 0;
}
