/* tokens.c - the calls that change who a thread is, or what a token is. */
#include "identity.h"
#include "platform.h"

static bool is_primary(HANDLE token)
{
    TOKEN_TYPE type = TokenImpersonation;
    DWORD size, error = GetLastError();

    seam_real.GetTokenInformation(token, TokenType, &type, sizeof type, &size);
    SetLastError(error);
    return type == TokenPrimary;
}

static SECURITY_IMPERSONATION_LEVEL level_of(HANDLE token)
{
    SECURITY_IMPERSONATION_LEVEL level = SecurityDelegation;
    DWORD size, error = GetLastError();

    seam_real.GetTokenInformation(
        token, TokenImpersonationLevel, &level, sizeof level, &size);
    SetLastError(error);
    return level;
}

BOOL WINAPI platform_RevertToSelf(void)
{
    BOOL done = seam_real.RevertToSelf();

    if (done)
        identity_reverted();
    return done;
}

BOOL WINAPI platform_SetThreadToken(HANDLE *thread, HANDLE token)
{
    BOOL done;

    if (token != NULL && is_primary(token)) {
        SetLastError(ERROR_BAD_TOKEN_TYPE); /* fact R02 */
        return FALSE;
    }
    done = seam_real.SetThreadToken(thread, token);
    if (!done)
        return FALSE;
    if (thread != NULL && GetThreadId(*thread) != GetCurrentThreadId())
        identity_of_others_changed();
    else if (token == NULL)
        identity_reverted();
    else
        identity_worn();
    return TRUE;
}

BOOL WINAPI platform_ImpersonateLoggedOnUser(HANDLE token)
{
    BOOL done = seam_real.ImpersonateLoggedOnUser(token);

    if (done)
        identity_worn();
    return done;
}

BOOL WINAPI platform_ImpersonateSelf(SECURITY_IMPERSONATION_LEVEL level)
{
    BOOL done = seam_real.ImpersonateSelf(level);

    if (done)
        identity_worn();
    return done;
}

/* Without "as self" the thread's own identity asks, and one at Identification
 * may open nothing (fact L03; the code is unverified on Windows). */
BOOL WINAPI platform_OpenThreadToken(HANDLE thread,
                                     DWORD access,
                                     BOOL as_self,
                                     HANDLE *token)
{
    if (!as_self && identity_level() == SecurityIdentification) {
        SetLastError(ERROR_BAD_IMPERSONATION_LEVEL);
        return FALSE;
    }
    return seam_real.OpenThreadToken(thread, access, as_self, token);
}

/* A primary token would be worth more than Identification (fact L13; from
 * ReactOS, unverified on Windows). */
BOOL WINAPI platform_DuplicateTokenEx(HANDLE token,
                                      DWORD access,
                                      SECURITY_ATTRIBUTES *security,
                                      SECURITY_IMPERSONATION_LEVEL level,
                                      TOKEN_TYPE type,
                                      HANDLE *copy)
{
    if (type == TokenPrimary && level_of(token) < SecurityImpersonation) {
        SetLastError(ERROR_BAD_IMPERSONATION_LEVEL);
        return FALSE;
    }
    return seam_real.DuplicateTokenEx(
        token, access, security, level, type, copy);
}

BOOL WINAPI platform_AdjustTokenPrivileges(HANDLE token,
                                           BOOL all,
                                           TOKEN_PRIVILEGES *now,
                                           DWORD size,
                                           TOKEN_PRIVILEGES *before,
                                           DWORD *needed)
{
    BOOL done =
        seam_real.AdjustTokenPrivileges(token, all, now, size, before, needed);

    identity_tokens_adjusted();
    return done;
}

BOOL WINAPI platform_AdjustTokenGroups(HANDLE token,
                                       BOOL reset,
                                       TOKEN_GROUPS *now,
                                       DWORD size,
                                       TOKEN_GROUPS *before,
                                       DWORD *needed)
{
    BOOL done =
        seam_real.AdjustTokenGroups(token, reset, now, size, before, needed);

    identity_tokens_adjusted();
    return done;
}
