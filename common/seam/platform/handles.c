/* handles.c - the table of handles, and the calls that change it. */
#include "handles.h"
#include "../seam.h"
#include "mirror.h"
#include "native.h"
#include "platform.h"
#include "reads.h"

/* Handles are multiples of four and Wine hands out the smallest that is free;
 * a rare greater one is looked up each time. */
#define HANDLES 16384

static struct handle table[HANDLES];

static struct handle *entry_of(HANDLE handle)
{
    ULONG_PTR i = (ULONG_PTR)handle / 4;

    return i < HANDLES ? &table[i] : NULL;
}

void handle_set(HANDLE handle, enum handle_kind kind, struct end *end)
{
    struct handle *entry = entry_of(handle);

    if (entry == NULL)
        return;
    entry->kind = HANDLE_UNKNOWN;
    entry->end = end;
    entry->connection = end == NULL ? 0 : end->connection;
    MemoryBarrier();
    entry->kind = kind;
}

void handle_forget(HANDLE handle)
{
    struct handle *entry = entry_of(handle);

    if (entry != NULL)
        entry->kind = HANDLE_UNKNOWN;
}

/* Recognises a handle that another process of the session made known: an
 * inherited handle has the value that it had in the creating process. */
static struct handle recognise(HANDLE handle, bool is_server, DWORD creator)
{
    struct session *session = session_get();
    struct handle found = {HANDLE_OTHER, 0, NULL};
    DWORD value = (DWORD)(ULONG_PTR)handle;

    for (DWORD i = 0; i < MAX_ALIASES; i++) {
        struct alias *alias = &session->aliases[i];

        if (alias->used && alias->pid == GetCurrentProcessId() &&
            alias->handle == value) {
            found.end = &session->ends[alias->end];
            found.connection = alias->connection;
            found.kind = is_server ? HANDLE_SERVER : HANDLE_CLIENT;
            alias->used = false;
            return found;
        }
        if (alias->used && alias->inheritable && alias->pid == creator &&
            alias->handle == value &&
            (is_server ||
             session->ends[alias->end].connection == alias->connection)) {
            found.end = &session->ends[alias->end];
            found.connection = alias->connection;
            found.kind = is_server ? HANDLE_SERVER : HANDLE_CLIENT;
            return found;
        }
    }
    for (DWORD i = 0; i < session->end_limit; i++) {
        struct end *end = &session->ends[i];

        if (!end->used)
            continue;
        if (is_server && end->server_pid == creator &&
            end->server_handle == value) {
            found.kind = HANDLE_SERVER;
            found.end = end;
        } else if (!is_server && end->connection != 0 &&
                   end->client_pid == creator && end->client_handle == value) {
            found.kind = HANDLE_CLIENT;
            found.end = end;
            found.connection = end->connection;
        }
    }
    return found;
}

static struct handle look_up(HANDLE handle)
{
    struct handle found = {HANDLE_OTHER, 0, NULL};
    DWORD flags = 0;
    ULONG creator = 0;
    bool is_server;

    if (GetFileType(handle) != FILE_TYPE_PIPE ||
        !GetNamedPipeInfo(handle, &flags, NULL, NULL, NULL))
        return found;
    is_server = flags & PIPE_SERVER_END;
    if (is_server)
        seam_real.GetNamedPipeServerProcessId(handle, &creator);
    else
        seam_real.GetNamedPipeClientProcessId(handle, &creator);
    session_lock();
    found = recognise(handle, is_server, creator);
    session_unlock();
    return found;
}

struct handle handle_find(HANDLE handle)
{
    struct handle *entry = entry_of(handle);
    struct handle found;
    DWORD error;

    if (entry != NULL && entry->kind != HANDLE_UNKNOWN)
        return *entry;
    if ((LONG_PTR)handle <= 0) /* GetCurrentProcess() and its like */
        return (struct handle){HANDLE_OTHER, 0, NULL};
    error = GetLastError();
    found = look_up(handle);
    if (entry != NULL)
        *entry = found;
    SetLastError(error);
    return found;
}

struct end *handle_end(HANDLE handle, enum handle_kind kind)
{
    struct handle found = handle_find(handle);

    if (found.kind != kind)
        return NULL;
    if (kind == HANDLE_CLIENT && found.end->connection != found.connection)
        return NULL;
    return found.end;
}

struct closing handle_closing(HANDLE handle)
{
    struct handle *entry = entry_of(handle);
    struct closing closing = {NULL, 0};

    if (entry != NULL && entry->kind == HANDLE_SERVER) {
        session_lock();
        closing.end = entry->end;
        closing.count = native_handle_count(handle);
    }
    /* Before the close: the value may be given out again at once. */
    handle_forget(handle);
    return closing;
}

void handle_closed(struct closing closing, bool done)
{
    if (closing.end == NULL)
        return;
    if (done && closing.count == 1) {
        reads_forget(closing.end);
        mirror_remove_end(closing.end);
    }
    session_unlock();
}

BOOL WINAPI platform_CloseHandle(HANDLE object)
{
    struct closing closing = handle_closing(object);
    BOOL closed = seam_real.CloseHandle(object);

    handle_closed(closing, closed);
    return closed;
}

static void
note_alias(DWORD pid, HANDLE copy, const struct handle *of, bool inheritable)
{
    struct session *session = session_get();

    session_lock();
    for (DWORD i = 0; i < MAX_ALIASES; i++) {
        struct alias *alias = &session->aliases[i];

        if (alias->used && !(alias->inheritable && alias->pid == pid &&
                             alias->handle == (DWORD)(ULONG_PTR)copy))
            continue;
        alias->pid = pid;
        alias->inheritable = inheritable;
        alias->handle = (DWORD)(ULONG_PTR)copy;
        alias->end = (DWORD)(of->end - session->ends);
        alias->connection = of->connection;
        alias->used = true;
        break;
    }
    session_unlock();
}

static bool is_this_process(HANDLE process)
{
    return process == GetCurrentProcess() ||
           GetProcessId(process) == GetCurrentProcessId();
}

BOOL WINAPI platform_DuplicateHandle(HANDLE from,
                                     HANDLE object,
                                     HANDLE to,
                                     HANDLE *copy,
                                     DWORD access,
                                     BOOL inherit,
                                     DWORD options)
{
    struct handle known = {HANDLE_UNKNOWN, 0, NULL};
    bool from_here = is_this_process(from);
    BOOL done;
    DWORD error;

    if (from_here)
        known = handle_find(object);
    done = seam_real.DuplicateHandle(
        from, object, to, copy, access, inherit, options);
    if (!done)
        return FALSE;
    error = GetLastError();
    if (from_here && (options & DUPLICATE_CLOSE_SOURCE))
        handle_forget(object);
    if (copy == NULL || known.end == NULL) {
        if (copy != NULL && is_this_process(to))
            handle_forget(*copy);
    } else if (is_this_process(to)) {
        struct handle *entry = entry_of(*copy);

        if (entry != NULL)
            *entry = known;
        if (inherit)
            note_alias(GetCurrentProcessId(), *copy, &known, true);
    } else {
        note_alias(GetProcessId(to), *copy, &known, false);
    }
    SetLastError(error);
    return TRUE;
}
