/* server_caller.h - who asks, and how much of himself he lends. */
#ifndef SERVER_CALLER_H
#define SERVER_CALLER_H

#include "np_error.h"

struct caller {
    SECURITY_IMPERSONATION_LEVEL level; /* what Windows really gave */
    HANDLE token;                       /* NULL at Anonymous */
};

/*
 * caller_meet - the client whose message was read last.
 *
 * pipe    in   the server's end; the request has been read
 * caller  out  release it with caller_forget, also after a failure
 *
 * A client at Anonymous is no failure: its level is SecurityAnonymous, and
 * there is no token. The thread is itself again on return.
 *
 * Returns 0; ERROR_CANNOT_IMPERSONATE (1368); or another code of
 * np_client_token or np_token_level. Then nobody is known to ask: serve
 * nothing.
 */
NP_NODISCARD DWORD caller_meet(HANDLE pipe, struct caller *caller);
void caller_forget(struct caller *caller);

#endif
