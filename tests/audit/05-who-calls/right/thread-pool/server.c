/* server.c - the system's thread pool: each conversation is a work item, and
 * the thread that runs it becomes the client and itself again inside it. */
#include "np_args.h"
#include "np_handle.h"
#include "np_io.h"
#include "np_pipe.h"
#include "np_sd.h"
#include "np_stop.h"
#include "np_token.h"

#include <sddl.h>
#include <stdlib.h>
#include <string.h>

static const wchar_t *log_name;
static char server_words[2000];
static SRWLOCK log_lock = SRWLOCK_INIT;

static bool words(HANDLE token, char *out, size_t room)
{
    TOKEN_USER *user = NULL;
    TOKEN_GROUPS *groups = NULL;
    SECURITY_IMPERSONATION_LEVEL level;
    wchar_t *sid = NULL;
    DWORD err = np_token_level(token, &level);
    const char *kind = err == 0 ? np_level_name(level) : "primary";
    size_t used, start;

    if ((err != 0 && err != ERROR_INVALID_PARAMETER) ||
        np_token_info(token, TokenUser, (void **)&user) != 0 ||
        np_token_info(token, TokenGroups, (void **)&groups) != 0) {
        free(user);
        return false;
    }
    ConvertSidToStringSidW(user->User.Sid, &sid);
    used = (size_t)snprintf(out, room, "%ls, %s, lacks", sid, kind);
    LocalFree(sid);
    start = used;
    for (DWORD i = 0; i < groups->GroupCount && used < room; i++) {
        if ((groups->Groups[i].Attributes & SE_GROUP_USE_FOR_DENY_ONLY) == 0)
            continue;
        ConvertSidToStringSidW(groups->Groups[i].Sid, &sid);
        used += (size_t)snprintf(out + used, room - used, " %ls", sid);
        LocalFree(sid);
    }
    if (used == start)
        snprintf(out + used, room - used, " nothing");
    free(user);
    free(groups);
    return true;
}

static bool identify(HANDLE pipe, char *out, size_t room)
{
    HANDLE token = NULL;
    bool known = false;

    if (ImpersonateNamedPipeClient(pipe)) {
        if (!OpenThreadToken(GetCurrentThread(), TOKEN_QUERY, TRUE, &token))
            token = NULL;
        if (RevertToSelf() == FALSE)
            TerminateProcess(GetCurrentProcess(), 3);
    }
    if (token != NULL)
        known = words(token, out, room);
    np_close(&token);
    return known;
}

static void note(const char *text)
{
    FILE *file;

    AcquireSRWLockExclusive(&log_lock);
    file = log_name == NULL ? stdout : _wfopen(log_name, L"ab");
    if (file != NULL) {
        fprintf(file, "%s\n", text);
        if (file == stdout)
            fflush(file);
        else
            fclose(file);
    }
    ReleaseSRWLockExclusive(&log_lock);
}

static void CALLBACK converse(PTP_CALLBACK_INSTANCE instance,
                              void *pipe_handle,
                              PTP_WORK work)
{
    HANDLE pipe = pipe_handle;
    char who[2000], reply[4096];
    void *request = NULL;
    size_t size = 0;
    DWORD err;

    (void)work;
    CallbackMayRunLong(instance);
    for (;;) {
        err = np_read_message(pipe, 100, INFINITE, &request, &size);
        if (err != 0 && err != ERROR_MORE_DATA)
            break;
        if (!identify(pipe, who, sizeof who)) {
            snprintf(reply, sizeof reply, "refused: I do not know you\n");
            note("somebody was refused");
        } else if (err != 0 || size != 3 || memcmp(request, "WHO", 3) != 0) {
            snprintf(reply, sizeof reply, "refused: I only know WHO\n");
            note(who);
        } else {
            snprintf(reply,
                     sizeof reply,
                     "you: %s\nserver: %s\n",
                     who,
                     server_words);
            note(who);
        }
        free(request);
        request = NULL;
        if (np_write_all(pipe, reply, strlen(reply), 5000) != 0)
            break;
    }
    np_close(&pipe);
}

int wmain(int argc, wchar_t **argv)
{
    enum { MOST = 64 };
    const wchar_t *name = L"\\\\.\\pipe\\nplab-05-who-calls";
    const struct np_option options[] = {
        {"--pipe", .text = &name}, {"--log", .text = &log_name}, {0}};
    SECURITY_ATTRIBUTES everyone;
    PTP_CLEANUP_GROUP group = CreateThreadpoolCleanupGroup();
    TP_CALLBACK_ENVIRON environment;
    HANDLE token = NULL, pipe = NULL;
    int status = np_args(&argc, argv, "usage: server [--pipe NAME]\n", options);

    if (status != NP_ARGS_GO_ON)
        return status;
    InitializeThreadpoolEnvironment(&environment);
    SetThreadpoolCallbackCleanupGroup(&environment, group, NULL);
    OpenProcessToken(GetCurrentProcess(), TOKEN_QUERY, &token);
    words(token, server_words, sizeof server_words);
    np_close(&token);
    if (np_sd_from_text(L"D:(A;;GA;;;WD)", &everyone) != 0 ||
        np_stop_begin() != 0)
        return 1;
    for (bool first = true; !np_stop_requested(); first = false) {
        PTP_WORK work;

        pipe =
            CreateNamedPipeW(name,
                             PIPE_ACCESS_DUPLEX | FILE_FLAG_OVERLAPPED |
                                 (first ? FILE_FLAG_FIRST_PIPE_INSTANCE : 0u),
                             PIPE_TYPE_MESSAGE | PIPE_READMODE_MESSAGE |
                                 PIPE_REJECT_REMOTE_CLIENTS,
                             MOST,
                             4096,
                             4096,
                             0,
                             &everyone);
        if (pipe == INVALID_HANDLE_VALUE) {
            np_warn(np_last_error(), "CreateNamedPipeW(%ls)", name);
            return 1;
        }
        if (np_accept(pipe, INFINITE) != 0) {
            np_close(&pipe);
            continue;
        }
        work = CreateThreadpoolWork(converse, pipe, &environment);
        if (work == NULL)
            np_close(&pipe);
        else
            SubmitThreadpoolWork(work);
    }
    CloseThreadpoolCleanupGroupMembers(group, FALSE, NULL);
    CloseThreadpoolCleanupGroup(group);
    np_sd_free(&everyone);
    return 0;
}
