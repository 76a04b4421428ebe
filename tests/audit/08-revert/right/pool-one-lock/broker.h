/*
 * broker.h - what the two programs of lab 08 agree on.
 *
 * Each request is one message, "VERB NAME", with more after another space
 * for PUT and COPY. Each reply is one message, "OK DATA" or "NO CODE", where
 * CODE is a Win32 error code in decimal.
 */
#ifndef BROKER_H
#define BROKER_H

#define BROKER_PIPE L"\\\\.\\pipe\\nplab-08-revert"

enum {
    BROKER_REQUEST_MAX = 4096, /* bytes of a request */
    BROKER_REPLY_MAX = 4096,   /* bytes of a reply */
    BROKER_NAME_MAX = 64       /* characters of a file's name */
};

#endif
