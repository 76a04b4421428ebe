/* identity.c - tokens: who programs and peers run as, and telling it. */
#include "director.h"

#include <sddl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define GROUPS_SIZE 8192
#define IDENTITIES_MAX 64

static struct known {
    wchar_t *name;
    HANDLE primary, thread;
} known[IDENTITIES_MAX];
static size_t known_count;

/* ---- the groups of a token
 * ---------------------------------------------------- */

union groups {
    TOKEN_GROUPS list;
    char room[GROUPS_SIZE];
};

static DWORD read_groups(HANDLE token, union groups *groups)
{
    DWORD size;
    memset(groups, 0, sizeof *groups);
    if (!GetTokenInformation(token, TokenGroups, groups, sizeof *groups, &size))
        return GetLastError();
    return 0;
}

static bool has_enabled(const union groups *groups, PSID sid)
{
    for (DWORD i = 0; i < groups->list.GroupCount; i++) {
        const SID_AND_ATTRIBUTES *group = &groups->list.Groups[i];
        if ((group->Attributes & SE_GROUP_ENABLED) != 0 &&
            (group->Attributes & SE_GROUP_USE_FOR_DENY_ONLY) == 0 &&
            EqualSid(group->Sid, sid))
            return true;
    }
    return false;
}

static const union groups *own_groups(void)
{
    static union groups own;
    static bool known_already;
    if (!known_already) {
        HANDLE token = NULL;
        if (!OpenProcessToken(GetCurrentProcess(), TOKEN_QUERY, &token))
            give_up("OpenProcessToken", GetLastError());
        DWORD err = read_groups(token, &own);
        if (err != 0)
            give_up("TokenGroups", err);
        CloseHandle(token);
        known_already = true;
    }
    return &own;
}

/* The first of these that the user has; common/np_token.h has the same list. */
static const wchar_t *lab_group(void)
{
    static const struct {
        WELL_KNOWN_SID_TYPE type;
        const wchar_t *text;
    } candidates[] = {{WinInteractiveSid, L"S-1-5-4"},
                      {WinLocalSid, L"S-1-2-0"},
                      {WinBuiltinAdministratorsSid, L"S-1-5-32-544"}};
    for (size_t i = 0; i < 3; i++) {
        BYTE sid[SECURITY_MAX_SID_SIZE];
        DWORD size = sizeof sid;
        if (CreateWellKnownSid(candidates[i].type, NULL, sid, &size) &&
            has_enabled(own_groups(), sid))
            return candidates[i].text;
    }
    return NULL;
}

/* hello -> LAB_GROUP WORK_FOLDER */
void do_hello(void)
{
    const wchar_t *group = lab_group();
    answer_text(group == NULL ? L"" : group);
    answer_text(work_folder());
}

/* ---- making tokens
 * ------------------------------------------------------------- */

/* sids: "S-1-5-4,S-1-2-0". They become deny-only in the new token. */
static DWORD make_lesser(const wchar_t *sids, HANDLE *primary, HANDLE *thread)
{
    SID_AND_ATTRIBUTES disable[16] = {0};
    DWORD count = 0, err = 0;
    HANDLE own = NULL;
    wchar_t *copy = _wcsdup(sids);
    *primary = *thread = NULL;
    for (wchar_t *sid = copy == NULL ? NULL : wcstok(copy, L",");
         sid != NULL && count < 16;
         sid = wcstok(NULL, L",")) {
        if (!ConvertStringSidToSidW(sid, &disable[count].Sid)) {
            err = GetLastError();
            goto out;
        }
        count++;
    }
    if (!OpenProcessToken(GetCurrentProcess(),
                          TOKEN_QUERY | TOKEN_DUPLICATE | TOKEN_ASSIGN_PRIMARY |
                              TOKEN_ADJUST_DEFAULT,
                          &own) ||
        !CreateRestrictedToken(
            own, 0, count, disable, 0, NULL, 0, NULL, primary) ||
        !DuplicateTokenEx(*primary,
                          TOKEN_ALL_ACCESS,
                          NULL,
                          SecurityImpersonation,
                          TokenImpersonation,
                          thread))
        err = GetLastError();
out:
    for (DWORD i = 0; i < count; i++)
        LocalFree(disable[i].Sid);
    if (own != NULL)
        CloseHandle(own);
    free(copy);
    return err;
}

