/* rows_object.c - who may open events, sections and keys, under a lesser
 * token. The file's rows are in rows_file.c. */
#include "rows.h"
#include "stage.h"

#include <sddl.h>
#include <wchar.h>

static verdict row_D01a(void)
{
    HOLDS(put_event(GROUP_ONLY));
    HOLDS(try_event(object_name(), EVENT_MODIFY_STATE) == 0);
    HOLDS(wear_lesser());
    HOLDS(try_event(object_name(), EVENT_MODIFY_STATE) == ERROR_ACCESS_DENIED);
    return NULL;
}

static verdict row_D01b(void)
{
    HOLDS(put_event(GROUP_ONLY));
    HOLDS(run_role(L"open-event", true, object_name()) == ERROR_ACCESS_DENIED);
    HOLDS(run_role(L"open-event", false, object_name()) == 0);
    return NULL;
}

static verdict row_D01c(void)
{
    HANDLE section = keep(CreateFileMappingW(INVALID_HANDLE_VALUE,
                                             security(GROUP_ONLY),
                                             PAGE_READWRITE,
                                             0,
                                             4096,
                                             object_name()));

    HOLDS(section != NULL);
    HOLDS(wear_lesser());
    HOLDS(OpenFileMappingW(FILE_MAP_READ, FALSE, object_name()) == NULL);
    HOLDS(GetLastError() == ERROR_ACCESS_DENIED);
    return NULL;
}

static verdict row_D01d(void)
{
    HANDLE server = serve(), client;

    HOLDS(put_event(GROUP_ONLY));
    HOLDS(wear_lesser());
    client = dial(SQOS | SECURITY_IMPERSONATION);
    RevertToSelf();
    HOLDS(client != INVALID_HANDLE_VALUE && become(server) == 0);
    HOLDS(try_event(object_name(), EVENT_MODIFY_STATE) == ERROR_ACCESS_DENIED);
    return NULL;
}

static verdict row_D02(void)
{
    HOLDS(put_event(GROUP_ONLY));
    HOLDS(wear_lesser());
    HOLDS(keep(CreateEventW(NULL, TRUE, FALSE, object_name())) == NULL);
    HOLDS(GetLastError() == ERROR_ACCESS_DENIED);
    return NULL;
}

static bool allowed_for(HANDLE token, const wchar_t *sddl)
{
    GENERIC_MAPPING mapping = {FILE_GENERIC_READ,
                               FILE_GENERIC_WRITE,
                               FILE_GENERIC_EXECUTE,
                               FILE_ALL_ACCESS};
    PRIVILEGE_SET privileges;
    DWORD size = sizeof privileges, granted = 0;
    BOOL allowed = FALSE;

    return AccessCheck(security(sddl)->lpSecurityDescriptor,
                       token,
                       FILE_READ_DATA,
                       &mapping,
                       &privileges,
                       &size,
                       &granted,
                       &allowed) &&
           allowed;
}

static verdict row_D05a(void)
{
    HANDLE lesser = lesser_token();

    HOLDS(!allowed_for(lesser, L"O:BAG:BAD:(D;;GA;;;%ls)(A;;GA;;;WD)"));
    HOLDS(allowed_for(lesser, L"O:BAG:BAD:(A;;GA;;;WD)"));
    return NULL;
}

static verdict row_D05f(void)
{
    GENERIC_MAPPING mapping = {FILE_GENERIC_READ,
                               FILE_GENERIC_WRITE,
                               FILE_GENERIC_EXECUTE,
                               FILE_ALL_ACCESS};
    PRIVILEGE_SET privileges;
    HANDLE lesser = lesser_token();

    for (int everyone = 0; everyone < 2; everyone++) {
        const wchar_t *sddl =
            everyone ? L"O:BAG:BAD:(A;;GA;;;WD)" : L"O:BAG:BAD:(A;;GA;;;%ls)";
        DWORD size = sizeof privileges, granted = 0;
        BOOL allowed = !everyone;

        HOLDS(AccessCheckByType(security(sddl)->lpSecurityDescriptor,
                                NULL,
                                lesser,
                                FILE_READ_DATA,
                                NULL,
                                0,
                                &mapping,
                                &privileges,
                                &size,
                                &granted,
                                &allowed));
        HOLDS(allowed == everyone);
    }
    return NULL;
}

static verdict row_D05b(void)
{
    HANDLE lesser = lesser_token();

    HOLDS(!allowed_for(lesser, L"O:BAG:BAD:(A;;GA;;;%ls)"));
    return NULL;
}

static verdict row_D05c(void)
{
    HOLDS(put_event(L"D:P(D;;GA;;;%ls)(A;;GA;;;WD)"));
    HOLDS(wear_lesser());
    HOLDS(try_event(object_name(), EVENT_MODIFY_STATE) == ERROR_ACCESS_DENIED);
    return NULL;
}

