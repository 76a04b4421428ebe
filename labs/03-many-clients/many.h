/*
 * many.h - what the two programs of lab 03 agree on.
 *
 * The protocol: each message a client writes comes back as one message, in
 * order. A message has 0 to MANY_MESSAGE_MAX bytes; whoever sends a longer
 * one is disconnected.
 */
#ifndef MANY_H
#define MANY_H

#define MANY_PIPE L"\\\\.\\pipe\\nplab-03-many-clients"

/* Bytes. Also the quota of the pipe each way, so that an echo has room in it
 * unless its client has left an earlier one unread. */
enum { MANY_MESSAGE_MAX = 4096 };

#endif
