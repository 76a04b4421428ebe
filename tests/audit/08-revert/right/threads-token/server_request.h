/* server_request.h - one request, from its bytes to the reply's. */
#ifndef SERVER_REQUEST_H
#define SERVER_REQUEST_H

#include "broker.h"
#include "np_error.h"

/* The folder whose files are served; to be called once, first. Returns 0 or
 * the code of GetFullPathNameW. */
NP_NODISCARD DWORD request_folder(const wchar_t *folder);

/* Does what the message asks for, writes a line of it into the log, and makes
 * the reply. On return the thread is the server. */
void serve_request(HANDLE pipe,
                   const char *message,
                   size_t size,
                   char reply[BROKER_REPLY_MAX],
                   DWORD *reply_size);

#endif
