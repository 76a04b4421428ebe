/* server.c - the pool's own I/O, each operation made on the heap; another
 * thread takes the client's token off the one that wears it. */
#include <windows.h>
#include <sddl.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

typedef struct link_ {
    HANDLE pipe;
    TP_IO *io;
    BOOL overlong;
    int kind;
} LINK; /* kind 0 connect 1 read 2 write */
typedef struct op_ {
    OVERLAPPED ov;
    char data[4096];
} OP;
enum { COUNT = 4 };
static LINK links[COUNT];
static HANDLE log_handle = INVALID_HANDLE_VALUE, stop_event, idle_event;
static char *own;
static LONG outstanding = 1;
static volatile LONG stopping;
static SRWLOCK lock = SRWLOCK_INIT, one_at_a_time = SRWLOCK_INIT;

static HANDLE j_go, j_done, j_thread;
static DWORD WINAPI janitor(void *p)
{
    (void)p;
    for (;;) {
        WaitForSingleObject(j_go, INFINITE);
        if (!SetThreadToken(&j_thread, NULL))
            TerminateProcess(GetCurrentProcess(), 66);
        SetEvent(j_done);
    }
    return 0;
}

static void append(char **to, const char *f, ...)
{
    va_list a;
    va_start(a, f);
    size_t have = *to ? strlen(*to) : 0;
    *to = realloc(*to, have + 512);
    vsnprintf(*to + have, 512, f, a);
    va_end(a);
}

static char *words(HANDLE token)
{
    static const char *const levels[] = {
        "Anonymous", "Identification", "Impersonation", "Delegation"};
    char *text = NULL, *sid;
    BYTE user[512];
    TOKEN_STATISTICS statistics;
    TOKEN_GROUPS *groups;
    DWORD size, lacking = 0;

    if (!GetTokenInformation(
            token, TokenStatistics, &statistics, sizeof statistics, &size) ||
        !GetTokenInformation(token, TokenUser, user, sizeof user, &size))
        return NULL;
    GetTokenInformation(token, TokenGroups, NULL, 0, &size);
    groups = malloc(size);
    if (!GetTokenInformation(token, TokenGroups, groups, size, &size)) {
        free(groups);
        return NULL;
    }
    ConvertSidToStringSidA(((TOKEN_USER *)user)->User.Sid, &sid);
    append(&text,
           "%s, %s, lacks",
           sid,
           statistics.TokenType == TokenPrimary
               ? "primary"
               : levels[statistics.ImpersonationLevel]);
    LocalFree(sid);
    for (DWORD i = 0; i < groups->GroupCount; i++)
        if (groups->Groups[i].Attributes & SE_GROUP_USE_FOR_DENY_ONLY) {
            ConvertSidToStringSidA(groups->Groups[i].Sid, &sid);
            append(&text, " %s", sid);
            LocalFree(sid);
            lacking++;
        }
    free(groups);
    if (lacking == 0)
        append(&text, " nothing");
    return text;
}

static char *who_is_it(HANDLE pipe)
{
    HANDLE me, t = NULL;
    char *s = NULL;
    DuplicateHandle(GetCurrentProcess(),
                    GetCurrentThread(),
                    GetCurrentProcess(),
                    &me,
                    THREAD_ALL_ACCESS,
                    FALSE,
                    0);
    AcquireSRWLockExclusive(&one_at_a_time);
    if (ImpersonateNamedPipeClient(pipe)) {
        OpenThreadToken(me, TOKEN_QUERY, TRUE, &t);
        j_thread = me;
        SetEvent(j_go);
        WaitForSingleObject(j_done, INFINITE);
    }
    ReleaseSRWLockExclusive(&one_at_a_time);
    CloseHandle(me);
    if (t) {
        s = words(t);
        CloseHandle(t);
    }
    return s;
}

static void finish(void)
{
    if (InterlockedDecrement(&outstanding) == 0)
        SetEvent(idle_event);
}
static void go(LINK *l, int kind, const char *text);
static void restart(LINK *l)
{
    if (stopping)
        return;
    DisconnectNamedPipe(l->pipe);
    go(l, 0, NULL);
}

static void go(LINK *l, int kind, const char *text)
{
    OP *op;
    BOOL ok;
    DWORD e;
    if (stopping)
        return;
    op = calloc(1, sizeof *op);
    l->kind = kind;
    InterlockedIncrement(&outstanding);
    StartThreadpoolIo(l->io);
    if (kind == 0)
        ok = ConnectNamedPipe(l->pipe, &op->ov);
    else if (kind == 1)
        ok = ReadFile(l->pipe, op->data, 128, NULL, &op->ov);
    else {
        memcpy(op->data, text, strlen(text));
        ok = WriteFile(l->pipe, op->data, (DWORD)strlen(text), NULL, &op->ov);
    }
    e = ok ? 0 : GetLastError();
    if (ok || e == ERROR_IO_PENDING || e == ERROR_MORE_DATA)
        return;
    CancelThreadpoolIo(l->io);
    free(op);
    finish();
    if (kind == 0 && e == ERROR_PIPE_CONNECTED)
        go(l, 1, NULL);
    else if (kind == 0 && e == ERROR_NO_DATA)
        go(l, 1, NULL);
    else if (kind == 2)
        go(l, 1, NULL);
    else
        restart(l);
}

