/* np_token.c - see np_token.h. */
#include "np_token.h"
#include "np_handle.h"

#include <sddl.h>
#include <stdarg.h>
#include <stdlib.h>

DWORD np_token_info(HANDLE token, TOKEN_INFORMATION_CLASS what, void **info)
{
    DWORD size = 0;

    *info = NULL;
    /* Without a buffer it fails, and tells the size. */
    if (!GetTokenInformation(token, what, NULL, 0, &size) && size == 0)
        return np_last_error();
    void *memory = malloc(size);
    if (memory == NULL)
        return ERROR_NOT_ENOUGH_MEMORY;
    if (!GetTokenInformation(token, what, memory, size, &size)) {
        DWORD err = np_last_error();
        free(memory);
        return err;
    }
    *info = memory;
    return 0;
}

DWORD np_token_level(HANDLE token, SECURITY_IMPERSONATION_LEVEL *level)
{
    DWORD size = 0;

    *level = SecurityAnonymous;
    if (!GetTokenInformation(
            token, TokenImpersonationLevel, level, sizeof *level, &size))
        return np_last_error();
    return 0;
}

const char *np_level_name(SECURITY_IMPERSONATION_LEVEL level)
{
    switch (level) {
    case SecurityAnonymous:
        return "Anonymous";
    case SecurityIdentification:
        return "Identification";
    case SecurityImpersonation:
        return "Impersonation";
    case SecurityDelegation:
        return "Delegation";
    }
    return "unknown level";
}

/* Of the last number of an integrity SID; in between, the lower one's name. */
static const char *integrity_name(DWORD rid)
{
    if (rid >= SECURITY_MANDATORY_SYSTEM_RID)
        return "System";
    if (rid >= SECURITY_MANDATORY_HIGH_RID)
        return "High";
    if (rid >= SECURITY_MANDATORY_MEDIUM_RID)
        return "Medium";
    if (rid >= SECURITY_MANDATORY_LOW_RID)
        return "Low";
    return "Untrusted";
}

/* A text that is written piece by piece and cut at its end. */
struct line {
    char *text;
    size_t size;
    size_t used;
};

NP_PRINTF(2, 3) static void add(struct line *line, const char *format, ...)
{
    va_list values;
    size_t room = line->size - line->used;

    va_start(values, format);
    int length = vsnprintf(line->text + line->used, room, format, values);
    va_end(values);
    if (length > 0)
        line->used += (size_t)length < room ? (size_t)length : room - 1;
}

static void add_sid(struct line *line, PSID sid)
{
    wchar_t *text = NULL;

    if (ConvertSidToStringSidW(sid, &text))
        add(line, "%ls", text);
    else
        add(line, "(no SID)");
    LocalFree(text);
}

static DWORD last_number_of(PSID sid)
{
    return *GetSidSubAuthority(sid, (DWORD)*GetSidSubAuthorityCount(sid) - 1);
}

static void add_deny_only(struct line *line, const TOKEN_GROUPS *groups)
{
    const char *before = ", deny-only ";

    for (DWORD i = 0; i < groups->GroupCount; i++) {
        if (groups->Groups[i].Attributes & SE_GROUP_USE_FOR_DENY_ONLY) {
            add(line, "%s", before);
            add_sid(line, groups->Groups[i].Sid);
            before = " ";
        }
    }
}

DWORD np_token_describe(HANDLE token, char *text, size_t size)
{
    struct line line = {text, size, 0};
    SECURITY_IMPERSONATION_LEVEL level;
    void *user = NULL;
    void *type = NULL;
    void *label = NULL;
    void *groups = NULL;
    DWORD rid = 0;
    DWORD err;

    if (size > 0)
        text[0] = '\0';
    if ((err = np_token_info(token, TokenUser, &user)) != 0 ||
        (err = np_token_info(token, TokenType, &type)) != 0 ||
        (err = np_token_info(token, TokenIntegrityLevel, &label)) != 0 ||
        (err = np_token_info(token, TokenGroups, &groups)) != 0)
        goto out;

    add_sid(&line, ((TOKEN_USER *)user)->User.Sid);
    if (*(TOKEN_TYPE *)type == TokenPrimary) {
        add(&line, ", primary");
    } else {
        err = np_token_level(token, &level);
        if (err != 0)
            goto out;
        add(&line, ", %s", np_level_name(level));
    }
    rid = last_number_of(((TOKEN_MANDATORY_LABEL *)label)->Label.Sid);
    add(&line, ", %s integrity", integrity_name(rid));
    add_deny_only(&line, groups);
out:
    free(groups);
    free(label);
    free(type);
    free(user);
    return err;
}

static bool is_enabled(const TOKEN_GROUPS *groups, PSID sid)
{
    for (DWORD i = 0; i < groups->GroupCount; i++) {
        DWORD attributes = groups->Groups[i].Attributes;
        if (EqualSid(groups->Groups[i].Sid, sid))
            return (attributes & SE_GROUP_ENABLED) != 0 &&
                   (attributes & SE_GROUP_USE_FOR_DENY_ONLY) == 0;
    }
    return false;
}

DWORD np_lab_group(const wchar_t **sid)
{
    static const wchar_t *const candidates[] = {
        L"S-1-5-4", L"S-1-2-0", L"S-1-5-32-544"};
    HANDLE token = NULL;
    void *groups = NULL;
    DWORD err;

    *sid = NULL;
    if (!OpenProcessToken(GetCurrentProcess(), TOKEN_QUERY, &token))
        return np_last_error();
    err = np_token_info(token, TokenGroups, &groups);
    for (size_t i = 0; err == 0 && *sid == NULL && i < 3; i++) {
        PSID candidate = NULL;
        if (!ConvertStringSidToSidW(candidates[i], &candidate))
            err = np_last_error();
        else if (is_enabled(groups, candidate))
            *sid = candidates[i];
        LocalFree(candidate);
    }
    if (err == 0 && *sid == NULL)
        err = ERROR_NOT_FOUND;
    free(groups);
    np_close(&token);
    return err;
}
