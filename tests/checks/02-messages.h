/* 02-messages.h - what the checks of lab 02 share. */
#ifndef CHECKS_02_MESSAGES_H
#define CHECKS_02_MESSAGES_H

#include "check.h"

/* The name that is served, and opened, without --pipe. */
#define MESSAGES_PIPE "\\\\.\\pipe\\nplab-02-messages"

/* The longest request, from the README. */
enum { REQUEST_MAX = 32768 };

/* A request of this size: the verb U, then letters. The caller frees it. */
char *long_request(size_t size);

/* What U makes of it. The caller frees it. */
char *its_reply(const char *request, size_t size);

#endif
