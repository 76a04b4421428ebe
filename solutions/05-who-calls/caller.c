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
    // BEGIN SOLUTION 05.1
    // STUB: /* TODO 05.1: ask the token. np_token_level (np_token.h) has a code
    // STUB:  * for tokens without a level. */
    // STUB: (void)token;
    // STUB: *word = "";
    // STUB: return NP_TODO("05.1");
    /* Ask, and believe nobody: Windows may have lowered what the client lent,
     * and ImpersonateNamedPipeClient returns TRUE all the same. */
    SECURITY_IMPERSONATION_LEVEL level;
    DWORD err = np_token_level(token, &level);
    *word = err == 0 ? np_level_name(level) : "primary";
    return err == ERROR_INVALID_PARAMETER ? 0 : err;
    // END SOLUTION 05.1
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
    // BEGIN SOLUTION 05.2
    // STUB: /* TODO 05.2: put the client's token on this thread, and say
    // STUB:  * whether that worked. */
    // STUB: (void)pipe;
    // STUB: return NP_TODO("05.2");
    /* When it fails, the thread stays what it was: the server. Whoever goes on
     * then serves the client with the server's rights. */
    if (!ImpersonateNamedPipeClient(pipe))
        return np_last_error();
    return 0;
    // END SOLUTION 05.2
}

/* Makes this thread act as its own process again, or ends the process. */
static void become_self(void)
{
    // BEGIN SOLUTION 05.3
    // STUB: /* TODO 05.3: take the client's token off again. What if that
    // STUB:  * fails? Until this is done the server rather ends. */
    // STUB: TerminateProcess(GetCurrentProcess(), NP_TODO("05.3"));
    /* A thread that is still the client must do nothing any more: no message,
     * no clean-up, no atexit function, for the client would do it. So nothing
     * comes between the failure and the end. */
    if (!RevertToSelf())
        TerminateProcess(GetCurrentProcess(), np_last_error());
    // END SOLUTION 05.3
}

/* Opens the token that this thread wears, to look at it. */
static DWORD open_worn_token(HANDLE *token)
{
    // BEGIN SOLUTION 05.4
    // STUB: /* TODO 05.4: open the thread's token for TOKEN_QUERY. Who opens
    // STUB:  * it, the server or the client? */
    // STUB: *token = NULL;
    // STUB: return NP_TODO("05.4");
    /* OpenAsSelf: the right to open the token is the server's. A client that
     * lends its identity for identification only could open nothing. */
    if (OpenThreadToken(GetCurrentThread(),
                        TOKEN_QUERY,
                        /* OpenAsSelf */ TRUE,
                        token))
        return 0;
    DWORD err = np_last_error();
    *token = NULL;
    return err;
    // END SOLUTION 05.4
}

DWORD caller_take(HANDLE pipe, HANDLE *token)
{
    *token = NULL;
    // BEGIN SOLUTION 05.5
    // STUB: /* TODO 05.5: become_client, open_worn_token, become_self: which of
    // STUB:  * them must happen after which of them failed? */
    // STUB: (void)become_client, (void)become_self, (void)open_worn_token;
    // STUB: (void)pipe;
    // STUB: return NP_TODO("05.5");
    DWORD err = become_client(pipe);
    if (err != 0)
        return err;
    err = open_worn_token(token);
    become_self();
    return err;
    // END SOLUTION 05.5
}
