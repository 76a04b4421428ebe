/* client.c - blocking calls, which a timer of the thread pool cancels. */
#include <windows.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <wchar.h>

static const wchar_t *name = L"\\\\.\\pipe\\nplab-04-front-door";
static DWORD patience = 5000;
static const wchar_t *operand;
/* -1: go on; else the exit code. */
static int arguments(int argc, wchar_t **argv)
{
    int i = 1;
    for (; i < argc; i++) {
        wchar_t *end = NULL;
        if (wcscmp(argv[i], L"--help") == 0) {
            printf("usage: client [options] TEXT\n");
            return 0;
        } else if (wcscmp(argv[i], L"--pipe") == 0 && i + 1 < argc) {
            name = argv[++i];
        } else if (wcscmp(argv[i], L"--timeout") == 0 && i + 1 < argc) {
            patience = wcstoul(argv[++i], &end, 10);
            if (*end != 0)
                return fprintf(stderr, "bad number\n"), 2;
        } else if (wcsncmp(argv[i], L"--", 2) == 0 || operand != NULL) {
            fprintf(stderr, "bad argument %ls\n", argv[i]);
            return 2;
        } else
            operand = argv[i];
    }
    if (operand == NULL)
        return fprintf(stderr, "what?\n"), 2;
    return -1;
}

static char sent[65536];
static DWORD sent_size;
static void operand_bytes(void)
{
    sent_size = (DWORD)WideCharToMultiByte(CP_UTF8,
                                           0,
                                           operand,
                                           (int)wcslen(operand),
                                           sent,
                                           sizeof sent,
                                           NULL,
                                           NULL);
    if (*operand == 0)
        sent_size = 0;
}

static HANDLE open_pipe(DWORD flags)
{
    ULONGLONG until = GetTickCount64() + patience;
    for (;;) {
        HANDLE h =
            CreateFileW(name,
                        GENERIC_READ | GENERIC_WRITE,
                        0,
                        NULL,
                        OPEN_EXISTING,
                        flags | SECURITY_SQOS_PRESENT | SECURITY_IDENTIFICATION,
                        NULL);
        if (h != INVALID_HANDLE_VALUE)
            return h;
        ULONGLONG now = GetTickCount64();
        if (GetLastError() != ERROR_PIPE_BUSY || now >= until) {
            fprintf(stderr, "cannot open the pipe: %lu\n", GetLastError());
            exit(1);
        }
        WaitNamedPipeW(name, (DWORD)(until - now));
    }
}

static HANDLE pipe, me;
static void CALLBACK late(PTP_CALLBACK_INSTANCE a, PVOID b, PTP_TIMER c)
{
    (void)a, (void)b, (void)c;
    CancelSynchronousIo(me);
}
int wmain(int argc, wchar_t **argv);

int wmain(int argc, wchar_t **argv)
{
    DWORD mode = PIPE_READMODE_MESSAGE, n;
    char reply[4000];
    int code = arguments(argc, argv);
    if (code >= 0)
        return code;
    operand_bytes();
    DuplicateHandle(GetCurrentProcess(),
                    GetCurrentThread(),
                    GetCurrentProcess(),
                    &me,
                    0,
                    FALSE,
                    DUPLICATE_SAME_ACCESS);
    pipe = open_pipe(0);
    TP_TIMER *timer = CreateThreadpoolTimer(late, NULL, NULL);
    ULARGE_INTEGER due = {.QuadPart = (ULONGLONG)(-10000LL * patience)};
    FILETIME when = {due.LowPart, due.HighPart};
    SetThreadpoolTimer(timer, &when, 1, 0);
    if (!SetNamedPipeHandleState(pipe, &mode, NULL, NULL) ||
        !WriteFile(pipe, sent, sent_size, &n, NULL) ||
        !ReadFile(pipe, reply, sizeof reply - 1, &n, NULL))
        return fprintf(stderr, "failed: %lu\n", GetLastError()), 1;
    reply[n++] = '\n';
    WriteFile(GetStdHandle(STD_OUTPUT_HANDLE), reply, n, &n, NULL);
    return 0;
}
