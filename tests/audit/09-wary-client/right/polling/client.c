/* A right submission of another design: one file without the library. The pipe
 * does not wait (PIPE_NOWAIT): it is asked again until the time is over. The
 * groups are those of CheckTokenMembership. */
#define _WIN32_WINNT 0x0601
#include <windows.h>
#include <aclapi.h>
#include <sddl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static volatile LONG over;
static int die(const char *what)
{
    fprintf(stderr, "client: %s (%lu)\n", what, GetLastError());
    return 1;
}
static int usage(void)
{
    fputs("client [--pipe N] [--owner SID] [--level L] [--timeout MS] FILE|-\n",
          stderr);
    return 2;
}

static ULONGLONG until;
static BOOL too_late(void)
{
    over = GetTickCount64() >= until;
    return over;
}
static BOOL put(HANDLE pipe, const void *data, DWORD size)
{
    for (;;) {
        DWORD n = 0;
        if (too_late())
            return FALSE;
        if (!WriteFile(pipe, data, size, &n, NULL))
            return FALSE;
        if (n == size)
            return TRUE; /* PIPE_NOWAIT: 0 when it does not fit */
        if (n > 0)
            return FALSE;
        Sleep(1);
    }
}

static BOOL has(HANDLE token, const char *text)
{
    BOOL yes = FALSE;
    PSID sid = NULL;
    HANDLE copy = NULL;
    if (!ConvertStringSidToSidA(text, &sid))
        return FALSE;
    if (DuplicateTokenEx(token,
                         TOKEN_QUERY,
                         NULL,
                         SecurityIdentification,
                         TokenImpersonation,
                         &copy) &&
        !CheckTokenMembership(copy, sid, &yes))
        yes = FALSE;
    if (copy != NULL)
        CloseHandle(copy);
    LocalFree(sid);
    return yes;
}

static int next_reply(HANDLE pipe, char text[257])
{
    while (!too_late()) {
        DWORD n = 0;
        if (!ReadFile(pipe, text, 256, &n, NULL)) {
            if (GetLastError() != ERROR_NO_DATA)
                return 0;
            Sleep(1);
            continue;
        }
        text[n] = 0;
        for (DWORD i = 0; i < n; i++)
            if (text[i] < ' ' || text[i] > '~')
                return 0;
        if (n == 4 && strcmp(text, "WAIT") == 0)
            continue;
        return 1;
    }
    return 0;
}

