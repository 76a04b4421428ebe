/*
 * messages.h - what the two programs of lab 02 agree on.
 *
 * A request is one message, and so is its reply. The first byte of a request
 * is its verb, the rest its body; any bytes are allowed in a body.
 *
 *     request    reply
 *     U body     + body, a-z made A-Z
 *     R body     + body, last byte first
 *     B          +bye, and the server ends the connection
 *
 * The first byte of a reply is its status: '+', or '-' for a request that was
 * refused. A refusal does not end the connection.
 *
 *     -empty      the request had no bytes
 *     -unknown    no such verb
 *     -too long   more than REQUEST_MAX bytes
 */
#ifndef MESSAGES_H
#define MESSAGES_H

#include "np_error.h"

#define MESSAGES_PIPE L"\\\\.\\pipe\\nplab-02-messages"

/* Bytes of the longest request, verb included. No reply is longer. */
enum { REQUEST_MAX = 32768 };

#define REPLY_BYE "+bye"
#define REPLY_EMPTY "-empty"
#define REPLY_UNKNOWN "-unknown"
#define REPLY_TOO_LONG "-too long"

/* A message in memory that grows to fit it. Zeroed it is empty; free(data)
 * releases it. */
struct message {
    char *data;
    DWORD size; /* bytes of the message */
    DWORD room; /* bytes at data */
};

/*
 * message_grow - make the room larger: 512 bytes, then twice as many as
 * before, but never more than REQUEST_MAX.
 *
 * Returns false, with the message unchanged, at the limit or when there is no
 * memory left.
 */
NP_NODISCARD bool message_grow(struct message *message);

#endif
