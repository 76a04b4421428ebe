/*
 * server_jobs.h - the requests that need more than this thread: a helper
 * process, a library, a thread of the pool.
 */
#ifndef SERVER_JOBS_H
#define SERVER_JOBS_H

#include "np_error.h"

/* COUNT: the number of lines of a file, counted by a process of its own. */
NP_NODISCARD DWORD serve_count(
    HANDLE pipe, const wchar_t *path, char *text, DWORD size, DWORD *got);

/* That process: `server --count PATH`. Returns its exit code, the number of
 * lines or COUNT_FAILED with a Win32 code. */
#define COUNT_FAILED 0x80000000u
DWORD count_lines(const wchar_t *path);

/* SUM: the SHA-256 of a file in hexadecimal, by bcrypt.dll, which is loaded
 * when it is needed for the first time. */
NP_NODISCARD DWORD
serve_sum(HANDLE pipe, const wchar_t *path, char *text, DWORD size, DWORD *got);

/* COPY: copies a file on a thread of the pool. */
NP_NODISCARD DWORD serve_copy(HANDLE pipe,
                              const wchar_t *from,
                              const wchar_t *to);

#endif
