/* A server without any library: synchronous, narrow calls, one pass through the
 * client's identity for each request. */
#include <windows.h>
#include <sddl.h>
#include <aclapi.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char *pipe_name = "\\\\.\\pipe\\nplab-07-levels";
static const char *file_name = "nplab-07-levels.txt";
static DWORD timeout_ms = 5000;
static HANDLE main_thread;

int main(int argc, char **argv);

/* What one request has found out. */
struct found {
    DWORD error, query, check, open, start;
    HANDLE token, file;
    SECURITY_IMPERSONATION_LEVEL level;
    PROCESS_INFORMATION child;
};

static DWORD WINAPI watch_input(void *unused)
{
    char byte;
    DWORD n;

    (void)unused;
    while (ReadFile(GetStdHandle(STD_INPUT_HANDLE), &byte, 1, &n, NULL) && n)
        ;
    ExitProcess(0);
}

static VOID CALLBACK too_late(PVOID unused, BOOLEAN fired)
{
    (void)unused, (void)fired;
    CancelSynchronousIo(main_thread);
}

static BOOL timed(BOOL reads, HANDLE pipe, char *data, DWORD size, DWORD *n)
{
    HANDLE timer = NULL;
    BOOL ok;

    CreateTimerQueueTimer(
        &timer, NULL, too_late, NULL, timeout_ms, 0, WT_EXECUTEONLYONCE);
    ok = reads ? ReadFile(pipe, data, size, n, NULL)
               : WriteFile(pipe, data, size, n, NULL);
    DWORD err = GetLastError();
    (void)DeleteTimerQueueTimer(NULL, timer, INVALID_HANDLE_VALUE);
    SetLastError(err);
    return ok;
}

static HANDLE open_file(void)
{
    return CreateFileA(
        file_name, FILE_GENERIC_READ, 7, NULL, OPEN_EXISTING, 0, NULL);
}

static DWORD may_read(HANDLE token, HANDLE file)
{
    PSECURITY_DESCRIPTOR sd = NULL;
    GENERIC_MAPPING map = {FILE_GENERIC_READ,
                           FILE_GENERIC_WRITE,
                           FILE_GENERIC_EXECUTE,
                           FILE_ALL_ACCESS};
    union {
        PRIVILEGE_SET set;
        BYTE room[512];
    } used;
    DWORD size = sizeof used, granted = 0;
    BOOL yes = FALSE;
    DWORD err =
        GetSecurityInfo(file, SE_FILE_OBJECT, 7, NULL, NULL, NULL, NULL, &sd);

    if (err == 0 && !AccessCheck(sd,
                                 token,
                                 FILE_GENERIC_READ,
                                 &map,
                                 &used.set,
                                 &size,
                                 &granted,
                                 &yes))
        err = GetLastError();
    LocalFree(sd);
    return err != 0 ? err : yes ? 0 : ERROR_ACCESS_DENIED;
}

/* Everything that is done as the client, between the two calls. */
static void as_client(HANDLE pipe, BOOL probes, struct found *found)
{
    char program[MAX_PATH];
    STARTUPINFOA startup = {.cb = sizeof startup};
    DWORD n;

    GetModuleFileNameA(NULL, program, MAX_PATH);
    if (!ImpersonateNamedPipeClient(pipe)) {
        found->error = GetLastError();
        return;
    }
    if (!OpenThreadToken(GetCurrentThread(), TOKEN_QUERY, TRUE, &found->token))
        found->query = GetLastError();
    else if (!GetTokenInformation(found->token,
                                  TokenImpersonationLevel,
                                  &found->level,
                                  sizeof found->level,
                                  &n))
        found->error = GetLastError();
    if (probes || found->level >= SecurityImpersonation) {
        found->file = open_file();
        if (found->file == INVALID_HANDLE_VALUE)
            found->open = GetLastError();
    }
    if (probes && !CreateProcessA(program,
                                  NULL,
                                  NULL,
                                  NULL,
                                  FALSE,
                                  CREATE_SUSPENDED,
                                  NULL,
                                  NULL,
                                  &startup,
                                  &found->child))
        found->start = GetLastError();
    if (!SetThreadToken(NULL, NULL))
        TerminateProcess(GetCurrentProcess(), 3);
}

