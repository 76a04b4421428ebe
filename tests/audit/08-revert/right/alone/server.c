/* A right submission of another design: one file without the library, narrow
 * calls, synchronous I/O, a section as the client for each request that opens
 * what it needs, no helper process, no library loaded late, a log that stays
 * open, instances that are used again, and a fast failure. */
#define _GNU_SOURCE
#include <windows.h>
#include <sddl.h>
#include <bcrypt.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

int main(int argc, char **argv);

static const char *pipe_path = "\\\\.\\pipe\\nplab-08-revert";
static const char *folder = ".";
static const char *log_path = "broker.log";
static HANDLE log_file;
static SECURITY_ATTRIBUTES security = {sizeof security, NULL, FALSE};
static SECURITY_ATTRIBUTES log_security = {sizeof log_security, NULL, FALSE};
static __typeof__(&BCryptHash) sha256;

static void say(const char *format, const char *a, const char *b, DWORD err)
{
    char line[256];
    DWORD n = 0;
    int length = snprintf(line, sizeof line, format, a, b, err);

    WriteFile(log_file, line, (DWORD)length, &n, NULL);
}

static DWORD become(HANDLE pipe)
{
    return ImpersonateNamedPipeClient(pipe) ? 0 : GetLastError();
}

static void unbecome(void)
{
    if (!RevertToSelf())
        RaiseFailFastException(NULL, NULL, 0);
}

static DWORD
open_one(const char *name, DWORD access, DWORD disposition, HANDLE *file)
{
    char path[MAX_PATH];

    snprintf(path, sizeof path, "%s\\%s", folder, name);
    *file = CreateFileA(path,
                        access,
                        FILE_SHARE_READ | FILE_SHARE_WRITE,
                        NULL,
                        disposition,
                        0,
                        NULL);
    return *file == INVALID_HANDLE_VALUE ? GetLastError() : 0;
}

/* Opens what a request names, as the client, and nothing else. */
static DWORD open_all(
    HANDLE pipe, const char *in, HANDLE *read, const char *out, HANDLE *write)
{
    DWORD err = become(pipe);

    if (err != 0)
        return err;
    if (in != NULL)
        err = open_one(in, GENERIC_READ, OPEN_EXISTING, read);
    if (err == 0 && out != NULL)
        err = open_one(out, GENERIC_WRITE, CREATE_ALWAYS, write);
    unbecome();
    return err;
}

static bool is_plain(const char *name)
{
    return *name != '\0' && *name != '.' &&
           strspn(name,
                  "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
                  "0123456789._-") == strlen(name);
}

/* What is done with the content that was read; the result goes to data. */
static DWORD work(const char *verb, char *data, DWORD *size)
{
    UCHAR sum[32];
    DWORD lines = 0;

    if (strcmp(verb, "COUNT") == 0) {
        for (DWORD i = 0; i < *size; i++)
            lines += data[i] == '\n';
        *size = (DWORD)sprintf(data, "%lu", lines);
    } else if (strcmp(verb, "SUM") == 0) {
        if (sha256 == NULL)
            return ERROR_MOD_NOT_FOUND;
        sha256((BCRYPT_ALG_HANDLE)0x41,
               NULL,
               0,
               (UCHAR *)data,
               *size,
               sum,
               sizeof sum);
        for (*size = 0; *size < 64; *size += 2)
            sprintf(data + *size, "%02x", sum[*size / 2]);
    }
    return 0;
}

static DWORD request(HANDLE pipe,
                     const char *verb,
                     char *name,
                     char *rest,
                     char *data,
                     DWORD *size)
{
    HANDLE in = INVALID_HANDLE_VALUE, out = INVALID_HANDLE_VALUE;
    bool put = strcmp(verb, "PUT") == 0, copy = strcmp(verb, "COPY") == 0;
    DWORD done = 0, err;

    *size = 0;
    if (!is_plain(name) || (copy && !is_plain(rest)))
        return ERROR_INVALID_NAME;
    if (!put && !copy && strcmp(verb, "GET") != 0 &&
        strcmp(verb, "COUNT") != 0 && strcmp(verb, "SUM") != 0)
        return ERROR_INVALID_FUNCTION;
    err = open_all(pipe,
                   put ? NULL : name,
                   &in,
                   put    ? name
                   : copy ? rest
                          : NULL,
                   &out);
    if (err == 0 && in != INVALID_HANDLE_VALUE &&
        !ReadFile(in, data, 4000, size, NULL))
        err = GetLastError();
    if (err == 0 && out != INVALID_HANDLE_VALUE &&
        !WriteFile(out,
                   put ? rest : data,
                   put ? (DWORD)strlen(rest) : *size,
                   &done,
                   NULL))
        err = GetLastError();
    if (copy)
        *size = 0;
    if (in != INVALID_HANDLE_VALUE)
        CloseHandle(in);
    if (out != INVALID_HANDLE_VALUE)
        CloseHandle(out);
    if (err == 0)
        err = work(verb, data, size);
    if (err == 0 && put)
        say("changed %s\r\n", name, "", 0);
    return err;
}

