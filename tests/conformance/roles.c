/* roles.c - what this program does when a row runs it as another process. */
#include "stage.h"

#include <stdlib.h>
#include <wchar.h>

#define KILLED_SOON_MS 20000 /* a role that hangs ends by itself after all */

static HANDLE open_pipe(const wchar_t *path, DWORD flags)
{
    return CreateFileW(path, BOTH_WAYS, 0, NULL, OPEN_EXISTING, flags, NULL);
}

static DWORD try_pipe(const wchar_t *path, DWORD flags, const char *text)
{
    HANDLE pipe = open_pipe(path, flags);

    if (pipe == INVALID_HANDLE_VALUE)
        return GetLastError();
    return text == NULL || say(pipe, text) ? 0 : GetLastError();
}

static DWORD make_file(const wchar_t *path)
{
    HANDLE file = CreateFileW(
        path, GENERIC_WRITE, 0, security(GROUP_ONLY), CREATE_NEW, 0, NULL);

    if (file == INVALID_HANDLE_VALUE)
        return GetLastError();
    CloseHandle(file);
    return 0;
}

static DWORD serve_and_hang(const wchar_t *path)
{
    CreateNamedPipeW(path, PIPE_ACCESS_DUPLEX, 0, 1, 0, 0, 0, NULL);
    Sleep(KILLED_SOON_MS);
    return 0;
}

/* The level that a server gets from a client of its own. */
static DWORD level_got(DWORD flags)
{
    HANDLE server = serve();

    dial(flags);
    if (become(server) != 0)
        return 1000 + GetLastError();
    return (DWORD)level_now();
}

/* The error of an open by a thread whose token was cut to Identification. */
static DWORD open_when_cut(void)
{
    HANDLE server = serve();

    dial(SQOS | SECURITY_IMPERSONATION);
    if (become(server) != 0)
        return 1000 + GetLastError();
    return try_file(L"C:\\windows", FILE_READ_ATTRIBUTES);
}

DWORD play_role(const wchar_t *role, const wchar_t *argument)
{
    if (wcscmp(role, L"open-pipe") == 0)
        return try_pipe(argument, 0, NULL);
    if (wcscmp(role, L"open-static") == 0)
        return try_pipe(argument, SQOS | SECURITY_IMPERSONATION, NULL);
    if (wcscmp(role, L"write-pipe") == 0)
        return try_pipe(argument, 0, "hello");
    if (wcscmp(role, L"open-and-hang") == 0) {
        try_pipe(argument, 0, "hello");
        Sleep(KILLED_SOON_MS);
        return 0;
    }
    if (wcscmp(role, L"serve-and-hang") == 0)
        return serve_and_hang(argument);
    if (wcscmp(role, L"write-handle") == 0)
        return say((HANDLE)(ULONG_PTR)_wcstoui64(argument, NULL, 10), "hello")
                   ? 0
                   : GetLastError();
    if (wcscmp(role, L"am-i-lesser") == 0)
        return is_lesser();
    if (wcscmp(role, L"read-file") == 0)
        return try_file(argument, GENERIC_READ);
    if (wcscmp(role, L"open-event") == 0)
        return try_event(argument, EVENT_MODIFY_STATE);
    if (wcscmp(role, L"make-file") == 0)
        return make_file(argument);
    if (wcscmp(role, L"level-impersonation") == 0)
        return level_got(SQOS | SECURITY_IMPERSONATION);
    if (wcscmp(role, L"level-anonymous") == 0)
        return level_got(SQOS | SECURITY_ANONYMOUS);
    if (wcscmp(role, L"open-when-cut") == 0)
        return open_when_cut();
    return 0xFFFFFFFEu;
}
