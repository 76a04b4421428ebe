/* faults.h - calls that fail, or wait, because the environment says so.
 *
 * NPLAB_FAULTS=API:n:code,...   the n-th call of API in this process (counted
 *     from 1; "*" means every call) is not made: it fails with this Win32 code.
 *     Processes that this one starts are not concerned.
 *     Example: ImpersonateNamedPipeClient:1:1368,RevertToSelf:2:5
 * NPLAB_HOLD=API:n:PREFIX,...   before the n-th call of API this process sets
 *     the event PREFIX.reached and waits for the event PREFIX.go, but never
 *     longer than 30 seconds. Whoever starts the process creates both events
 *     beforehand.
 *
 * "+n" and "+*" count only calls that begin after the process has called
 * ImpersonateNamedPipeClient: what it does to get ready is not meant.
 *
 * API is a name without its final A or W: "CreateFile" counts the calls of
 * CreateFileA and CreateFileW together, and "Revert" RevertToSelf and those of
 * SetThreadToken that take the token off. A call that a program makes inside
 * the system, such as those of the C library, is not counted, and neither is
 * one on a standard handle: what a program logs is its own affair. A call held
 * and faulted at once is held first.
 *
 * A rule that cannot be understood, or names a call that is not hooked, is
 * reported on stderr and the process ends with 2: a check that silently tests
 * nothing would be worse. */
#ifndef NPLAB_FAULTS_H
#define NPLAB_FAULTS_H

#include "../seam.h"

/* Reads the two variables. True when at least one rule stands. */
bool faults_start(void);

/* Counts one call of this id, with its arguments, waits when it is to be held,
 * and returns the code with which it must fail, or 0. Keeps the last error. */
DWORD faults_before(enum seam_id id, ...);

#endif
