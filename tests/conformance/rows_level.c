/* rows_level.c - what each impersonation level lets a thread do. The threads
 * are those of a server that has just impersonated its client. */
#include "rows.h"
#include "stage.h"

#include <wchar.h>

static HANDLE thread_token(BOOL as_self)
{
    HANDLE token = NULL;

    if (!OpenThreadToken(
            GetCurrentThread(), TOKEN_QUERY | TOKEN_DUPLICATE, as_self, &token))
        return NULL;
    return keep(token);
}

static verdict row_L02(void)
{
    HOLDS(at_level(SecurityAnonymous));
    HOLDS(thread_token(TRUE) == NULL);
    HOLDS(GetLastError() == ERROR_CANT_OPEN_ANONYMOUS);
    HOLDS(at_level(SecurityIdentification) && thread_token(TRUE) != NULL);
    return NULL;
}

static verdict row_L03(void)
{
    HOLDS(at_level(SecurityIdentification));
    HOLDS(thread_token(FALSE) == NULL);
    HOLDS(GetLastError() == ERROR_BAD_IMPERSONATION_LEVEL);
    return NULL;
}

static verdict row_L04(void)
{
    BYTE user[256];
    DWORD size;
    HANDLE token;

    HOLDS(at_level(SecurityIdentification));
    token = thread_token(TRUE);
    HOLDS(GetTokenInformation(token, TokenUser, user, sizeof user, &size));
    return NULL;
}

static verdict check_with(HANDLE token, const wchar_t *sddl, BOOL *allowed)
{
    GENERIC_MAPPING mapping = {FILE_GENERIC_READ,
                               FILE_GENERIC_WRITE,
                               FILE_GENERIC_EXECUTE,
                               FILE_ALL_ACCESS};
    PRIVILEGE_SET privileges;
    DWORD size = sizeof privileges, granted;

    HOLDS(AccessCheck(security(sddl)->lpSecurityDescriptor,
                      token,
                      FILE_READ_DATA,
                      &mapping,
                      &privileges,
                      &size,
                      &granted,
                      allowed));
    return NULL;
}

static verdict row_L05a(void)
{
    BOOL allowed = FALSE;
    verdict failed;

    HOLDS(at_level(SecurityIdentification));
    failed =
        check_with(thread_token(TRUE), L"O:BAG:BAD:(A;;FR;;;WD)", &allowed);
    if (failed != NULL)
        return failed;
    HOLDS(allowed);
    failed = check_with(thread_token(TRUE), L"O:BAG:BAD:", &allowed);
    if (failed != NULL)
        return failed;
    HOLDS(!allowed);
    return NULL;
}

static verdict row_L05b(void)
{
    BOOL allowed;

    HOLDS(check_with(own_copy(SecurityAnonymous, TokenImpersonation),
                     L"O:BAG:BAD:(A;;FR;;;WD)",
                     &allowed) != NULL);
    HOLDS(GetLastError() == ERROR_BAD_IMPERSONATION_LEVEL);
    return NULL;
}

static verdict row_L05c(void)
{
    BOOL allowed;

    HOLDS(check_with(own_copy(SecurityImpersonation, TokenPrimary),
                     L"O:BAG:BAD:(A;;FR;;;WD)",
                     &allowed) != NULL);
    HOLDS(GetLastError() == ERROR_NO_IMPERSONATION_TOKEN);
    return NULL;
}

static verdict row_L05d(void)
{
    BOOL allowed;

    HOLDS(check_with(own_copy(SecurityImpersonation, TokenImpersonation),
                     L"D:(A;;FR;;;WD)",
                     &allowed) != NULL);
    HOLDS(GetLastError() == ERROR_INVALID_SECURITY_DESCR);
    return NULL;
}

static verdict row_L06(void)
{
    PRIVILEGE_SET set = {.PrivilegeCount = 1};
    BOOL held;

    LookupPrivilegeValueW(NULL, SPARE_PRIVILEGE, &set.Privilege[0].Luid);
    HOLDS(!PrivilegeCheck(
        own_copy(SecurityAnonymous, TokenImpersonation), &set, &held));
    HOLDS(GetLastError() == ERROR_BAD_IMPERSONATION_LEVEL);
    return NULL;
}

static verdict file_at(SECURITY_IMPERSONATION_LEVEL level, DWORD expected)
{
    DWORD got;

    HOLDS(put_file(NULL));
    HOLDS(at_level(level));
    got = try_file(file_name(), GENERIC_READ);
    HOLDS(got == expected);
    return NULL;
}

static verdict row_L07a(void)
{
    return file_at(SecurityAnonymous, ERROR_BAD_IMPERSONATION_LEVEL);
}

static verdict row_L07b(void)
{
    return file_at(SecurityIdentification, ERROR_BAD_IMPERSONATION_LEVEL);
}

static verdict row_L07c(void)
{
    return file_at(SecurityImpersonation, 0);
}

