/*
 * levels.h - what the two programs of lab 07 agree on.
 *
 * Request and reply are one message each. There are two requests.
 *
 *     READ
 *
 * asks for the server's file, within the client's rights:
 *
 *     text: CONTENT
 *     refused: REASON
 *
 *     PROBE
 *
 * asks what the server can do with what the client lends it:
 *
 *     level: Identification
 *     query: S-1-5-21-0-0-0-1000, Identification, Medium integrity
 *     privileges: enabled 4, disabled 17
 *     check: allowed
 *     open: 1346 ERROR_BAD_IMPERSONATION_LEVEL
 *     start: 1346 ERROR_BAD_IMPERSONATION_LEVEL
 *
 * A client can ask as often as it likes over one connection. Each reply is
 * about whoever wrote its request, or opened the pipe: the client chooses.
 */
#ifndef LEVELS_H
#define LEVELS_H

#define LEVELS_PIPE L"\\\\.\\pipe\\nplab-07-levels"
#define LEVELS_FILE L"nplab-07-levels.txt"

#define LEVELS_READ "READ"
#define LEVELS_PROBE "PROBE"
#define LEVELS_TEXT "text: "
#define LEVELS_REFUSED "refused: "

/* Bytes of the longest message that is accepted, and of the file that are
 * shown. */
enum {
    LEVELS_REQUEST_MAX = 64,
    LEVELS_REPLY_MAX = 4096,
    LEVELS_CONTENT_MAX = 1024
};

#endif
