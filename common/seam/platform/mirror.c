/* mirror.c - see mirror.h. */
#include "mirror.h"
#include "../seam.h"
#include "context.h"
#include "native.h"
#include "processes.h"

#include <wchar.h>

const wchar_t *mirror_pipe_name(const wchar_t *path)
{
    if (path == NULL || path[0] != '\\' || path[1] != '\\' ||
        (path[2] != '.' && path[2] != '?') ||
        _wcsnicmp(path + 3, L"\\pipe\\", 6) != 0)
        return NULL;
    return path + 9;
}

struct pipe *mirror_pipe_of(const struct end *end)
{
    return &session_get()->pipes[end->pipe];
}

static void purge_ends(const struct pipe *pipe)
{
    struct session *session = session_get();
    DWORD lives = GetCurrentProcessId(); /* the last one found alive */

    for (DWORD i = 0; i < session->end_limit; i++) {
        struct end *end = &session->ends[i];

        if (!end->used || mirror_pipe_of(end) != pipe ||
            end->server_pid == lives)
            continue;
        if (process_lives(end->server_pid))
            lives = end->server_pid;
        else
            mirror_remove_end(end);
    }
}

struct pipe *mirror_find(const wchar_t *name, bool purge)
{
    struct session *session = session_get();

    for (DWORD i = 0; i < MAX_PIPES; i++) {
        struct pipe *pipe = &session->pipes[i];

        if (pipe->ends == 0 || _wcsicmp(pipe->name, name) != 0)
            continue;
        if (purge)
            purge_ends(pipe);
        return pipe->ends == 0 ? NULL : pipe;
    }
    return NULL;
}

struct pipe *mirror_add_pipe(const wchar_t *name)
{
    struct session *session = session_get();

    if (wcslen(name) >= MAX_PIPE_NAME)
        return NULL;
    for (DWORD i = 0; i < MAX_PIPES; i++) {
        struct pipe *pipe = &session->pipes[i];

        if (pipe->ends == 0) {
            wcscpy(pipe->name, name);
            _wcslwr(pipe->name);
            return pipe;
        }
    }
    return NULL;
}

struct end *mirror_add_end(struct pipe *pipe, HANDLE server)
{
    struct session *session = session_get();

    for (DWORD i = 0; i < MAX_ENDS; i++) {
        struct end *end = &session->ends[i];

        if (end->used)
            continue;
        if (i >= session->end_limit)
            session->end_limit = i + 1;
        memset(end, 0, offsetof(struct end, changes));
        end->pipe = (DWORD)(pipe - session->pipes);
        end->server_pid = GetCurrentProcessId();
        end->server_handle = (DWORD)(ULONG_PTR)server;
        end->used = true;
        pipe->ends++;
        mirror_listen(end);
        return end;
    }
    return NULL;
}

void mirror_remove_end(struct end *end)
{
    struct pipe *pipe = mirror_pipe_of(end);

    context_clear(end);
    end->listening = 0;
    end->used = false;
    if (pipe->ends != 0)
        pipe->ends--;
}

void mirror_listen(struct end *end)
{
    end->listening = ++session_get()->turn;
}

struct end *mirror_head(const struct pipe *pipe)
{
    struct session *session = session_get();
    struct end *head = NULL;

    for (DWORD i = 0; i < session->end_limit; i++) {
        struct end *end = &session->ends[i];

        if (end->used && end->listening != 0 && mirror_pipe_of(end) == pipe &&
            (head == NULL || end->listening < head->listening))
            head = end;
    }
    return head;
}

static void repair_end(struct end *end)
{
    HANDLE server = process_take(end->server_pid, end->server_handle);
    DWORD state = native_pipe_state(server);

    if (server == NULL || state == 0) {
        mirror_remove_end(end);
    } else if (state == NATIVE_LISTENING) {
        context_clear(end);
        if (end->listening == 0)
            mirror_listen(end);
    } else if (end->connection == 0) {
        end->listening = 0;
        if (state != NATIVE_DISCONNECTED) {
            end->connection = InterlockedIncrement(&session_get()->connections);
            end->unseen = true;
        }
    } else if (state == NATIVE_DISCONNECTED) {
        context_clear(end);
    }
    if (server != NULL)
        seam_real.CloseHandle(server);
}

void mirror_repair(void)
{
    struct session *session = session_get();

    for (DWORD i = 0; i < MAX_PIPES; i++)
        session->pipes[i].ends = 0;
    for (DWORD i = 0; i < session->end_limit; i++)
        if (session->ends[i].used)
            mirror_pipe_of(&session->ends[i])->ends++;
    for (DWORD i = 0; i < session->end_limit; i++)
        if (session->ends[i].used)
            repair_end(&session->ends[i]);
}