DWORD find_identity(const wchar_t *name, HANDLE *primary, HANDLE *thread)
{
    struct known *found = NULL;
    if (primary != NULL)
        *primary = NULL;
    if (thread != NULL)
        *thread = NULL;
    if (name == NULL || wcscmp(name, L"self") == 0)
        return 0;
    for (size_t i = 0; i < known_count; i++)
        if (wcscmp(known[i].name, name) == 0)
            found = &known[i];
    if (found == NULL) {
        const wchar_t *sids = NULL;
        if (known_count == IDENTITIES_MAX)
            give_up("too many identities", 0);
        if (wcsncmp(name, L"lacks:", 6) == 0)
            sids = name + 6;
        else if (wcscmp(name, L"lesser") == 0)
            sids = lab_group();
        if (sids == NULL)
            return ERROR_NOT_FOUND;
        found = &known[known_count];
        DWORD err = make_lesser(sids, &found->primary, &found->thread);
        if (err != 0)
            return err;
        found->name = _wcsdup(name);
        known_count++;
    }
    if (primary != NULL)
        *primary = found->primary;
    if (thread != NULL)
        *thread = found->thread;
    return 0;
}

DWORD wear(const wchar_t *name)
{
    HANDLE token;
    DWORD err = find_identity(name, NULL, &token);
    if (err == 0 && token != NULL && !SetThreadToken(NULL, token))
        err = GetLastError();
    return err;
}

void undress(void)
{
    if (!RevertToSelf())
        give_up("RevertToSelf", GetLastError());
}

/* ---- telling who
 * ----------------------------------------------------------------- */

bool is_anonymous(DWORD err)
{
    return err == ERROR_CANT_OPEN_ANONYMOUS;
}

void describe_token(HANDLE token, char *text)
{
    static const char *const levels[] = {
        "Anonymous", "Identification", "Impersonation", "Delegation"};
    SECURITY_IMPERSONATION_LEVEL level = SecurityAnonymous;
    DWORD size;
    union groups groups;
    int used;
    const char *between = " lacks ";

    if (!GetTokenInformation(
            token, TokenImpersonationLevel, &level, sizeof level, &size) ||
        (unsigned)level > SecurityDelegation) {
        snprintf(text, DESCRIPTION_SIZE, "unknown");
        return;
    }
    used = snprintf(text, DESCRIPTION_SIZE, "%s", levels[level]);
    if (read_groups(token, &groups) != 0)
        return;
    /* Seen from here, a group that is off, deny-only or removed is all one:
     * it opens nothing any more. */
    const union groups *own = own_groups();
    for (DWORD i = 0; i < own->list.GroupCount; i++) {
        PSID sid = own->list.Groups[i].Sid;
        wchar_t *name;
        if (!has_enabled(own, sid) || has_enabled(&groups, sid) ||
            used > DESCRIPTION_SIZE - 200 ||
            !ConvertSidToStringSidW(sid, &name))
            continue;
        used += snprintf(text + used,
                         (size_t)(DESCRIPTION_SIZE - used),
                         "%s%ls",
                         between,
                         name);
        between = ",";
        LocalFree(name);
    }
}

static const char *describe_thread(DWORD id)
{
    char *text = scratch(DESCRIPTION_SIZE);
    HANDLE token = NULL;
    HANDLE thread = OpenThread(THREAD_QUERY_INFORMATION, FALSE, id);
    if (thread == NULL)
        return NULL;
    DWORD err = 0;
    if (!OpenThreadToken(thread, TOKEN_QUERY, TRUE, &token))
        err = GetLastError();
    if (err == 0) {
        describe_token(token, text);
        CloseHandle(token);
    } else if (err == ERROR_NO_TOKEN) {
        snprintf(text, DESCRIPTION_SIZE, "self");
    } else if (is_anonymous(err)) {
        snprintf(text, DESCRIPTION_SIZE, "Anonymous");
    } else {
        snprintf(text, DESCRIPTION_SIZE, "error %lu", (unsigned long)err);
    }
    CloseHandle(thread);
    return text;
}

/* identities PROGRAM -> "TID WHO\n..." */
void do_identities(void)
{
    struct student *student = take_student();
    DWORD ids[256];
    size_t count = threads_of(student->pid, ids, 256), used = 0;
    char *text = scratch(count * (DESCRIPTION_SIZE + 24) + 1);
    for (size_t i = 0; i < count; i++) {
        const char *who = describe_thread(ids[i]);
        if (who != NULL)
            used += (size_t)snprintf(text + used,
                                     DESCRIPTION_SIZE + 24,
                                     "%lu %s\n",
                                     (unsigned long)ids[i],
                                     who);
    }
    answer_bytes(text, used);
}

/* ---- descriptors
 * ----------------------------------------------------------------- */

DWORD make_security(const wchar_t *sddl, struct security *out)
{
    *out = (struct security){.attributes = {sizeof out->attributes, NULL, 0}};
    if (sddl == NULL)
        return 0;
    if (!ConvertStringSecurityDescriptorToSecurityDescriptorW(
            sddl, SDDL_REVISION_1, &out->descriptor, NULL))
        return GetLastError();
    out->attributes.lpSecurityDescriptor = out->descriptor;
    return 0;
}

void drop_security(struct security *security)
{
    if (security->descriptor != NULL)
        LocalFree(security->descriptor);
    *security = (struct security){0};
}
