/* 08-revert.h - what the checks of lab 08 share. */
#ifndef CHECKS_08_REVERT_H
#define CHECKS_08_REVERT_H

#include "check.h"

/* public.txt is for all to read and write, rules.txt for all to read,
 * secret.txt and the log for the lab group alone. */
#define PUBLIC "for all\n"
#define SECRET "not for\nthe lesser\nself"
#define RULES "no running\n"

/* Writes the files above; with put_broker_files also an empty log that only the
 * lab group can open, so that the log does not depend on how it is made. */
void put_shared_files(void);
void put_broker_files(void);

/* A server of the folder "shared", waited for; faults may be NULL. */
program start_broker(const char *faults, const char *clients);

/* The same for four clients; .hold as in struct launch. */
program start_broker_held(const char *hold);

/* put_broker_files and start_broker, for four clients. */
program open_broker(void);

/* A client's connection, with this level or with Impersonation. */
peer join_broker_lending(identity as, uint32_t flags);
peer join_broker(identity as);

/* Sends a request and takes the reply. */
struct reply ask_broker(peer p, const char *request);

/* What the reply is, and how a failure quotes it. */
bool is_ok_reply(struct reply reply);
const char *said_by_broker(struct reply reply);

/* Asks, and expects OK with these data (NULL: any), or no OK. who: "the lesser
 * client". */
void expect_broker_ok(peer p,
                      const char *who,
                      const char *request,
                      const char *data,
                      const lesson *because);
void expect_broker_no(peer p,
                      const char *who,
                      const char *request,
                      const lesson *because);

/* An honest client, of all groups, gets what is not for everybody. */
void expect_broker_serves(peer honest, const lesson *because);

/* when: a sentence without a full stop, on what has just been done. */
void expect_in_broker_log(const char *part,
                          const char *when,
                          const lesson *because);

/* No file of the folder was opened or copied by the server as itself. when: as
 * above. */
void expect_files_opened_as_client(const char *when, const lesson *because);

/* Why each request has a line, by the time of its reply. */
extern const lesson BROKER_UNLOGGED;

#endif
