/* server_probe.h - what a client's level lets the server do, by trying it. */
#ifndef SERVER_PROBE_H
#define SERVER_PROBE_H

#include "server_caller.h"

/*
 * probe - the reply to PROBE, as levels.h has it.
 *
 * pipe    in   the server's end; the request has been read
 * caller  in   who wrote it
 * path    in   the file that is tried
 * text    out  NUL-terminated, cut to size bytes
 *
 * Nothing that is tried outlives the call.
 */
void probe(HANDLE pipe,
           const struct caller *caller,
           const wchar_t *path,
           char *text,
           size_t size);

#endif
