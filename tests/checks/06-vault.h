/* 06-vault.h - what the checks of lab 06 share. */
#ifndef CHECKS_06_VAULT_H
#define CHECKS_06_VAULT_H

#include "check.h"

/* The content of the files below, and of one beside the vault's folder. */
#define OPEN_TEXT "for all"
#define NOTICE_TEXT "kin write, all read"
#define SECRET_TEXT "for kin only"
#define OUTSIDE_TEXT "not of the vault"

/*
 * A vault for the checks. "Kin" are those with the lab group, so SELF is one
 * and LESSER is not. The folder is kin's: only they may list it and add to it.
 *     open.txt    everyone: all
 *     notice.txt  kin: all; everyone: read
 *     secret.txt  kin: all
 *     drop.txt    kin: all; everyone: write
 * Beside it outside.txt, for everyone.
 */
void put_vault(void);

/* A DACL for a file of this check. */
const char *vault_kin_only(void);

/* A server of that vault; .hold and so on as in struct launch. It is not waited
 * for. */
#define start_vault(...)                                                       \
    start(.exe = "server",                                                     \
          .args =                                                              \
              {"--pipe", PIPE, "--vault", "vault", "--audit", "audit.log"},    \
          __VA_ARGS__)

/* put_vault, start_vault with a flight record, and wait for the pipe. */
program open_vault(void);

/* A client's connection that lends its identity to act with. One at a time:
 * a server may serve its clients one after another. */
peer vault_client(identity as);

/* Sends a request and takes the reply. */
struct reply vault_ask(peer client, const char *request);
struct reply vault_ask_bytes(peer client, const void *request, size_t size);
/* The same over a connection of its own. */
struct reply vault_ask_as(identity as, const char *request);

/* Whether the reply's first word is this. */
bool vault_says(struct reply reply, const char *word);
/* Whether the reply is OK and its body is this. */
bool vault_gives(struct reply reply, const char *body, size_t size);

/* Fails unless this request of this client is answered with this word. */
void expect_vault_word(peer client,
                       const char *request,
                       const char *word,
                       const lesson *because);

/* The vault's file still has this content. */
void expect_vault_content(const char *path,
                          const char *want,
                          const lesson *because);

#endif
