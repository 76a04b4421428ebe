/*
 * np_stop.h - a server that ends when it is asked to.
 *
 * The request is the end of standard input, or Ctrl+C or Ctrl+Break (or the
 * closing of the console window). Who starts a server can so end it without
 * killing it, and its `out:` path runs.
 *
 * A wait that takes an event waits for np_stop_event too. A synchronous call
 * cannot: while the main thread sits in ConnectNamedPipe it sees no event.
 * The watcher therefore cancels the main thread's synchronous I/O
 * (CancelSynchronousIo); the call fails with ERROR_OPERATION_ABORTED (995).
 * The cancel finds nothing to cancel if it comes just before the call begins,
 * so it is repeated until np_stop_requested has answered true.
 *
 * The price: a file that this thread is just writing, synchronously, may fail
 * with 995 too, when the program is asked to stop. Treat it as any failed
 * write: the request was not carried out.
 *
 * Wine 8: ConnectNamedPipe and ReadFile fail with 995 as on Windows.
 * Ref: CancelSynchronousIo, SetConsoleCtrlHandler.
 */
#ifndef NP_STOP_H
#define NP_STOP_H

#include "np_error.h"

/*
 * np_stop_begin - from here on, listen for the request.
 *
 * Call it once, in the thread whose synchronous I/O is to be cancelled. That
 * thread has to be the one that asks np_stop_requested, if it does such I/O on
 * a pipe; with overlapped I/O alone, any may ask. Reads and discards standard
 * input; a program without any is stopped at once. The watcher thread lives
 * until the process ends.
 *
 * Returns 0, or the code of CreateEventW, DuplicateHandle, CreateThread or
 * SetConsoleCtrlHandler.
 */
NP_NODISCARD DWORD np_stop_begin(void);

/* np_stop_requested - whether the program was asked to stop. After true, no
 * more I/O is cancelled. False before np_stop_begin. */
bool np_stop_requested(void);

/* np_stop_event - the manual-reset event of the request, for waits; NULL
 * before np_stop_begin. Stays the library's: do not close or reset it. */
HANDLE np_stop_event(void);

#endif