static void answer(HANDLE pipe, char *message, DWORD length)
{
    char reply[8192];
    DWORD size = 0, n = 0;
    char *name, *rest;

    message[length] = '\0';
    name = strchr(message, ' ');
    name = name == NULL ? message + length : (*name = '\0', name + 1);
    rest = strchr(name, ' ');
    rest = rest == NULL ? message + length : (*rest = '\0', rest + 1);
    DWORD err = request(pipe, message, name, rest, reply + 3, &size);
    say("%s %s: %lu\r\n", message, name, err);
    if (err == 0)
        memcpy(reply, "OK ", 3);
    else
        size = (DWORD)sprintf(reply, "NO %lu", err) - 3;
    WriteFile(pipe, reply, size + 3, &n, NULL);
}

static DWORD WINAPI serve(void *instance)
{
    char message[4097];
    DWORD n = 0;

    for (;;) {
        if (ConnectNamedPipe(instance, NULL) ||
            GetLastError() == ERROR_PIPE_CONNECTED)
            while (ReadFile(instance, message, 4096, &n, NULL))
                answer(instance, message, n);
        DisconnectNamedPipe(instance);
    }
    return 0;
}

static bool member(const char *text)
{
    PSID sid = NULL;
    BOOL in = FALSE;

    if (ConvertStringSidToSidA(text, &sid))
        CheckTokenMembership(NULL, sid, &in);
    LocalFree(sid);
    return in;
}

static bool guard(void)
{
    char sddl[128];
    const char *group = member("S-1-5-4")   ? "S-1-5-4"
                        : member("S-1-2-0") ? "S-1-2-0"
                                            : "S-1-5-32-544";

    snprintf(sddl, sizeof sddl, "D:P(A;;GA;;;%s)(A;;0x0012019B;;;WD)", group);
    if (!ConvertStringSecurityDescriptorToSecurityDescriptorA(
            sddl, SDDL_REVISION_1, &security.lpSecurityDescriptor, NULL))
        return false;
    snprintf(sddl, sizeof sddl, "D:P(A;;FA;;;%s)", group);
    return ConvertStringSecurityDescriptorToSecurityDescriptorA(
        sddl, SDDL_REVISION_1, &log_security.lpSecurityDescriptor, NULL);
}

int main(int argc, char **argv)
{
    HMODULE library = LoadLibraryA("bcrypt.dll");
    DWORD clients = 4;

    for (int i = 1; i + 1 < argc; i += 2) {
        if (strcmp(argv[i], "--pipe") == 0)
            pipe_path = argv[i + 1];
        if (strcmp(argv[i], "--folder") == 0)
            folder = argv[i + 1];
        if (strcmp(argv[i], "--log") == 0)
            log_path = argv[i + 1];
        if (strcmp(argv[i], "--clients") == 0)
            clients = strtoul(argv[i + 1], NULL, 10);
    }
    if (library != NULL)
        sha256 = (__typeof__(sha256))(void (*)(void))GetProcAddress(
            library, "BCryptHash");
    if (!guard())
        return 1;
    log_file = CreateFileA(log_path,
                           FILE_APPEND_DATA,
                           FILE_SHARE_READ,
                           &log_security,
                           OPEN_ALWAYS,
                           0,
                           NULL);
    if (log_file == INVALID_HANDLE_VALUE)
        return 1;
    for (DWORD i = 0; i < clients; i++) {
        HANDLE pipe = CreateNamedPipeA(
            pipe_path,
            PIPE_ACCESS_DUPLEX | (i == 0 ? FILE_FLAG_FIRST_PIPE_INSTANCE : 0),
            PIPE_TYPE_MESSAGE | PIPE_READMODE_MESSAGE |
                PIPE_REJECT_REMOTE_CLIENTS,
            clients,
            4096,
            4096,
            0,
            &security);
        if (pipe == INVALID_HANDLE_VALUE ||
            CreateThread(NULL, 0, serve, pipe, 0, NULL) == NULL)
            return 1;
    }
    while (getchar() != EOF)
        ;
    say("stopped\r\n", "", "", 0);
    ExitProcess(0);
}
