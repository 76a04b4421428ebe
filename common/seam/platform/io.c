/* io.c - reads and writes: counts what a server has read and notes who wrote
 * what under dynamic tracking. Everything else goes straight on. */
#include "context.h"
#include "handles.h"
#include "mirror.h"
#include "platform.h"
#include "reads.h"

#define CHANGES_LIMIT_MS 10000

/* The order of the positions must be the order of the real writes. */
static SRWLOCK write_locks[MAX_ENDS];

static SRWLOCK *write_lock(const struct end *end)
{
    return &write_locks[end - session_get()->ends];
}

/* Notes a change of the writer. A client that changes its identity very often
 * while the server does not read waits here, as it would for a full pipe. */
static bool note_writer(struct end *end)
{
    DWORD started = GetTickCount();
    DWORD error;

    for (;;) {
        session_lock();
        error = context_write(end);
        session_unlock();
        if (error != ERROR_BUSY)
            break;
        if (GetTickCount() - started > CHANGES_LIMIT_MS) {
            error = ERROR_NO_SYSTEM_RESOURCES;
            break;
        }
        Sleep(1);
    }
    if (error != 0)
        SetLastError(error);
    return error == 0;
}

/* To be called around a write on a client end with dynamic tracking. False:
 * the write must fail, and the last error is set. */
static bool write_begin(struct end *end, DWORD size, LONG64 *length)
{
    DWORD error = GetLastError();

    *length = size;
    if (size == 0 && mirror_pipe_of(end)->is_message_type)
        *length = 1;
    AcquireSRWLockExclusive(write_lock(end));
    if (context_writer_differs(end) && !note_writer(end)) {
        ReleaseSRWLockExclusive(write_lock(end));
        return false;
    }
    InterlockedExchangeAdd64(&end->written, *length);
    SetLastError(error);
    return true;
}

static void write_end(struct end *end, BOOL done, LONG64 length)
{
    if (!done && GetLastError() != ERROR_IO_PENDING &&
        GetLastError() != ERROR_MORE_DATA)
        InterlockedExchangeAdd64(&end->written, -length);
    ReleaseSRWLockExclusive(write_lock(end));
}

/* The end of a client that writes with dynamic tracking, or NULL. (A server's
 * reads are always counted: when it begins to read, the client may be still
 * inside its open, with the tracking not yet decided.) */
static struct end *tracked_client(HANDLE file)
{
    struct end *end = handle_end(file, HANDLE_CLIENT);

    return end != NULL && end->dynamic ? end : NULL;
}

BOOL WINAPI platform_WriteFile(HANDLE file,
                               const void *buffer,
                               DWORD size,
                               DWORD *done,
                               OVERLAPPED *overlapped)
{
    struct end *end = tracked_client(file);
    LONG64 length;
    BOOL ok;

    if (end == NULL)
        return seam_real.WriteFile(file, buffer, size, done, overlapped);
    if (!write_begin(end, size, &length))
        return FALSE;
    ok = seam_real.WriteFile(file, buffer, size, done, overlapped);
    write_end(end, ok, length);
    return ok;
}

BOOL WINAPI platform_WriteFileEx(HANDLE file,
                                 const void *buffer,
                                 DWORD size,
                                 OVERLAPPED *overlapped,
                                 LPOVERLAPPED_COMPLETION_ROUTINE routine)
{
    struct end *end = tracked_client(file);
    LONG64 length;
    BOOL ok;

    if (end == NULL)
        return seam_real.WriteFileEx(file, buffer, size, overlapped, routine);
    if (!write_begin(end, size, &length))
        return FALSE;
    ok = seam_real.WriteFileEx(file, buffer, size, overlapped, routine);
    write_end(end, ok, length);
    return ok;
}

BOOL WINAPI platform_ReadFile(
    HANDLE file, void *buffer, DWORD size, DWORD *done, OVERLAPPED *overlapped)
{
    struct end *end = handle_end(file, HANDLE_SERVER);
    LONG ticket;
    BOOL ok;

    if (end == NULL)
        return seam_real.ReadFile(file, buffer, size, done, overlapped);
    if (overlapped == NULL) {
        ok = seam_real.ReadFile(file, buffer, size, done, NULL);
        if ((ok || GetLastError() == ERROR_MORE_DATA) && done != NULL)
            reads_count(end, *done);
        return ok;
    }
    reads_settle(overlapped);
    ticket = reads_begin(end, overlapped);
    ok = seam_real.ReadFile(file, buffer, size, done, overlapped);
    reads_end(ticket, overlapped);
    return ok;
}

/* A message longer than the buffer is a success, and the routine is told of it
 * (the page's remarks); Wine 8 says FALSE, and calls the routine too. */
static BOOL as_begun(BOOL ok)
{
    if (ok)
        SetLastError(ERROR_SUCCESS);
    return ok || GetLastError() == ERROR_MORE_DATA;
}

BOOL WINAPI platform_ReadFileEx(HANDLE file,
                                void *buffer,
                                DWORD size,
                                OVERLAPPED *overlapped,
                                LPOVERLAPPED_COMPLETION_ROUTINE routine)
{
    struct end *end = handle_end(file, HANDLE_SERVER);
    LONG ticket = 0;
    BOOL ok;

    if (end != NULL && overlapped != NULL) {
        reads_settle(overlapped);
        ticket = reads_begin(end, overlapped);
    }
    if (ticket != 0) {
        reads_routine(ticket, routine);
        routine = reads_completed;
    }
    ok =
        as_begun(seam_real.ReadFileEx(file, buffer, size, overlapped, routine));
    if (!ok && ticket != 0)
        reads_end(ticket, overlapped);
    return ok;
}

/* Both directions in one call: for a client a write, for a server a read. */
BOOL WINAPI platform_TransactNamedPipe(HANDLE pipe,
                                       void *in,
                                       DWORD in_size,
                                       void *out,
                                       DWORD out_size,
                                       DWORD *done,
                                       OVERLAPPED *overlapped)
{
    struct end *client = tracked_client(pipe);
    struct end *server = handle_end(pipe, HANDLE_SERVER);
    LONG64 length = 0;
    LONG ticket = 0;
    BOOL ok;

    if (client != NULL && !write_begin(client, in_size, &length))
        return FALSE;
    /* Wine 8 forgets it, and then GetOverlappedResult takes the operation for
     * done, with 0 bytes. */
    if (overlapped != NULL) {
        overlapped->Internal = STATUS_PENDING;
        overlapped->InternalHigh = 0;
    }
    if (server != NULL && overlapped != NULL) {
        reads_settle(overlapped);
        ticket = reads_begin(server, overlapped);
    }
    ok = seam_real.TransactNamedPipe(
        pipe, in, in_size, out, out_size, done, overlapped);
    if (client != NULL)
        write_end(client, ok, length);
    if (server != NULL && overlapped != NULL)
        reads_end(ticket, overlapped);
    else if (server != NULL && (ok || GetLastError() == ERROR_MORE_DATA) &&
             done != NULL)
        reads_count(server, *done);
    return ok;
}
