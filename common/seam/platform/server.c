/* server.c - the calls of a pipe's server. */
#include "access.h"
#include "context.h"
#include "descriptor.h"
#include "handles.h"
#include "identity.h"
#include "mirror.h"
#include "native.h"
#include "platform.h"
#include "reads.h"
#include "text.h"

#define MAX_INSTANCES 255 /* PIPE_UNLIMITED_INSTANCES */

/* The access that a server's open mode asks for, when it adds an instance to
 * a pipe that exists (fact P12). */
static DWORD instance_access(DWORD open_mode)
{
    DWORD access = FILE_CREATE_PIPE_INSTANCE | SYNCHRONIZE;

    if (open_mode & PIPE_ACCESS_INBOUND)
        access |= GENERIC_READ;
    if (open_mode & PIPE_ACCESS_OUTBOUND)
        access |= GENERIC_WRITE;
    return access |
           (open_mode & (WRITE_DAC | WRITE_OWNER | ACCESS_SYSTEM_SECURITY));
}

/* 0, or the code with which an instance of this existing pipe is refused. */
static DWORD refuse_instance(struct pipe *pipe, DWORD open_mode)
{
    if (open_mode & FILE_FLAG_FIRST_PIPE_INSTANCE)
        return ERROR_ACCESS_DENIED;
    if (!access_allows(pipe->descriptor, instance_access(open_mode)))
        return ERROR_ACCESS_DENIED;
    return 0;
}

/* The pipe that gets the new instance: the existing one, or a new one with
 * the given security. NULL with the last error set. */
static struct pipe *pipe_for_instance(const wchar_t *name,
                                      DWORD open_mode,
                                      DWORD pipe_mode,
                                      const SECURITY_ATTRIBUTES *security)
{
    struct pipe *pipe = mirror_find(name, true);
    DWORD error;

    if (pipe != NULL) {
        error = refuse_instance(pipe, open_mode);
        if (error == 0)
            return pipe;
        SetLastError(error);
        return NULL;
    }
    pipe = mirror_add_pipe(name);
    if (pipe == NULL) {
        SetLastError(ERROR_NO_SYSTEM_RESOURCES);
        return NULL;
    }
    pipe->is_message_type = pipe_mode & PIPE_TYPE_MESSAGE;
    if (!descriptor_make(security == NULL ? NULL
                                          : security->lpSecurityDescriptor,
                         DEFAULT_PIPE,
                         pipe->descriptor,
                         sizeof pipe->descriptor))
        return NULL;
    return pipe;
}

HANDLE WINAPI platform_CreateNamedPipeW(LPCWSTR path,
                                        DWORD open_mode,
                                        DWORD pipe_mode,
                                        DWORD instances,
                                        DWORD out_size,
                                        DWORD in_size,
                                        DWORD timeout,
                                        SECURITY_ATTRIBUTES *security)
{
    const wchar_t *name = mirror_pipe_name(path);
    HANDLE server = INVALID_HANDLE_VALUE;
    SECURITY_ATTRIBUTES bare = {
        sizeof bare, NULL, security != NULL && security->bInheritHandle};
    DWORD before = GetLastError();
    struct pipe *pipe;
    struct end *end = NULL;

    if (name == NULL && path != NULL) {
        SetLastError(ERROR_INVALID_NAME); /* fact P18 */
        return INVALID_HANDLE_VALUE;
    }
    if (name == NULL || name[0] == '\0')
        return seam_real.CreateNamedPipeW(path,
                                          open_mode,
                                          pipe_mode,
                                          instances,
                                          out_size,
                                          in_size,
                                          timeout,
                                          security);
    if (instances == 0 || instances > MAX_INSTANCES) {
        SetLastError(ERROR_INVALID_PARAMETER); /* fact P07 */
        return INVALID_HANDLE_VALUE;
    }
    if (!identity_may_open())
        return INVALID_HANDLE_VALUE;

    session_lock();
    pipe = pipe_for_instance(name, open_mode, pipe_mode, security);
    if (pipe != NULL) {
        SetLastError(before);
        server = seam_real.CreateNamedPipeW(path,
                                            open_mode,
                                            pipe_mode,
                                            instances,
                                            out_size,
                                            in_size,
                                            timeout,
                                            &bare);
    }
    if (server != INVALID_HANDLE_VALUE) {
        before = GetLastError();
        end = mirror_add_end(pipe, server);
        handle_set(server, end == NULL ? HANDLE_OTHER : HANDLE_SERVER, end);
        SetLastError(before);
    }
    session_unlock();
    return server;
}

