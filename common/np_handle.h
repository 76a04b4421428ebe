/* np_handle.h - closing a handle exactly once. */
#ifndef NP_HANDLE_H
#define NP_HANDLE_H

#include <windows.h>

/*
 * np_close - close *handle, if there is one, and set it to NULL.
 *
 * Accepts NULL and INVALID_HANDLE_VALUE, so one exit path can close whatever
 * the function got hold of, and twice does no harm. Keeps the thread's last
 * error. Ownership leaves a function by setting its variable to NULL before.
 *
 * GetCurrentProcess() is the number of INVALID_HANDLE_VALUE and needs no
 * closing; it is left alone. Ref: CloseHandle.
 */
void np_close(HANDLE *handle);

#endif
