/* server_identity.h - who sent a request, and what that client may do. */
#ifndef SERVER_IDENTITY_H
#define SERVER_IDENTITY_H

#include "np_error.h"

/* The sender of one request. */
struct identity {
    HANDLE token;  /* to ask AccessCheck with; NULL: the sender is nobody */
    char who[256]; /* for the audit: in words, without tabs and line ends */
};

/*
 * identity_take - the identity of the client whose message was read last.
 *
 * pipe    in   the server's end, a message has been read from it
 * sender  out  give it back with identity_drop, whatever the result
 *
 * On return the thread is itself again; if that cannot be had, the process is
 * ended here. Returns 0, or the code of what failed: then sender has no token,
 * and must be granted nothing. Ref: ImpersonateNamedPipeClient.
 */
NP_NODISCARD DWORD identity_take(HANDLE pipe, struct identity *sender);

void identity_drop(struct identity *sender);

/*
 * identity_may - whether a descriptor grants all of the rights to the sender.
 *
 * descriptor  in   with owner and group, or AccessCheck refuses to judge it
 * rights      in   LEDGER_*; no generic ones
 *
 * False also when the question cannot be answered. Ref: AccessCheck.
 */
bool identity_may(const struct identity *sender,
                  PSECURITY_DESCRIPTOR descriptor,
                  DWORD rights);

#endif
