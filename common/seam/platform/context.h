/* context.h - whose rights a server gets from ImpersonateNamedPipeClient.
 *
 * A connection's context is one or more tokens that its client put into the
 * server's process. Under static tracking there is one, taken when the client
 * opened the pipe. Under dynamic tracking there is one for each identity that
 * wrote, with the stream position at which its data begins (facts I04-I06).
 *
 * The session's lock must be held, except where stated. */
#ifndef NPLAB_CONTEXT_H
#define NPLAB_CONTEXT_H

#include "session.h"

/* A client, opening with these CreateFile flags, was given this instance.
 * 0 or the code with which the open must fail. */
DWORD context_open(struct end *end, HANDLE client, DWORD access, DWORD flags);

/* Without the lock: true when the calling thread is not the identity that
 * wrote last, under dynamic tracking. */
bool context_writer_differs(const struct end *end);

/* Records that what is written from now on is the calling thread's. 0, or the
 * code with which the write must fail; ERROR_BUSY: no room until the server
 * has read, try again later without the lock between. */
DWORD context_write(struct end *end);

/* Where the token for the server is; NULL when it must not impersonate now
 * (1368 ERROR_CANNOT_IMPERSONATE). Valid as long as the lock is held. */
const struct change *context_token(const struct end *end);

/* Forgets the connection and closes its tokens. */
void context_clear(struct end *end);

#endif
