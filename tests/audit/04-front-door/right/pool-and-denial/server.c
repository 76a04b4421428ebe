/* server.c - the system's thread pool; clients get all of FILE_GENERIC_WRITE,
 * and an entry before theirs denies 0x4 to all who are not in the group. */
#include "np_args.h"
#include "np_stop.h"
#include "np_token.h"

#include <sddl.h>
#include <stdlib.h>
#include <string.h>
#include <wchar.h>

static DWORD WINAPI serve(void *pipe)
{
    char reply[1009] = "welcome, ";
    DWORD got;
    DWORD put;

    for (;;) {
        if (!ConnectNamedPipe(pipe, NULL) &&
            GetLastError() != ERROR_PIPE_CONNECTED &&
            GetLastError() != ERROR_NO_DATA)
            return 0;
        while (ReadFile(pipe, reply + 9, 1000, &got, NULL)) {
            if (!WriteFile(pipe, reply, got + 9, &put, NULL))
                break;
        }
        DisconnectNamedPipe(pipe);
    }
}

/* The text of the group that is admitted; NULL when there is none. */
static const wchar_t *admitted(const wchar_t *who, const wchar_t *group)
{
    PSID sid = NULL;
    wchar_t *text = NULL;

    if (wcscmp(who, L"everyone") == 0)
        return L"WD";
    if (wcscmp(who, L"group") == 0)
        return group;
    /* Wine would take an empty text for a SID. */
    if (who[0] == L'\0' || !ConvertStringSidToSidW(who, &sid) ||
        !ConvertSidToStringSidW(sid, &text))
        return NULL;
    LocalFree(sid);
    return text;
}

int wmain(int argc, wchar_t **argv)
{
    const wchar_t *name = L"\\\\.\\pipe\\nplab-04-front-door";
    const wchar_t *who = L"group";
    const wchar_t *group = NULL;
    wchar_t sddl[600] = L"";
    DWORD count = 4;
    DWORD patience = 5000;
    SECURITY_ATTRIBUTES security = {sizeof security, NULL, FALSE};
    const struct np_option options[] = {{"--pipe", .text = &name},
                                        {"--admit", .text = &who},
                                        {"--instances", .number = &count},
                                        {"--timeout", .number = &patience},
                                        {0}};
    int status = np_args(&argc, argv, "usage\n", options);

    if (status != NP_ARGS_GO_ON)
        return status;
    if (argc > 0 || count < 1 || count > 16 || np_lab_group(&group) != 0 ||
        (who = admitted(who, group)) == NULL)
        return np_wrong_usage("usage\n", "something");
    /* Who is in the group is past the denying entry before it is reached. */
    swprintf(sddl,
             sizeof sddl / sizeof sddl[0],
             L"D:PAI(A;;FA;;;%ls)(D;;0x4;;;WD)(A;;FRFW;;;%ls)",
             group,
             who);
    if (!ConvertStringSecurityDescriptorToSecurityDescriptorW(
            sddl, SDDL_REVISION_1, &security.lpSecurityDescriptor, NULL)) {
        np_warn(np_last_error(), "%ls", sddl);
        return 1;
    }
    for (DWORD i = 0; i < count; i++) {
        HANDLE pipe = CreateNamedPipeW(
            name,
            PIPE_ACCESS_DUPLEX |
                (i == 0 ? (DWORD)FILE_FLAG_FIRST_PIPE_INSTANCE : 0),
            PIPE_TYPE_MESSAGE | PIPE_READMODE_MESSAGE |
                PIPE_REJECT_REMOTE_CLIENTS,
            count,
            4096,
            4096,
            0,
            &security);
        if (pipe == INVALID_HANDLE_VALUE) {
            np_warn(np_last_error(), "CreateNamedPipeW(%ls)", name);
            return 1;
        }
        if (!QueueUserWorkItem(serve, pipe, WT_EXECUTELONGFUNCTION))
            return 1;
    }
    if (np_stop_begin() != 0)
        return 1;
    WaitForSingleObject(np_stop_event(), INFINITE);
    np_stop_requested();
    ExitProcess(0);
}
