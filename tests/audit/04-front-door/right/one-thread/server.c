/* server.c - one thread, an event for each instance; the rights are written as
 * SDDL's words; the descriptor is checked before the pipe is made. */
#include "np_args.h"
#include "np_stop.h"
#include "np_token.h"

#include <aclapi.h>
#include <sddl.h>
#include <stdlib.h>
#include <string.h>
#include <wchar.h>

enum { MOST = 16, ROOM = 1000 };
enum state { CONNECTING, READING, WRITING };

static struct line {
    HANDLE pipe;
    OVERLAPPED io;
    enum state state;
    char data[9 + ROOM];
} lines[MOST];

static HANDLE events[MOST + 1];

/* Starts what comes next, as often as it ends at once. */
static DWORD step(struct line *line, DWORD err, DWORD size)
{
    for (;;) {
        BOOL done = FALSE;

        if (err == ERROR_IO_PENDING)
            return 0;
        if (line->state == CONNECTING &&
            (err == ERROR_PIPE_CONNECTED || err == ERROR_NO_DATA))
            err = 0;
        ResetEvent(line->io.hEvent);
        if (err != 0) {
            DisconnectNamedPipe(line->pipe);
            line->state = CONNECTING;
            done = ConnectNamedPipe(line->pipe, &line->io);
        } else if (line->state == READING) {
            line->state = WRITING;
            done = WriteFile(line->pipe, line->data, size + 9, NULL, &line->io);
        } else {
            line->state = READING;
            done = ReadFile(line->pipe, line->data + 9, ROOM, NULL, &line->io);
        }
        err = done ? ERROR_IO_PENDING : np_last_error();
        if (done)
            return 0; /* the event is set */
    }
}

static DWORD serve(DWORD count)
{
    events[count] = np_stop_event();
    for (;;) {
        DWORD at = WaitForMultipleObjects(count + 1, events, FALSE, INFINITE);
        DWORD size = 0;

        if (at == count)
            return 0;
        if (at > count)
            return np_last_error();
        struct line *line = &lines[at];
        BOOL good = GetOverlappedResult(line->pipe, &line->io, &size, FALSE);
        step(line, good ? 0 : np_last_error(), size);
    }
}

/* The group may do all, and sid what its words say but create instances. */
static PSECURITY_DESCRIPTOR make(const wchar_t *group, PSID sid)
{
    EXPLICIT_ACCESSW entries[2] = {0};
    PSID own = NULL;
    ACL *acl = NULL;
    SECURITY_DESCRIPTOR *sd = LocalAlloc(LPTR, sizeof *sd);

    if (sd == NULL || !ConvertStringSidToSidW(group, &own))
        return NULL;
    for (int i = 0; i < 2; i++) {
        entries[i].grfAccessMode = GRANT_ACCESS;
        entries[i].Trustee.TrusteeForm = TRUSTEE_IS_SID;
        entries[i].Trustee.ptstrName = (wchar_t *)(i == 0 ? own : sid);
    }
    entries[0].grfAccessPermissions = FILE_ALL_ACCESS;
    entries[1].grfAccessPermissions = FILE_GENERIC_READ | FILE_WRITE_DATA |
                                      FILE_WRITE_EA | FILE_WRITE_ATTRIBUTES;
    if (SetEntriesInAclW(2, entries, NULL, &acl) != 0 ||
        !InitializeSecurityDescriptor(sd, SECURITY_DESCRIPTOR_REVISION) ||
        !SetSecurityDescriptorDacl(sd, TRUE, acl, FALSE))
        return NULL;
    return sd;
}

int wmain(int argc, wchar_t **argv)
{
    const wchar_t *name = L"\\\\.\\pipe\\nplab-04-front-door";
    const wchar_t *who = L"group";
    const wchar_t *group = NULL;
    DWORD count = 4;
    DWORD patience = 5000;
    PSID sid = NULL;
    SECURITY_ATTRIBUTES security = {sizeof security, NULL, FALSE};
    const struct np_option options[] = {{"--pipe", .text = &name},
                                        {"--admit", .text = &who},
                                        {"--instances", .number = &count},
                                        {"--timeout", .number = &patience},
                                        {0}};
    int status = np_args(&argc, argv, "usage\n", options);

    if (status != NP_ARGS_GO_ON)
        return status;
    if (argc > 0 || count < 1 || count > MOST)
        return np_wrong_usage("usage\n", "that");
    DWORD err = np_lab_group(&group);
    if (err != 0)
        np_die(err, "the lab group");
    if (wcscmp(who, L"group") == 0)
        who = group;
    if (wcscmp(who, L"everyone") == 0)
        who = L"WD";
    /* Wine would take an empty text for a SID. */
    if (who[0] == L'\0' || !ConvertStringSidToSidW(who, &sid))
        return np_wrong_usage("usage\n", "no such group or user");
    security.lpSecurityDescriptor = make(group, sid);
    if (security.lpSecurityDescriptor == NULL) {
        np_warn(np_last_error(), "the descriptor");
        return 1;
    }
    for (DWORD i = 0; i < count; i++) {
        struct line *line = &lines[i];

        events[i] = line->io.hEvent = CreateEventW(NULL, TRUE, FALSE, NULL);
        memcpy(line->data, "welcome, ", 9);
        line->pipe = CreateNamedPipeW(
            name,
            PIPE_ACCESS_DUPLEX | FILE_FLAG_OVERLAPPED |
                (i == 0 ? (DWORD)FILE_FLAG_FIRST_PIPE_INSTANCE : 0),
            PIPE_TYPE_MESSAGE | PIPE_READMODE_MESSAGE |
                PIPE_REJECT_REMOTE_CLIENTS,
            PIPE_UNLIMITED_INSTANCES,
            4096,
            4096,
            0,
            &security);
        if (line->pipe == INVALID_HANDLE_VALUE) {
            np_warn(np_last_error(), "instance %lu", i);
            return 1;
        }
        BOOL done = ConnectNamedPipe(line->pipe, &line->io);
        step(line, done ? ERROR_IO_PENDING : np_last_error(), 0);
    }
    if (np_stop_begin() != 0)
        return 1;
    return serve(count) == 0 ? 0 : 1;
}