HANDLE WINAPI platform_CreateNamedPipeA(LPCSTR path,
                                        DWORD open_mode,
                                        DWORD pipe_mode,
                                        DWORD instances,
                                        DWORD out_size,
                                        DWORD in_size,
                                        DWORD timeout,
                                        SECURITY_ATTRIBUTES *security)
{
    struct text wide;

    return platform_CreateNamedPipeW(text_widen(&wide, path),
                                     open_mode,
                                     pipe_mode,
                                     instances,
                                     out_size,
                                     in_size,
                                     timeout,
                                     security);
}

/* Lets a synchronous handle enter the listening state without waiting, so that
 * this can be done under the lock: in the NOWAIT mode the call returns at once
 * with 536 ERROR_PIPE_LISTENING. */
static BOOL enter_listening(HANDLE pipe, OVERLAPPED *overlapped)
{
    DWORD state = 0, error;
    BOOL done;

    if (overlapped != NULL)
        return seam_real.ConnectNamedPipe(pipe, overlapped);
    seam_real.GetNamedPipeHandleStateW(pipe, &state, NULL, NULL, NULL, NULL, 0);
    if (!(state & PIPE_NOWAIT)) {
        DWORD mode = (state & PIPE_READMODE_MESSAGE) | PIPE_NOWAIT;

        seam_real.SetNamedPipeHandleState(pipe, &mode, NULL, NULL);
    }
    done = seam_real.ConnectNamedPipe(pipe, NULL);
    error = GetLastError();
    if (!(state & PIPE_NOWAIT)) {
        DWORD mode = state & PIPE_READMODE_MESSAGE;

        seam_real.SetNamedPipeHandleState(pipe, &mode, NULL, NULL);
        if (error == ERROR_PIPE_LISTENING)
            error = 0; /* the caller is still to wait */
    }
    SetLastError(error);
    return done;
}

/* Waits for the client of an instance that has just begun to listen. A client
 * that came in between, or came and went, is what was waited for. */
static BOOL wait_for_client(HANDLE pipe)
{
    DWORD error = GetLastError();

    if (seam_real.ConnectNamedPipe(pipe, NULL))
        return TRUE;
    if (GetLastError() != ERROR_PIPE_CONNECTED &&
        GetLastError() != ERROR_NO_DATA)
        return FALSE;
    SetLastError(error);
    return TRUE;
}

BOOL WINAPI platform_ConnectNamedPipe(HANDLE pipe, OVERLAPPED *overlapped)
{
    struct end *end = handle_end(pipe, HANDLE_SERVER);
    DWORD before = GetLastError(), error;
    BOOL done;

    /* Only an instance that was disconnected changes its place in the list. */
    if (end == NULL || end->listening != 0 || end->connection != 0)
        return seam_real.ConnectNamedPipe(pipe, overlapped);
    session_lock();
    done = enter_listening(pipe, overlapped);
    error = GetLastError();
    if (native_pipe_state(pipe) == NATIVE_LISTENING)
        mirror_listen(end);
    session_unlock();
    if (overlapped == NULL && !done && error == 0) {
        SetLastError(before);
        return wait_for_client(pipe);
    }
    SetLastError(done ? before : error);
    return done;
}

BOOL WINAPI platform_DisconnectNamedPipe(HANDLE pipe)
{
    struct handle known = handle_find(pipe);
    BOOL done;
    DWORD error;

    if (known.kind != HANDLE_SERVER) {
        done = seam_real.DisconnectNamedPipe(pipe);
        if (!done && GetLastError() == ERROR_NOT_SUPPORTED)
            SetLastError(ERROR_INVALID_FUNCTION); /* fact P31 */
        return done;
    }
    session_lock();
    done = seam_real.DisconnectNamedPipe(pipe);
    error = GetLastError();
    if (done) {
        reads_forget(known.end);
        context_clear(known.end);
        known.end->listening = 0;
    }
    session_unlock();
    SetLastError(error);
    return done;
}
