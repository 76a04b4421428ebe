/*
 * deposit.h - what the two programs of lab 09 agree on.
 *
 * The server keeps secrets. Each request and each reply is one message:
 *
 *     client                  server
 *     HELLO             -->
 *                       <--   READY
 *     KEEP the secret   -->
 *                       <--   KEPT for S-1-5-21-0-0-0-1000
 *
 * A secret has 1 to 1,024 bytes of any value. KEPT names the client's user, or
 * `nobody` when the client does not tell. Instead of READY or KEPT comes
 * REFUSED with a reason; before each of them any number of WAIT may come. A
 * reply has at most 256 bytes, all of them printable ASCII.
 */
#ifndef DEPOSIT_H
#define DEPOSIT_H

#define DEPOSIT_PIPE L"\\\\.\\pipe\\nplab-09-wary-client"

#define DEPOSIT_HELLO "HELLO"
#define DEPOSIT_READY "READY"
#define DEPOSIT_KEEP "KEEP "
#define DEPOSIT_WAIT "WAIT"
#define DEPOSIT_KEPT "KEPT for "
#define DEPOSIT_REFUSED "REFUSED "

/* Bytes of a secret, and of a whole request and reply. */
enum {
    DEPOSIT_SECRET_MAX = 1024,
    DEPOSIT_REQUEST_MAX = DEPOSIT_SECRET_MAX + 5,
    DEPOSIT_REPLY_MAX = 256
};

#endif
