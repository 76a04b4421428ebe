/* server.c - one thread for all clients: overlapped operations, one event for
 * each instance, and a client only ever worn between two of them. */
#include "np_args.h"
#include "np_handle.h"
#include "np_pipe.h"
#include "np_sd.h"
#include "np_stop.h"
#include "np_token.h"

#include <sddl.h>
#include <stdlib.h>
#include <string.h>

enum { COUNT = 6 };
enum state { CONNECT, READ, REST, WRITE };

static struct instance {
    OVERLAPPED io;
    HANDLE pipe;
    enum state state;
    bool cut;
    DWORD size;
    char data[4096];
} all[COUNT];

static const wchar_t *log_name;
static char mine[1500];

static void describe(HANDLE token, char *text, size_t size)
{
    void *user = NULL, *groups = NULL;
    SECURITY_IMPERSONATION_LEVEL level;
    wchar_t *sid = NULL;
    bool any = false;
    DWORD err = np_token_level(token, &level);

    text[0] = '\0';
    if ((err == 0 || err == ERROR_INVALID_PARAMETER) &&
        np_token_info(token, TokenUser, &user) == 0 &&
        np_token_info(token, TokenGroups, &groups) == 0) {
        const TOKEN_GROUPS *list = groups;
        ConvertSidToStringSidW(((TOKEN_USER *)user)->User.Sid, &sid);
        snprintf(text,
                 size,
                 "%ls, %s, lacks",
                 sid,
                 err != 0 ? "primary" : np_level_name(level));
        LocalFree(sid);
        for (DWORD i = 0; i < list->GroupCount; i++) {
            if ((list->Groups[i].Attributes & SE_GROUP_USE_FOR_DENY_ONLY) !=
                    0 &&
                ConvertSidToStringSidW(list->Groups[i].Sid, &sid)) {
                snprintf(text + strlen(text), size - strlen(text), " %ls", sid);
                LocalFree(sid);
                any = true;
            }
        }
        if (!any)
            snprintf(text + strlen(text), size - strlen(text), " nothing");
    }
    free(user);
    free(groups);
}

static void add_to_log(const char *who)
{
    char line[1600];
    DWORD done;
    HANDLE file = GetStdHandle(STD_OUTPUT_HANDLE);

    snprintf(line, sizeof line, "%s\n", who[0] != '\0' ? who : "refused");
    if (log_name != NULL)
        file = CreateFileW(log_name,
                           FILE_APPEND_DATA,
                           FILE_SHARE_READ | FILE_SHARE_WRITE,
                           NULL,
                           OPEN_ALWAYS,
                           0,
                           NULL);
    WriteFile(file, line, (DWORD)strlen(line), &done, NULL);
    if (log_name != NULL)
        CloseHandle(file);
}

/* The reply replaces the request. */
static void make_reply(struct instance *i)
{
    char who[1500] = "";
    bool is_who = !i->cut && i->size == 3 && memcmp(i->data, "WHO", 3) == 0;
    HANDLE token = NULL;

    if (ImpersonateNamedPipeClient(i->pipe)) {
        OpenThreadToken(GetCurrentThread(), TOKEN_QUERY, TRUE, &token);
        if (!RevertToSelf())
            TerminateProcess(GetCurrentProcess(), 7);
    }
    if (token != NULL)
        describe(token, who, sizeof who);
    np_close(&token);
    add_to_log(who);
    if (who[0] != '\0' && is_who)
        snprintf(i->data, sizeof i->data, "you: %s\nserver: %s\n", who, mine);
    else
        snprintf(i->data, sizeof i->data, "refused: that is all I say\n");
    i->size = (DWORD)strlen(i->data);
}

/* Goes on after the operation of its state has ended with err. */
static void step(struct instance *i, DWORD err, DWORD bytes);

static void begin(struct instance *i, enum state state)
{
    HANDLE event = i->io.hEvent;
    BOOL ok;
    DWORD err;

    i->state = state;
    i->io = (OVERLAPPED){.hEvent = event};
    ResetEvent(event);
    if (state == CONNECT)
        ok = ConnectNamedPipe(i->pipe, &i->io);
    else if (state == WRITE)
        ok = WriteFile(i->pipe, i->data, i->size, NULL, &i->io);
    else
        ok = ReadFile(i->pipe, i->data, 64, NULL, &i->io);
    err = ok ? 0 : np_last_error();
    /* These will not signal the event. */
    if (err != 0 && err != ERROR_IO_PENDING && err != ERROR_MORE_DATA)
        step(i, err, 0);
}

static void step(struct instance *i, DWORD err, DWORD bytes)
{
    if (i->state == CONNECT &&
        (err == ERROR_PIPE_CONNECTED || err == ERROR_NO_DATA))
        err = 0;
    if ((i->state == READ || i->state == REST) && err == ERROR_MORE_DATA) {
        i->cut = true;
        begin(i, REST);
    } else if (err != 0) {
        DisconnectNamedPipe(i->pipe);
        begin(i, CONNECT);
    } else if (i->state == READ || i->state == REST) {
        i->size = bytes;
        make_reply(i);
        i->cut = false;
        begin(i, WRITE);
    } else {
        begin(i, READ);
    }
}

int wmain(int argc, wchar_t **argv)
{
    const wchar_t *name = L"\\\\.\\pipe\\nplab-05-who-calls";
    const struct np_option options[] = {
        {"--pipe", .text = &name}, {"--log", .text = &log_name}, {0}};
    HANDLE events[COUNT + 1];
    SECURITY_ATTRIBUTES everyone;
    HANDLE token = NULL;
    int status = np_args(&argc, argv, "usage: server [--pipe NAME]\n", options);

    if (status != NP_ARGS_GO_ON)
        return status;
    OpenProcessToken(GetCurrentProcess(), TOKEN_QUERY, &token);
    describe(token, mine, sizeof mine);
    np_close(&token);
    if (np_stop_begin() != 0 ||
        np_sd_from_text(L"D:(A;;GA;;;WD)", &everyone) != 0)
        return 1;
    for (DWORD n = 0; n < COUNT; n++) {
        all[n].pipe =
            CreateNamedPipeW(name,
                             PIPE_ACCESS_DUPLEX | FILE_FLAG_OVERLAPPED |
                                 (n == 0 ? FILE_FLAG_FIRST_PIPE_INSTANCE : 0u),
                             PIPE_TYPE_MESSAGE | PIPE_READMODE_MESSAGE |
                                 PIPE_REJECT_REMOTE_CLIENTS,
                             COUNT,
                             4096,
                             4096,
                             0,
                             &everyone);
        if (all[n].pipe == INVALID_HANDLE_VALUE) {
            np_warn(np_last_error(), "CreateNamedPipeW(%ls)", name);
            return 1;
        }
        events[n] = all[n].io.hEvent = CreateEventW(NULL, TRUE, FALSE, NULL);
        begin(&all[n], CONNECT);
    }
    events[COUNT] = np_stop_event();
    for (;;) {
        DWORD n = WaitForMultipleObjects(COUNT + 1, events, FALSE, INFINITE);
        DWORD bytes = 0;

        if (n >= COUNT)
            break;
        if (GetOverlappedResult(all[n].pipe, &all[n].io, &bytes, FALSE))
            step(&all[n], 0, bytes);
        else
            step(&all[n], np_last_error(), bytes);
    }
    np_stop_requested();
    return 0;
}
