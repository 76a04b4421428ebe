/*
 * server_store.h - the ledger on disk: accounts, entries and the audit.
 *
 * One SQLite database in a folder of its own, one connection, used by one
 * thread. Everything that changes it stands between store_begin and
 * store_commit, and is there after the commit or not at all, whenever the
 * process or the machine stops.
 *
 * Who may do what is not decided here.
 */
#ifndef SERVER_STORE_H
#define SERVER_STORE_H

#include "np_error.h"

/* A part of a text that is not NUL-terminated. */
struct slice {
    const char *at;
    int size; /* bytes */
};

enum store_result {
    STORE_DONE,
    STORE_ABSENT, /* no such account */
    STORE_SHORT,  /* the balance is less than the amount */
    STORE_TAKEN,  /* the id has been used for another move */
    STORE_FAILED  /* said on standard error; the request cannot be served */
};

struct account {
    long long balance;
    PSECURITY_DESCRIPTOR descriptor; /* self-relative; valid until the next
                                        account is looked at */
};

struct move {
    struct slice from;
    struct slice to;
    long long amount; /* > 0 */
    struct slice id;
    struct slice memo;
};

/*
 * store_protect - makes the folder, and closes it to all but this server's
 * kind: SYSTEM and those with the lab group (np_token.h).
 *
 * Whatever is created in it, the journal of the database too, inherits that.
 * Returns 0 or the code of what failed; then nothing may be stored there.
 */
NP_NODISCARD DWORD store_protect(const wchar_t *folder);

/* store_open - opens the database in the folder, and makes it if create.
 * It is ours alone until store_close: a second server is refused. */
NP_NODISCARD bool store_open(const wchar_t *folder, bool create);
void store_close(void);

NP_NODISCARD bool store_begin(void);
NP_NODISCARD bool store_commit(void); /* false: nothing has changed */
void store_rollback(void);

/* STORE_DONE, also if there is such an account already, which is left as it
 * is; or STORE_FAILED. */
NP_NODISCARD enum store_result store_add(struct slice name,
                                         long long balance,
                                         PSECURITY_DESCRIPTOR descriptor);

/* STORE_DONE, STORE_ABSENT or STORE_FAILED. */
NP_NODISCARD enum store_result store_find(struct slice name,
                                          struct account *account);

/* Moves money, once: a second move from the same account with the same id is
 * STORE_DONE and does nothing if it is the same move, else STORE_TAKEN. Both
 * accounts exist. Any result but STORE_DONE has changed nothing. */
NP_NODISCARD enum store_result store_transfer(const struct move *move);

/* Calls visit for each account by name, until it returns false. */
NP_NODISCARD enum store_result
store_list(bool (*visit)(void *context,
                         struct slice name,
                         const struct account *account),
           void *context);

/* Calls visit for the newest entries of an account, the oldest of them first;
 * change is negative for what went out. */
NP_NODISCARD enum store_result store_history(struct slice name,
                                             bool (*visit)(void *context,
                                                           long long change,
                                                           struct slice id,
                                                           struct slice memo),
                                             void *context);

/* One decision. */
NP_NODISCARD enum store_result
store_audit(const char *who, struct slice request, const char *verdict);

/* Prints the audit on standard output: number, who, request and verdict, with
 * tabs between them. */
NP_NODISCARD enum store_result store_print_audit(void);

#endif
