/* 10-ledger.h - what the checks of lab 10 share. */
#ifndef CHECKS_10_LEDGER_H
#define CHECKS_10_LEDGER_H

#include "check.h"

/* The accounts of these checks. "kin" are those with the lab group, so SELF
 * is one and LESSER is not:
 *     vault 1000  kin everything
 *     till   500  everyone everything
 *     box      0  everyone everything
 *     slot     0  kin everything, everyone deposit
 *     board   70  kin everything, everyone read
 *     purse   30  kin everything, everyone withdraw
 *     trap     8  kin nothing, everyone else everything
 *     loose    9  everyone everything, but the descriptor has no owner */
void put_accounts(void);

/* A server of these accounts, with its database in the folder "ledger"; .hold
 * and .faults as in struct launch. It is not waited for. */
#define start_ledger(...)                                                      \
    start(.exe = "server",                                                     \
          .args = {"--pipe",                                                   \
                   PIPE,                                                       \
                   "--database",                                               \
                   "ledger",                                                   \
                   "--accounts",                                               \
                   "accounts.txt"},                                            \
          __VA_ARGS__)

/* put_accounts, start_ledger, and wait for the pipe. */
program open_ledger(void);

/* A client's connection that lends its identity for identification only. */
peer connect_as(identity as);

/* Why numbers of 15 digits are as good as small ones. */
extern const lesson LEDGER_LARGE;

/* Sends a request and takes the reply. */
struct reply ask(peer client, const char *request);
/* The same over a connection of its own. */
struct reply ask_as(identity as, const char *request);

bool is_reply(struct reply reply, const char *text);
/* Whether the reply's first word is this. */
bool begins(struct reply reply, const char *word);

/* Fails unless the answer to this request is this text. */
void expect_answer(identity as,
                   const char *request,
                   const char *want,
                   const lesson *because);
/* The same for SELF, by the first word of the reply. */
void expect_word(peer client,
                 const char *request,
                 size_t size,
                 const char *word,
                 const lesson *because);

/* What the audit says; no server may be running. */
const char *audit_text(void);
/* The line of the audit whose request begins with this, or NULL. The line is
 * cut at its end; who and verdict point at its second and fourth field. */
struct audit_line {
    const char *who;
    const char *verdict;
};
bool find_in_audit(const char *audit,
                   const char *request,
                   struct audit_line *line);

#endif
