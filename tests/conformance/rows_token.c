/* rows_token.c - the privilege, reverting, and lesser tokens. */
#include "rows.h"
#include "stage.h"

#include <sddl.h>
#include <stdlib.h>

static HANDLE own_token(void)
{
    HANDLE token = NULL;

    OpenProcessToken(GetCurrentProcess(), TOKEN_ALL_ACCESS, &token);
    return keep(token);
}

/* S02 needs a server that rule S03 refuses. The kit's layer has a switch for
 * that; on Windows it needs a client of another logon, which is not here. */
static DWORD run_without_privilege(const wchar_t *role)
{
    DWORD result;

    SetEnvironmentVariableW(L"NPLAB_LACKS_IMPERSONATE", L"1");
    result = run_role(role, false, NULL);
    SetEnvironmentVariableW(L"NPLAB_LACKS_IMPERSONATE", NULL);
    return result;
}

static bool on_wine(void)
{
    return GetProcAddress(GetModuleHandleW(L"ntdll"), "wine_get_version") !=
           NULL;
}

static verdict row_S02a(void)
{
    if (!on_wine())
        return skipped;
    HOLDS(run_without_privilege(L"level-impersonation") ==
          SecurityIdentification);
    return NULL;
}

static verdict row_S02b(void)
{
    if (!on_wine())
        return skipped;
    HOLDS(run_without_privilege(L"open-when-cut") ==
          ERROR_BAD_IMPERSONATION_LEVEL);
    return NULL;
}

static verdict row_S01(void)
{
    if (!on_wine())
        return skipped;
    HOLDS(run_without_privilege(L"level-anonymous") == (DWORD)-2);
    return NULL;
}

static verdict row_S07(void)
{
    HOLDS(run_role(L"level-impersonation", true, NULL) ==
          SecurityImpersonation);
    return NULL;
}

static verdict row_R01(void)
{
    HOLDS(RevertToSelf());
    HOLDS(RevertToSelf());
    return NULL;
}

static verdict row_R02a(void)
{
    HOLDS(wear_lesser());
    HOLDS(SetThreadToken(NULL, NULL));
    HOLDS(level_now() == -1);
    return NULL;
}

static verdict row_R02b(void)
{
    HOLDS(!SetThreadToken(NULL, own_token()));
    HOLDS(GetLastError() == ERROR_BAD_TOKEN_TYPE);
    return NULL;
}

static verdict row_R02c(void)
{
    HANDLE server = serve(), token = NULL;

    dial(SQOS | SECURITY_IDENTIFICATION);
    HOLDS(become(server) == 0);
    HOLDS(OpenThreadToken(
        GetCurrentThread(), TOKEN_QUERY | TOKEN_IMPERSONATE, TRUE, &token));
    keep(token);
    HOLDS(RevertToSelf());
    HOLDS(SetThreadToken(NULL, token));
    HOLDS(level_now() == SecurityIdentification);
    return NULL;
}

static verdict row_R02d(void)
{
    HANDLE server = serve(), token = NULL;

    dial(SQOS | SECURITY_IMPERSONATION);
    HOLDS(become(server) == 0);
    HOLDS(OpenThreadToken(GetCurrentThread(), TOKEN_QUERY, TRUE, &token));
    keep(token);
    HOLDS(!SetThreadToken(NULL, token)); /* without TOKEN_IMPERSONATE */
    HOLDS(GetLastError() == ERROR_ACCESS_DENIED);
    return NULL;
}

static verdict row_R00(void)
{
    HANDLE server = serve();

    dial(SQOS | SECURITY_IMPERSONATION);
    HOLDS(become(server) == 0);
    HOLDS(RevertToSelf());
    HOLDS(level_now() == -1);
    return NULL;
}

static verdict row_R10(void)
{
    DWORD written = 0, refused;
    HANDLE file;

    HOLDS(put_file(GROUP_ONLY));
    file = keep(CreateFileW(
        file_name(), GENERIC_WRITE, 7, NULL, OPEN_EXISTING, 0, NULL));
    HOLDS(file != INVALID_HANDLE_VALUE);
    HOLDS(wear_lesser());
    refused = try_file(file_name(), GENERIC_WRITE);
    HOLDS(refused == ERROR_ACCESS_DENIED);
    HOLDS(WriteFile(file, "x", 1, &written, NULL) && written == 1);
    return NULL;
}

static verdict row_W01a(void)
{
    HOLDS(!is_lesser());
    HOLDS(wear_lesser());
    HOLDS(is_lesser());
    return NULL;
}

static verdict row_W01b(void)
{
    HANDLE own = own_token(), lesser = NULL;
    SID_AND_ATTRIBUTES disable = {NULL, 0};
    union {
        TOKEN_USER user;
        BYTE room[256];
    } user;
    DWORD size;

    HOLDS(GetTokenInformation(own, TokenUser, &user, sizeof user, &size));
    disable.Sid = user.user.User.Sid;
    HOLDS(
        CreateRestrictedToken(own, 0, 1, &disable, 0, NULL, 0, NULL, &lesser));
    keep(lesser);
    HOLDS(GetTokenInformation(lesser, TokenUser, &user, sizeof user, &size));
    HOLDS(user.user.User.Attributes & SE_GROUP_USE_FOR_DENY_ONLY);
    return NULL;
}

