/* caller.c - see caller.h; by the kit's own np_client.h. */
#include "caller.h"
#include "np_client.h"
#include "np_token.h"

#include <sddl.h>
#include <stdlib.h>
#include <string.h>

/* ---- a token in words ---- */

/* The word for what kind of token it is. */
static DWORD level_of(HANDLE token, const char **word)
{
    /* Ask, and believe nobody: Windows may have lowered what the client lent,
     * and ImpersonateNamedPipeClient returns TRUE all the same. */
    SECURITY_IMPERSONATION_LEVEL level;
    DWORD err = np_token_level(token, &level);
    *word = err == 0 ? np_level_name(level) : "primary";
    return err == ERROR_INVALID_PARAMETER ? 0 : err;
}

/* A SID as text. Cut, like all descriptions, when there is no room. */
static void add_sid(char *text, size_t size, const char *before, PSID sid)
{
    wchar_t *words = NULL;
    size_t used = strlen(text);

    if (!ConvertSidToStringSidW(sid, &words))
        words = NULL;
    snprintf(text + used,
             size - used,
             "%s%ls",
             before,
             words != NULL ? words : L"(no SID)");
    LocalFree(words);
}

/* The groups that are in the token only so that deny entries find them. */
static void add_lacks(char *text, size_t size, const TOKEN_GROUPS *groups)
{
    const char *before = ", lacks ";

    for (DWORD i = 0; i < groups->GroupCount; i++) {
        if (groups->Groups[i].Attributes & SE_GROUP_USE_FOR_DENY_ONLY) {
            add_sid(text, size, before, groups->Groups[i].Sid);
            before = " ";
        }
    }
    if (strcmp(before, " ") != 0)
        snprintf(text + strlen(text), size - strlen(text), "%snothing", before);
}

DWORD caller_describe(HANDLE token, char *text, size_t size)
{
    const char *level = "";
    void *user = NULL;
    void *groups = NULL;
    DWORD err = level_of(token, &level);

    text[0] = '\0';
    if (err == 0)
        err = np_token_info(token, TokenUser, &user);
    if (err == 0)
        err = np_token_info(token, TokenGroups, &groups);
    if (err == 0) {
        add_sid(text, size, "", ((TOKEN_USER *)user)->User.Sid);
        snprintf(text + strlen(text), size - strlen(text), ", %s", level);
        add_lacks(text, size, groups);
    }
    free(groups);
    free(user);
    return err;
}

/* ---- the caller ---- */

DWORD caller_take(HANDLE pipe, HANDLE *token)
{
    return np_client_token(pipe, token);
}
