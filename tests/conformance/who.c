/* who.c - identities of the rows: levels, lesser tokens, other processes. */
#include "stage.h"

#include <sddl.h>
#include <stdio.h>
#include <string.h>
#include <wchar.h>

#define PROCESS_LIMIT_MS 10000

DWORD become(HANDLE server)
{
    return ImpersonateNamedPipeClient(server) ? 0 : GetLastError();
}

int level_now(void)
{
    SECURITY_IMPERSONATION_LEVEL level = SecurityAnonymous;
    HANDLE token;
    DWORD size;

    if (!OpenThreadToken(GetCurrentThread(), TOKEN_QUERY, TRUE, &token))
        return GetLastError() == ERROR_CANT_OPEN_ANONYMOUS ? -2 : -1;
    GetTokenInformation(
        token, TokenImpersonationLevel, &level, sizeof level, &size);
    CloseHandle(token);
    return (int)level;
}

static HANDLE own_token(DWORD access)
{
    HANDLE token = NULL;

    OpenProcessToken(GetCurrentProcess(), access, &token);
    return token;
}

/* The attributes of a group in a token; 0 when it is not there. */
static DWORD group_attributes(HANDLE token, PSID sid)
{
    union {
        TOKEN_GROUPS list;
        BYTE room[8192];
    } groups;
    DWORD size;

    if (!GetTokenInformation(token, TokenGroups, &groups, sizeof groups, &size))
        return 0;
    for (DWORD i = 0; i < groups.list.GroupCount; i++)
        if (EqualSid(groups.list.Groups[i].Sid, sid))
            return groups.list.Groups[i].Attributes;
    return 0;
}

static PSID group_sid(void)
{
    static PSID found;
    static const wchar_t *const candidates[] = {
        L"S-1-5-4", L"S-1-2-0", L"S-1-5-32-544"};
    HANDLE token;

    if (found != NULL)
        return found;
    token = own_token(TOKEN_QUERY);
    for (size_t i = 0; i < ARRAYSIZE(candidates); i++) {
        PSID sid = NULL;

        ConvertStringSidToSidW(candidates[i], &sid);
        if (group_attributes(token, sid) & SE_GROUP_ENABLED) {
            found = sid;
            break;
        }
        LocalFree(sid);
    }
    CloseHandle(token);
    return found;
}

const wchar_t *group(void)
{
    static wchar_t *text;

    /* In a lesser child the group is no longer enabled; its parent tells. */
    if (text == NULL && _wgetenv(L"CONFORMANCE_GROUP") != NULL)
        text = _wgetenv(L"CONFORMANCE_GROUP");
    if (text == NULL && group_sid() != NULL) {
        ConvertSidToStringSidW(group_sid(), &text);
        SetEnvironmentVariableW(L"CONFORMANCE_GROUP", text);
    }
    if (text == NULL) {
        fprintf(stderr, "this process has none of the lab groups\n");
        ExitProcess(2);
    }
    return text;
}

static HANDLE lesser_primary(void)
{
    SID_AND_ATTRIBUTES disable = {group_sid(), 0};
    HANDLE own = own_token(TOKEN_ALL_ACCESS), lesser = NULL;

    CreateRestrictedToken(own, 0, 1, &disable, 0, NULL, 0, NULL, &lesser);
    CloseHandle(own);
    return lesser;
}

HANDLE lesser_token(void)
{
    HANDLE primary = lesser_primary(), token = NULL;

    DuplicateTokenEx(primary,
                     TOKEN_ALL_ACCESS,
                     NULL,
                     SecurityImpersonation,
                     TokenImpersonation,
                     &token);
    CloseHandle(primary);
    return keep(token);
}

bool wear_lesser(void)
{
    return SetThreadToken(NULL, lesser_token());
}

bool wear_level(SECURITY_IMPERSONATION_LEVEL level)
{
    return ImpersonateSelf(level);
}

bool is_lesser(void)
{
    HANDLE token;
    PSID sid = NULL;
    DWORD attributes;

    if (!OpenThreadToken(GetCurrentThread(), TOKEN_QUERY, TRUE, &token))
        token = own_token(TOKEN_QUERY);
    ConvertStringSidToSidW(group(), &sid);
    attributes = group_attributes(token, sid);
    LocalFree(sid);
    CloseHandle(token);
    return attributes & SE_GROUP_USE_FOR_DENY_ONLY;
}

HANDLE start_role(const wchar_t *role, bool lesser, const wchar_t *argument)
{
    wchar_t path[MAX_PATH], line[1024];
    STARTUPINFOW startup = {.cb = sizeof startup};
    PROCESS_INFORMATION process = {0};
    HANDLE token = lesser ? lesser_primary() : own_token(TOKEN_ALL_ACCESS);
    BOOL started;

    group();
    GetModuleFileNameW(NULL, path, ARRAYSIZE(path));
    swprintf(line,
             ARRAYSIZE(line),
             L"conformance --role %ls \"%ls\"",
             role,
             argument == NULL ? L"" : argument);
    started = CreateProcessAsUserW(
        token, path, line, NULL, NULL, TRUE, 0, NULL, NULL, &startup, &process);
    CloseHandle(token);
    if (!started)
        return NULL;
    CloseHandle(process.hThread);
    return keep(process.hProcess);
}

DWORD run_role(const wchar_t *role, bool lesser, const wchar_t *argument)
{
    HANDLE process = start_role(role, lesser, argument);
    DWORD code = 0xFFFFFFFFu;

    if (process == NULL)
        return code;
    if (WaitForSingleObject(process, PROCESS_LIMIT_MS) == WAIT_OBJECT_0)
        GetExitCodeProcess(process, &code);
    else
        TerminateProcess(process, 1);
    drop(process);
    return code;
}

bool has_privilege(HANDLE token, const wchar_t *name)
{
    union {
        TOKEN_PRIVILEGES list;
        BYTE room[4096];
    } all;
    DWORD size;
    LUID luid;

    if (!LookupPrivilegeValueW(NULL, name, &luid) ||
        !GetTokenInformation(token, TokenPrivileges, &all, sizeof all, &size))
        return false;
    for (DWORD i = 0; i < all.list.PrivilegeCount; i++)
        if (all.list.Privileges[i].Luid.LowPart == luid.LowPart)
            return true;
    return false;
}

bool switch_privilege(bool enabled)
{
    TOKEN_PRIVILEGES change = {.PrivilegeCount = 1};
    HANDLE token = own_token(TOKEN_ADJUST_PRIVILEGES | TOKEN_QUERY);
    bool done;

    LookupPrivilegeValueW(NULL, SPARE_PRIVILEGE, &change.Privileges[0].Luid);
    change.Privileges[0].Attributes = enabled ? SE_PRIVILEGE_ENABLED : 0;
    done = AdjustTokenPrivileges(token, FALSE, &change, 0, NULL, NULL);
    CloseHandle(token);
    return done;
}
