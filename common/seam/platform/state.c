/* state.c - the modes of a pipe handle, and who is at the other end. */
#include "context.h"
#include "handles.h"
#include "identity.h"
#include "impersonate.h"
#include "native.h"
#include "platform.h"

/* Only the receiving end of a remote pipe has these two (fact N07). */
static bool refuse_collection(const DWORD *collect, const DWORD *timeout)
{
    if (collect == NULL && timeout == NULL)
        return false;
    SetLastError(ERROR_INVALID_PARAMETER);
    return true;
}

BOOL WINAPI platform_SetNamedPipeHandleState(HANDLE pipe,
                                             DWORD *mode,
                                             DWORD *collect,
                                             DWORD *timeout)
{
    struct handle known = handle_find(pipe);

    if (known.kind == HANDLE_SERVER || known.kind == HANDLE_CLIENT) {
        if (refuse_collection(collect, timeout))
            return FALSE;
        /* A handle opened for reading only cannot switch (fact P21). */
        if (mode != NULL &&
            !(native_granted_access(pipe) & FILE_WRITE_ATTRIBUTES)) {
            SetLastError(ERROR_ACCESS_DENIED);
            return FALSE;
        }
    }
    return seam_real.SetNamedPipeHandleState(pipe, mode, collect, timeout);
}

/* The client's name is to be had on the server's end, for a client that lent
 * at least Impersonation, when it could be impersonated now (fact N06). */
static bool user_may_be_named(HANDLE pipe)
{
    struct handle known = handle_find(pipe);
    HANDLE worn = NULL;
    bool may = false;

    if (known.kind != HANDLE_SERVER) {
        SetLastError(ERROR_INVALID_PARAMETER);
        return false;
    }
    seam_real.OpenThreadToken(
        GetCurrentThread(), TOKEN_IMPERSONATE, TRUE, &worn);
    if (platform_ImpersonateNamedPipeClient(pipe)) {
        may = identity_may_open();
        platform_SetThreadToken(NULL, worn);
    }
    if (worn != NULL)
        seam_real.CloseHandle(worn);
    return may;
}

BOOL WINAPI platform_GetNamedPipeHandleStateW(HANDLE pipe,
                                              DWORD *state,
                                              DWORD *instances,
                                              DWORD *collect,
                                              DWORD *timeout,
                                              LPWSTR user,
                                              DWORD user_size)
{
    struct handle known = handle_find(pipe);

    if ((known.kind == HANDLE_SERVER || known.kind == HANDLE_CLIENT) &&
        refuse_collection(collect, timeout))
        return FALSE;
    if (user != NULL && !user_may_be_named(pipe))
        return FALSE;
    return seam_real.GetNamedPipeHandleStateW(
        pipe, state, instances, collect, timeout, user, user_size);
}

BOOL WINAPI platform_GetNamedPipeHandleStateA(HANDLE pipe,
                                              DWORD *state,
                                              DWORD *instances,
                                              DWORD *collect,
                                              DWORD *timeout,
                                              LPSTR user,
                                              DWORD user_size)
{
    struct handle known = handle_find(pipe);

    if ((known.kind == HANDLE_SERVER || known.kind == HANDLE_CLIENT) &&
        refuse_collection(collect, timeout))
        return FALSE;
    if (user != NULL && !user_may_be_named(pipe))
        return FALSE;
    return seam_real.GetNamedPipeHandleStateA(
        pipe, state, instances, collect, timeout, user, user_size);
}

/* False and the code when there is no peer whose process could be named: after
 * a disconnect, and for a server before its first client (facts N02, N04). */
static bool peer_may_be_named(HANDLE pipe, const ULONG *pid, bool is_client)
{
    struct handle known = handle_find(pipe);
    DWORD state;

    if (known.end != NULL && pid == NULL) {
        SetLastError(ERROR_INSUFFICIENT_BUFFER);
        return false;
    }
    if (known.kind == HANDLE_CLIENT) {
        state = native_pipe_state(pipe);
        if (state != NATIVE_CONNECTED && state != NATIVE_CLOSING) {
            SetLastError(ERROR_PIPE_NOT_CONNECTED);
            return false;
        }
    } else if (known.kind == HANDLE_SERVER && is_client) {
        /* Waits for a client that is still inside its open. */
        impersonate_unseen(pipe, known.end);
        if (known.end->connection == 0) {
            SetLastError(ERROR_NOT_FOUND);
            return false;
        }
    }
    return true;
}

BOOL WINAPI platform_GetNamedPipeClientProcessId(HANDLE pipe, ULONG *pid)
{
    return peer_may_be_named(pipe, pid, true) &&
           seam_real.GetNamedPipeClientProcessId(pipe, pid);
}

BOOL WINAPI platform_GetNamedPipeServerProcessId(HANDLE pipe, ULONG *pid)
{
    return peer_may_be_named(pipe, pid, false) &&
           seam_real.GetNamedPipeServerProcessId(pipe, pid);
}
