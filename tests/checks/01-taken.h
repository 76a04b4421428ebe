/* 01-taken.h - a server whose name another one was first to create, for the
 * checks of labs 01 to 04. */
#ifndef CHECKS_01_TAKEN_H
#define CHECKS_01_TAKEN_H

#include "check.h"

/* start() of a server whose name the other creates at the last moment, when it
 * stands before its own CreateNamedPipe: to have looked before is not enough.
 * One that makes its pipe in another way finds the name taken from the start.
 */
program start_too_late(struct launch server, struct listening other);

#endif
