/* server.c - keeps the token of each request, asks AccessCheck first to refuse
 * early, and opens as the client all the same; the log stays open. A timer
 * cancels a read or a write that takes too long. */
#include <windows.h>
#include <sddl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define CHARACTERS                                                             \
    "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"
enum { CONTENT = 65536, MESSAGE = CONTENT + 256 };

static char pipe_name[256] = "\\\\.\\pipe\\nplab-06-vault";
static char folder[300] = "vault", log_name[300] = "audit.log";
static CRITICAL_SECTION log_lock;
static DWORD timeout_ms = 5000;

static BOOL good_name(const char *n, size_t size)
{
    static const char *const devices[] = {"con", "prn", "aux", "nul"};
    char stem[80];

    if (size < 1 || size > 64 || memchr(n, 0, size) != NULL ||
        n[size - 1] == '.' || strchr("._-", n[0]) != NULL)
        return FALSE;
    memcpy(stem, n, size);
    stem[size] = 0;
    if (strspn(stem, CHARACTERS "._-") != size)
        return FALSE;
    stem[strcspn(stem, ".")] = 0;
    for (int i = 0; i < 4; i++)
        if (_stricmp(stem, devices[i]) == 0)
            return FALSE;
    return !(
        strlen(stem) == 4 && stem[3] >= '0' && stem[3] <= '9' &&
        (_strnicmp(stem, "com", 3) == 0 || _strnicmp(stem, "lpt", 3) == 0));
}

static void back(void)
{
    if (!RevertToSelf())
        TerminateProcess(GetCurrentProcess(), 99);
}

/* Level, and groups that only deny. Worn by the thread at this moment. */
static void describe(char *who, size_t room)
{
    static const char *const levels[] = {
        "Anonymous", "Identification", "Impersonation", "Delegation"};
    union {
        TOKEN_GROUPS list;
        char room[8192];
    } groups;
    SECURITY_IMPERSONATION_LEVEL level;
    HANDLE token;
    DWORD size;

    snprintf(who, room, "somebody");
    if (!OpenThreadToken(GetCurrentThread(), TOKEN_QUERY, TRUE, &token))
        return;
    if (GetTokenInformation(
            token, TokenImpersonationLevel, &level, sizeof level, &size) &&
        GetTokenInformation(
            token, TokenGroups, &groups, sizeof groups, &size)) {
        snprintf(who, room, "lent %s;", levels[level]);
        for (DWORD i = 0; i < groups.list.GroupCount; i++) {
            char *sid = NULL;
            if ((groups.list.Groups[i].Attributes &
                 SE_GROUP_USE_FOR_DENY_ONLY) &&
                ConvertSidToStringSidA(groups.list.Groups[i].Sid, &sid)) {
                snprintf(who + strlen(who), room - strlen(who), " not %s", sid);
                LocalFree(sid);
            }
        }
    }
    CloseHandle(token);
}

static BOOL
log_line(const char *who, const char *text, size_t size, const char *word)
{
    char line[600];
    size_t n;
    DWORD done = 0;
    BOOL ok = FALSE;

    snprintf(line, sizeof line, "%s\t", who);
    n = strlen(line);
    for (size_t i = 0; i < size && i < 80 && text[i] != '\n'; i++)
        line[n++] = text[i] < 32 || text[i] > 126 ? '?' : text[i];
    snprintf(line + n, sizeof line - n, "\t%s\n", word);
    EnterCriticalSection(&log_lock);
    static HANDLE file = NULL;
    if (file == NULL)
        file = CreateFileA(log_name,
                           FILE_APPEND_DATA,
                           FILE_SHARE_READ | FILE_SHARE_WRITE,
                           NULL,
                           OPEN_ALWAYS,
                           0,
                           NULL);
    if (file != INVALID_HANDLE_VALUE) {
        ok = WriteFile(file, line, (DWORD)strlen(line), &done, NULL);
    }
    LeaveCriticalSection(&log_lock);
    return ok;
}

