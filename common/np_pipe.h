/*
 * np_pipe.h - the two ends of a named pipe, opened with care.
 *
 * Where a lab teaches one of these calls, its program writes it out by hand.
 * All handles are for overlapped I/O: use np_io.h with them.
 */
#ifndef NP_PIPE_H
#define NP_PIPE_H

#include "np_error.h"

/* Bytes of quota each way that np_create_first asks for. Advisory: a write
 * of more waits until the other end reads (P40). */
enum { NP_PIPE_BUFFER = 4096 };

/*
 * np_create_first - create the first instance of a pipe, or fail.
 *
 * name       in   \\.\pipe\..., at most 256 characters
 * mode       in   PIPE_TYPE_* | PIPE_READMODE_*
 * instances  in   how many may exist at once, 1..255 (255: no limit)
 * security   in   NULL: the default descriptor, by which everyone may read,
 *                 and only the creator, administrators and the system may do
 *                 more (P14). See np_sd.h
 * pipe       out  duplex, overlapped; the caller closes it. NULL on failure
 *
 * Always with FILE_FLAG_FIRST_PIPE_INSTANCE: a name that somebody serves
 * already is an error and not a second instance of his pipe (P11). Always
 * with PIPE_REJECT_REMOTE_CLIENTS (P17).
 *
 * Returns 0; ERROR_ACCESS_DENIED (5) if the name is served already;
 * ERROR_INVALID_NAME (123); ERROR_INVALID_PARAMETER (87); ...
 * Wine 8 by itself ignores the first-instance flag; the kit's platform layer
 * enforces it. Ref: CreateNamedPipe.
 */
NP_NODISCARD DWORD np_create_first(const wchar_t *name,
                                   DWORD mode,
                                   DWORD instances,
                                   SECURITY_ATTRIBUTES *security,
                                   HANDLE *pipe);

/*
 * np_accept - wait until a client is connected to this instance.
 *
 * A client that came before the call (535 ERROR_PIPE_CONNECTED) is a client;
 * so is one that came, wrote and left (232 ERROR_NO_DATA): what it wrote can
 * still be read (P01, P24, P29).
 *
 * Returns 0; WAIT_TIMEOUT; ERROR_OPERATION_ABORTED (995) when asked to stop
 * (np_stop.h); or ConnectNamedPipe's code. Ref: ConnectNamedPipe.
 */
NP_NODISCARD DWORD np_accept(HANDLE pipe, DWORD timeout_ms);

/*
 * np_connect - open a pipe as a client, waiting while all instances are busy.
 *
 * access      in   GENERIC_READ | GENERIC_WRITE, or less
 * sqos_flags  in   how far the server may go with our identity:
 *                  SECURITY_ANONYMOUS (0), SECURITY_IDENTIFICATION,
 *                  SECURITY_IMPERSONATION, SECURITY_DELEGATION, with
 *                  SECURITY_CONTEXT_TRACKING, SECURITY_EFFECTIVE_ONLY.
 *                  SECURITY_SQOS_PRESENT is always added: without it Windows
 *                  would lend the server everything (I04)
 * timeout_ms  in   for the whole call; INFINITE waits for ever
 * pipe        out  in byte read mode, whatever the pipe's type (P21);
 *                  overlapped; the caller closes it. NULL on failure
 *
 * ERROR_PIPE_BUSY (231) is no failure but a queue: WaitNamedPipe waits for a
 * free instance, which another client may still take first (P06).
 *
 * Returns 0; ERROR_FILE_NOT_FOUND (2) at once if nobody serves the name:
 * there is no way to wait for a pipe to be created (P05);
 * ERROR_SEM_TIMEOUT (121) if it was busy until the deadline;
 * ERROR_ACCESS_DENIED (5); or CreateFile's code.
 * Ref: CreateFile, WaitNamedPipe.
 */
NP_NODISCARD DWORD np_connect(const wchar_t *name,
                              DWORD access,
                              DWORD sqos_flags,
                              DWORD timeout_ms,
                              HANDLE *pipe);

#endif
