/* lacks.c - see lacks.h. */
#include "lacks.h"
#include "../seam.h"

#include <sddl.h>

static void list_deny_only(struct line *details, const TOKEN_GROUPS *groups)
{
    const char *before = " lacks=";

    for (DWORD i = 0; i < groups->GroupCount; i++) {
        char *sid = NULL;

        if (!(groups->Groups[i].Attributes & SE_GROUP_USE_FOR_DENY_ONLY) ||
            !ConvertSidToStringSidA(groups->Groups[i].Sid, &sid))
            continue;
        line_format(details, "%s%s", before, sid);
        before = ",";
        LocalFree(sid);
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
