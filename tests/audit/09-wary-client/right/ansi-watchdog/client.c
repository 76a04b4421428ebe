/* client.c - nothing of common/, ANSI calls, blocking I/O, and a thread that
 * ends the process when its time is up. */
#include <windows.h>

#include <aclapi.h>
#include <fcntl.h>
#include <io.h>
#include <sddl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

int wmain(int argc, wchar_t **argv);

static unsigned long patience = 5000;

static DWORD WINAPI watch(void *nothing)
{
    (void)nothing;
    Sleep(patience);
    fprintf(stderr, "too late\n");
    fflush(stderr);
    TerminateProcess(GetCurrentProcess(), 1);
    return 0;
}

static int fail(const char *why)
{
    fprintf(stderr, "client: %s\n", why);
    return 1;
}

/* The SID in a token's first field, copied. */
static PSID user_of(HANDLE token)
{
    static char room[4][200];
    static int next;
    DWORD size;
    TOKEN_USER *user = (TOKEN_USER *)room[next++ % 4];
    if (!GetTokenInformation(token, TokenUser, user, 200, &size))
        return NULL;
    return user->User.Sid;
}

static BOOL is_enabled(HANDLE token, const char *group)
{
    HANDLE copy = NULL;
    PSID sid = NULL;
    BOOL yes = FALSE;
    if (DuplicateTokenEx(token,
                         TOKEN_QUERY,
                         NULL,
                         SecurityIdentification,
                         TokenImpersonation,
                         &copy) &&
        ConvertStringSidToSidA(group, &sid) &&
        !CheckTokenMembership(copy, sid, &yes))
        yes = FALSE;
    LocalFree(sid);
    CloseHandle(copy);
    return yes;
}

/* NULL: trusted. */
static const char *distrust(HANDLE pipe, const char *wanted)
{
    static const char *const groups[] = {"S-1-5-4", "S-1-2-0", "S-1-5-32-544"};
    char descriptor[4096];
    const char *doubt = NULL, *group = NULL;
    PSID owner = NULL, expected = NULL, me;
    HANDLE self = NULL, process = NULL, token = NULL;
    ULONG id = 0;
    DWORD size = 0;
    BOOL defaulted;

    if (!OpenProcessToken(
            GetCurrentProcess(), TOKEN_QUERY | TOKEN_DUPLICATE, &self) ||
        (me = user_of(self)) == NULL)
        return "who am I?";
    expected = me;
    if (wanted != NULL && !ConvertStringSidToSidA(wanted, &expected))
        return "--owner is no SID";
    if (!GetKernelObjectSecurity(pipe,
                                 OWNER_SECURITY_INFORMATION,
                                 descriptor,
                                 sizeof descriptor,
                                 &size) ||
        !GetSecurityDescriptorOwner(descriptor, &owner, &defaulted) ||
        owner == NULL || !EqualSid(owner, expected))
        return "wrong owner";
    if (!EqualSid(expected, me))
        return NULL;
    for (int i = 0; i < 3 && group == NULL; i++)
        if (is_enabled(self, groups[i]))
            group = groups[i];
    if (group == NULL)
        return "no group to ask for";
    doubt = "its process is not what it should be";
    if (GetNamedPipeServerProcessId(pipe, &id))
        process = OpenProcess(PROCESS_QUERY_INFORMATION, FALSE, id);
    if (process != NULL &&
        OpenProcessToken(process, TOKEN_QUERY | TOKEN_DUPLICATE, &token) &&
        is_enabled(token, group))
        doubt = NULL;
    CloseHandle(token);
    CloseHandle(process);
    CloseHandle(self);
    return doubt;
}

/* 1: a good reply that is not WAIT, in text. */
static int next_reply(HANDLE pipe, char *text)
{
    DWORD size = 0;
    do {
        if (!ReadFile(pipe, text, 256, &size, NULL))
            return 0;
        for (DWORD i = 0; i < size; i++)
            if (text[i] < 32 || text[i] > 126)
                return 0;
        text[size] = 0;
    } while (strcmp(text, "WAIT") == 0);
    return 1;
}

int wmain(int argc, wchar_t **argv)
{
    static char request[1024 + 7] = "KEEP ", reply[257];
    char name[256] = "\\\\.\\pipe\\nplab-09-wary-client", wanted[200] = "";
    const wchar_t *file = NULL;
    DWORD level = SECURITY_IDENTIFICATION, mode = PIPE_READMODE_MESSAGE, done;
    size_t size = 0;

    _setmode(_fileno(stdout), _O_BINARY);
    _setmode(_fileno(stdin), _O_BINARY);
    for (int i = 1; i < argc; i++) {
        const wchar_t *value = i + 1 < argc ? argv[i + 1] : L"";
        if (wcscmp(argv[i], L"--help") == 0) {
            printf("client [options] FILE|-\n");
            return 0;
        }
        if (wcscmp(argv[i], L"--pipe") == 0)
            snprintf(name, sizeof name, "%ls", value);
        else if (wcscmp(argv[i], L"--owner") == 0)
            snprintf(wanted, sizeof wanted, "%ls", value);
        else if (wcscmp(argv[i], L"--timeout") == 0)
            patience = wcstoul(value, NULL, 10);
        else if (wcscmp(argv[i], L"--level") == 0 &&
                 wcscmp(value, L"anonymous") == 0)
            level = SECURITY_ANONYMOUS;
        else if (wcscmp(argv[i], L"--level") == 0 &&
                 wcscmp(value, L"identification") == 0)
            level = SECURITY_IDENTIFICATION;
        else if (argv[i][0] == L'-' && argv[i][1] != 0)
            return fail("wrong usage"), 2;
        else {
            file = argv[i];
            continue;
        }
        i++;
    }
    if (file == NULL || _strnicmp(name, "\\\\.\\pipe\\", 9) != 0 ||
        strpbrk(name + 9, "\\/") != NULL)
        return fail("wrong usage"), 2;
    FILE *in = wcscmp(file, L"-") == 0 ? stdin : _wfopen(file, L"rb");
    if (in == NULL)
        return fail("no such file");
    size = fread(request + 5, 1, 1025, in);
    if (size == 0 || size > 1024)
        return fail("that is no secret");

    HANDLE watcher = CreateThread(NULL, 0, watch, NULL, 0, NULL);
    if (watcher == NULL)
        return fail("no thread");
    HANDLE pipe;
    for (;;) {
        pipe = CreateFileA(name,
                           GENERIC_READ | GENERIC_WRITE,
                           0,
                           NULL,
                           OPEN_EXISTING,
                           SECURITY_SQOS_PRESENT | level,
                           NULL);
        if (pipe != INVALID_HANDLE_VALUE)
            break;
        if (GetLastError() != ERROR_PIPE_BUSY)
            return fail("nobody serves this pipe");
        WaitNamedPipeA(name, patience);
    }
    const char *doubt = distrust(pipe, wanted[0] == 0 ? NULL : wanted);
    if (doubt != NULL)
        return fail(doubt);
    if (!SetNamedPipeHandleState(pipe, &mode, NULL, NULL) ||
        !WriteFile(pipe, "HELLO", 5, &done, NULL) || !next_reply(pipe, reply) ||
        strcmp(reply, "READY") != 0)
        return fail("the server is not ready");
    if (!WriteFile(pipe, request, (DWORD)size + 5, &done, NULL) ||
        !next_reply(pipe, reply) || strncmp(reply, "KEPT for ", 9) != 0)
        return fail("the server has not kept it");
    printf("%s\n", reply);
    CloseHandle(pipe);
    return 0;
}