int main(int argc, char **argv)
{
    const char *name = "\\\\.\\pipe\\nplab-09-wary-client", *owner = NULL,
               *level = "identification", *file = NULL;
    static char secret[5 + 1025] = "KEEP ";
    size_t size = 0, got;
    DWORD ms = 5000, flags, n, need = 0, server = 0;
    for (int i = 1; i < argc; i++) {
        char *a = argv[i], *end;
        if (strcmp(a, "--help") == 0) {
            puts("client FILE");
            return 0;
        }
        if (strncmp(a, "--", 2) == 0) {
            if (i + 1 == argc)
                return usage();
            char *v = argv[++i];
            if (strcmp(a, "--pipe") == 0)
                name = v;
            else if (strcmp(a, "--owner") == 0)
                owner = v;
            else if (strcmp(a, "--level") == 0)
                level = v;
            else if (strcmp(a, "--timeout") == 0) {
                ms = strtoul(v, &end, 10);
                if (*end || end == v)
                    return usage();
            } else
                return usage();
        } else if (file != NULL)
            return usage();
        else
            file = a;
    }
    if (file == NULL)
        return usage();
    if (_strnicmp(name, "\\\\.\\pipe\\", 9) != 0 || name[9] == 0 ||
        strpbrk(name + 9, "\\/") != NULL)
        return usage();
    if (strcmp(level, "identification") == 0)
        flags = SECURITY_IDENTIFICATION;
    else if (strcmp(level, "anonymous") == 0)
        flags = SECURITY_ANONYMOUS;
    else
        return usage();
    HANDLE in = strcmp(file, "-") == 0 ? GetStdHandle(STD_INPUT_HANDLE)
                                       : CreateFileA(file,
                                                     GENERIC_READ,
                                                     FILE_SHARE_READ,
                                                     NULL,
                                                     OPEN_EXISTING,
                                                     0,
                                                     NULL);
    if (in == INVALID_HANDLE_VALUE)
        return die("cannot open the secret");
    while (size < 1025 &&
           ReadFile(in, secret + 5 + size, (DWORD)(1025 - size), &n, NULL) &&
           n > 0)
        size += n;
    if (size < 1 || size > 1024) {
        SetLastError(0);
        return die("no secret of 1 to 1,024 bytes");
    }
    (void)got;

    until = GetTickCount64() + ms;
    HANDLE pipe;
    while ((pipe = CreateFileA(name,
                               GENERIC_READ | GENERIC_WRITE,
                               0,
                               NULL,
                               OPEN_EXISTING,
                               SECURITY_SQOS_PRESENT | flags,
                               NULL)) == INVALID_HANDLE_VALUE) {
        if (GetLastError() != ERROR_PIPE_BUSY)
            return die("cannot open the pipe");
        if (too_late())
            return die("it stayed busy");
        WaitNamedPipeA(name, 10);
    }
    DWORD mode = PIPE_READMODE_MESSAGE | PIPE_NOWAIT;
    if (!SetNamedPipeHandleState(pipe, &mode, NULL, NULL))
        return die("mode");

    /* who made it? */
    HANDLE mine, other, process;
    char user[256], desc[1024];
    PSID own = NULL, wanted = NULL;
    BOOL defaulted;
    if (!OpenProcessToken(
            GetCurrentProcess(), TOKEN_QUERY | TOKEN_DUPLICATE, &mine))
        return die("own token");
    if (!GetTokenInformation(mine, TokenUser, user, sizeof user, &n))
        return die("own user");
    PSID self = ((TOKEN_USER *)user)->User.Sid;
    wanted = self;
    if (owner != NULL && !ConvertStringSidToSidA(owner, &wanted))
        return die("--owner");
    if (!GetKernelObjectSecurity(
            pipe, OWNER_SECURITY_INFORMATION, desc, sizeof desc, &need) ||
        !GetSecurityDescriptorOwner(desc, &own, &defaulted) || own == NULL)
        return die("cannot learn the owner");
    if (!EqualSid(own, wanted))
        return die("somebody else's pipe");
    if (EqualSid(wanted, self)) {
        static const char *const groups[] = {
            "S-1-5-4", "S-1-2-0", "S-1-5-32-544"};
        int i = 0;
        if (!GetNamedPipeServerProcessId(pipe, &server))
            return die("whose process?");
        process = OpenProcess(PROCESS_QUERY_LIMITED_INFORMATION, FALSE, server);
        if (process == NULL)
            return die("cannot look at the process");
        if (!OpenProcessToken(process, TOKEN_QUERY | TOKEN_DUPLICATE, &other))
            return die("cannot look at its token");
        while (i < 3 && !has(mine, groups[i]))
            i++;
        if (i == 3 || !has(other, groups[i]))
            return die("a lesser server");
    }

    char reply[258];
    if (!put(pipe, "HELLO", 5))
        return die("HELLO");
    if (!next_reply(pipe, reply))
        return die("no usable answer to HELLO");
    if (strcmp(reply, "READY") != 0) {
        fprintf(stderr, "server: %s\n", reply);
        return 1;
    }
    if (!put(pipe, secret, (DWORD)(5 + size)))
        return die("KEEP");
    if (!next_reply(pipe, reply))
        return die("no usable answer");
    if (strncmp(reply, "KEPT for ", 9) != 0) {
        fprintf(stderr, "server: %s\n", reply);
        return 1;
    }
    HANDLE out = GetStdHandle(STD_OUTPUT_HANDLE);
    strcat(reply, "\n");
    if (!WriteFile(out, reply, (DWORD)strlen(reply), &n, NULL))
        return die("output");
    TerminateProcess(GetCurrentProcess(), 0);
    return 0;
}
