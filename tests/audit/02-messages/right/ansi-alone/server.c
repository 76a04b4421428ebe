/* server.c - A calls, main, nothing of the kit; overlapped, and the stop is
 * one more event in each wait. */
#include <windows.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

int main(int argc, char **argv);

enum { LONGEST = 32768 };

static HANDLE pipe, stop;
static OVERLAPPED io;
static DWORD patience = 5000;
static char data[LONGEST + 1];

static DWORD WINAPI watch_input(void *unused)
{
    char byte;
    DWORD got;

    (void)unused;
    while (ReadFile(GetStdHandle(STD_INPUT_HANDLE), &byte, 1, &got, NULL) &&
           got > 0) {
    }
    SetEvent(stop);
    return 0;
}

/* The outcome of a call that was just made: 0 or a code. */
static DWORD outcome(BOOL ok, DWORD ms, DWORD *bytes)
{
    HANDLE both[2];

    both[0] = io.hEvent;
    both[1] = stop;
    *bytes = 0;
    if (!ok && GetLastError() == ERROR_IO_PENDING) {
        if (WaitForMultipleObjects(2, both, FALSE, ms) != WAIT_OBJECT_0)
            CancelIo(pipe);
    } else if (!ok && GetLastError() != ERROR_MORE_DATA) {
        return GetLastError();
    }
    if (GetOverlappedResult(pipe, &io, bytes, TRUE))
        return 0;
    return GetLastError();
}

static DWORD put(const char *text, DWORD size)
{
    DWORD written;
    return outcome(WriteFile(pipe, text, size, NULL, &io), patience, &written);
}

static DWORD get(DWORD *got, DWORD ms)
{
    return outcome(ReadFile(pipe, data, LONGEST + 1, NULL, &io), ms, got);
}

/* Reads on until that fails: the client has left, or its time is over. */
static void await_leave(void)
{
    DWORD begin = GetTickCount(), spent = 0, got, err = 0;

    while ((err == 0 || err == ERROR_MORE_DATA) && spent < patience) {
        err = get(&got, patience - spent);
        spent = GetTickCount() - begin;
    }
}

static void talk(void)
{
    DWORD err, got, i;

    for (;;) {
        err = get(&got, patience);
        if (err == ERROR_MORE_DATA || (err == 0 && got > LONGEST)) {
            while (err == ERROR_MORE_DATA)
                err = get(&got, patience);
            if (err != 0 || put("-too long", 9) != 0)
                return;
        } else if (err != 0) {
            return;
        } else if (got == 0) {
            if (put("-empty", 6) != 0)
                return;
        } else if (got == 1 && data[0] == 'B') {
            if (put("+bye", 4) == 0)
                await_leave();
            return;
        } else if (data[0] == 'U' || data[0] == 'R') {
            for (i = 1; data[0] == 'U' && i < got; i++)
                if (data[i] > 96 && data[i] < 123)
                    data[i] = (char)(data[i] - 32);
            for (i = 1; data[0] == 'R' && i <= (got - 1) / 2; i++) {
                char swap = data[i];
                data[i] = data[got - i];
                data[got - i] = swap;
            }
            data[0] = '+';
            if (put(data, got) != 0)
                return;
        } else if (put("-unknown", 8) != 0) {
            return;
        }
    }
}

int main(int argc, char **argv)
{
    const char *name = "\\\\.\\pipe\\nplab-02-messages";
    DWORD unused;
    int i;

    for (i = 1; i + 1 < argc; i += 2) {
        if (argv[i][2] == 'p')
            name = argv[i + 1];
        else
            patience = (DWORD)atoi(argv[i + 1]);
    }
    stop = CreateEventA(NULL, TRUE, FALSE, NULL);
    io.hEvent = CreateEventA(NULL, TRUE, FALSE, NULL);
    pipe = CreateNamedPipeA(name,
                            PIPE_ACCESS_DUPLEX | FILE_FLAG_OVERLAPPED |
                                FILE_FLAG_FIRST_PIPE_INSTANCE,
                            PIPE_TYPE_MESSAGE | PIPE_READMODE_MESSAGE,
                            1,
                            10000,
                            10000,
                            0,
                            NULL);
    if (pipe == INVALID_HANDLE_VALUE) {
        fprintf(stderr, "error %lu\n", GetLastError());
        return 1;
    }
    CreateThread(NULL, 0, watch_input, NULL, 0, NULL);
    while (WaitForSingleObject(stop, 0) != WAIT_OBJECT_0) {
        outcome(ConnectNamedPipe(pipe, &io), INFINITE, &unused);
        talk();
        if (WaitForSingleObject(stop, 0) != WAIT_OBJECT_0)
            DisconnectNamedPipe(pipe);
    }
    CloseHandle(pipe);
    return 0;
}
