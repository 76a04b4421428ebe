/* A right submission of another design: one file without the library. Requests
 * are work items of the system's pool and are worked off one at a time, under
 * one lock. The client's token is duplicated and put on by SetThreadToken; the
 * descriptors are made with SetEntriesInAcl; SUM needs no library, COUNT no
 * process and COPY no CopyFile. */
#include <windows.h>
#include <aclapi.h>
#include <sddl.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static char pipe_name[300] = "\\\\.\\pipe\\nplab-08-revert";
static char folder[MAX_PATH] = ".";
static char logname[MAX_PATH] = "broker.log";
static CRITICAL_SECTION big;
static HANDLE logfile;
static SECURITY_ATTRIBUTES for_pipe, for_log;
static HANDLE stop;

struct job {
    HANDLE pipe;
    const char *in;
    DWORD in_size;
    char *out;
    DWORD out_size;
};

static void note(const char *text)
{
    char line[700];
    DWORD n;
    int size = snprintf(line, sizeof line, "%.600s\r\n", text);
    WriteFile(logfile, line, (DWORD)size, &n, NULL);
}

static BOOL make_acl(SECURITY_ATTRIBUTES *sa, DWORD everyone)
{
    static const char *groups[] = {"S-1-5-4", "S-1-2-0", "S-1-5-32-544"};
    PSID group = NULL, world = NULL;
    SID_IDENTIFIER_AUTHORITY wa = SECURITY_WORLD_SID_AUTHORITY;
    EXPLICIT_ACCESS_A ea[2];
    PACL acl = NULL;
    PSECURITY_DESCRIPTOR sd = malloc(SECURITY_DESCRIPTOR_MIN_LENGTH);
    for (int i = 0; i < 3; i++) {
        BOOL in = FALSE;
        ConvertStringSidToSidA(groups[i], &group);
        if (CheckTokenMembership(NULL, group, &in) && in)
            break;
    }
    AllocateAndInitializeSid(&wa, 1, 0, 0, 0, 0, 0, 0, 0, 0, &world);
    memset(ea, 0, sizeof ea);
    ea[0].grfAccessPermissions = FILE_ALL_ACCESS;
    ea[0].grfAccessMode = SET_ACCESS;
    ea[0].Trustee.TrusteeForm = TRUSTEE_IS_SID;
    ea[0].Trustee.ptstrName = (LPSTR)group;
    ea[1] = ea[0];
    ea[1].grfAccessPermissions = everyone;
    ea[1].Trustee.ptstrName = (LPSTR)world;
    if (SetEntriesInAclA(everyone ? 2 : 1, ea, NULL, &acl) != 0)
        return FALSE;
    InitializeSecurityDescriptor(sd, SECURITY_DESCRIPTOR_REVISION);
    SetSecurityDescriptorDacl(sd, TRUE, acl, FALSE);
    SetSecurityDescriptorControl(sd, SE_DACL_PROTECTED, SE_DACL_PROTECTED);
    sa->nLength = sizeof *sa;
    sa->lpSecurityDescriptor = sd;
    return TRUE;
}