static const char *word_for(DWORD err)
{
    if (err == 0)
        return "OK";
    if (err == 2)
        return "ABSENT";
    return err == 5 || (err >= 1346 && err <= 1368) ? "DENIED" : "FAILED";
}

/* Whether it is worth while to try: 0, or 5. It decides nothing. */
static DWORD look_first(const char *path, HANDLE token, DWORD access)
{
    static BYTE sd[4096];
    GENERIC_MAPPING mapping = {FILE_GENERIC_READ,
                               FILE_GENERIC_WRITE,
                               FILE_GENERIC_EXECUTE,
                               FILE_ALL_ACCESS};
    PRIVILEGE_SET privileges;
    DWORD size = sizeof privileges, needed, granted;
    BOOL may = TRUE;

    if (GetFileSecurityA(path, 7, sd, sizeof sd, &needed) &&
        AccessCheck(
            sd, token, access, &mapping, &privileges, &size, &granted, &may) &&
        !may)
        return ERROR_ACCESS_DENIED;
    return 0;
}

struct job {
    HANDLE pipe;
    char in[MESSAGE];
    char out[MESSAGE];
    WIN32_FIND_DATAA found;
};

/* Answers size bytes of in; returns the bytes of out. */
static DWORD answer(struct job *j, DWORD size, BOOL whole)
{
    char path[400], who[400] = "nobody", *end = memchr(j->in, '\n', size);
    HANDLE h = INVALID_HANDLE_VALUE;
    DWORD line = end == NULL ? size : (DWORD)(end - j->in), err = 0, n = 0;
    BOOL list = end == NULL && size == 4 && memcmp(j->in, "LIST", 4) == 0;
    BOOL get = end == NULL && line > 4 && memcmp(j->in, "GET ", 4) == 0;
    BOOL put = end != NULL && line > 4 && memcmp(j->in, "PUT ", 4) == 0;
    const char *word = "BAD";

    if (whole && (list || ((get || put) && good_name(j->in + 4, line - 4) &&
                           (!put || size - line - 1 <= CONTENT)))) {
        snprintf(path,
                 sizeof path,
                 "%s\\%.*s",
                 folder,
                 list ? 1 : (int)line - 4,
                 list ? "*" : j->in + 4);
        if (!ImpersonateNamedPipeClient(j->pipe)) {
            err = GetLastError();
        } else {
            HANDLE token = NULL;
            describe(who, sizeof who);
            if (!OpenThreadToken(
                    GetCurrentThread(), TOKEN_ALL_ACCESS, TRUE, &token))
                err = GetLastError();
            back();
            if (err == 0 && !list)
                err = look_first(
                    path, token, get ? FILE_READ_DATA : FILE_WRITE_DATA);
            if (err == 0 && !ImpersonateLoggedOnUser(token))
                err = GetLastError();
            if (token != NULL)
                CloseHandle(token);
            if (err != 0)
                goto decided;
            h = list ? FindFirstFileA(path, &j->found)
                     : CreateFileA(path,
                                   get ? GENERIC_READ : GENERIC_WRITE,
                                   FILE_SHARE_READ | FILE_SHARE_WRITE,
                                   NULL,
                                   get ? OPEN_EXISTING : OPEN_ALWAYS,
                                   0,
                                   NULL);
            err = h == INVALID_HANDLE_VALUE ? GetLastError() : 0;
            back();
        }
    decided:
        word = word_for(err);
    } else if (ImpersonateNamedPipeClient(j->pipe)) {
        describe(who, sizeof who);
        back();
    }
    if (!log_line(who, j->in, size, word))
        word = "FAILED";
    DWORD head = (DWORD)sprintf(j->out, "%s\n", word);
    if (strcmp(word, "OK") == 0 && get) {
        if (ReadFile(h, j->out + head, CONTENT + 1, &n, NULL) && n <= CONTENT)
            head += n;
        else
            head = (DWORD)sprintf(j->out, "FAILED\n");
    } else if (strcmp(word, "OK") == 0 && put) {
        if (!WriteFile(h, end + 1, size - line - 1, &n, NULL) ||
            !SetEndOfFile(h))
            head = (DWORD)sprintf(j->out, "FAILED\n");
    } else if (strcmp(word, "OK") == 0) {
        do {
            if (!(j->found.dwFileAttributes & FILE_ATTRIBUTE_DIRECTORY) &&
                good_name(j->found.cFileName, strlen(j->found.cFileName)))
                head +=
                    (DWORD)sprintf(j->out + head, "%s\n", j->found.cFileName);
        } while (head < CONTENT && FindNextFileA(h, &j->found));
    }
    if (h != INVALID_HANDLE_VALUE) {
        if (list)
            FindClose(h);
        else
            CloseHandle(h);
    }
    return head;
}

