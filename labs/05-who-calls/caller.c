/* caller.c - see caller.h; of use to the server alone. */
#include "caller.h"
#include "np_token.h"

#include <sddl.h>
#include <stdlib.h>
#include <string.h>

/* ---- a token in words ---- */

/* The word for what kind of token it is. */
static DWORD level_of(HANDLE token, const char **word)
{
    /* TODO 05.1: ask the token. np_token_level (np_token.h) has a code
     * for tokens without a level. */
    (void)token;
    *word = "";
    return NP_TODO("05.1");
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

/* Makes this thread act as the client whose message was read last. Until
 * become_self, every call of the thread is judged by the client's rights. */
static DWORD become_client(HANDLE pipe)
{
    /* TODO 05.2: put the client's token on this thread, and say
     * whether that worked. */
    (void)pipe;
    return NP_TODO("05.2");
}

/* Makes this thread act as its own process again, or ends the process. */
static void become_self(void)
{
    /* TODO 05.3: take the client's token off again. What if that
     * fails? Until this is done the server rather ends. */
    TerminateProcess(GetCurrentProcess(), NP_TODO("05.3"));
}

/* Opens the token that this thread wears, to look at it. */
static DWORD open_worn_token(HANDLE *token)
{
    /* TODO 05.4: open the thread's token for TOKEN_QUERY. Who opens
     * it, the server or the client? */
    *token = NULL;
    return NP_TODO("05.4");
}

DWORD caller_take(HANDLE pipe, HANDLE *token)
{
    *token = NULL;
    /* TODO 05.5: become_client, open_worn_token, become_self: which of
     * them must happen after which of them failed? */
    (void)become_client, (void)become_self, (void)open_worn_token;
    (void)pipe;
    return NP_TODO("05.5");
}