/* ---- SHA-256 ---- */
static uint32_t ror(uint32_t x, int n)
{
    return x >> n | x << (32 - n);
}
static void sha(const unsigned char *m, size_t len, char *hex)
{
    static uint32_t k[64], h0[8];
    static int ready;
    uint32_t h[8];
    if (!ready) { /* from the primes */
        int n = 0;
        for (int p = 2; n < 64; p++) {
            int prime = 1;
            for (int q = 2; q * q <= p; q++)
                if (p % q == 0)
                    prime = 0;
            if (!prime)
                continue;
            long double c = 1, s = 1;
            for (int i = 0; i < 200; i++) {
                c = (2 * c + p / (c * c)) / 3;
                s = (s + p / s) / 2;
            }
            k[n] = (uint32_t)((c - (long double)(uint64_t)c) * 4294967296.0L);
            if (n < 8)
                h0[n] =
                    (uint32_t)((s - (long double)(uint64_t)s) * 4294967296.0L);
            n++;
        }
        ready = 1;
    }
    memcpy(h, h0, sizeof h);
    size_t total = (len + 9 + 63) / 64 * 64;
    unsigned char *b = calloc(1, total);
    memcpy(b, m, len);
    b[len] = 0x80;
    for (int i = 0; i < 8; i++)
        b[total - 1 - i] = (unsigned char)((uint64_t)len * 8 >> (8 * i));
    for (size_t o = 0; o < total; o += 64) {
        uint32_t w[64], v[8];
        for (int i = 0; i < 16; i++)
            w[i] = (uint32_t)b[o + i * 4] << 24 |
                   (uint32_t)b[o + i * 4 + 1] << 16 |
                   (uint32_t)b[o + i * 4 + 2] << 8 | b[o + i * 4 + 3];
        for (int i = 16; i < 64; i++)
            w[i] = w[i - 16] +
                   (ror(w[i - 15], 7) ^ ror(w[i - 15], 18) ^ w[i - 15] >> 3) +
                   w[i - 7] +
                   (ror(w[i - 2], 17) ^ ror(w[i - 2], 19) ^ w[i - 2] >> 10);
        memcpy(v, h, sizeof v);
        for (int i = 0; i < 64; i++) {
            uint32_t t1 = v[7] +
                          (ror(v[4], 6) ^ ror(v[4], 11) ^ ror(v[4], 25)) +
                          ((v[4] & v[5]) ^ (~v[4] & v[6])) + k[i] + w[i];
            uint32_t t2 = (ror(v[0], 2) ^ ror(v[0], 13) ^ ror(v[0], 22)) +
                          ((v[0] & v[1]) ^ (v[0] & v[2]) ^ (v[1] & v[2]));
            memmove(v + 1, v, 7 * sizeof *v);
            v[4] += t1;
            v[0] = t1 + t2;
        }
        for (int i = 0; i < 8; i++)
            h[i] += v[i];
    }
    free(b);
    for (int i = 0; i < 8; i++)
        sprintf(hex + 8 * i, "%08x", h[i]);
}

/* ---- one request ---- */
static HANDLE token_of(HANDLE pipe)
{
    HANDLE t = NULL, d = NULL;
    if (!ImpersonateNamedPipeClient(pipe))
        return NULL;
    DWORD err = 0;
    if (!OpenThreadToken(
            GetCurrentThread(), TOKEN_DUPLICATE | TOKEN_QUERY, TRUE, &t))
        err = GetLastError();
    if (!SetThreadToken(NULL, NULL))
        TerminateProcess(GetCurrentProcess(), 99);
    if (t == NULL) {
        SetLastError(err);
        return NULL;
    }
    SECURITY_IMPERSONATION_LEVEL level;
    DWORD n;
    GetTokenInformation(t, TokenImpersonationLevel, &level, sizeof level, &n);
    err = DuplicateTokenEx(t,
                           TOKEN_IMPERSONATE | TOKEN_QUERY,
                           NULL,
                           level,
                           TokenImpersonation,
                           &d)
              ? 0
              : GetLastError();
    CloseHandle(t);
    SetLastError(err);
    return d;
}

static HANDLE
open_as(HANDLE token, const char *path, DWORD access, DWORD how, DWORD *err)
{
    HANDLE f = INVALID_HANDLE_VALUE;
    *err = 0;
    if (!SetThreadToken(NULL, token)) {
        *err = GetLastError();
        return f;
    }
    f = CreateFileA(
        path, access, FILE_SHARE_READ | FILE_SHARE_WRITE, NULL, how, 0, NULL);
    if (f == INVALID_HANDLE_VALUE)
        *err = GetLastError();
    if (!SetThreadToken(NULL, NULL))
        TerminateProcess(GetCurrentProcess(), 98);
    return f;
}

static DWORD load(HANDLE token, const char *path, char *data, DWORD *size)
{
    DWORD err;
    HANDLE f = open_as(token, path, GENERIC_READ, OPEN_EXISTING, &err);
    if (err == 0 && !ReadFile(f, data, 4001, size, NULL))
        err = GetLastError();
    if (f != INVALID_HANDLE_VALUE)
        CloseHandle(f);
    return err != 0 ? err : *size > 4000 ? ERROR_FILE_TOO_LARGE : 0;
}

static DWORD store(HANDLE token, const char *path, const char *data, DWORD size)
{
    DWORD err, n;
    HANDLE f = open_as(token, path, GENERIC_WRITE, OPEN_ALWAYS, &err);
    if (err == 0 && (!WriteFile(f, data, size, &n, NULL) || !SetEndOfFile(f)))
        err = GetLastError();
    if (f != INVALID_HANDLE_VALUE)
        CloseHandle(f);
    return err;
}

static int good(const char *s)
{
    size_t n = strlen(s);
    return n >= 1 && n <= 64 && *s != '.' &&
           strspn(s,
                  "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ01234567"
                  "89._-") == n;
}

