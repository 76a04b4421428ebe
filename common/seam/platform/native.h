/* native.h - questions to Wine below the Win32 calls. None changes the last
 * error. */
#ifndef NPLAB_NATIVE_H
#define NPLAB_NATIVE_H

#include <windows.h>
#include <stdbool.h>

/* The states of a pipe's end, as NtQueryInformationFile names them. */
enum {
    NATIVE_DISCONNECTED = 1,
    NATIVE_LISTENING = 2,
    NATIVE_CONNECTED = 3,
    NATIVE_CLOSING = 4
};

void native_start(void);

/* The state of a pipe handle; 0 when it is none. */
DWORD native_pipe_state(HANDLE pipe);

/* How many handles, in all processes, stand for the same object. */
DWORD native_handle_count(HANDLE object);

/* The rights with which the handle was opened; all of them when unknown. */
DWORD native_granted_access(HANDLE object);

/* True on Wine. */
bool native_is_wine(void);

#endif
