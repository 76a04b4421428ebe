/* processes.c - see processes.h. */
#include "processes.h"
#include "../seam.h"

/* A client talks to few servers: their handles are kept open, for each
 * OpenProcess costs as much as the pipe's own open. */
#define KEPT 8

static struct {
    DWORD pid;
    HANDLE handle;
} kept[KEPT];
static unsigned oldest;
static SRWLOCK lock = SRWLOCK_INIT;

static HANDLE open_process(DWORD pid)
{
    DWORD access = PROCESS_DUP_HANDLE | SYNCHRONIZE;
    HANDLE worn = NULL;
    HANDLE process = seam_real.OpenProcess(access, FALSE, pid);
    DWORD error = GetLastError();

    /* Under a client's identity the right may be missing: ask as ourselves. */
    if (process == NULL && error == ERROR_ACCESS_DENIED &&
        seam_real.OpenThreadToken(
            GetCurrentThread(), TOKEN_IMPERSONATE, TRUE, &worn)) {
        seam_real.RevertToSelf();
        process = seam_real.OpenProcess(access, FALSE, pid);
        error = GetLastError();
        seam_real.SetThreadToken(NULL, worn);
        seam_real.CloseHandle(worn);
    }
    SetLastError(error);
    return process;
}

/* A handle that stays valid until the lock is released. */
static HANDLE find(DWORD pid)
{
    HANDLE process;

    if (pid == GetCurrentProcessId())
        return GetCurrentProcess();
    for (unsigned i = 0; i < KEPT; i++)
        if (kept[i].pid == pid && kept[i].handle != NULL)
            return kept[i].handle;
    process = open_process(pid);
    if (process == NULL)
        return NULL;
    if (kept[oldest].handle != NULL)
        seam_real.CloseHandle(kept[oldest].handle);
    kept[oldest].pid = pid;
    kept[oldest].handle = process;
    oldest = (oldest + 1) % KEPT;
    return process;
}

bool process_lives(DWORD pid)
{
    HANDLE process;
    bool lives;

    if (pid == GetCurrentProcessId())
        return true;
    AcquireSRWLockExclusive(&lock);
    process = find(pid);
    if (process == NULL)
        lives = GetLastError() == ERROR_ACCESS_DENIED;
    else
        lives = seam_real.WaitForSingleObject(process, 0) == WAIT_TIMEOUT;
    ReleaseSRWLockExclusive(&lock);
    return lives;
}

DWORD process_give(DWORD pid, HANDLE handle)
{
    HANDLE process, copy = NULL;

    AcquireSRWLockExclusive(&lock);
    process = find(pid);
    if (process != NULL && !seam_real.DuplicateHandle(GetCurrentProcess(),
                                                      handle,
                                                      process,
                                                      &copy,
                                                      0,
                                                      FALSE,
                                                      DUPLICATE_SAME_ACCESS))
        copy = NULL;
    ReleaseSRWLockExclusive(&lock);
    return (DWORD)(ULONG_PTR)copy;
}

static HANDLE duplicate_from(DWORD pid, DWORD handle, DWORD options)
{
    HANDLE process, copy = NULL;

    AcquireSRWLockExclusive(&lock);
    process = find(pid);
    if (process != NULL && !seam_real.DuplicateHandle(process,
                                                      (HANDLE)(ULONG_PTR)handle,
                                                      GetCurrentProcess(),
                                                      &copy,
                                                      0,
                                                      FALSE,
                                                      options))
        copy = NULL;
    ReleaseSRWLockExclusive(&lock);
    return copy;
}

HANDLE process_take(DWORD pid, DWORD handle)
{
    return duplicate_from(pid, handle, DUPLICATE_SAME_ACCESS);
}

void process_close(DWORD pid, DWORD handle)
{
    HANDLE copy;

    if (pid == GetCurrentProcessId()) {
        seam_real.CloseHandle((HANDLE)(ULONG_PTR)handle);
        return;
    }
    copy = duplicate_from(
        pid, handle, DUPLICATE_SAME_ACCESS | DUPLICATE_CLOSE_SOURCE);
    if (copy != NULL)
        seam_real.CloseHandle(copy);
}
