/*
 * np_io.h - reads and writes that end: by their deadline, or when the program
 * is asked to stop.
 *
 * A synchronous ReadFile on a pipe waits until the other end does something,
 * which may be never. These functions use overlapped I/O and wait for it
 * themselves, so the pipe must have been opened with FILE_FLAG_OVERLAPPED (as
 * np_connect and np_create_first do). On another handle they work, but the
 * deadline does not.
 *
 * timeout_ms is for the whole call, in milliseconds; INFINITE waits for ever.
 * When it has passed, the operation is cancelled and the result is
 * WAIT_TIMEOUT (258). With 0 nothing is begun, even if it could be done at
 * once: so a loop under one deadline ends, however fast the other end is. After
 * np_stop_begin every wait here also ends with ERROR_OPERATION_ABORTED (995)
 * when the program is asked to stop.
 *
 * One thread at a time per handle and direction.
 */
#ifndef NP_IO_H
#define NP_IO_H

#include "np_error.h"

/*
 * np_read - one ReadFile.
 *
 * pipe  in   stays the caller's
 * data  out  at most size bytes; not NUL-terminated
 * got   out  bytes in data, valid also with ERROR_MORE_DATA; else 0
 *
 * Returns
 *   0                          got bytes. On a message pipe got may be 0: an
 *                              empty message is no end of file (P32)
 *   ERROR_MORE_DATA (234)      data is full, the message goes on (P22)
 *   ERROR_BROKEN_PIPE (109)    the other end closed, and all is read (P24)
 *   ERROR_PIPE_NOT_CONNECTED (233)  the server disconnected (P27)
 *   WAIT_TIMEOUT, ERROR_OPERATION_ABORTED, or CreateEventW's code
 * Ref: ReadFile; Synchronous and Overlapped Input and Output.
 */
NP_NODISCARD DWORD
np_read(HANDLE pipe, void *data, DWORD size, DWORD timeout_ms, DWORD *got);

/*
 * np_write_all - write all of it, however many WriteFile calls it takes.
 *
 * On a message pipe at most MAXDWORD bytes go out as one message.
 *
 * Returns 0; ERROR_NO_DATA (232) when the other end has closed (not 109,
 * P24); ERROR_PIPE_NOT_CONNECTED (233); WAIT_TIMEOUT (the other end does not
 * read: an unknown part has been written); ERROR_OPERATION_ABORTED; or
 * CreateEventW's code.
 */
NP_NODISCARD DWORD np_write_all(HANDLE pipe,
                                const void *data,
                                size_t size,
                                DWORD timeout_ms);

/*
 * np_read_message - one whole message, of any length up to a limit.
 *
 * pipe   in   in PIPE_READMODE_MESSAGE; a client has to set it (P21)
 * limit  in   most bytes to accept, > 0: what bounds the memory that the
 *             other end can make us use
 * data   out  the message, which the caller frees with free(); NULL unless
 *             the result is 0
 * size   out  its bytes; 0 for an empty message
 *
 * Returns 0; ERROR_MORE_DATA when the message was longer than limit (it has
 * been read to its end and dropped: the next read begins with the next
 * message); ERROR_NOT_ENOUGH_MEMORY (8); or np_read's codes.
 */
NP_NODISCARD DWORD np_read_message(
    HANDLE pipe, size_t limit, DWORD timeout_ms, void **data, size_t *size);

/*
 * np_await_io - the end of an overlapped operation that was just started.
 *
 * file        in   the handle it was started on
 * io          in   its OVERLAPPED; hEvent is a manual-reset event
 * started     in   0 if the call returned TRUE, else np_last_error()
 * bytes       out  transferred; valid also with ERROR_MORE_DATA
 *
 * Waits if started is ERROR_IO_PENDING (997). On return the system no longer
 * uses io or the buffer, whatever the result: a cancelled operation is waited
 * for. One that completes while it is being cancelled counts as complete.
 *
 * Returns 0 or the operation's code; WAIT_TIMEOUT; ERROR_OPERATION_ABORTED;
 * or the code of a failed WaitForMultipleObjects.
 * Ref: GetOverlappedResult, CancelIoEx.
 */
NP_NODISCARD DWORD np_await_io(
    HANDLE file, OVERLAPPED *io, DWORD started, DWORD timeout_ms, DWORD *bytes);

/* A moment until which to wait, for a call that waits more than once. */
struct np_deadline {
    ULONGLONG at_ms; /* of GetTickCount64; MAXULONGLONG: never */
};
struct np_deadline np_deadline_in(DWORD timeout_ms);

/* Milliseconds left: 0 when it has passed, INFINITE for never. */
DWORD np_time_left(struct np_deadline deadline);

#endif
