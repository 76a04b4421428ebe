/*
 * echo.h - what the two programs of lab 01 agree on.
 *
 * The protocol: what the client writes, the server writes back, byte for
 * byte and in order, until the client closes the pipe. Bytes have no
 * boundaries: a write may arrive in pieces, or together with the next one.
 */
#ifndef ECHO_H
#define ECHO_H

#define ECHO_PIPE L"\\\\.\\pipe\\nplab-01-echo"

/* Bytes the pipe holds each way, and so the most a client may send before it
 * reads: more could leave both ends waiting in WriteFile for ever. */
enum { ECHO_BUFFER = 4096 };

#endif
