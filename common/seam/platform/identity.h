/* identity.h - who the calling thread is, cheaply.
 *
 * Every hooked call that can change a thread's token gives the thread a new
 * identity number, kept in thread-local storage: 0 is the process itself.
 * Two calls made under one number were made by one identity, so most writes
 * to a pipe need no question to the system at all.
 *
 * All functions keep the last error, unless they say otherwise. */
#ifndef NPLAB_IDENTITY_H
#define NPLAB_IDENTITY_H

#include <windows.h>
#include <stdbool.h>

void identity_start(void);

/* The thread has put on a token, or taken it off. */
void identity_worn(void);
void identity_reverted(void);

/* Another thread's token, or the content of some token, was changed. */
void identity_of_others_changed(void);
void identity_tokens_adjusted(void);

/* Changes whenever the content of a token may have changed; never 0. */
LONG identity_adjusted(void);

/* True when the thread wears a token. */
bool identity_is_worn(void);

/* A number that differs for two identities of any two processes, and when the
 * privileges of a token were changed between. Never 0. */
LONGLONG identity_writer(void);

/* The level of the thread's token; SecurityImpersonation when it wears none,
 * for then nothing is withheld from it. */
SECURITY_IMPERSONATION_LEVEL identity_level(void);

/* True at Impersonation and above. Below, sets 1346
 * ERROR_BAD_IMPERSONATION_LEVEL, with which such a thread's opens fail
 * (fact L07). */
bool identity_may_open(void);

/* The token that decides for this thread: its own or the process's. To be
 * closed; NULL with the last error set. */
HANDLE identity_token(DWORD access);

/* A copy, at the level, of the token that decides for this thread; with
 * `effective`, without what is disabled in it (facts I04, I05). The caller
 * must not close or change it: `*owned` tells whether it has to close it
 * after all. NULL with the last error set. */
HANDLE identity_snapshot(SECURITY_IMPERSONATION_LEVEL level,
                         bool effective,
                         bool *owned);

#endif