static DWORD perform(struct job *j, char *data, DWORD *got)
{
    char verb[8], name[80], more[80], path[700], path2[700], line[300];
    const char *at = j->in, *end = j->in + j->in_size;
    const char *sp = memchr(at, ' ', j->in_size);
    HANDLE token;
    DWORD err;
    *got = 0;
    if (sp == NULL || sp - at >= 8) {
        note("?");
        return ERROR_INVALID_FUNCTION;
    }
    sprintf(verb, "%.*s", (int)(sp - at), at);
    at = sp + 1;
    sp = memchr(at, ' ', (size_t)(end - at));
    if (sp == NULL)
        sp = end;
    snprintf(name, sizeof name, "%.*s", (int)(sp - at), at);
    at = sp < end ? sp + 1 : end;
    if (!good(name)) {
        note("bad name");
        return ERROR_INVALID_NAME;
    }
    snprintf(path, sizeof path, "%s\\%s", folder, name);
    token = token_of(j->pipe);
    err = token == NULL ? GetLastError() : 0;
    if (token == NULL && err == 0)
        err = ERROR_ACCESS_DENIED;
    if (err != 0)
        ;
    else if (strcmp(verb, "GET") == 0)
        err = load(token, path, data, got);
    else if (strcmp(verb, "PUT") == 0) {
        if (end - at > 4000)
            err = ERROR_FILE_TOO_LARGE;
        else
            err = store(token, path, at, (DWORD)(end - at));
        if (err == 0) {
            snprintf(line, sizeof line, "changed %s", name);
            note(line);
        }
    } else if (strcmp(verb, "COUNT") == 0) {
        err = load(token, path, data, got);
        unsigned lines = 0;
        for (DWORD i = 0; err == 0 && i < *got; i++)
            lines += data[i] == '\n';
        *got = (DWORD)sprintf(data, "%u", lines);
    } else if (strcmp(verb, "SUM") == 0) {
        char hex[80];
        err = load(token, path, data, got);
        if (err == 0) {
            sha((unsigned char *)data, *got, hex);
            memcpy(data, hex, 64);
            *got = 64;
        }
    } else if (strcmp(verb, "COPY") == 0) {
        snprintf(more, sizeof more, "%.*s", (int)(end - at), at);
        snprintf(path2, sizeof path2, "%s\\%s", folder, more);
        if (!good(more))
            err = ERROR_INVALID_NAME;
        else if ((err = load(token, path, data, got)) == 0)
            err = store(token, path2, data, *got);
        *got = 0;
    } else
        err = ERROR_INVALID_FUNCTION;
    if (token != NULL)
        CloseHandle(token);
    snprintf(line, sizeof line, "%s %s: %lu", verb, name, err);
    note(line);
    return err;
}

static void CALLBACK on_pool(PTP_CALLBACK_INSTANCE i,
                             void *context,
                             PTP_WORK work)
{
    struct job *j = context;
    static char data[5000];
    DWORD got = 0;
    (void)i, (void)work;
    EnterCriticalSection(&big);
    DWORD err = perform(j, data, &got);
    if (err == 0) {
        memcpy(j->out, "OK ", 3);
        memcpy(j->out + 3, data, got);
        j->out_size = 3 + got;
    } else
        j->out_size = (DWORD)sprintf(j->out, "NO %lu", err);
    LeaveCriticalSection(&big);
}

static BOOL io(HANDLE pipe, OVERLAPPED *o, BOOL ok, DWORD *n, DWORD wait)
{
    HANDLE both[2] = {o->hEvent, stop};
    if (!ok && GetLastError() != ERROR_IO_PENDING)
        return FALSE;
    if (!ok && WaitForMultipleObjects(2, both, FALSE, wait) != WAIT_OBJECT_0) {
        CancelIoEx(pipe, o);
        GetOverlappedResult(pipe, o, n, TRUE);
        SetLastError(ERROR_OPERATION_ABORTED);
        return FALSE;
    }
    return GetOverlappedResult(pipe, o, n, TRUE);
}

