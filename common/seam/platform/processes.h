/* processes.h - handles in other processes. All functions may change the last
 * error; a process id of this process itself is allowed everywhere. */
#ifndef NPLAB_PROCESSES_H
#define NPLAB_PROCESSES_H

#include <windows.h>
#include <stdbool.h>

/* False only when the process is known to have ended. */
bool process_lives(DWORD pid);

/* Gives the process a copy of a handle of this one: its value there, or 0. */
DWORD process_give(DWORD pid, HANDLE handle);

/* Takes a copy of a handle of the process, or NULL. */
HANDLE process_take(DWORD pid, DWORD handle);

/* Closes a handle of the process. */
void process_close(DWORD pid, DWORD handle);

#endif
