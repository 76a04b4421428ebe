/*
 * server_log.h - what the broker keeps for those who ask what happened.
 *
 * The file admits the lab group only: clients of lesser rights cannot read
 * it, and above all cannot write it.
 */
#ifndef SERVER_LOG_H
#define SERVER_LOG_H

#include "np_error.h"

/* Makes the file if there is none, and writes "started" into it. From here
 * on, every orderly end of the process writes "stopped" (atexit).
 * path stays the caller's, as long as the process lives. */
NP_NODISCARD DWORD log_begin(const wchar_t *path);

/* Adds a line. The file is opened for each, so that it can be moved away
 * meanwhile; by whoever the thread is at that moment. What cannot be written
 * is reported on standard error. */
void log_line(const char *format, ...) NP_PRINTF(1, 2);

#endif
