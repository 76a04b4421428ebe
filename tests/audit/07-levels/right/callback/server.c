/* Style: what is done as the client is passed to one function that becomes and
 * reverts. The token is worn, not the pipe impersonated; AccessCheck is asked
 * for all that is allowed; the child really runs, and is waited for. */
#include "levels.h"
#include "np_args.h"
#include "np_client.h"
#include "np_handle.h"
#include "np_io.h"
#include "np_pipe.h"
#include "np_sd.h"
#include "np_stop.h"
#include "np_token.h"

#include <stdlib.h>
#include <string.h>

static const wchar_t *path = LEVELS_FILE;
static DWORD timeout_ms = 5000;

struct job {
    HANDLE file;
    wchar_t program[MAX_PATH + 16];
    PROCESS_INFORMATION child;
};

static DWORD open_it(struct job *job)
{
    job->file =
        CreateFileW(path, GENERIC_READ, 7, NULL, OPEN_EXISTING, 0, NULL);
    return job->file != INVALID_HANDLE_VALUE ? 0 : np_last_error();
}

static DWORD start_it(struct job *job)
{
    STARTUPINFOW startup = {.cb = sizeof startup};
    return CreateProcessW(NULL,
                          job->program,
                          NULL,
                          NULL,
                          FALSE,
                          DETACHED_PROCESS,
                          NULL,
                          NULL,
                          &startup,
                          &job->child)
               ? 0
               : np_last_error();
}

static DWORD
as_token(HANDLE token, DWORD (*call)(struct job *), struct job *job)
{
    if (token == NULL)
        return ERROR_BAD_IMPERSONATION_LEVEL;
    if (!SetThreadToken(NULL, token))
        return np_last_error();
    DWORD err = call(job);
    np_revert_or_die();
    return err;
}

static DWORD check_it(HANDLE token, HANDLE file)
{
    static BYTE room[4096];
    GENERIC_MAPPING map = {FILE_GENERIC_READ,
                           FILE_GENERIC_WRITE,
                           FILE_GENERIC_EXECUTE,
                           FILE_ALL_ACCESS};
    PRIVILEGE_SET used;
    DWORD size = sizeof used, granted = 0, n;
    BOOL yes = FALSE;

    if (!GetKernelObjectSecurity(file, 7, room, sizeof room, &n) ||
        !AccessCheck(
            room, token, MAXIMUM_ALLOWED, &map, &used, &size, &granted, &yes))
        return np_last_error();
    return yes && (granted & FILE_GENERIC_READ) == FILE_GENERIC_READ
               ? 0
               : ERROR_ACCESS_DENIED;
}

static void line(char *reply, const char *name, DWORD err, const char *good)
{
    char *end = reply + strlen(reply);
    if (err != 0)
        sprintf(end, "%s: %lu\n", name, err);
    else
        sprintf(end, "%s: %s\n", name, good);
}

static void
make_report(HANDLE token, SECURITY_IMPERSONATION_LEVEL level, char *reply)
{
    struct job job = {0};
    char words[1024];
    void *all = NULL;
    HANDLE own = NULL;
    DWORD err = token == NULL ? ERROR_CANT_OPEN_ANONYMOUS : 0;
    unsigned on = 0;

    reply[0] = '\0';
    line(reply, "level", 0, np_level_name(level));
    if (err == 0)
        err = np_token_describe(token, words, sizeof words);
    line(reply, "query", err, words);
    if (err == 0)
        err = np_token_info(token, TokenPrivileges, &all);
    if (err == 0) {
        TOKEN_PRIVILEGES *p = all;
        for (DWORD i = 0; i < p->PrivilegeCount; i++)
            on += (p->Privileges[i].Attributes & SE_PRIVILEGE_ENABLED) != 0;
        sprintf(words,
                "enabled %u, disabled %u",
                on,
                (unsigned)p->PrivilegeCount - on);
    }
    line(reply, "privileges", err, words);
    free(all);
    if (err == 0) {
        err = open_it(&job);
        if (err == 0)
            err = check_it(token, job.file);
        np_close(&job.file);
    }
    line(reply, "check", err, "yes");
    line(reply, "open", as_token(token, open_it, &job), "yes");
    np_close(&job.file);

    wcscpy(job.program, L"\"");
    GetModuleFileNameW(NULL, job.program + 1, MAX_PATH);
    wcscat(job.program, L"\" --help");
    err = as_token(token, start_it, &job);
    if (err == 0 && OpenProcessToken(job.child.hProcess, TOKEN_QUERY, &own)) {
        err = np_token_describe(own, words, sizeof words);
        np_close(&own);
        WaitForSingleObject(job.child.hProcess, 3000);
        TerminateProcess(job.child.hProcess, 0);
    }
    line(reply, "start", err, words);
    np_close(&job.child.hProcess);
    np_close(&job.child.hThread);
}

