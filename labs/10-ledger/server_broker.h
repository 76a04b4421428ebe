/* server_broker.h - from a request to its reply. */
#ifndef SERVER_BROKER_H
#define SERVER_BROKER_H

#include "ledger.h"
#include "server_identity.h"

struct reply {
    size_t size;
    char text[LEDGER_REPLY_MAX];
};

/* One request and what becomes of it. */
struct exchange {
    const char *text; /* as it came; not NUL-terminated */
    size_t size;
    bool too_long;          /* its end has been thrown away */
    struct identity sender; /* of this request, and of no other */
    struct reply reply;
};

/*
 * broker_answer - decides and carries out some requests, in their order.
 *
 * They share one transaction: on return the changes and the audit's lines are
 * on the disk, and each reply may be sent. If they cannot be had there, all
 * of the replies are FAILED, and nothing has changed.
 */
void broker_answer(struct exchange *const exchanges[], size_t count);

#endif
