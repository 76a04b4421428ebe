/* 07-levels.h - what the checks of lab 07 share. */
#ifndef CHECKS_07_LEVELS_H
#define CHECKS_07_LEVELS_H

#include "check.h"

/* The server's file: what is in it, and who may read it, the lab group alone
 * or everyone. */
#define SECRET "the lab group may read this"
#define SECRET_FILE "secret.txt"
void put_levels_secret(void);

/* Starts the server with its file. Others of struct launch follow; it is not
 * waited for. */
#define start_levels(...)                                                      \
    start(.exe = "server",                                                     \
          .args = {"--pipe", PIPE, "--file", SECRET_FILE},                     \
          __VA_ARGS__)

/* put_levels_secret, start_levels and await_pipe. */
program start_levels_ready(void);

/* A client's connection with these SQOS flags. There is one at a time: hang up
 * before the next. */
peer levels_join(identity as, uint32_t flags);

/* Asks, and gives the reply. */
struct reply levels_ask(peer client, const char *request);

/* The same with a connection of its own. */
struct reply levels_ask_once(identity as, uint32_t flags, const char *request);

/* Fails if this is the reply because an AccessCheck of the server has itself
 * failed, and not by the kit's doing. */
void expect_levels_check_works(struct reply reply, const char *when);

/* What READ shall be answered. `when` is the beginning of a sentence: "To a
 * client that lends Identification". */
void expect_levels_read(struct reply reply,
                        const char *when,
                        const lesson *because);
void expect_levels_refused(struct reply reply,
                           const char *when,
                           const lesson *because);

/* Fails unless the program ends with this code. `which` is the beginning of a
 * sentence: "A client with --tracking never". */
void expect_levels_end(program p,
                       uint32_t code,
                       const char *which,
                       const lesson *because);

#endif
