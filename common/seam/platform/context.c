/* context.c - see context.h. */
#include "context.h"
#include "../seam.h"
#include "identity.h"
#include "processes.h"

/* Puts the calling thread's token into the server's process, or keeps it here
 * when that process refuses to be opened. */
static DWORD give_token(struct end *end, struct change *change)
{
    bool owned = false;
    HANDLE token = identity_snapshot(end->level, end->effective, &owned);

    if (token == NULL)
        return GetLastError();
    change->holder = end->server_pid;
    change->token = process_give(change->holder, token);
    if (change->token == 0) {
        change->holder = GetCurrentProcessId();
        change->token = process_give(change->holder, token);
    }
    change->writer = identity_writer();
    if (owned)
        seam_real.CloseHandle(token);
    return change->token == 0 ? ERROR_PIPE_NOT_CONNECTED : 0;
}

DWORD context_open(struct end *end, HANDLE client, DWORD access, DWORD flags)
{
    bool has_qos = flags & SECURITY_SQOS_PRESENT;

    /* An open that can neither read nor write loses its quality of service
     * (fact P42; from ReactOS, unverified on Windows). */
    if (!(access &
          (GENERIC_ALL | GENERIC_READ | GENERIC_WRITE | GENERIC_EXECUTE |
           FILE_READ_DATA | FILE_WRITE_DATA | MAXIMUM_ALLOWED)))
        has_qos = false;
    end->connection = InterlockedIncrement(&session_get()->connections);
    end->unseen = false;
    end->client_pid = GetCurrentProcessId();
    end->client_handle = (DWORD)(ULONG_PTR)client;
    /* A thread without the lock that finds it no longer listening must find
     * it connected. */
    MemoryBarrier();
    end->listening = 0;
    end->written = 0;
    end->consumed = 0;
    end->writer = 0;
    end->change_count = 0;
    /* Section 2.0 of the facts: without the flag, Impersonation, dynamic,
     * effective only; with it, the level bits as they are. */
    end->level = has_qos ? (SECURITY_IMPERSONATION_LEVEL)(flags >> 16 & 3)
                         : SecurityImpersonation;
    end->dynamic = !has_qos || (flags & SECURITY_CONTEXT_TRACKING);
    end->effective = !has_qos || (flags & SECURITY_EFFECTIVE_ONLY);
    if (!end->dynamic) {
        DWORD error = give_token(end, &end->changes[0]);

        if (error != 0)
            return error;
        end->changes[0].position = -1;
        end->change_count = 1;
    }
    return 0;
}

bool context_writer_differs(const struct end *end)
{
    return end->dynamic && end->writer != identity_writer();
}

/* The change that the server's last read fell under; -1: none yet. */
static int current_change(const struct end *end)
{
    int current = -1;

    for (DWORD i = 0; i < end->change_count; i++)
        if (end->changes[i].position < end->consumed)
            current = (int)i;
    return current;
}

/* Closes the token of a change that was taken off the list, unless another
 * change has the same. */
static void drop_token(const struct end *end, const struct change *gone)
{
    for (DWORD i = 0; i < end->change_count; i++)
        if (end->changes[i].token == gone->token &&
            end->changes[i].holder == gone->holder)
            return;
    process_close(gone->holder, gone->token);
}

/* Forgets what the server has read past. */
static void drop_old_changes(struct end *end)
{
    int current = current_change(end);

    for (; current > 0; current--) {
        struct change gone = end->changes[0];

        end->change_count--;
        memmove(&end->changes[0],
                &end->changes[1],
                end->change_count * sizeof end->changes[0]);
        drop_token(end, &gone);
    }
}

DWORD context_write(struct end *end)
{
    LONGLONG writer = identity_writer();
    struct change change = {.position = end->written, .writer = writer};

    drop_old_changes(end);
    if (end->change_count == MAX_CHANGES)
        return ERROR_BUSY;
    for (DWORD i = 0; i < end->change_count; i++) {
        if (end->changes[i].writer == writer) {
            change.token = end->changes[i].token;
            change.holder = end->changes[i].holder;
        }
    }
    if (change.token == 0) {
        DWORD error = give_token(end, &change);

        if (error != 0)
            return error;
    }
    end->changes[end->change_count++] = change;
    end->writer = writer;
    return 0;
}

const struct change *context_token(const struct end *end)
{
    int current = current_change(end);

    return current < 0 ? NULL : &end->changes[current];
}

void context_clear(struct end *end)
{
    while (end->change_count != 0) {
        struct change gone = end->changes[--end->change_count];

        drop_token(end, &gone);
    }
    end->connection = 0;
    end->unseen = false;
}
