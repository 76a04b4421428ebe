/*
 * np_token.h - what a token says, in words and as values.
 *
 * The functions only look; they need TOKEN_QUERY. Refs: GetTokenInformation,
 * TOKEN_GROUPS, "SID Attributes in an Access Token".
 */
#ifndef NP_TOKEN_H
#define NP_TOKEN_H

#include "np_error.h"

/*
 * np_token_info - GetTokenInformation into memory of the right size.
 *
 * info  out  free() it; NULL on failure. Its type goes with what: TokenGroups
 *            gives a TOKEN_GROUPS, and so on
 *
 * Returns 0; ERROR_NOT_ENOUGH_MEMORY (8); or GetTokenInformation's code.
 */
NP_NODISCARD DWORD np_token_info(HANDLE token,
                                 TOKEN_INFORMATION_CLASS what,
                                 void **info);

/*
 * np_token_level - the impersonation level of a token.
 *
 * level  out  SecurityAnonymous (0) .. SecurityDelegation (3)
 *
 * Returns 0; ERROR_INVALID_PARAMETER (87) for a primary token, which has no
 * level; or GetTokenInformation's code.
 */
NP_NODISCARD DWORD np_token_level(HANDLE token,
                                  SECURITY_IMPERSONATION_LEVEL *level);

/* np_level_name - "Anonymous", "Identification", "Impersonation" or
 * "Delegation". */
const char *np_level_name(SECURITY_IMPERSONATION_LEVEL level);

/*
 * np_token_describe - a token in one line.
 *
 *     S-1-5-21-0-0-0-1000, Impersonation, Medium integrity, deny-only S-1-5-4
 *
 * The user's SID; the level, or "primary"; the integrity level; then all the
 * groups that count only for deny entries (SE_GROUP_USE_FOR_DENY_ONLY), if
 * there are any.
 *
 * text  out  NUL-terminated, at most size bytes, cut if need be
 *
 * Returns 0; ERROR_NOT_ENOUGH_MEMORY (8); or GetTokenInformation's code.
 */
NP_NODISCARD DWORD np_token_describe(HANDLE token, char *text, size_t size);

/*
 * np_lab_group - the group by which the labs tell the user from his lesser
 * self (np_process.h).
 *
 * sid  out  "S-1-5-4" (INTERACTIVE), else "S-1-2-0" (LOCAL), else
 *           "S-1-5-32-544" (BUILTIN\Administrators): the first that the
 *           process token has enabled. Constant text
 *
 * Returns 0; ERROR_NOT_FOUND (1168) if it has none of them; or the code of
 * OpenProcessToken or GetTokenInformation.
 */
NP_NODISCARD DWORD np_lab_group(const wchar_t **sid);

#endif