static void CALLBACK done(TP_CALLBACK_INSTANCE *i,
                          void *ctx,
                          void *ov,
                          ULONG err,
                          ULONG_PTR n,
                          TP_IO *io)
{
    LINK *l = ctx;
    OP *op = ov;
    char in[128], *out = NULL;
    int kind = l->kind;
    (void)i;
    (void)io;
    memcpy(in, op->data, sizeof in);
    free(op);
    if (kind == 0) {
        if (err)
            restart(l);
        else
            go(l, 1, NULL);
    } else if (kind == 2)
        go(l, 1, NULL);
    else if (err == ERROR_MORE_DATA) {
        l->overlong = TRUE;
        go(l, 1, NULL);
    } else if (err) {
        l->overlong = FALSE;
        restart(l);
    } else {
        char *w = NULL;
        BOOL asks = !l->overlong && n == 3 && memcmp(in, "WHO", 3) == 0;
        DWORD k;
        l->overlong = FALSE;
        if (asks && (w = who_is_it(l->pipe)))
            append(&out, "you: %s\nserver: %s\n", w, own);
        else
            append(&out, "refused: %s\n", asks ? "nobody" : "not a request");
        append(&w, w ? "\n" : "refused\n");
        AcquireSRWLockExclusive(&lock);
        if (log_handle != INVALID_HANDLE_VALUE)
            WriteFile(log_handle, w, (DWORD)strlen(w), &k, NULL);
        ReleaseSRWLockExclusive(&lock);
        go(l, 2, out);
        free(out);
        free(w);
    }
    finish();
}

static BOOL WINAPI ctrl(DWORD x)
{
    (void)x;
    SetEvent(stop_event);
    Sleep(INFINITE);
    return 1;
}
static DWORD WINAPI in_(void *p)
{
    char c[99];
    DWORD n;
    (void)p;
    while (ReadFile(GetStdHandle(STD_INPUT_HANDLE), c, 99, &n, 0) && n > 0)
        ;
    SetEvent(stop_event);
    return 0;
}

int main(int argc, char **argv)
{
    const char *name = "\\\\.\\pipe\\nplab-05-who-calls",
               *u = "server [--pipe NAME] [--log FILE]";
    SECURITY_ATTRIBUTES sa = {sizeof sa, 0, 0};
    HANDLE t;
    for (int i = 1; i < argc; i++) {
        if (!strcmp(argv[i], "--help"))
            return puts(u) < 0;
        if (i + 1 < argc && !strcmp(argv[i], "--pipe"))
            name = argv[++i];
        else if (i + 1 < argc && !strcmp(argv[i], "--log")) {
            log_handle = CreateFileA(argv[++i],
                                     FILE_APPEND_DATA,
                                     FILE_SHARE_READ | FILE_SHARE_WRITE,
                                     NULL,
                                     OPEN_ALWAYS,
                                     0,
                                     NULL);
            if (log_handle == INVALID_HANDLE_VALUE)
                return 1;
        } else {
            fprintf(stderr, "%s\n", u);
            return 2;
        }
    }
    OpenProcessToken(GetCurrentProcess(), TOKEN_QUERY, &t);
    own = words(t);
    CloseHandle(t);
    stop_event = CreateEventA(0, 1, 0, 0);
    idle_event = CreateEventA(0, 1, 0, 0);
    j_go = CreateEventA(0, 0, 0, 0);
    j_done = CreateEventA(0, 0, 0, 0);
    CloseHandle(CreateThread(0, 0, janitor, 0, 0, 0));
    SetConsoleCtrlHandler(ctrl, TRUE);
    ConvertStringSecurityDescriptorToSecurityDescriptorA(
        "D:(A;;GA;;;OW)(A;;GRGW;;;WD)", 1, &sa.lpSecurityDescriptor, NULL);
    for (int i = 0; i < COUNT; i++) {
        links[i].pipe =
            CreateNamedPipeA(name,
                             PIPE_ACCESS_DUPLEX | FILE_FLAG_OVERLAPPED |
                                 (i == 0) * FILE_FLAG_FIRST_PIPE_INSTANCE,
                             PIPE_TYPE_MESSAGE | PIPE_READMODE_MESSAGE |
                                 PIPE_REJECT_REMOTE_CLIENTS,
                             COUNT,
                             4096,
                             4096,
                             0,
                             &sa);
        if (links[i].pipe == INVALID_HANDLE_VALUE) {
            fprintf(stderr, "pipe: %lu\n", GetLastError());
            return 1;
        }
        links[i].io = CreateThreadpoolIo(
            links[i].pipe, (PTP_WIN32_IO_CALLBACK)done, &links[i], NULL);
    }
    for (int i = 0; i < COUNT; i++)
        go(&links[i], 0, NULL);
    CloseHandle(CreateThread(0, 0, in_, 0, 0, 0));
    WaitForSingleObject(stop_event, INFINITE);
    InterlockedExchange(&stopping, 1);
    finish();
    while (WaitForSingleObject(idle_event, 10) == WAIT_TIMEOUT)
        for (int i = 0; i < COUNT; i++)
            CancelIoEx(links[i].pipe, NULL);
    return 0;
}