static verdict row_W02(void)
{
    HANDLE lesser = NULL;
    SID_AND_ATTRIBUTES restriction = {NULL, 0};
    PSID sid = NULL;
    BOOL made;

    ConvertStringSidToSidW(L"S-1-5-12", &sid);
    restriction.Sid = sid;
    made = CreateRestrictedToken(
        own_token(), 0, 0, NULL, 0, NULL, 1, &restriction, &lesser);
    LocalFree(sid);
    HOLDS(made);
    keep(lesser);
    HOLDS(IsTokenRestricted(lesser));
    return NULL;
}

static DWORD privilege_count(HANDLE token)
{
    union {
        TOKEN_PRIVILEGES list;
        BYTE room[4096];
    } all = {.list.PrivilegeCount = 0};
    DWORD size;

    GetTokenInformation(token, TokenPrivileges, &all, sizeof all, &size);
    return all.list.PrivilegeCount;
}

static verdict row_W03a(void)
{
    HANDLE lesser = NULL;

    HOLDS(CreateRestrictedToken(own_token(),
                                DISABLE_MAX_PRIVILEGE,
                                0,
                                NULL,
                                0,
                                NULL,
                                0,
                                NULL,
                                &lesser));
    keep(lesser);
    HOLDS(privilege_count(lesser) == 1);
    HOLDS(has_privilege(lesser, SE_CHANGE_NOTIFY_NAME));
    return NULL;
}

static verdict row_W03b(void)
{
    LUID_AND_ATTRIBUTES delete = {.Attributes = 0};
    HANDLE lesser = NULL;

    LookupPrivilegeValueW(NULL, SPARE_PRIVILEGE, &delete.Luid);
    HOLDS(CreateRestrictedToken(
        own_token(), 0, 0, NULL, 1, &delete, 0, NULL, &lesser));
    keep(lesser);
    HOLDS(!has_privilege(lesser, SPARE_PRIVILEGE));
    return NULL;
}

static verdict row_W05(void)
{
    HOLDS(run_role(L"am-i-lesser", true, NULL) == 1);
    HOLDS(run_role(L"am-i-lesser", false, NULL) == 0);
    return NULL;
}

static verdict row_W06(void)
{
    HANDLE server = serve();

    HOLDS(wear_lesser());
    dial(SQOS | SECURITY_IMPERSONATION);
    RevertToSelf();
    HOLDS(become(server) == 0 && is_lesser());
    return NULL;
}

static verdict row_W07(void)
{
    TOKEN_MANDATORY_LABEL label = {{NULL, SE_GROUP_INTEGRITY}};
    union {
        TOKEN_MANDATORY_LABEL label;
        BYTE room[256];
    } now;
    HANDLE copy = NULL;
    PSID low = NULL;
    DWORD size;
    bool equal;

    HOLDS(DuplicateTokenEx(own_token(),
                           TOKEN_ALL_ACCESS,
                           NULL,
                           SecurityImpersonation,
                           TokenPrimary,
                           &copy));
    keep(copy);
    ConvertStringSidToSidW(L"S-1-16-4096", &low);
    label.Label.Sid = low;
    SetTokenInformation(copy, TokenIntegrityLevel, &label, sizeof label);
    GetTokenInformation(copy, TokenIntegrityLevel, &now, sizeof now, &size);
    equal = EqualSid(now.label.Label.Sid, low);
    LocalFree(low);
    HOLDS(equal);
    return NULL;
}

static verdict row_W13(void)
{
    HOLDS(ImpersonateAnonymousToken(GetCurrentThread()));
    return NULL;
}

const struct row token_rows[] = {
    ROW(S01, "DOC", "below Impersonation no privilege is needed"),
    ROW(S02a,
        "BOOK, BLOG",
        "without the right to more the call succeeds, at Identification"),
    ROW(S02b, "BOOK", "after such a cut the next open fails with 1346"),
    ROW(S07,
        "INFER from BOOK",
        "a lesser server of the same user gets the full level from its equal"),
    ROW(R00, "DOC", "RevertToSelf ends impersonation"),
    ROW(R01, "RE", "RevertToSelf without impersonation: TRUE"),
    ROW(R02a, "DOC", "SetThreadToken(NULL, NULL) ends impersonation"),
    ROW(R02b, "RE", "SetThreadToken with a primary token: 1349"),
    ROW(R02c, "DOC", "a saved thread token can be put on again"),
    ROW(R02d, "DOC", "SetThreadToken needs TOKEN_IMPERSONATE on the handle: 5"),
    ROW(R10, "DOC", "an open handle keeps its rights whoever uses it"),
    ROW(W01a, "DOC", "a disabled SID counts for denial only"),
    KNOWN(W01b, "DOC", "the user's own SID can be disabled too"),
    KNOWN(W02, "DOC", "restricting SIDs make a token restricted"),
    KNOWN(W03a, "DOC", "DISABLE_MAX_PRIVILEGE leaves one privilege"),
    ROW(W03b, "DOC", "privileges can be deleted one by one"),
    ROW(W05,
        "DOC",
        "CreateProcessAsUser starts a child with a restricted token of one's "
        "own"),
    ROW(W06, "WIN-TEST", "a client thread can be lesser than its process"),
    KNOWN(W07, "DOC", "a token's integrity level can be lowered"),
    KNOWN(W13, "DOC", "ImpersonateAnonymousToken succeeds"),
    {0}};