static VOID CALLBACK too_late(PVOID pipe, BOOLEAN fired)
{
    (void)fired;
    CancelIoEx(pipe, NULL);
}

static BOOL timed(BOOL reads, HANDLE pipe, char *data, DWORD size, DWORD *n)
{
    HANDLE timer = NULL;
    BOOL ok;

    CreateTimerQueueTimer(
        &timer, NULL, too_late, pipe, timeout_ms, 0, WT_EXECUTEONLYONCE);
    ok = reads ? ReadFile(pipe, data, size, n, NULL)
               : WriteFile(pipe, data, size, n, NULL);
    DWORD err = GetLastError();
    (void)DeleteTimerQueueTimer(NULL, timer, INVALID_HANDLE_VALUE);
    SetLastError(err);
    return ok;
}

static DWORD WINAPI serve(void *context)
{
    struct job *j = HeapAlloc(GetProcessHeap(), 0, sizeof *j);
    char rest[4096];

    if (j == NULL)
        return 1;
    j->pipe = context;
    for (;;) {
        DWORD got = 0, more;
        ConnectNamedPipe(j->pipe, NULL);
        for (;;) {
            BOOL ok = timed(TRUE, j->pipe, j->in, MESSAGE, &got), whole = ok;
            while (!ok && GetLastError() == ERROR_MORE_DATA)
                ok = timed(TRUE, j->pipe, rest, sizeof rest, &more);
            if (!ok)
                break;
            got = answer(j, got, whole);
            if (!timed(FALSE, j->pipe, j->out, got, &more))
                break;
        }
        DisconnectNamedPipe(j->pipe);
    }
}

int main(int argc, char **argv)
{
    DWORD first = FILE_FLAG_FIRST_PIPE_INSTANCE;

    for (int i = 1; i < argc; i++) {
        char *to = strcmp(argv[i], "--pipe") == 0    ? pipe_name
                   : strcmp(argv[i], "--vault") == 0 ? folder
                   : strcmp(argv[i], "--audit") == 0 ? log_name
                                                     : NULL;
        if (strcmp(argv[i], "--help") == 0)
            return puts(
                       "server [--pipe NAME] [--vault FOLDER] [--audit FILE]") <
                   0;
        if (strcmp(argv[i], "--timeout") == 0 && i + 1 < argc) {
            timeout_ms = strtoul(argv[++i], NULL, 10);
            continue;
        }
        if (to == NULL || i + 1 == argc) {
            fprintf(stderr, "what is %s?\n", argv[i]);
            return 2;
        }
        snprintf(to, 256, "%s", argv[++i]);
    }
    InitializeCriticalSection(&log_lock);
    CreateDirectoryA(folder, NULL);
    for (int i = 0; i < 1; i++, first = 0) {
        HANDLE pipe =
            CreateNamedPipeA(pipe_name,
                             PIPE_ACCESS_DUPLEX | first,
                             PIPE_TYPE_MESSAGE | PIPE_READMODE_MESSAGE |
                                 PIPE_REJECT_REMOTE_CLIENTS,
                             4,
                             4096,
                             4096,
                             0,
                             NULL);
        if (pipe == INVALID_HANDLE_VALUE) {
            fprintf(
                stderr, "cannot serve %s: %lu\n", pipe_name, GetLastError());
            return 1;
        }
        CreateThread(NULL, 0, serve, pipe, 0, NULL);
    }
    while (getchar() != EOF)
        ;
    TerminateProcess(GetCurrentProcess(), 0);
}
