/* impersonate.h - ImpersonateNamedPipeClient. */
#ifndef NPLAB_IMPERSONATE_H
#define NPLAB_IMPERSONATE_H

#include "session.h"

/* True when the instance is connected after all, to a client that went around
 * the seam; the mirror is corrected then. Keeps the last error. */
bool impersonate_unseen(HANDLE pipe, struct end *end);

#endif
