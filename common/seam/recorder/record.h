/* record.h - the flight record: what a program asked of the system, and who
 * it was at that moment.
 *
 * NPLAB_RECORD=path   every call of the table is appended to this file, by all
 *                     processes that have the variable; one line a call.
 *
 * A line has ten fields with a tab between, in UTF-8:
 *
 *   start_us  end_us  pid  tid  CALL  object  result  error  who  details
 *
 *   start_us, end_us  microseconds of QueryPerformanceCounter, one clock for
 *                     all processes. A call that may block writes a line when
 *                     it begins too, with "-" for end_us and result.
 *   CALL      the API without its final A or W, or "process" (below)
 *   object    \\.\pipe\name#2  the second instance that this process created;
 *             \\.\pipe\name@3  this process's third open as a client;
 *             a file's path; "-" for anything else
 *   result    TRUE, FALSE, a handle in hexadecimal, or a number
 *   error     0, or the Win32 code when the call failed
 *   who       the calling thread after the call:
 *               self                 it acts as its own process
 *               client:PID.N:LEVEL   it acts as the client with process id PID,
 *                                    the N-th connection that this process has
 *                                    impersonated
 *               token:LEVEL          it wears a token of another origin
 *             LEVEL is Anonymous, Identification, Impersonation, Delegation
 *   details   key=value, a space between: see the call's line in calls.def.
 *             Calls that put on an identity add lacks=SID,SID: the groups it
 *             has for deny entries alone, or lacks=-.
 *             fault=N: the call was not made but failed on request.
 *
 * In object and details a space, a tab, a newline and a percent sign are
 * written %20 %09 %0A %25. A process writes a "process" line with args=, its
 * command line, when it starts, and one with "end" when it ends by itself.
 *
 * A process that is killed in the middle of a line leaves zero bytes in its
 * place; a reader passes over them.
 *
 * Lines of one thread are in order; those of several threads are in the order
 * in which the calls ended, nearly: sort by time. */
#ifndef NPLAB_RECORD_H
#define NPLAB_RECORD_H

#include "../seam.h"

/* True when a flight record is being written. */
extern bool record_active;

/* Opens the file. True when there is one to write. */
bool record_start(void);

/* To be called before and after each recorded call, with the call's own
 * arguments. Both may change the last error. */
void record_begin(struct seam_call *call, ...);
void record_end(struct seam_call *call, ULONG_PTR result, DWORD error, ...);

#endif