static void describe(HANDLE token, const char *kind, char *text)
{
    BYTE room[4096];
    TOKEN_GROUPS *groups = (void *)room;
    TOKEN_USER *user = (void *)room;
    char *sid = NULL;
    DWORD n;

    GetTokenInformation(token, TokenUser, room, sizeof room, &n);
    ConvertSidToStringSidA(user->User.Sid, &sid);
    sprintf(text, "%s (%s)", sid, kind);
    LocalFree(sid);
    GetTokenInformation(token, TokenGroups, room, sizeof room, &n);
    for (DWORD i = 0; i < groups->GroupCount; i++)
        if (groups->Groups[i].Attributes & SE_GROUP_USE_FOR_DENY_ONLY) {
            ConvertSidToStringSidA(groups->Groups[i].Sid, &sid);
            sprintf(text + strlen(text), " without %s", sid);
            LocalFree(sid);
        }
}

static void report(struct found *found, char *reply)
{
    static const char *const levels[] = {
        "Anonymous", "Identification", "Impersonation", "Delegation"};
    BYTE room[4096];
    TOKEN_PRIVILEGES *all = (void *)room;
    char line[2048];
    unsigned on = 0;
    HANDLE token, own;
    DWORD n;

    /* The lines may come in any order. */
    if (found->open != 0)
        sprintf(reply, "open: %lu\n", found->open);
    else
        strcpy(reply, "open: done\n");
    sprintf(reply + strlen(reply), "level: %s\n", levels[found->level]);
    if (found->token == NULL) {
        sprintf(reply + strlen(reply),
                "query: %lu\nprivileges: %lu\ncheck: %lu\n",
                found->query,
                found->query,
                found->query);
    } else {
        describe(found->token, "client", line);
        sprintf(reply + strlen(reply), "query: %s\n", line);
        GetTokenInformation(
            found->token, TokenPrivileges, room, sizeof room, &n);
        for (DWORD i = 0; i < all->PrivilegeCount; i++)
            on += (all->Privileges[i].Attributes & SE_PRIVILEGE_ENABLED) != 0;
        sprintf(reply + strlen(reply),
                "privileges: enabled %u, disabled %u\n",
                on,
                (unsigned)all->PrivilegeCount - on);
        own = open_file();
        n = own == INVALID_HANDLE_VALUE ? GetLastError()
                                        : may_read(found->token, own);
        CloseHandle(own);
        if (n != 0)
            sprintf(reply + strlen(reply), "check: %lu (no)\n", n);
        else
            strcat(reply, "check: he may\n");
    }
    if (found->start != 0) {
        sprintf(reply + strlen(reply), "start: %lu", found->start);
        return;
    }
    OpenProcessToken(found->child.hProcess, TOKEN_QUERY, &token);
    describe(token, "primary", line);
    CloseHandle(token);
    sprintf(reply + strlen(reply), "start: %s", line);
    TerminateProcess(found->child.hProcess, 0);
    CloseHandle(found->child.hProcess);
    CloseHandle(found->child.hThread);
}

static DWORD answer(HANDLE pipe, const char *request, DWORD size, char *reply)
{
    struct found found = {0};
    BOOL probes = size == 5 && memcmp(request, "PROBE", 5) == 0;
    BOOL reads = size == 4 && memcmp(request, "READ", 4) == 0;
    DWORD n = 0;

    as_client(pipe, probes, &found);
    if (reads && found.level == SecurityIdentification) {
        found.file = open_file();
        found.open = found.file == INVALID_HANDLE_VALUE
                         ? GetLastError()
                         : may_read(found.token, found.file);
    } else if (reads && found.level == SecurityAnonymous) {
        found.open = found.query;
    }
    strcpy(reply, "refused: sorry");
    if (found.error == 0 && probes) {
        report(&found, reply);
    } else if (found.error == 0 && reads && found.open == 0) {
        strcpy(reply, "text: ");
        if (ReadFile(found.file, reply + 6, 1024, &n, NULL))
            n += 6;
        else
            strcpy(reply, "refused: the file cannot be read");
    }
    if (found.file != NULL && found.file != INVALID_HANDLE_VALUE)
        CloseHandle(found.file);
    if (found.token != NULL)
        CloseHandle(found.token);
    return n != 0 && reads ? n : (DWORD)strlen(reply);
}