static DWORD make_text(HANDLE token,
                       SECURITY_IMPERSONATION_LEVEL level,
                       char *reply,
                       DWORD *n)
{
    struct job job = {0};
    DWORD err = ERROR_CANT_OPEN_ANONYMOUS;

    if (level >= SecurityImpersonation) {
        err = as_token(token, open_it, &job);
    } else if (level == SecurityIdentification) {
        err = open_it(&job);
        if (err == 0)
            err = check_it(token, job.file);
    }
    if (err == 0 && !ReadFile(job.file, reply, LEVELS_CONTENT_MAX, n, NULL))
        err = np_last_error();
    np_close(&job.file);
    return err;
}

static DWORD serve_one(HANDLE pipe)
{
    static char reply[LEVELS_REPLY_MAX];
    SECURITY_IMPERSONATION_LEVEL level = SecurityAnonymous;
    HANDLE token = NULL;
    void *request = NULL;
    size_t size = 0;
    DWORD n = 0;
    DWORD err = np_read_message(pipe, 64, timeout_ms, &request, &size);

    if (err != 0 && err != ERROR_MORE_DATA)
        return err;
    strcpy(reply, "refused: no such request");
    DWORD unknown = np_client_token(pipe, &token);
    if (unknown == ERROR_CANT_OPEN_ANONYMOUS)
        unknown = 0;
    else if (unknown == 0)
        unknown = np_token_level(token, &level);
    if (unknown == 0 && size == 5 && memcmp(request, "PROBE", 5) == 0) {
        make_report(token, level, reply);
    } else if (unknown == 0 && size == 4 && memcmp(request, "READ", 4) == 0) {
        strcpy(reply, "text: ");
        unknown = make_text(token, level, reply + 6, &n);
    }
    if (unknown != 0)
        n = (DWORD)sprintf(reply, "refused: code %lu", unknown);
    else
        n = n != 0 ? n + 6 : (DWORD)strlen(reply);
    free(request);
    np_close(&token);
    return np_write_all(pipe, reply, n, timeout_ms);
}

static void provide(void)
{
    SECURITY_ATTRIBUTES sa;
    const wchar_t *group = NULL;
    wchar_t sddl[64];
    DWORD n;

    if (np_lab_group(&group) != 0)
        return;
    swprintf(sddl, 64, L"D:P(A;;FA;;;%ls)", group);
    if (np_sd_from_text(sddl, &sa) != 0)
        return;
    HANDLE file = CreateFileW(path, GENERIC_WRITE, 0, &sa, CREATE_NEW, 0, NULL);
    if (file != INVALID_HANDLE_VALUE)
        WriteFile(file, "hello", 5, &n, NULL);
    np_close(&file);
    np_sd_free(&sa);
}

int wmain(int argc, wchar_t **argv)
{
    const wchar_t *name = LEVELS_PIPE;
    const struct np_option options[] = {{"--pipe", .text = &name},
                                        {"--file", .text = &path},
                                        {"--timeout", .number = &timeout_ms},
                                        {0}};
    SECURITY_ATTRIBUTES sa;
    HANDLE pipe = NULL;
    DWORD err;

    int status = np_args(&argc, argv, "usage: server\n", options);
    if (status != NP_ARGS_GO_ON)
        return status;
    provide();
    err = np_sd_from_text(L"D:P(A;;" NP_CLIENT_ACCESS L";;;WD)", &sa);
    if (err == 0)
        err = np_create_first(
            name, PIPE_TYPE_MESSAGE | PIPE_READMODE_MESSAGE, 1, &sa, &pipe);
    if (err == 0)
        err = np_stop_begin();
    if (err != 0)
        np_die(err, "%ls", name);
    while ((err = np_accept(pipe, INFINITE)) == 0) {
        while ((err = serve_one(pipe)) == 0)
            ;
        if (err == ERROR_OPERATION_ABORTED)
            break;
        DisconnectNamedPipe(pipe);
    }
    np_stop_requested();
    return err == ERROR_OPERATION_ABORTED ? 0 : 1;
}
