/* 09-wary-client.h - what the checks of lab 09 share. */
#ifndef CHECKS_09_WARY_CLIENT_H
#define CHECKS_09_WARY_CLIENT_H

#include "check.h"

/* A client with the secret 4711. Others of struct launch may follow: .args
 * after WARY_SECRET. */
#define WARY_SECRET .exe = "client", .input = "4711", .input_ends = true
#define WARY_LAUNCH WARY_SECRET, .args = {"--pipe", PIPE, "-"}
#define start_wary(...) start(WARY_LAUNCH, __VA_ARGS__)

/* Why the director's pipes are to be trusted. */
extern const lesson WARY_TRUE_SERVER;

/* The client opens the server's pipe. */
void wary_join(peer server);

/* The next message of the client is this. */
void wary_expect_said(peer server, const char *want, const lesson *because);

/* The client comes, says HELLO, and is told this. */
void wary_greet(peer server, const char *reply, const lesson *because);

/* The server is done with this client, which ends before the next one comes. */
void wary_part(peer server, program client);

/* because, or, for a client that reads bytes where there are messages, why it
 * must not. */
const lesson *wary_or_byte_mode(const lesson *because);

/* The client leaves without having said anything more. */
void wary_expect_silence(peer server, const char *when, const lesson *because);

/* The client ends with 0 and says that its secret is kept for them. */
void wary_expect_kept(program client, const char *whom, const lesson *because);

/* The user's SID: the owner of what the director makes. */
const char *wary_user(void);

#endif
