/*
 * client_trust.h - whom the client takes for the true server.
 *
 * Nothing here sends a byte: a pipe can be asked who made it, and which
 * process serves it, before anything is said through it. All functions return
 * 0 or a Win32 code; after a code nothing is known, and so nobody is trusted.
 */
#ifndef CLIENT_TRUST_H
#define CLIENT_TRUST_H

#include "np_error.h"

/* What the client asks of a server. */
struct trust {
    PSID owner; /* the user who must have made the pipe */
    PSID group; /* what its process must have enabled; NULL: the owner says
                   enough */
};

/* trust_begin - what to ask for.
 *
 * owner  in   a SID as text, or NULL: the user this process runs as
 *
 * The group is set when the owner is the user himself: his lesser self would
 * be the same owner. Release it with trust_end, whatever the result. */
NP_NODISCARD DWORD trust_begin(struct trust *trust, const wchar_t *owner);
void trust_end(struct trust *trust);

/* trust_check - whether the other end of the pipe is such a server.
 *
 * pipe   in   a client's end, opened with GENERIC_READ (which includes
 *             READ_CONTROL, to ask for the owner)
 * doubt  out  NULL: it is. Else why not, in constant words; set whenever the
 *             result is not 0, too */
NP_NODISCARD DWORD trust_check(HANDLE pipe,
                               const struct trust *trust,
                               const char **doubt);

#endif
