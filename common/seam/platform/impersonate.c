/* impersonate.c - see impersonate.h. */
#include "impersonate.h"
#include "context.h"
#include "handles.h"
#include "identity.h"
#include "native.h"
#include "platform.h"
#include "processes.h"
#include "reads.h"

#include <stdlib.h>

bool impersonate_unseen(HANDLE pipe, struct end *end)
{
    DWORD state;

    if (end->connection == 0) {
        session_lock();
        state = native_pipe_state(pipe);
        if (end->connection == 0 &&
            (state == NATIVE_CONNECTED || state == NATIVE_CLOSING)) {
            end->connection = InterlockedIncrement(&session_get()->connections);
            end->unseen = true;
            end->listening = 0;
        }
        session_unlock();
    }
    return end->unseen;
}

static bool holds_impersonate_privilege(void)
{
    union {
        PRIVILEGE_SET set;
        BYTE room[sizeof(PRIVILEGE_SET) + sizeof(LUID_AND_ATTRIBUTES)];
    } wanted;
    HANDLE token = NULL;
    BOOL held = FALSE;

    wanted.set.PrivilegeCount = 1;
    wanted.set.Control = PRIVILEGE_SET_ALL_NECESSARY;
    wanted.set.Privilege[0].Luid =
        (LUID){.LowPart = 29 /* SE_IMPERSONATE_PRIVILEGE */};
    wanted.set.Privilege[0].Attributes = 0;
    if (!seam_real.OpenProcessToken(GetCurrentProcess(), TOKEN_QUERY, &token))
        return false;
    PrivilegeCheck(token, &wanted.set, &held);
    seam_real.CloseHandle(token);
    return held;
}

static bool read_user(HANDLE token, TOKEN_USER *user, DWORD size)
{
    return seam_real.GetTokenInformation(token, TokenUser, user, size, &size);
}

static bool same_user(HANDLE client)
{
    union {
        TOKEN_USER user;
        BYTE room[sizeof(TOKEN_USER) + SECURITY_MAX_SID_SIZE];
    } mine, theirs;
    HANDLE self = NULL;
    bool same;

    if (!seam_real.OpenProcessToken(GetCurrentProcess(), TOKEN_QUERY, &self))
        return false;
    same = read_user(self, &mine.user, sizeof mine) &&
           read_user(client, &theirs.user, sizeof theirs) &&
           EqualSid(mine.user.User.Sid, theirs.user.User.Sid);
    seam_real.CloseHandle(self);
    return same;
}

/* Facts S01 to S04, as far as Wine's tokens can tell: there are no integrity
 * levels, elevated or restricted tokens. NPLAB_LACKS_IMPERSONATE stands for a
 * process without the privilege that rule S03 refuses. */
static bool may_impersonate_fully(HANDLE client)
{
    static LONG asked_at; /* the answer changes only with the process token */
    static bool has_privilege;
    const char *lacks = getenv("NPLAB_LACKS_IMPERSONATE");

    if (lacks != NULL && *lacks != '\0')
        return false;
    if (asked_at != identity_adjusted()) {
        has_privilege = holds_impersonate_privilege();
        asked_at = identity_adjusted();
    }
    return has_privilege || same_user(client);
}

/* Puts the token on the thread; cut to Identification when the server may not
 * have more. The call then still succeeds (fact S02). */
static BOOL wear(HANDLE token, SECURITY_IMPERSONATION_LEVEL level)
{
    HANDLE lesser = NULL;
    BOOL done;

    if (level < SecurityImpersonation || may_impersonate_fully(token))
        return seam_real.SetThreadToken(NULL, token);
    if (!seam_real.DuplicateTokenEx(token,
                                    TOKEN_ALL_ACCESS,
                                    NULL,
                                    SecurityIdentification,
                                    TokenImpersonation,
                                    &lesser))
        return FALSE;
    done = seam_real.SetThreadToken(NULL, lesser);
    seam_real.CloseHandle(lesser);
    return done;
}

/* A client that went around the seam counts as one with the default quality
 * of service that has written and was read. */
static BOOL wear_unseen(HANDLE pipe)
{
    HANDLE process = NULL, token = NULL, copy = NULL;
    ULONG pid = 0;
    BOOL done = FALSE;

    if (seam_real.GetNamedPipeClientProcessId(pipe, &pid))
        process = seam_real.OpenProcess(PROCESS_QUERY_INFORMATION, FALSE, pid);
    if (process != NULL &&
        seam_real.OpenProcessToken(process, TOKEN_DUPLICATE, &token) &&
        seam_real.DuplicateTokenEx(token,
                                   TOKEN_ALL_ACCESS,
                                   NULL,
                                   SecurityImpersonation,
                                   TokenImpersonation,
                                   &copy))
        done = wear(copy, SecurityImpersonation);
    if (copy != NULL)
        seam_real.CloseHandle(copy);
    if (token != NULL)
        seam_real.CloseHandle(token);
    if (process != NULL)
        seam_real.CloseHandle(process);
    if (!done)
        SetLastError(ERROR_CANNOT_IMPERSONATE);
    return done;
}

static BOOL wear_client(HANDLE pipe, struct end *end)
{
    const struct change *context;
    HANDLE token, own_copy = NULL;
    BOOL done;

    if (impersonate_unseen(pipe, end))
        return wear_unseen(pipe);
    reads_settle_end(end);
    session_lock();
    context = end->connection == 0 ? NULL : context_token(end);
    if (context == NULL) {
        session_unlock();
        SetLastError(ERROR_CANNOT_IMPERSONATE); /* facts I01, I03, I10 */
        return FALSE;
    }
    token = (HANDLE)(ULONG_PTR)context->token;
    /* This process may not be the one that made the instance. */
    if (context->holder != GetCurrentProcessId())
        token = own_copy = process_take(context->holder, context->token);
    done = token != NULL && wear(token, end->level);
    session_unlock();
    if (token == NULL) /* it was kept by a client that has ended */
        SetLastError(ERROR_CANNOT_IMPERSONATE);
    if (own_copy != NULL)
        seam_real.CloseHandle(own_copy);
    return done;
}

BOOL WINAPI platform_ImpersonateNamedPipeClient(HANDLE pipe)
{
    DWORD before = GetLastError();
    struct handle known = handle_find(pipe);
    BOOL done = FALSE;

    if (known.kind == HANDLE_SERVER) {
        done = wear_client(pipe, known.end);
    } else if (known.kind == HANDLE_CLIENT) {
        SetLastError(ERROR_INVALID_FUNCTION); /* fact I08 */
    } else {
        /* An anonymous pipe, or no pipe at all. */
        DWORD flags = 0;

        if (GetNamedPipeInfo(pipe, &flags, NULL, NULL, NULL) &&
            (flags & PIPE_SERVER_END))
            done = wear_unseen(pipe);
        else if (GetLastError() != ERROR_INVALID_HANDLE)
            SetLastError(ERROR_INVALID_FUNCTION);
        else if (native_handle_count(pipe) != 0)
            SetLastError(ERROR_INVALID_FUNCTION);
    }
    if (done) {
        identity_worn();
        SetLastError(before);
    }
    return done;
}