static verdict event_at(SECURITY_IMPERSONATION_LEVEL level, DWORD expected)
{
    DWORD got;

    HOLDS(put_event(NULL));
    HOLDS(at_level(level));
    got = try_event(object_name(), EVENT_MODIFY_STATE);
    HOLDS(got == expected);
    return NULL;
}

static verdict row_L07d(void)
{
    return event_at(SecurityAnonymous, ERROR_BAD_IMPERSONATION_LEVEL);
}

static verdict row_L07e(void)
{
    return event_at(SecurityIdentification, ERROR_BAD_IMPERSONATION_LEVEL);
}

static verdict row_L07f(void)
{
    return event_at(SecurityImpersonation, 0);
}

static verdict row_L07g(void)
{
    HANDLE mutex = keep(CreateMutexW(NULL, FALSE, object_name()));

    HOLDS(mutex != NULL);
    HOLDS(at_level(SecurityIdentification));
    HOLDS(OpenMutexW(SYNCHRONIZE, FALSE, object_name()) == NULL);
    HOLDS(GetLastError() == ERROR_BAD_IMPERSONATION_LEVEL);
    return NULL;
}

static verdict row_L07h(void)
{
    HANDLE section = keep(CreateFileMappingW(
        INVALID_HANDLE_VALUE, NULL, PAGE_READWRITE, 0, 4096, object_name()));

    HOLDS(section != NULL);
    HOLDS(at_level(SecurityIdentification));
    HOLDS(OpenFileMappingW(FILE_MAP_READ, FALSE, object_name()) == NULL);
    HOLDS(GetLastError() == ERROR_BAD_IMPERSONATION_LEVEL);
    return NULL;
}

static verdict row_L07i(void)
{
    HOLDS(at_level(SecurityIdentification));
    HOLDS(keep(CreateEventW(NULL, TRUE, FALSE, object_name())) == NULL);
    HOLDS(GetLastError() == ERROR_BAD_IMPERSONATION_LEVEL);
    return NULL;
}

static verdict row_L07j(void)
{
    HANDLE client;

    HOLDS(at_level(SecurityIdentification));
    client = dial(0);
    HOLDS(client == INVALID_HANDLE_VALUE);
    HOLDS(GetLastError() == ERROR_BAD_IMPERSONATION_LEVEL);
    return NULL;
}

static verdict row_L07k(void)
{
    HOLDS(put_file(NULL));
    HOLDS(at_level(SecurityIdentification));
    HOLDS(!DeleteFileW(file_name()));
    HOLDS(GetLastError() == ERROR_BAD_IMPERSONATION_LEVEL);
    return NULL;
}

static verdict row_L08(void)
{
    HKEY key;

    HOLDS(at_level(SecurityIdentification));
    HOLDS(RegOpenKeyExW(HKEY_LOCAL_MACHINE, L"Software", 0, KEY_READ, &key) !=
          ERROR_SUCCESS);
    return NULL;
}

static verdict row_L09(void)
{
    HOLDS(GetModuleHandleW(L"version.dll") == NULL);
    HOLDS(at_level(SecurityIdentification));
    HOLDS(LoadLibraryW(L"version.dll") == NULL);
    HOLDS(GetLastError() == ERROR_BAD_IMPERSONATION_LEVEL);
    return NULL;
}

const struct row level_rows[] = {
    ROW(L02,
        "DOC, WIN-TEST",
        "opening an Anonymous thread token: 1347; at Identification it "
        "succeeds"),
    ROW(L03,
        "DOC; code unverified",
        "opening the thread token not as self at Identification: 1346"),
    ROW(L04, "DOC", "a token at Identification can be queried"),
    ROW(L05a, "DOC", "AccessCheck works with a token at Identification"),
    ROW(L05b, "W8, unverified", "AccessCheck with an Anonymous token: 1346"),
    ROW(L05c, "DOC", "AccessCheck with a primary token: 1309"),
    ROW(L05d, "DOC", "AccessCheck without owner and group: 1338"),
    ROW(L06, "WIN-TEST", "PrivilegeCheck with an Anonymous token: 1346"),
    ROW(L07a, "RE", "opening a file at Anonymous: 1346"),
    ROW(L07b, "RE", "opening a file at Identification: 1346"),
    ROW(L07c, "DOC", "opening a file at Impersonation: by the client's rights"),
    ROW(L07d, "RE", "opening an event at Anonymous: 1346"),
    ROW(L07e, "RE", "opening an event at Identification: 1346"),
    ROW(L07f,
        "DOC",
        "opening an event at Impersonation: by the client's rights"),
    ROW(L07g, "RE", "opening a mutex at Identification: 1346"),
    ROW(L07h, "RE", "opening a section at Identification: 1346"),
    ROW(L07i, "RE", "creating a named event at Identification: 1346"),
    ROW(L07j, "RE", "opening a pipe at Identification: 1346"),
    ROW(L07k, "RE", "deleting a file at Identification: 1346"),
    ROW(L08, "WIN-TEST", "opening a registry key at Identification fails"),
    ROW(L09, "WIN-TEST-3P", "LoadLibrary of a new DLL at Identification: 1346"),
    {0}};
