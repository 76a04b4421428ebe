/*
 * caller.h - who calls: the client's token, and a token in words.
 *
 * The only place of the server where a thread is ever anybody but itself.
 */
#ifndef CALLER_H
#define CALLER_H

#include "np_error.h"

/*
 * caller_take - the token of the client whose message was read last.
 *
 * pipe   in   the server's end; the request has been read
 * token  out  for TOKEN_QUERY; the caller closes it. NULL on failure
 *
 * On return the thread is itself, whatever the result. If it cannot become
 * itself, there is no return: the process ends.
 *
 * Returns 0; ERROR_CANNOT_IMPERSONATE (1368) when nothing was read yet;
 * ERROR_CANT_OPEN_ANONYMOUS (1347) when the client does not tell who it is;
 * or another code of ImpersonateNamedPipeClient or OpenThreadToken. After any
 * of them nobody is known to ask: serve nothing.
 */
NP_NODISCARD DWORD caller_take(HANDLE pipe, HANDLE *token);

/*
 * caller_describe - a token in words, as the reply has them.
 *
 *     S-1-5-21-0-0-0-1000, Identification, lacks S-1-5-4
 *
 * The user; the level, or "primary" for the token of a process; the groups
 * that are in the token but grant nothing (deny-only), or "lacks nothing".
 *
 * text  out  NUL-terminated, cut to size bytes
 *
 * Returns 0; ERROR_NOT_ENOUGH_MEMORY (8); or GetTokenInformation's code.
 */
NP_NODISCARD DWORD caller_describe(HANDLE token, char *text, size_t size);

#endif
