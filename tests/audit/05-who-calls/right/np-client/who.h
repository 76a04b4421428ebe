/*
 * who.h - what the two programs of lab 05 agree on.
 *
 * Request and reply are one message each. There is one request:
 *
 *     WHO
 *
 * and two replies:
 *
 *     you: S-1-5-21-0-0-0-1000, Identification, lacks S-1-5-4
 *     server: S-1-5-21-0-0-0-1000, primary, lacks nothing
 *
 *     refused: REASON
 *
 * A client can ask as often as it likes over one connection. Each reply is
 * about whoever wrote its request.
 */
#ifndef WHO_H
#define WHO_H

#define WHO_PIPE L"\\\\.\\pipe\\nplab-05-who-calls"

#define WHO_REQUEST "WHO"
#define WHO_YOU "you: "
#define WHO_REFUSED "refused: "

/* Bytes of the longest message that is accepted. */
enum { WHO_REQUEST_MAX = 64, WHO_REPLY_MAX = 4096 };

/* Bytes of a token's description; a longer one is cut. */
enum { WHO_MAX = 1024 };

#endif
