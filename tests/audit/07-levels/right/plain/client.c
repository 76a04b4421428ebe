/* A client without any library, with narrow calls and TransactNamedPipe. */
#include <windows.h>
#include <fcntl.h>
#include <io.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

int main(int argc, char **argv);

static int usage(void)
{
    fputs("usage: client [options] REQUEST...\n", stderr);
    return 2;
}

static BOOL is_sid(PSID a, WELL_KNOWN_SID_TYPE type)
{
    BYTE sid[SECURITY_MAX_SID_SIZE];
    DWORD size = sizeof sid;
    return CreateWellKnownSid(type, NULL, sid, &size) && EqualSid(a, sid);
}

/* Makes the lab group deny-only for this thread. */
static BOOL become_lesser(void)
{
    static const WELL_KNOWN_SID_TYPE labs[] = {
        WinInteractiveSid, WinLocalSid, WinBuiltinAdministratorsSid};
    static BYTE room[8192];
    TOKEN_GROUPS *groups = (void *)room;
    SID_AND_ATTRIBUTES off = {NULL, 0};
    HANDLE own, less, worn;
    DWORD n;

    if (!OpenProcessToken(GetCurrentProcess(), TOKEN_ALL_ACCESS, &own) ||
        !GetTokenInformation(own, TokenGroups, room, sizeof room, &n))
        return FALSE;
    for (int k = 0; k < 3 && off.Sid == NULL; k++)
        for (DWORD i = 0; i < groups->GroupCount; i++)
            if ((groups->Groups[i].Attributes & SE_GROUP_ENABLED) &&
                is_sid(groups->Groups[i].Sid, labs[k]))
                off.Sid = groups->Groups[i].Sid;
    return off.Sid != NULL &&
           CreateRestrictedToken(own, 0, 1, &off, 0, NULL, 0, NULL, &less) &&
           DuplicateToken(less, SecurityImpersonation, &worn) &&
           SetThreadToken(NULL, worn);
}

int main(int argc, char **argv)
{
    static const char *const names[] = {
        "anonymous", "identification", "impersonation", "delegation"};
    const char *pipe_name = "\\\\.\\pipe\\nplab-07-levels";
    const char *level = "identification", *tracking = NULL;
    BOOL effective = FALSE;
    DWORD flags = 0, timeout = 5000, mode = PIPE_READMODE_MESSAGE, n;
    int first = 1, status = 0, i = 0;
    static char reply[8192];
    HANDLE pipe;

    _setmode(_fileno(stdout), _O_BINARY);
    for (; first < argc && strncmp(argv[first], "--", 2) == 0; first++) {
        const char *value = first + 1 < argc ? argv[first + 1] : NULL;
        if (strcmp(argv[first], "--help") == 0)
            return puts("usage: client REQUEST..."), 0;
        if (strcmp(argv[first], "--effective-only") == 0) {
            effective = TRUE;
            continue;
        }
        if (value == NULL)
            return usage();
        if (strcmp(argv[first], "--pipe") == 0)
            pipe_name = value;
        else if (strcmp(argv[first], "--level") == 0)
            level = value;
        else if (strcmp(argv[first], "--tracking") == 0)
            tracking = value;
        else if (strcmp(argv[first], "--timeout") == 0)
            timeout = strtoul(value, NULL, 10);
        else
            return usage();
        first++;
    }
    if (strcmp(level, "default") != 0) {
        while (i < 4 && strcmp(level, names[i]) != 0)
            i++;
        flags = SECURITY_SQOS_PRESENT | (DWORD)i << 16;
        if (tracking != NULL && strcmp(tracking, "dynamic") == 0)
            flags |= SECURITY_CONTEXT_TRACKING;
        else if (tracking != NULL && strcmp(tracking, "static") != 0)
            return usage();
        if (effective)
            flags |= SECURITY_EFFECTIVE_ONLY;
    } else if (tracking != NULL || effective) {
        return usage();
    }
    if (first == argc || i == 4)
        return usage();

    ULONGLONG end = GetTickCount64() + timeout;
    while ((pipe = CreateFileA(pipe_name,
                               GENERIC_READ | GENERIC_WRITE,
                               0,
                               NULL,
                               OPEN_EXISTING,
                               FILE_FLAG_OVERLAPPED | flags,
                               NULL)) == INVALID_HANDLE_VALUE) {
        if (GetLastError() != ERROR_PIPE_BUSY || GetTickCount64() >= end)
            return fprintf(stderr, "error %lu\n", GetLastError()), 1;
        WaitNamedPipeA(pipe_name, (DWORD)(end - GetTickCount64()) + 1);
    }
    SetNamedPipeHandleState(pipe, &mode, NULL, NULL);
    for (i = first; i < argc; i++) {
        OVERLAPPED io = {0};
        if (strcmp(argv[i], "lesser") == 0) {
            if (!become_lesser())
                return fprintf(stderr, "error %lu\n", GetLastError()), 1;
            continue;
        }
        io.hEvent = CreateEventA(NULL, TRUE, FALSE, NULL);
        if (!TransactNamedPipe(pipe,
                               argv[i],
                               (DWORD)strlen(argv[i]),
                               reply,
                               sizeof reply,
                               &n,
                               &io) &&
            GetLastError() != ERROR_IO_PENDING)
            return fprintf(stderr, "error %lu\n", GetLastError()), 1;
        if (WaitForSingleObject(io.hEvent, timeout) != WAIT_OBJECT_0 ||
            !GetOverlappedResult(pipe, &io, &n, FALSE))
            return fprintf(stderr, "error %lu\n", GetLastError()), 1;
        CloseHandle(io.hEvent);
        FILE *to =
            n >= 9 && memcmp(reply, "refused: ", 9) == 0 ? stderr : stdout;
        if (to == stderr)
            status = 1;
        fwrite(reply, 1, n, to);
        fputs("\n", to);
    }
    return status;
}
