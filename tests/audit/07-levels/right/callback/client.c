/*
 * client.c - asks the server, and lends it as much as it was told to lend.
 *
 *     client [--pipe NAME] [--level LEVEL] [--tracking HOW] [--effective-only]
 *            [--timeout MS] REQUEST...
 *
 * What is lent is decided when the pipe is opened, by the flags of CreateFile:
 * security quality of service, SQOS. Partner: server.c.
 */
#include "levels.h"
#include "np_args.h"
#include "np_handle.h"
#include "np_io.h"
#include "np_process.h"

#include <stdlib.h>
#include <string.h>
#include <wchar.h>

static const char USAGE[] =
    "usage: client [--pipe NAME] [--level LEVEL] [--tracking HOW]\n"
    "              [--effective-only] [--timeout MS] REQUEST...\n"
    "Asks the server each REQUEST: PROBE or READ. The word lesser among them\n"
    "makes the client its lesser self from there on.\n"
    "  --pipe NAME       the server's pipe, default "
    "\\\\.\\pipe\\nplab-07-levels\n"
    "  --level LEVEL     anonymous, identification (default), impersonation,\n"
    "                    delegation; or default, to say nothing at all\n"
    "  --tracking HOW    static (default) or dynamic\n"
    "  --effective-only  do not lend what is disabled\n"
    "  --timeout MS      longest wait for the server, default 5000\n";

/* What the options say. */
struct lending {
    bool silent; /* --level default: lend, but do not say what */
    SECURITY_IMPERSONATION_LEVEL level; /* unless silent */
    bool dynamic;
    bool effective_only;
};

/* The flags of CreateFile that lend it. */
static DWORD sqos_flags(const struct lending *lending, DWORD *flags)
{
    *flags = 0;
    // BEGIN SOLUTION 07.1
    // STUB: /* TODO 07.1: which flag makes the others count? An enumerator such
    // STUB:  * as SecurityIdentification is a number, and no flag. */
    // STUB: (void)lending;
    // STUB: return NP_TODO("07.1");
    static const DWORD bits[] = {
        [SecurityAnonymous] = SECURITY_ANONYMOUS,
        [SecurityIdentification] = SECURITY_IDENTIFICATION,
        [SecurityImpersonation] = SECURITY_IMPERSONATION,
        [SecurityDelegation] = SECURITY_DELEGATION};
    /* Without SECURITY_SQOS_PRESENT Windows reads none of the others. */
    if (!lending->silent)
        *flags = SECURITY_SQOS_PRESENT | bits[lending->level];
    if (lending->dynamic)
        *flags |= SECURITY_CONTEXT_TRACKING;
    if (lending->effective_only)
        *flags |= SECURITY_EFFECTIVE_ONLY;
    return 0;
    // END SOLUTION 07.1
}

/* Reads LEVEL and HOW; tracking is NULL when it was not given. Returns what
 * is wrong with them, or NULL. */
static const char *read_lending(const wchar_t *level,
                                const wchar_t *tracking,
                                struct lending *lending)
{
    static const wchar_t *const levels[] = {
        L"anonymous", L"identification", L"impersonation", L"delegation"};
    size_t i = 0;

    lending->silent = wcscmp(level, L"default") == 0;
    if (lending->silent && (tracking != NULL || lending->effective_only))
        return "without a level Windows would ignore the other options";
    while (!lending->silent && i < 4 && wcscmp(level, levels[i]) != 0)
        i++;
    if (i == 4)
        return "no such LEVEL";
    lending->level = (SECURITY_IMPERSONATION_LEVEL)i;
    lending->dynamic = tracking != NULL && wcscmp(tracking, L"dynamic") == 0;
    if (tracking != NULL && !lending->dynamic &&
        wcscmp(tracking, L"static") != 0)
        return "HOW is static or dynamic";
    return NULL;
}

/* Like np_connect, which however never opens a pipe without saying what it
 * lends, and --level default is there to show what comes of that. */