static void CALLBACK serve(PTP_CALLBACK_INSTANCE instance, void *context)
{
    HANDLE pipe = context;
    char in[4097], out[5000];
    OVERLAPPED o = {0};
    DWORD n;
    CallbackMayRunLong(instance);
    o.hEvent = CreateEventA(NULL, TRUE, FALSE, NULL);
    while (WaitForSingleObject(stop, 0) != WAIT_OBJECT_0) {
        BOOL ok = ConnectNamedPipe(pipe, &o);
        DWORD err = ok ? 0 : GetLastError();
        if (err != ERROR_PIPE_CONNECTED && err != ERROR_NO_DATA &&
            !io(pipe, &o, ok, &n, INFINITE))
            break;
        for (;;) {
            ok = ReadFile(pipe, in, 4096, NULL, &o);
            if (!io(pipe, &o, ok, &n, INFINITE))
                break;
            struct job j = {pipe, in, n, out, 0};
            PTP_WORK work = CreateThreadpoolWork(on_pool, &j, NULL);
            SubmitThreadpoolWork(work);
            WaitForThreadpoolWorkCallbacks(work, FALSE);
            CloseThreadpoolWork(work);
            ok = WriteFile(pipe, out, j.out_size, NULL, &o);
            if (!io(pipe, &o, ok, &n, 3000))
                break;
        }
        DisconnectNamedPipe(pipe);
    }
    CloseHandle(o.hEvent);
    CloseHandle(pipe);
}

static BOOL WINAPI on_ctrl(DWORD t)
{
    (void)t;
    SetEvent(stop);
    return TRUE;
}
static DWORD WINAPI on_input(void *u)
{
    char c[64];
    DWORD n;
    (void)u;
    while (ReadFile(GetStdHandle(STD_INPUT_HANDLE), c, sizeof c, &n, NULL) &&
           n > 0)
        ;
    SetEvent(stop);
    return 0;
}

int main(int argc, char **argv)
{
    int clients = 4;
    for (int i = 1; i < argc; i++) {
        if (strcmp(argv[i], "--help") == 0) {
            puts("server [--pipe NAME] [--folder DIR] [--log FILE] [--clients "
                 "N]");
            return 0;
        }
        if (i + 1 >= argc)
            return 2;
        if (strcmp(argv[i], "--pipe") == 0)
            strcpy(pipe_name, argv[++i]);
        else if (strcmp(argv[i], "--folder") == 0)
            GetFullPathNameA(argv[++i], MAX_PATH, folder, NULL);
        else if (strcmp(argv[i], "--log") == 0)
            GetFullPathNameA(argv[++i], MAX_PATH, logname, NULL);
        else if (strcmp(argv[i], "--clients") == 0)
            clients = atoi(argv[++i]);
        else
            return 2;
    }
    if (clients < 1 || clients > 16)
        return 2;
    InitializeCriticalSection(&big);
    stop = CreateEventA(NULL, TRUE, FALSE, NULL);
    SetConsoleCtrlHandler(on_ctrl, TRUE);
    if (!make_acl(&for_pipe, 0x12019b) || !make_acl(&for_log, 0))
        return 1;
    TP_CALLBACK_ENVIRON env;
    InitializeThreadpoolEnvironment(&env);
    PTP_POOL pool = CreateThreadpool(NULL);
    SetThreadpoolThreadMaximum(pool, 40);
    SetThreadpoolCallbackPool(&env, pool);
    logfile =
        CreateFileA(logname,
                    FILE_APPEND_DATA | SYNCHRONIZE,
                    FILE_SHARE_READ | FILE_SHARE_WRITE | FILE_SHARE_DELETE,
                    &for_log,
                    OPEN_ALWAYS,
                    0,
                    NULL);
    if (logfile == INVALID_HANDLE_VALUE) {
        fprintf(stderr, "log: %lu\n", GetLastError());
        return 1;
    }
    PTP_CLEANUP_GROUP group = CreateThreadpoolCleanupGroup();
    SetThreadpoolCallbackCleanupGroup(&env, group, NULL);
    for (int i = 0; i < clients; i++) {
        HANDLE p =
            CreateNamedPipeA(pipe_name,
                             PIPE_ACCESS_DUPLEX | FILE_FLAG_OVERLAPPED |
                                 (i == 0 ? FILE_FLAG_FIRST_PIPE_INSTANCE : 0),
                             PIPE_TYPE_MESSAGE | PIPE_READMODE_MESSAGE |
                                 PIPE_REJECT_REMOTE_CLIENTS,
                             (DWORD)clients,
                             4096,
                             4096,
                             0,
                             &for_pipe);
        if (p == INVALID_HANDLE_VALUE) {
            fprintf(stderr, "pipe: %lu\n", GetLastError());
            return 1;
        }
        TrySubmitThreadpoolCallback(serve, p, &env);
    }
    CloseHandle(CreateThread(NULL, 0, on_input, NULL, 0, NULL));
    WaitForSingleObject(stop, INFINITE);
    CloseThreadpoolCleanupGroupMembers(group, FALSE, NULL);
    note("end");
    return 0;
}
