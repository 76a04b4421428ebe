/* learn.c - see learn.h. */
#include "learn.h"
#include "line.h"
#include "notes.h"

#include <stdio.h>
#include <string.h>

static const char *const level_names[] = {
    "Anonymous", "Identification", "Impersonation", "Delegation"};

/* The level of the token on this thread. */
static const char *level_now(void)
{
    SECURITY_IMPERSONATION_LEVEL level = SecurityAnonymous;
    HANDLE token = NULL;
    DWORD size;

    /* An anonymous token cannot be opened: 1347. */
    if (!seam_real.OpenThreadToken(
            GetCurrentThread(), TOKEN_QUERY, TRUE, &token))
        return level_names[SecurityAnonymous];
    seam_real.GetTokenInformation(
        token, TokenImpersonationLevel, &level, sizeof level, &size);
    seam_real.CloseHandle(token);
    return level_names[level & 3];
}

static void become(const char *origin)
{
    char who[64];

    snprintf(who, sizeof who, "%s:%s", origin, level_now());
    notes_set_who(notes_keep(who));
}

static void become_client(HANDLE pipe)
{
    static volatile LONG connections;
    struct note note;
    ULONG pid = 0;
    char origin[40];

    notes_get(pipe, &note);
    if (note.connection == 0) {
        note.connection = (unsigned)InterlockedIncrement(&connections);
        notes_set(pipe, &note);
    }
    seam_real.GetNamedPipeClientProcessId(pipe, &pid);
    snprintf(origin, sizeof origin, "client:%lu.%u", pid, note.connection);
    become(origin);
}

/* A token taken from an impersonating thread stays that client's. */
static void become_token(HANDLE token)
{
    struct note note;
    char origin[64] = "token";

    notes_get(token, &note);
    if (note.who != NULL && strncmp(note.who, "client:", 7) == 0) {
        snprintf(origin, sizeof origin, "%s", note.who);
        *strrchr(origin, ':') = '\0';
    }
    become(origin);
}

static void name_handle(HANDLE handle, const struct facts *facts, char mark)
{
    struct line path = {0};
    struct note note = {0};
    bool is_pipe;

    if (facts->path != NULL)
        line_wide(&path, facts->path);
    else
        line_text(&path, facts->narrow_path);
    is_pipe = _strnicmp(path.text, "\\\\.\\pipe\\", 9) == 0;
    snprintf(note.object, sizeof note.object, "%.300s", path.text);
    if (is_pipe) {
        line_format(&path, "%c", mark);
        snprintf(note.object,
                 sizeof note.object,
                 "%.300s%u",
                 path.text,
                 notes_count(path.text));
    }
    notes_set(handle, &note);
}

static void learn_token(HANDLE copy, const char *who)
{
    struct note note = {.who = who};

    notes_set(copy, &note);
}

static bool is_this_process(HANDLE process)
{
    return process == NULL || process == GetCurrentProcess() ||
           GetProcessId(process) == GetCurrentProcessId();
}

bool learn_is_ours(const struct facts *facts)
{
    return is_this_process(facts->from);
}

static void learn_copy(HANDLE from, HANDLE copy)
{
    struct note note;

    notes_get(from, &note);
    notes_set(copy, &note);
}

static void learn_duplicate(const struct facts *facts)
{
    static const struct note unknown;

    if (!is_this_process(facts->to))
        return;
    if (learn_is_ours(facts))
        learn_copy(facts->object, facts->copy);
    else
        notes_set(facts->copy, &unknown);
}

static void learn_disconnect(HANDLE pipe)
{
    struct note note;

    notes_get(pipe, &note);
    note.connection = 0;
    notes_set(pipe, &note);
}

void learn(enum seam_id id, const struct facts *facts, ULONG_PTR result)
{
    switch ((int)id) {
    case SEAM_CreateNamedPipeW:
    case SEAM_CreateNamedPipeA:
        name_handle((HANDLE)result, facts, '#');
        break;
    case SEAM_CreateFileW:
    case SEAM_CreateFileA:
        name_handle((HANDLE)result, facts, '@');
        break;
    case SEAM_DisconnectNamedPipe:
        learn_disconnect(facts->object);
        break;
    case SEAM_DuplicateHandle:
        learn_duplicate(facts);
        break;
    case SEAM_DuplicateTokenEx:
    case SEAM_DuplicateToken:
        learn_copy(facts->token, facts->copy);
        break;
    case SEAM_OpenThreadToken:
        learn_token(facts->copy, notes_who());
        break;
    case SEAM_ImpersonateNamedPipeClient:
        become_client(facts->object);
        break;
    case SEAM_ImpersonateLoggedOnUser:
        become_token(facts->token);
        break;
    case SEAM_ImpersonateSelf:
        become("token");
        break;
    case SEAM_RevertToSelf:
        notes_set_who("self");
        break;
    case SEAM_SetThreadToken:
        if (facts->thread != NULL &&
            GetThreadId(*facts->thread) != GetCurrentThreadId()) {
            notes_others_changed();
            break;
        }
        if (facts->token == NULL)
            notes_set_who("self");
        else
            become_token(facts->token);
        break;
    default:
        break;
    }
}
