/* server.c - begins with one instance and adds another whenever the last free
 * one has got a client, up to N; a thread for each; nobody closes any. */
#include "np_args.h"
#include "np_io.h"
#include "np_pipe.h"
#include "np_sd.h"
#include "np_stop.h"
#include "np_token.h"

#include <sddl.h>
#include <stdlib.h>
#include <string.h>
#include <wchar.h>

static const wchar_t *name = L"\\\\.\\pipe\\nplab-04-front-door";
static DWORD count = 4;
static DWORD patience = 5000;
static SECURITY_ATTRIBUTES security;
static LONG made;

static DWORD WINAPI serve(void *pipe);

static void add(void)
{
    LONG number = InterlockedIncrement(&made);
    HANDLE pipe;

    if (number > (LONG)count)
        return;
    pipe = CreateNamedPipeW(
        name,
        PIPE_ACCESS_DUPLEX | FILE_FLAG_OVERLAPPED |
            (number == 1 ? FILE_FLAG_FIRST_PIPE_INSTANCE : 0),
        PIPE_TYPE_MESSAGE | PIPE_READMODE_MESSAGE | PIPE_REJECT_REMOTE_CLIENTS,
        count,
        4096,
        4096,
        0,
        &security);
    if (pipe == INVALID_HANDLE_VALUE)
        np_die(np_last_error(), "instance %ld", number);
    CreateThread(NULL, 0, serve, pipe, 0, NULL);
}

static DWORD WINAPI serve(void *pipe)
{
    bool new = true;

    while (np_accept(pipe, INFINITE) == 0) {
        char reply[1009] = "welcome, ";
        void *text = NULL;
        size_t size = 0;

        if (new)
            add();
        new = false;
        while (np_read_message(pipe, 1000, patience, &text, &size) == 0) {
            memcpy(reply + 9, text, size);
            free(text);
            if (np_write_all(pipe, reply, 9 + size, patience) != 0)
                break;
        }
        DisconnectNamedPipe(pipe);
    }
    return 0;
}

int wmain(int argc, wchar_t **argv)
{
    const wchar_t *who = L"group";
    const wchar_t *group = NULL;
    wchar_t sddl[600];
    PSID sid = NULL;
    DWORD err;
    const struct np_option options[] = {{"--pipe", .text = &name},
                                        {"--admit", .text = &who},
                                        {"--instances", .number = &count},
                                        {"--timeout", .number = &patience},
                                        {0}};
    int status = np_args(&argc, argv, "usage\n", options);

    if (status != NP_ARGS_GO_ON)
        return status;
    if (argc > 0 || count < 1 || count > 16)
        return np_wrong_usage("usage\n", "an operand, or too many instances");
    err = np_lab_group(&group);
    if (err != 0)
        np_die(err, "the group");
    if (wcscmp(who, L"group") == 0)
        who = group;
    if (wcscmp(who, L"everyone") == 0)
        who = L"S-1-1-0";
    /* Only what a SID is made of, so that nothing else can get in. */
    if (who[0] == L'\0' || wcslen(who) > 184 ||
        wcsspn(who, L"S-0123456789") != wcslen(who) ||
        !ConvertStringSidToSidW(who, &sid))
        return np_wrong_usage("usage\n", "WHO");
    LocalFree(sid);
    /* Reading, and of writing only data, attributes and the like, in parts. */
    swprintf(sddl,
             sizeof sddl / sizeof sddl[0],
             L"D:P(D;;GA;;;AN)(A;;FR;;;%ls)(A;;0x112;;;%ls)(A;;FA;;;%ls)",
             who,
             who,
             group);
    err = np_sd_from_text(sddl, &security);
    if (err != 0)
        np_die(err, "%ls", sddl);
    add();
    err = np_stop_begin();
    if (err != 0)
        np_die(err, "stop");
    WaitForSingleObject(np_stop_event(), INFINITE);
    np_stop_requested();
    /* Threads, instances and descriptor go with the process. */
    return 0;
}
