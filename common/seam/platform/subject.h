/* subject.h - what of a token an access check looks at.
 *
 * Asking for it costs seven calls to Wine's server. The content of a token
 * has a number that changes with it, so the last tokens' subjects are kept,
 * and one call finds them again. */
#ifndef NPLAB_SUBJECT_H
#define NPLAB_SUBJECT_H

#include <windows.h>
#include <stdbool.h>

/* Not to be changed. */
struct subject {
    TOKEN_STATISTICS token;
    TOKEN_USER *user;
    TOKEN_GROUPS *groups;
    bool may_take_ownership; /* SeTakeOwnershipPrivilege is enabled */
};

/* The subject of a token that was opened with TOKEN_QUERY, to be given back
 * with subject_drop. NULL: it cannot be queried. Changes the last error. */
struct subject *subject_of(HANDLE token);
void subject_drop(struct subject *subject);

/* Whether an entry for this SID is about the subject. A deny-only SID counts
 * for entries that deny, never for those that allow. */
bool subject_holds(const struct subject *subject, PSID sid, bool denying);

#endif
