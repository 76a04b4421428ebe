/* server_accounts.h - the accounts that a file names. */
#ifndef SERVER_ACCOUNTS_H
#define SERVER_ACCOUNTS_H

#include "np_error.h"

/*
 * accounts_open - opens the accounts of a file that the ledger does not have.
 *
 * A line is NAME BALANCE SDDL, in UTF-8; the descriptor is the rest of the
 * line. Empty lines and those that begin with # are skipped. All of them or
 * none: false, and a line on standard error, if any line cannot be used.
 */
NP_NODISCARD bool accounts_open(const wchar_t *file);

/*
 * accounts_open_examples - three accounts to play with, in a ledger that has
 * none: vault, for those with the lab group (np_token.h); till, for everyone;
 * slot, into which everyone may deposit. False after a line on standard error.
 */
NP_NODISCARD bool accounts_open_examples(void);

#endif