static DWORD
open_pipe(const wchar_t *name, DWORD flags, DWORD timeout_ms, HANDLE *pipe)
{
    struct np_deadline deadline = np_deadline_in(timeout_ms);

    for (;;) {
        *pipe = CreateFileW(name,
                            GENERIC_READ | GENERIC_WRITE,
                            /* dwShareMode: pipes ignore it */ 0,
                            NULL,
                            OPEN_EXISTING,
                            FILE_FLAG_OVERLAPPED | flags,
                            NULL);
        if (*pipe != INVALID_HANDLE_VALUE)
            return 0;
        DWORD err = np_last_error();
        *pipe = NULL;
        if (err != ERROR_PIPE_BUSY)
            return err;

        DWORD left = np_time_left(deadline);
        if (left == 0)
            return ERROR_SEM_TIMEOUT;
        if (!WaitNamedPipeW(name, left)) {
            err = np_last_error();
            if (err != ERROR_SEM_TIMEOUT)
                return err;
        }
    }
}

/* Makes this thread the user's lesser self, for the rest of its life. */
static DWORD become_lesser(void)
{
    HANDLE primary = NULL;
    HANDLE lesser = NULL;
    DWORD err = np_lesser_token(&primary);

    if (err != 0)
        return err;
    if (!DuplicateTokenEx(primary,
                          TOKEN_QUERY | TOKEN_IMPERSONATE,
                          NULL,
                          SecurityImpersonation,
                          TokenImpersonation,
                          &lesser)) {
        err = np_last_error();
        lesser = NULL;
    } else if (!SetThreadToken(/* this thread */ NULL, lesser)) {
        err = np_last_error();
    }
    np_close(&lesser);
    np_close(&primary);
    return err;
}

/* Asks one request and prints the reply where it belongs. */
static DWORD ask(HANDLE pipe, const char *request, DWORD timeout_ms, bool *told)
{
    const size_t mark = strlen(LEVELS_REFUSED);
    void *reply = NULL;
    size_t size = 0;
    DWORD err = np_write_all(pipe, request, strlen(request), timeout_ms);

    if (err == 0)
        err =
            np_read_message(pipe, LEVELS_REPLY_MAX, timeout_ms, &reply, &size);
    if (err != 0)
        return err;
    *told = size < mark || memcmp(reply, LEVELS_REFUSED, mark) != 0;
    fwrite(reply, 1, size, *told ? stdout : stderr);
    fputc('\n', *told ? stdout : stderr);
    fflush(stdout);
    free(reply);
    return 0;
}

/* Asks all of them. *told: none was refused. */
static DWORD ask_all(
    HANDLE pipe, wchar_t *const *words, int count, DWORD timeout_ms, bool *told)
{
    DWORD mode = PIPE_READMODE_MESSAGE;
    DWORD err = 0;

    *told = true;
    if (!SetNamedPipeHandleState(pipe, &mode, NULL, NULL))
        return np_last_error();
    for (int i = 0; i < count && err == 0; i++) {
        if (wcscmp(words[i], L"lesser") == 0) {
            err = become_lesser();
        } else {
            bool answered = false;
            char *request = np_utf8(words[i], NULL);
            err = request == NULL ? ERROR_NOT_ENOUGH_MEMORY
                                  : ask(pipe, request, timeout_ms, &answered);
            *told = *told && answered;
            free(request);
        }
    }
    return err;
}

int wmain(int argc, wchar_t **argv)
{
    const wchar_t *name = LEVELS_PIPE;
    const wchar_t *level = L"identification";
    const wchar_t *tracking = NULL;
    struct lending lending = {0};
    DWORD timeout_ms = 5000;
    const struct np_option options[] = {
        {"--pipe", .text = &name},
        {"--level", .text = &level},
        {"--tracking", .text = &tracking},
        {"--effective-only", .flag = &lending.effective_only},
        {"--timeout", .number = &timeout_ms},
        {0}};
    HANDLE pipe = NULL;
    DWORD flags = 0;
    bool told = false;
    const char *problem;
    DWORD err;

    int status = np_args(&argc, argv, USAGE, options);
    if (status != NP_ARGS_GO_ON)
        return status;
    if (argc == 0)
        return np_wrong_usage(USAGE, "a REQUEST is needed");
    problem = read_lending(level, tracking, &lending);
    if (problem != NULL)
        return np_wrong_usage(USAGE, problem);

    err = sqos_flags(&lending, &flags);
    if (err != 0)
        return 1;
    err = open_pipe(name, flags, timeout_ms, &pipe);
    if (err != 0) {
        np_warn(err, "CreateFileW(%ls)", name);
        return 1;
    }
    err = ask_all(pipe, argv, argc, timeout_ms, &told);
    if (err != 0)
        np_warn(err, "talking to %ls", name);
    np_close(&pipe);
    return err == 0 && told ? 0 : 1;
}
