/* 05-who-calls.h - what the checks of lab 05 share. */
#ifndef CHECKS_05_WHO_CALLS_H
#define CHECKS_05_WHO_CALLS_H

#include "check.h"

/* A server that writes its log to who.log. Others of struct launch follow;
 * it is not waited for. */
#define start_who(...)                                                         \
    start(.exe = "server",                                                     \
          .args = {"--pipe", PIPE, "--log", "who.log"},                        \
          __VA_ARGS__)

/* A client's connection with these SQOS flags. */
peer who_join(identity as, uint32_t flags);

/* Asks who it is. */
struct reply who_ask(peer client);

/* Fails unless the reply is about this client: that it acts at this level,
 * and that it lacks the lab group, or does not. */
void who_expect(struct reply reply,
                identity as,
                const char *level,
                const lesson *because);

/* Fails unless the reply begins with "refused: ". */
void who_refused(struct reply reply, const char *when, const lesson *because);

/* Fails if the flight record shows a thread that opened or wrote something
 * while it was somebody else. */
void who_expect_written_as_itself(const lesson *because);

#endif
