/* client.c - see client.h; and CallNamedPipe, which opens too. */
#include "client.h"
#include "access.h"
#include "context.h"
#include "handles.h"
#include "identity.h"
#include "mirror.h"
#include "platform.h"
#include "processes.h"
#include "text.h"

#define WAIT_PIECE_MS 10

/* The instance that Wine has just given out. An instance of a dead process is
 * in this list only: Wine has forgotten it. */
static struct end *take_head(struct pipe *pipe)
{
    for (;;) {
        struct end *end = mirror_head(pipe);

        if (end == NULL || process_lives(end->server_pid))
            return end;
        mirror_remove_end(end);
    }
}

/* What an open asks the pipe for. CreateFile adds the right to wait and to
 * read attributes. The right to make instances is dropped from a client's
 * request, though GENERIC_WRITE contains it (fact P13). */
static DWORD open_access(DWORD access)
{
    GENERIC_MAPPING mapping = access_file_mapping;

    MapGenericMask(&access, &mapping);
    access |= SYNCHRONIZE | FILE_READ_ATTRIBUTES;
    return access & ~(DWORD)FILE_CREATE_PIPE_INSTANCE;
}

HANDLE client_open(LPCWSTR path,
                   LPCWSTR name,
                   DWORD access,
                   DWORD share,
                   SECURITY_ATTRIBUTES *security,
                   DWORD disposition,
                   DWORD flags,
                   HANDLE model)
{
    HANDLE client = INVALID_HANDLE_VALUE;
    struct pipe *pipe;
    struct end *end;
    DWORD error;

    if (!identity_may_open())
        return INVALID_HANDLE_VALUE;
    session_lock();
    pipe = mirror_find(name, false);
    if (pipe != NULL && !access_allows(pipe->descriptor, open_access(access)) &&
        (pipe = mirror_find(name, true)) != NULL) {
        SetLastError(ERROR_ACCESS_DENIED);
        session_unlock();
        return INVALID_HANDLE_VALUE;
    }
    client = seam_real.CreateFileW(
        path, access, share, security, disposition, flags, model);
    error = GetLastError();
    if (client != INVALID_HANDLE_VALUE) {
        end = pipe == NULL ? NULL : take_head(pipe);
        if (end == NULL) {
            handle_set(client, HANDLE_OTHER, NULL);
        } else {
            DWORD refused = context_open(end, client, access, flags);

            handle_set(client, HANDLE_CLIENT, end);
            if (refused != 0) {
                handle_forget(client);
                seam_real.CloseHandle(client);
                client = INVALID_HANDLE_VALUE;
                error = refused;
            }
        }
    }
    session_unlock();
    SetLastError(error);
    return client;
}

/* Wine 8 does not wake who waits when a server in the NOWAIT mode begins to
 * listen. Therefore the wait is made in short pieces. */
BOOL WINAPI platform_WaitNamedPipeW(LPCWSTR path, DWORD timeout)
{
    ULONGLONG until = GetTickCount64() + timeout, now;
    DWORD before = GetLastError(), piece;

    if (timeout == NMPWAIT_USE_DEFAULT_WAIT || timeout == NMPWAIT_NOWAIT)
        return seam_real.WaitNamedPipeW(path, timeout);
    for (;;) {
        now = GetTickCount64();
        piece = timeout == NMPWAIT_WAIT_FOREVER || until > now + WAIT_PIECE_MS
                    ? WAIT_PIECE_MS
                : until > now ? (DWORD)(until - now)
                              : NMPWAIT_NOWAIT;
        if (seam_real.WaitNamedPipeW(path, piece)) {
            SetLastError(before);
            return TRUE;
        }
        if (GetLastError() != ERROR_SEM_TIMEOUT || piece == NMPWAIT_NOWAIT)
            return FALSE;
    }
}

BOOL WINAPI platform_WaitNamedPipeA(LPCSTR path, DWORD timeout)
{
    struct text wide;

    return platform_WaitNamedPipeW(text_widen(&wide, path), timeout);
}

BOOL WINAPI platform_CallNamedPipeW(LPCWSTR path,
                                    void *in,
                                    DWORD in_size,
                                    void *out,
                                    DWORD out_size,
                                    DWORD *done,
                                    DWORD timeout)
{
    DWORD mode = PIPE_READMODE_MESSAGE;
    HANDLE pipe;
    BOOL ok = FALSE;
    DWORD error;

    for (;;) {
        pipe = platform_CreateFileW(path,
                                    GENERIC_READ | GENERIC_WRITE,
                                    0,
                                    NULL,
                                    OPEN_EXISTING,
                                    0,
                                    NULL);
        if (pipe != INVALID_HANDLE_VALUE)
            break;
        if (GetLastError() != ERROR_PIPE_BUSY || timeout == NMPWAIT_NOWAIT ||
            !platform_WaitNamedPipeW(path, timeout))
            return FALSE;
    }
    if (seam_real.SetNamedPipeHandleState(pipe, &mode, NULL, NULL))
        ok = platform_TransactNamedPipe(
            pipe, in, in_size, out, out_size, done, NULL);
    error = GetLastError();
    platform_CloseHandle(pipe);
    SetLastError(error);
    return ok;
}

BOOL WINAPI platform_CallNamedPipeA(LPCSTR path,
                                    void *in,
                                    DWORD in_size,
                                    void *out,
                                    DWORD out_size,
                                    DWORD *done,
                                    DWORD timeout)
{
    struct text wide;

    return platform_CallNamedPipeW(
        text_widen(&wide, path), in, in_size, out, out_size, done, timeout);
}
