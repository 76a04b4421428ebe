/*
 * np_process.h - the user's lesser self, and programs that run as him.
 *
 * The labs need two identities without a second account: the user, and the
 * same user without the lab group (np_lab_group). The group stays in the
 * token, but only for deny entries: an object that admits the group admits
 * the user and refuses his lesser self.
 */
#ifndef NP_PROCESS_H
#define NP_PROCESS_H

#include "np_error.h"

/*
 * np_lesser_token - a primary token like the process's own, with the lab
 * group made deny-only.
 *
 * token  out  for TOKEN_ASSIGN_PRIMARY, TOKEN_DUPLICATE and TOKEN_QUERY; the
 *             caller closes it. NULL on failure. For a thread, make an
 *             impersonation token of it with DuplicateTokenEx
 *
 * Returns 0; np_lab_group's codes; or those of OpenProcessToken and
 * CreateRestrictedToken. Ref: CreateRestrictedToken (W01).
 */
NP_NODISCARD DWORD np_lesser_token(HANDLE *token);

/*
 * np_start_process - start a program, perhaps with another token.
 *
 * token         in   a primary token, or NULL: this process's own. A
 *                    restricted form of our own token needs no privilege
 *                    (W05); another user's does
 * command_line  in   program and arguments, as CreateProcessW takes them; may
 *                    be written to
 * process       out  the caller waits for it and closes it; NULL on failure
 *
 * The new process gets our three standard handles, and every other handle
 * that was opened as inheritable: open none so.
 *
 * Returns 0 or the code of CreateProcessW or CreateProcessAsUserW.
 * Ref: CreateProcess, CreateProcessAsUser, STARTUPINFO.
 */
NP_NODISCARD DWORD np_start_process(HANDLE token,
                                    wchar_t *command_line,
                                    HANDLE *process);

#endif
