/*
 * compile.h - a program is compiled while the other is already checked.
 *
 * make says which of a submission's programs are out of date, and how they
 * are compiled; the runner does it, so that the checks of a program that is
 * ready need not wait. What a compiler says is in the program's log, as ever,
 * and that it failed shows by the program's absence.
 */
#ifndef NPLAB_COMPILE_H
#define NPLAB_COMPILE_H

#include "check.h"

/* Remembers the shell's command for "server" or "client", which has to stay
 * where it is. False for another name. */
bool compile_later(const char *name, const char *command);

/* How many programs are to be compiled. */
int compile_count(void);

/* Starts the compilers as children of this process, each on the core of a
 * slot, from slot 0 on. Of one that cannot be started the program will be
 * missing. */
void compile_begin(void);

/* Both in this process and in those forked after compile_begin: */

/* Waits until the programs that the check starts, or all if it is NULL, have
 * been compiled. */
void compile_wait(const struct check *check);
/* Whether one of them is still being compiled. */
bool compile_goes_on(const struct check *check);

#endif
