/* server.c - A calls, main, nothing of the kit. A thread for each client, made
 * when it comes, with synchronous I/O; the log is held open from the start;
 * SetThreadToken(NULL, NULL) ends impersonation. */
#include <windows.h>
#include <sddl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

int main(int argc, char **argv);

static const char *pipe_name = "\\\\.\\pipe\\nplab-05-who-calls";
static HANDLE journal;
static SRWLOCK lock = SRWLOCK_INIT;
static volatile LONG busy;
static char mine[2000];

static int words_of(HANDLE token, int primary, char *out, size_t room)
{
    char user[300], groups[4000], *sid = NULL;
    const char *levels[] = {
        "Anonymous", "Identification", "Impersonation", "Delegation"};
    SECURITY_IMPERSONATION_LEVEL level = SecurityAnonymous;
    TOKEN_GROUPS *list = (TOKEN_GROUPS *)groups;
    DWORD size;
    int any = 0;

    if (!GetTokenInformation(token, TokenUser, user, sizeof user, &size) ||
        !GetTokenInformation(
            token, TokenGroups, groups, sizeof groups, &size) ||
        (!primary &&
         !GetTokenInformation(
             token, TokenImpersonationLevel, &level, sizeof level, &size)))
        return 0;
    ConvertSidToStringSidA(((TOKEN_USER *)user)->User.Sid, &sid);
    snprintf(
        out, room, "%s, %s, lacks", sid, primary ? "primary" : levels[level]);
    LocalFree(sid);
    for (DWORD i = 0; i < list->GroupCount; i++) {
        if (!(list->Groups[i].Attributes & SE_GROUP_USE_FOR_DENY_ONLY))
            continue;
        any = 1;
        ConvertSidToStringSidA(list->Groups[i].Sid, &sid);
        strncat(out, " ", room - strlen(out) - 1);
        strncat(out, sid, room - strlen(out) - 1);
        LocalFree(sid);
    }
    if (!any)
        strncat(out, " nothing", room - strlen(out) - 1);
    return 1;
}

static int whose(HANDLE pipe, char *out, size_t room)
{
    HANDLE token = NULL;
    int ok = 0;

    if (!ImpersonateNamedPipeClient(pipe))
        return 0;
    OpenThreadToken(GetCurrentThread(), TOKEN_QUERY, TRUE, &token);
    if (!SetThreadToken(NULL, NULL))
        TerminateProcess(GetCurrentProcess(), 99);
    if (token != NULL) {
        ok = words_of(token, 0, out, room);
        CloseHandle(token);
    }
    return ok;
}

static void answer(HANDLE pipe, const char *request, DWORD size)
{
    char who[2000], reply[4096], line[2100];
    DWORD done;
    int known = whose(pipe, who, sizeof who);

    if (known && size == 3 && memcmp(request, "WHO", 3) == 0)
        snprintf(reply, sizeof reply, "you: %s\nserver: %s\n", who, mine);
    else
        snprintf(reply, sizeof reply, "refused: not for you\n");
    snprintf(line, sizeof line, "caller %s\r\n", known ? who : "refused");
    AcquireSRWLockExclusive(&lock);
    WriteFile(journal, line, (DWORD)strlen(line), &done, NULL);
    ReleaseSRWLockExclusive(&lock);
    WriteFile(pipe, reply, (DWORD)strlen(reply), &done, NULL);
}

static DWORD WINAPI converse(void *pipe)
{
    char request[200];
    DWORD size;

    for (;;) {
        BOOL ok = ReadFile(pipe, request, sizeof request, &size, NULL);
        if (!ok && GetLastError() != ERROR_MORE_DATA)
            break;
        InterlockedIncrement(&busy);
        while (!ok && GetLastError() == ERROR_MORE_DATA) {
            size = 0;
            ok = ReadFile(pipe, request, sizeof request, &size, NULL);
            size = 0;
        }
        answer(pipe, request, size);
        InterlockedDecrement(&busy);
    }
    CloseHandle(pipe);
    return 0;
}

static DWORD WINAPI wait_for_end(void *unused)
{
    (void)unused;
    while (getchar() != EOF)
        ;
    while (busy != 0)
        SwitchToThread();
    ExitProcess(0);
}

int main(int argc, char **argv)
{
    const char *log = NULL;
    HANDLE token, thread;
    DWORD first = FILE_FLAG_FIRST_PIPE_INSTANCE;
    SECURITY_ATTRIBUTES anyone = {sizeof anyone, NULL, FALSE};

    for (int i = 1; i + 1 < argc; i += 2) {
        if (strcmp(argv[i], "--pipe") == 0)
            pipe_name = argv[i + 1];
        else if (strcmp(argv[i], "--log") == 0)
            log = argv[i + 1];
    }
    if (log != NULL)
        journal = CreateFileA(
            log, GENERIC_WRITE, FILE_SHARE_READ, NULL, OPEN_ALWAYS, 0, NULL);
    else
        journal = GetStdHandle(STD_OUTPUT_HANDLE);
    if (log != NULL)
        SetFilePointer(journal, 0, NULL, FILE_END);
    OpenProcessToken(GetCurrentProcess(), TOKEN_QUERY, &token);
    words_of(token, 1, mine, sizeof mine);
    CloseHandle(token);
    CloseHandle(CreateThread(NULL, 0, wait_for_end, NULL, 0, NULL));
    ConvertStringSecurityDescriptorToSecurityDescriptorA(
        "D:(A;;GRGW;;;WD)",
        SDDL_REVISION_1,
        &anyone.lpSecurityDescriptor,
        NULL);
    for (;;) {
        HANDLE pipe =
            CreateNamedPipeA(pipe_name,
                             PIPE_ACCESS_DUPLEX | first,
                             PIPE_TYPE_MESSAGE | PIPE_READMODE_MESSAGE |
                                 PIPE_REJECT_REMOTE_CLIENTS,
                             100,
                             5000,
                             5000,
                             0,
                             &anyone);
        if (pipe == INVALID_HANDLE_VALUE) {
            fprintf(stderr, "no pipe: %lu\n", GetLastError());
            return 1;
        }
        first = 0;
        if (!ConnectNamedPipe(pipe, NULL) &&
            GetLastError() != ERROR_PIPE_CONNECTED &&
            GetLastError() != ERROR_NO_DATA) {
            CloseHandle(pipe);
            continue;
        }
        thread = CreateThread(NULL, 0, converse, pipe, 0, NULL);
        if (thread == NULL)
            CloseHandle(pipe);
        else
            CloseHandle(thread);
    }
}