static verdict row_D05d(void)
{
    HANDLE client;

    serve_as(PIPE_ACCESS_DUPLEX, 5, L"D:P(D;;GA;;;%ls)(A;;GA;;;WD)");
    HOLDS(wear_lesser());
    client = dial(0);
    HOLDS(client == INVALID_HANDLE_VALUE);
    HOLDS(GetLastError() == ERROR_ACCESS_DENIED);
    return NULL;
}

static bool set_privilege(HANDLE token, const wchar_t *name, DWORD attributes)
{
    TOKEN_PRIVILEGES change = {.PrivilegeCount = 1};

    change.Privileges[0].Attributes = attributes;
    return LookupPrivilegeValueW(NULL, name, &change.Privileges[0].Luid) &&
           AdjustTokenPrivileges(token, FALSE, &change, 0, NULL, NULL) &&
           GetLastError() == ERROR_SUCCESS;
}

/* All that the token may do with an object that allows reading. */
static DWORD most_rights(HANDLE token)
{
    GENERIC_MAPPING mapping = {FILE_GENERIC_READ,
                               FILE_GENERIC_WRITE,
                               FILE_GENERIC_EXECUTE,
                               FILE_ALL_ACCESS};
    PRIVILEGE_SET privileges;
    DWORD size = sizeof privileges, granted = 0;
    BOOL allowed = FALSE;

    AccessCheck(security(L"O:SYG:SYD:P(A;;GR;;;WD)")->lpSecurityDescriptor,
                token,
                MAXIMUM_ALLOWED,
                &mapping,
                &privileges,
                &size,
                &granted,
                &allowed);
    return granted;
}

static verdict row_D05e(void)
{
    const wchar_t *name = L"SeTakeOwnershipPrivilege";
    HANDLE token = lesser_token();

    if (!has_privilege(token, name))
        return NULL; /* nothing to change for a user without it */
    HOLDS(set_privilege(token, name, 0));
    HOLDS(!(most_rights(token) & WRITE_OWNER));
    HOLDS(set_privilege(token, name, SE_PRIVILEGE_ENABLED));
    HOLDS(most_rights(token) & WRITE_OWNER);
    HOLDS(set_privilege(token, name, 0));
    HOLDS(!(most_rights(token) & WRITE_OWNER));
    return NULL;
}

static verdict row_D09(void)
{
    HKEY key = NULL, again = NULL;
    LSTATUS made, opened;

    made = RegCreateKeyExW(HKEY_CURRENT_USER,
                           L"nplab-conformance",
                           0,
                           NULL,
                           REG_OPTION_VOLATILE,
                           KEY_ALL_ACCESS,
                           security(GROUP_ONLY),
                           &key,
                           NULL);
    HOLDS(made == ERROR_SUCCESS);
    wear_lesser();
    opened = RegOpenKeyExW(
        HKEY_CURRENT_USER, L"nplab-conformance", 0, KEY_READ, &again);
    RevertToSelf();
    if (opened == ERROR_SUCCESS)
        RegCloseKey(again);
    RegDeleteKeyW(HKEY_CURRENT_USER, L"nplab-conformance");
    RegCloseKey(key);
    HOLDS(opened == ERROR_ACCESS_DENIED);
    return NULL;
}

static verdict row_D15(void)
{
    PSID sid = NULL;
    BOOL member = TRUE;
    HANDLE server = serve(), client;

    HOLDS(wear_lesser());
    client = dial(SQOS | SECURITY_IMPERSONATION);
    RevertToSelf();
    HOLDS(client != INVALID_HANDLE_VALUE && become(server) == 0);
    ConvertStringSidToSidW(group(), &sid);
    CheckTokenMembership(NULL, sid, &member);
    LocalFree(sid);
    HOLDS(!member);
    return NULL;
}

const struct row object_rows[] = {
    ROW(D01a,
        "DOC",
        "an event for a group refuses a thread that has it for denial only: 5"),
    ROW(D01b, "DOC", "and a process that has it for denial only"),
    ROW(D01c, "DOC", "a section likewise"),
    ROW(D01d,
        "DOC",
        "a server acting as a lesser client is refused as the client"),
    ROW(D02, "DOC", "CreateEvent of an event that refuses: 5"),
    ROW(D05a,
        "DOC",
        "AccessCheck: a denying entry counts for a deny-only group"),
    ROW(D05b, "DOC", "AccessCheck: an allowing entry does not"),
    KNOWN(D05c, "DOC", "events: a denying entry counts for a deny-only group"),
    ROW(D05d, "DOC", "pipes: a denying entry counts for a deny-only group"),
    ROW(D05e, "DOC", "AccessCheck: a token is judged as it is now"),
    KNOWN(D09, "DOC", "a registry key's DACL decides by token"),
    ROW(D05f, "DOC", "AccessCheckByType without types decides likewise"),
    ROW(D15, "DOC", "CheckTokenMembership answers for the client"),
    {0}};