/* Made for the lab group, here INTERACTIVE, if there is none. */
static void provide(void)
{
    SECURITY_ATTRIBUTES sa = {sizeof sa, NULL, FALSE};
    HANDLE file;
    DWORD n;

    ConvertStringSecurityDescriptorToSecurityDescriptorA(
        "D:P(A;;FA;;;IU)", 1, &sa.lpSecurityDescriptor, NULL);
    file = CreateFileA(file_name, GENERIC_WRITE, 0, &sa, CREATE_NEW, 0, NULL);
    LocalFree(sa.lpSecurityDescriptor);
    if (file == INVALID_HANDLE_VALUE)
        return;
    WriteFile(file, "hello", 5, &n, NULL);
    CloseHandle(file);
}

int main(int argc, char **argv)
{
    SECURITY_ATTRIBUTES sa = {sizeof sa, NULL, FALSE};
    static char request[64], reply[8192];

    for (int i = 1; i < argc; i++) {
        if (strcmp(argv[i], "--help") == 0)
            return puts("usage: server [--pipe NAME] [--file FILE]"), 0;
        if (i + 1 < argc && strcmp(argv[i], "--pipe") == 0)
            pipe_name = argv[++i];
        else if (i + 1 < argc && strcmp(argv[i], "--file") == 0)
            file_name = argv[++i];
        else if (i + 1 < argc && strcmp(argv[i], "--timeout") == 0)
            timeout_ms = strtoul(argv[++i], NULL, 10);
        else
            return fputs("usage\n", stderr), 2;
    }
    provide();
    DuplicateHandle(GetCurrentProcess(),
                    GetCurrentThread(),
                    GetCurrentProcess(),
                    &main_thread,
                    0,
                    FALSE,
                    DUPLICATE_SAME_ACCESS);
    ConvertStringSecurityDescriptorToSecurityDescriptorA(
        "D:P(A;;0x0012019B;;;WD)", 1, &sa.lpSecurityDescriptor, NULL);
    HANDLE pipe = CreateNamedPipeA(
        pipe_name,
        PIPE_ACCESS_DUPLEX | FILE_FLAG_FIRST_PIPE_INSTANCE,
        PIPE_TYPE_MESSAGE | PIPE_READMODE_MESSAGE | PIPE_REJECT_REMOTE_CLIENTS,
        1,
        4096,
        4096,
        0,
        &sa);
    if (pipe == INVALID_HANDLE_VALUE)
        return fprintf(stderr, "error %lu\n", GetLastError()), 1;
    CreateThread(NULL, 0, watch_input, NULL, 0, NULL);
    for (;;) {
        DWORD n = 0;
        if (!ConnectNamedPipe(pipe, NULL) &&
            GetLastError() != ERROR_PIPE_CONNECTED &&
            GetLastError() != ERROR_NO_DATA)
            return 1;
        for (;;) {
            BOOL ok = timed(TRUE, pipe, request, sizeof request, &n);
            DWORD size = ok ? n : 0;
            while (!ok && GetLastError() == ERROR_MORE_DATA)
                ok = timed(TRUE, pipe, request, sizeof request, &n);
            if (!ok)
                break;
            size = answer(pipe, request, size, reply);
            if (!timed(FALSE, pipe, reply, size, &n))
                break;
        }
        DisconnectNamedPipe(pipe);
    }
}
