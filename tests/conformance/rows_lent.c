/* rows_lent.c - what a server can make of an identity that it was lent:
 * processes, tokens of other levels, handles from before. */
#include "rows.h"
#include "stage.h"

#include <wchar.h>

static verdict row_L10a(void)
{
    wchar_t path[MAX_PATH], line[] = L"conformance --role am-i-lesser x";
    STARTUPINFOW startup = {.cb = sizeof startup};
    PROCESS_INFORMATION process;

    GetModuleFileNameW(NULL, path, ARRAYSIZE(path));
    HOLDS(at_level(SecurityIdentification));
    HOLDS(!CreateProcessW(
        path, line, NULL, NULL, FALSE, 0, NULL, NULL, &startup, &process));
    HOLDS(GetLastError() == ERROR_BAD_IMPERSONATION_LEVEL);
    return NULL;
}

static verdict row_L10b(void)
{
    wchar_t path[MAX_PATH], line[] = L"conformance --role am-i-lesser x";
    STARTUPINFOW startup = {.cb = sizeof startup};
    PROCESS_INFORMATION process;
    DWORD lesser = 2;

    GetModuleFileNameW(NULL, path, ARRAYSIZE(path));
    group();
    HOLDS(wear_lesser());
    HOLDS(CreateProcessW(
        path, line, NULL, NULL, FALSE, 0, NULL, NULL, &startup, &process));
    RevertToSelf();
    keep(process.hProcess);
    CloseHandle(process.hThread);
    HOLDS(WaitForSingleObject(process.hProcess, 10000) == WAIT_OBJECT_0);
    HOLDS(GetExitCodeProcess(process.hProcess, &lesser) && lesser == 0);
    return NULL;
}

static verdict row_L12(void)
{
    wchar_t path[MAX_PATH], line[] = L"conformance --role am-i-lesser x";
    STARTUPINFOW startup = {.cb = sizeof startup};
    PROCESS_INFORMATION process;
    HANDLE worn = NULL, token = NULL;
    DWORD lesser = 2;

    GetModuleFileNameW(NULL, path, ARRAYSIZE(path));
    group();
    HOLDS(wear_lesser());
    HOLDS(OpenThreadToken(
        GetCurrentThread(), TOKEN_DUPLICATE | TOKEN_QUERY, TRUE, &worn));
    RevertToSelf();
    keep(worn);
    HOLDS(DuplicateTokenEx(worn,
                           TOKEN_ALL_ACCESS,
                           NULL,
                           SecurityImpersonation,
                           TokenPrimary,
                           &token));
    keep(token);
    HOLDS(CreateProcessWithTokenW(
        token, 0, path, line, 0, NULL, NULL, &startup, &process));
    keep(process.hProcess);
    CloseHandle(process.hThread);
    HOLDS(WaitForSingleObject(process.hProcess, 10000) == WAIT_OBJECT_0);
    HOLDS(GetExitCodeProcess(process.hProcess, &lesser) && lesser == 1);
    return NULL;
}

static DWORD duplicate_from(SECURITY_IMPERSONATION_LEVEL from,
                            SECURITY_IMPERSONATION_LEVEL to,
                            TOKEN_TYPE type)
{
    HANDLE copy = NULL;

    if (!DuplicateTokenEx(own_copy(from, TokenImpersonation),
                          TOKEN_ALL_ACCESS,
                          NULL,
                          to,
                          type,
                          &copy))
        return GetLastError();
    CloseHandle(copy);
    return 0;
}

static verdict row_L13a(void)
{
    HOLDS(duplicate_from(SecurityIdentification,
                         SecurityImpersonation,
                         TokenImpersonation) == ERROR_BAD_IMPERSONATION_LEVEL);
    HOLDS(duplicate_from(SecurityImpersonation,
                         SecurityDelegation,
                         TokenImpersonation) == ERROR_BAD_IMPERSONATION_LEVEL);
    return NULL;
}

static verdict row_L13b(void)
{
    HOLDS(duplicate_from(SecurityIdentification,
                         SecurityImpersonation,
                         TokenPrimary) == ERROR_BAD_IMPERSONATION_LEVEL);
    HOLDS(duplicate_from(
              SecurityImpersonation, SecurityImpersonation, TokenPrimary) == 0);
    return NULL;
}

static verdict row_L16(void)
{
    HANDLE event = keep(CreateEventW(NULL, TRUE, FALSE, object_name()));

    HOLDS(at_level(SecurityIdentification));
    HOLDS(SetEvent(event));
    return NULL;
}

const struct row lent_rows[] = {
    ROW(L10a, "BLOG", "CreateProcess at Identification: 1346"),
    ROW(L10b,
        "DOC",
        "CreateProcess at Impersonation: the child has the process's token"),
    ROW(L12,
        "DOC",
        "CreateProcessWithTokenW, with SeImpersonatePrivilege: the child has "
        "the token that is given"),
    ROW(L13a, "WIN-TEST", "DuplicateTokenEx to a higher level: 1346"),
    ROW(L13b,
        "RE",
        "DuplicateTokenEx from Identification to a primary token: 1346"),
    ROW(L16,
        "DOC",
        "a handle opened before is used with the rights of its open"),
    {0}};
