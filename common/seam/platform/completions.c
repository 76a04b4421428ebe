/* completions.c - the ways in which a program learns that its read is done:
 * each of them settles the read first (reads.h). */
#include "platform.h"
#include "reads.h"

#include <stdlib.h>

BOOL WINAPI platform_GetOverlappedResult(HANDLE file,
                                         OVERLAPPED *overlapped,
                                         DWORD *done,
                                         BOOL wait)
{
    BOOL ok = seam_real.GetOverlappedResult(file, overlapped, done, wait);

    reads_settle(overlapped);
    return ok;
}

BOOL WINAPI platform_GetOverlappedResultEx(HANDLE file,
                                           OVERLAPPED *overlapped,
                                           DWORD *done,
                                           DWORD timeout,
                                           BOOL alertable)
{
    BOOL ok = seam_real.GetOverlappedResultEx(
        file, overlapped, done, timeout, alertable);

    reads_settle(overlapped);
    return ok;
}

BOOL WINAPI platform_GetQueuedCompletionStatus(HANDLE port,
                                               DWORD *done,
                                               ULONG_PTR *key,
                                               OVERLAPPED **overlapped,
                                               DWORD timeout)
{
    BOOL ok = seam_real.GetQueuedCompletionStatus(
        port, done, key, overlapped, timeout);

    if (overlapped != NULL)
        reads_settle(*overlapped);
    return ok;
}

BOOL WINAPI platform_GetQueuedCompletionStatusEx(HANDLE port,
                                                 OVERLAPPED_ENTRY *entries,
                                                 ULONG size,
                                                 ULONG *removed,
                                                 DWORD timeout,
                                                 BOOL alertable)
{
    BOOL ok = seam_real.GetQueuedCompletionStatusEx(
        port, entries, size, removed, timeout, alertable);

    for (ULONG i = 0; ok && i < *removed; i++)
        reads_settle(entries[i].lpOverlapped);
    return ok;
}

/* What a thread pool calls back, and for whom. Never freed: a program makes
 * few. */
struct pool_io {
    PTP_WIN32_IO_CALLBACK routine;
    void *context;
};

static void CALLBACK pool_io_done(TP_CALLBACK_INSTANCE *instance,
                                  void *context,
                                  void *overlapped,
                                  ULONG error,
                                  ULONG_PTR bytes,
                                  TP_IO *io)
{
    struct pool_io *made = context;

    reads_settle(overlapped);
    made->routine(instance, made->context, overlapped, error, bytes, io);
}

TP_IO *WINAPI platform_CreateThreadpoolIo(HANDLE file,
                                          PTP_WIN32_IO_CALLBACK routine,
                                          PVOID context,
                                          TP_CALLBACK_ENVIRON *environment)
{
    struct pool_io *made = malloc(sizeof *made);

    if (made == NULL) {
        SetLastError(ERROR_NOT_ENOUGH_MEMORY);
        return NULL;
    }
    *made = (struct pool_io){routine, context};
    return seam_real.CreateThreadpoolIo(file, pool_io_done, made, environment);
}

/* A bound routine gets nothing that tells it from another: so each one of a
 * program has a function of its own here. One too many is bound as it is. */
static LPOVERLAPPED_COMPLETION_ROUTINE volatile bound[4];
#define BOUND(i)                                                               \
    static void CALLBACK bound_##i(                                            \
        DWORD error, DWORD bytes, OVERLAPPED *overlapped)                      \
    {                                                                          \
        reads_settle(overlapped);                                              \
        bound[i](error, bytes, overlapped);                                    \
    }
BOUND(0)
BOUND(1)
BOUND(2)
BOUND(3)

BOOL WINAPI platform_BindIoCompletionCallback(
    HANDLE file, LPOVERLAPPED_COMPLETION_ROUTINE routine, ULONG flags)
{
    static const LPOVERLAPPED_COMPLETION_ROUTINE own[] = {
        bound_0, bound_1, bound_2, bound_3};
    LPOVERLAPPED_COMPLETION_ROUTINE given = routine;

    for (size_t i = 0; i < ARRAYSIZE(bound) && given == routine; i++) {
        void *before = InterlockedCompareExchangePointer(
            (void *volatile *)&bound[i], (void *)(ULONG_PTR)routine, NULL);

        if (before == NULL || before == (void *)(ULONG_PTR)routine)
            given = own[i];
    }
    return seam_real.BindIoCompletionCallback(file, given, flags);
}
