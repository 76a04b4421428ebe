/* lacks.c - see lacks.h. */
#include "lacks.h"
#include "../seam.h"

/* As ConvertSidToStringSid, for which advapi32 would have to be loaded. */
static void write_sid(struct line *details, PSID sid)
{
    const SID *parts = sid;
    ULONGLONG authority = 0;

    for (int i = 0; i < 6; i++)
        authority = authority << 8 | parts->IdentifierAuthority.Value[i];
    line_format(details, "S-%u-%llu", parts->Revision, authority);
    for (BYTE i = 0; i < parts->SubAuthorityCount; i++)
        line_format(details, "-%lu", parts->SubAuthority[i]);
}

static void list_deny_only(struct line *details, const TOKEN_GROUPS *groups)
{
    const char *before = " lacks=";

    for (DWORD i = 0; i < groups->GroupCount; i++) {
        if (!(groups->Groups[i].Attributes & SE_GROUP_USE_FOR_DENY_ONLY))
            continue;
        line_format(details, "%s", before);
        write_sid(details, groups->Groups[i].Sid);
        before = ",";
    }
    if (*before == ' ')
        line_format(details, " lacks=-");
}

void lacks_describe(struct line *details)
{
    union {
        TOKEN_GROUPS groups;
        BYTE room[4096];
    } held;
    HANDLE token = NULL;
    DWORD size;

    if (!seam_real.OpenThreadToken(
            GetCurrentThread(), TOKEN_QUERY, TRUE, &token))
        return;
    if (seam_real.GetTokenInformation(
            token, TokenGroups, &held.groups, sizeof held, &size))
        list_deny_only(details, &held.groups);
    seam_real.CloseHandle(token);
}
