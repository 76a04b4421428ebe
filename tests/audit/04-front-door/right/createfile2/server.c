/* The descriptor is built with InitializeAcl and AddAccess...Ace, no SDDL; a
 * thread for each instance; synchronous I/O; no time limit for clients. */
#include <windows.h>
#include <sddl.h>
#include <process.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static HANDLE pipes[16];

static int die(const char *what)
{
    fprintf(stderr,
            "server: %s failed, code %lu\n",
            what,
            (unsigned long)GetLastError());
    return 1;
}

static PSID well_known(WELL_KNOWN_SID_TYPE t)
{
    DWORD n = SECURITY_MAX_SID_SIZE;
    PSID s = malloc(n);
    if (s && !CreateWellKnownSid(t, NULL, s, &n)) {
        free(s);
        s = NULL;
    }
    return s;
}

static PSID lab_group(void)
{
    static const WELL_KNOWN_SID_TYPE t[] = {
        WinInteractiveSid, WinLocalSid, WinBuiltinAdministratorsSid};
    for (int i = 0; i < 3; i++) {
        BOOL in = FALSE;
        PSID s = well_known(t[i]);
        if (s && CheckTokenMembership(NULL, s, &in) && in)
            return s;
        free(s);
    }
    return NULL;
}

static unsigned __stdcall serve(void *x)
{
    HANDLE p = x;
    char m[1000], r[1009] = "welcome, ";
    DWORD n, w;
    for (;;) {
        if (ConnectNamedPipe(p, NULL) ||
            GetLastError() == ERROR_PIPE_CONNECTED ||
            GetLastError() == ERROR_NO_DATA) {
            while (ReadFile(p, m, sizeof m, &n, NULL)) {
                memcpy(r + 9, m, n);
                if (!WriteFile(p, r, n + 9, &w, NULL))
                    break;
            }
        }
        DisconnectNamedPipe(p);
    }
    return 0;
}
static void wait_stdin(void *x)
{
    (void)x;
    while (fgetc(stdin) != EOF) {
    }
    ExitProcess(0);
}
static BOOL WINAPI ctrl(DWORD k)
{
    (void)k;
    ExitProcess(0);
}

int main(int c, char **v)
{
    const char *name = "\\\\.\\pipe\\nplab-04-front-door", *who = "group";
    unsigned n = 4;
    for (int i = 1; i < c; i++) {
        const char *val = i + 1 < c ? v[i + 1] : NULL;
        if (!strcmp(v[i], "--help")) {
            printf("server [--pipe NAME] [--admit WHO] [--instances N] "
                   "[--timeout MS]\n");
            return 0;
        }
        if (!val) {
            fprintf(stderr, "server: %s?\n", v[i]);
            return 2;
        }
        if (!strcmp(v[i], "--pipe"))
            name = val;
        else if (!strcmp(v[i], "--admit"))
            who = val;
        else if (!strcmp(v[i], "--instances") &&
                 (n = (unsigned)atoi(val)) >= 1 && n <= 16) {
        } else if (!strcmp(v[i], "--timeout") && atoi(val) > 0) {
        } else {
            fprintf(stderr, "server: %s %s?\n", v[i], val);
            return 2;
        }
        i++;
    }
    PSID group = lab_group(), guest = NULL, network = well_known(WinNetworkSid);
    if (!group || !network)
        return die("the lab group");
    if (!strcmp(who, "everyone"))
        guest = well_known(WinWorldSid);
    else if (strcmp(who, "group")) {
        if (strncmp(who, "S-1-", 4) || !ConvertStringSidToSidA(who, &guest)) {
            fprintf(stderr, "server: --admit %s: not a SID\n", who);
            return 1;
        }
    }
    union {
        ACL acl;
        BYTE b[1024];
    } dacl;
    SECURITY_DESCRIPTOR sd;
    if (!InitializeAcl(&dacl.acl, sizeof dacl, ACL_REVISION))
        return die("InitializeAcl");
    if (!AddAccessDeniedAce(&dacl.acl, ACL_REVISION, FILE_ALL_ACCESS, network))
        return die("AddAccessDeniedAce");
    if (!AddAccessAllowedAce(&dacl.acl, ACL_REVISION, FILE_ALL_ACCESS, group))
        return die("AddAccessAllowedAce");
    if (guest &&
        !AddAccessAllowedAce(
            &dacl.acl,
            ACL_REVISION,
            FILE_GENERIC_READ | (FILE_GENERIC_WRITE & ~(DWORD)FILE_APPEND_DATA),
            guest))
        return die("AddAccessAllowedAce");
    if (!InitializeSecurityDescriptor(&sd, SECURITY_DESCRIPTOR_REVISION) ||
        !SetSecurityDescriptorDacl(&sd, TRUE, &dacl.acl, FALSE) ||
        !SetSecurityDescriptorControl(
            &sd, SE_DACL_PROTECTED, SE_DACL_PROTECTED))
        return die("the descriptor");
    SECURITY_ATTRIBUTES sa = {sizeof sa, &sd, FALSE};
    for (unsigned i = 0; i < n; i++) {
        pipes[i] = CreateNamedPipeA(
            name,
            PIPE_ACCESS_DUPLEX | (i == 0 ? FILE_FLAG_FIRST_PIPE_INSTANCE : 0u),
            PIPE_TYPE_MESSAGE | PIPE_READMODE_MESSAGE,
            n,
            2048,
            2048,
            0,
            &sa);
        if (pipes[i] == INVALID_HANDLE_VALUE)
            return die("CreateNamedPipe");
    }
    SetConsoleCtrlHandler(ctrl, TRUE);
    for (unsigned i = 1; i < n; i++)
        _beginthreadex(NULL, 0, serve, pipes[i], 0, NULL);
    _beginthread(wait_stdin, 0, NULL);
    serve(pipes[0]);
}
