/*
 * np_client.h - who the client of a pipe is: his token, in the server's hand.
 *
 * Labs 05, 08 and 10 write this out by hand, because it is what they teach;
 * labs 06, 07 and 09 take it from here.
 */
#ifndef NP_CLIENT_H
#define NP_CLIENT_H

#include "np_error.h"

/*
 * np_client_token - the token of the client whose message was read last.
 *
 * pipe   in   the server's end; stays the caller's
 * token  out  an impersonation token for TOKEN_QUERY (to describe it, for
 *             AccessCheck), TOKEN_IMPERSONATE (for SetThreadToken) and
 *             TOKEN_DUPLICATE; the caller closes it. NULL on failure
 *
 * Call it after the whole request was read, once for each request. A client
 * that gave no SQOS flags, or asked for dynamic tracking, can change its
 * identity between two messages; before the first one is read it has none
 * (I01, I06). It works also when the client has closed its end, but not after
 * DisconnectNamedPipe (I09, I10).
 *
 * Inside, the thread becomes the client for one call and is itself again on
 * return, whatever the result. There is one slot and no nesting (I12): a
 * thread that wears a token loses it here.
 *
 * Success tells who asks, not how far the server may go: look at the level
 * (np_token_level). Below SecurityImpersonation the token is good for
 * AccessCheck and for nothing else, and Windows lowers it to Identification
 * in silence when it does not trust this process with the client (S02).
 *
 * Returns
 *   0
 *   ERROR_CANNOT_IMPERSONATE (1368)  nothing was read yet (I01), no client is
 *                                    connected (I03)
 *   ERROR_CANT_OPEN_ANONYMOUS (1347) the client lent the level Anonymous: it
 *                                    does not tell who it is (L02)
 *   or another code of ImpersonateNamedPipeClient or OpenThreadToken.
 * After any of them serve nothing: the thread is the server, and would serve
 * with the server's rights (I14).
 *
 * Whether Windows grants all three rights on the token of another user is
 * unverified. Ref: ImpersonateNamedPipeClient, OpenThreadToken.
 */
NP_NODISCARD DWORD np_client_token(HANDLE pipe, HANDLE *token);

/*
 * np_revert_or_die - make this thread act as its own process again.
 *
 * Keeps the thread's last error, so that it can be the first statement after
 * whatever was done as the client.
 *
 * If RevertToSelf fails, the thread is still the client, and so would be all
 * that it does from here on: a log line, a destructor, an atexit function.
 * Therefore it does nothing more: the process ends inside this call, by
 * TerminateProcess, with RevertToSelf's error as its exit code and without a
 * word. Ref: RevertToSelf, which asks for the shutdown (R00).
 */
void np_revert_or_die(void);

#endif
