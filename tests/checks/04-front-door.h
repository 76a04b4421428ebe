/* 04-front-door.h - what the checks of lab 04 share. */
#ifndef CHECKS_04_FRONT_DOOR_H
#define CHECKS_04_FRONT_DOOR_H

#include "check.h"

/* A server with these options; it is waited for. */
#define start_door(...) door_start((const char *const[]){__VA_ARGS__, NULL})
program door_start(const char *const *options);

/* What CreateFile says to a client that does not wait, and hangs up at once. */
uint32_t door_knock(identity as, enum access access);

/* A connected client, or the lesson of why there is none. */
peer door_join(identity as, const lesson *because);

/* The name that is served without --pipe. */
#define DEFAULT_DOOR "\\\\.\\pipe\\nplab-04-front-door"

/* Ends a server that has done its part, as its contract says. */
void door_stop(program server);

/* One request and its reply. */
void door_welcome(peer client, const char *text, const lesson *because);

/* Some words for a message; they last for eight more of them. */
const char *door_words(const char *format, ...)
    __attribute__((format(printf, 1, 2)));

/* Whether an entry of a descriptor's text denies NETWORK something. */
bool door_denies_network(const char *sddl);

/* The entry that lets others than the lab group, the owner, the system and
 * administrators change the descriptor (WRITE_DAC, WRITE_OWNER), or NULL. */
const char *door_changes_descriptor(const char *sddl);

/* The entry that lets others than these, up to a NULL, and those above open the
 * pipe to read or to write, or NULL. */
const char *door_admits_others(const char *sddl, const char *const *who);

/* The identity without the lab group and without this one. */
identity door_without(const char *sid);
/* The user without the lab group, who is no administrator either: they may
 * have every right (README), and here he is one of them. */
identity door_stranger(void);

#endif
