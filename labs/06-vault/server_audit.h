/* server_audit.h - the log of who asked for what, and what was decided. */
#ifndef SERVER_AUDIT_H
#define SERVER_AUDIT_H

#include "np_error.h"

/*
 * audit_open - opens the log to add to it; makes it if it is absent.
 *
 * Called once, before anybody is served: it is the server's file, and no
 * client has any business with it. Returns 0 or CreateFileW's code.
 */
NP_NODISCARD DWORD audit_open(const wchar_t *path);

/*
 * audit_write - adds a line: who, a tab, what was asked, a tab, the decision.
 *
 * who       in  the client in words, without tabs and line ends
 * text      in  the request as it came; size bytes, which may be any
 * decision  in  the word of the reply
 *
 * Returns 0, or the code of what failed: then there is no line, and what was
 * asked for must not be done.
 */
NP_NODISCARD DWORD audit_write(const char *who,
                               const char *text,
                               size_t size,
                               const char *decision);

void audit_close(void);

#endif
