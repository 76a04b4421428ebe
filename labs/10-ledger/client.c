/*
 * client.c - asks the ledger, and lends it no more than a look at who asks.
 *
 *     client [--pipe NAME] [--timeout MS] [--id ID] REQUEST
 *
 * REQUEST is balance ACCOUNT, history ACCOUNT, list, or
 * move FROM TO AMOUNT [MEMO]. Partner: server.c.
 */
#include "ledger.h"
#include "np_args.h"
#include "np_handle.h"
#include "np_io.h"
#include "np_pipe.h"

#include <stdlib.h>
#include <string.h>
#include <wchar.h>

static const char USAGE[] =
    "usage: client [--pipe NAME] [--timeout MS] [--id ID] REQUEST\n"
    "  balance ACCOUNT            what is in it\n"
    "  history ACCOUNT            its newest entries\n"
    "  list                       the accounts you may read\n"
    "  move FROM TO AMOUNT [MEMO] money, once\n"
    "Options:\n"
    "  --pipe NAME   the server's pipe, default \\\\.\\pipe\\nplab-10-ledger\n"
    "  --timeout MS  longest wait for the answer, default 5000\n"
    "  --id ID       repeat the move that had this id; default a new id\n";

struct text {
    char *bytes;
    size_t size;
};

/* An id that no other move has. */
static DWORD new_id(wchar_t id[40])
{
    LARGE_INTEGER now;
    FILETIME time;

    /* A process has its number alone while it lives, and its clock does not
     * stand still: no secret, but unlike any other. */
    if (!QueryPerformanceCounter(&now))
        return np_last_error();
    GetSystemTimeAsFileTime(&time);
    _snwprintf(id,
               40,
               L"%08lx%08lx-%lx-%lx",
               time.dwHighDateTime,
               time.dwLowDateTime,
               GetCurrentProcessId(),
               now.LowPart);
    return 0;
}

/* The request's bytes, which the caller frees. */
static DWORD
make_request(int argc, wchar_t **argv, const wchar_t *id, struct text *request)
{
    static wchar_t line[4096];
    int length = -1;

    if (argc == 1 && wcscmp(argv[0], L"list") == 0)
        length = _snwprintf(line, ARRAYSIZE(line), L"LIST");
    else if (argc == 2 && wcscmp(argv[0], L"balance") == 0)
        length = _snwprintf(line, ARRAYSIZE(line), L"BALANCE %ls", argv[1]);
    else if (argc == 2 && wcscmp(argv[0], L"history") == 0)
        length = _snwprintf(line, ARRAYSIZE(line), L"HISTORY %ls", argv[1]);
    else if ((argc == 4 || argc == 5) && wcscmp(argv[0], L"move") == 0)
        length = _snwprintf(line,
                            ARRAYSIZE(line),
                            L"MOVE %ls %ls %ls %ls%ls%ls",
                            argv[1],
                            argv[2],
                            argv[3],
                            id,
                            argc == 5 ? L" " : L"",
                            argc == 5 ? argv[4] : L"");
    else
        return ERROR_BAD_COMMAND;
    if (length < 0 || length >= (int)ARRAYSIZE(line))
        return ERROR_BUFFER_OVERFLOW;
    request->bytes = np_utf8(line, &request->size);
    return request->bytes != NULL ? 0 : ERROR_NOT_ENOUGH_MEMORY;
}

static DWORD open_ledger(const wchar_t *name, DWORD timeout_ms, HANDLE *pipe)
{
    DWORD mode = PIPE_READMODE_MESSAGE;
    DWORD err;

    /* TODO 10.6: connect, and lend the server what it needs to decide
     * (README), and not a bit more. */
    (void)name, (void)timeout_ms;
    *pipe = NULL;
    err = NP_TODO("10.6");
    if (err == 0 && !SetNamedPipeHandleState(*pipe, &mode, NULL, NULL)) {
        err = np_last_error();
        np_close(pipe);
    }
    return err;
}

/* Asks once. *broken tells that the server went away without an answer. */
static DWORD ask(const wchar_t *name,
                 const struct text *request,
                 struct np_deadline deadline,
                 struct text *reply,
                 bool *broken)
{
    HANDLE pipe = NULL;
    void *bytes = NULL;
    DWORD err = open_ledger(name, np_time_left(deadline), &pipe);

    *broken = false;
    if (err != 0)
        return err;
    err = np_write_all(
        pipe, request->bytes, request->size, np_time_left(deadline));
    if (err == 0)
        err = np_read_message(pipe,
                              LEDGER_REPLY_MAX,
                              np_time_left(deadline),
                              &bytes,
                              &reply->size);
    reply->bytes = bytes;
    *broken = err == ERROR_BROKEN_PIPE || err == ERROR_NO_DATA ||
              err == ERROR_PIPE_NOT_CONNECTED;
    np_close(&pipe);
    return err;
}

/* Prints what follows OK. Returns the exit code. */
static int show(const struct text *reply)
{
    bool ok = reply->size >= 2 && memcmp(reply->bytes, "OK", 2) == 0 &&
              (reply->size == 2 || strchr(" \n", reply->bytes[2]) != NULL);

    if (ok) {
        if (reply->size > 3)
            printf("%.*s\n", (int)reply->size - 3, reply->bytes + 3);
        return 0;
    }
    fprintf(stderr, "%.*s\n", (int)reply->size, reply->bytes);
    return 1;
}

int wmain(int argc, wchar_t **argv)
{
    const wchar_t *name = LEDGER_PIPE;
    const wchar_t *id = NULL;
    DWORD timeout_ms = 5000;
    const struct np_option options[] = {{"--pipe", .text = &name},
                                        {"--timeout", .number = &timeout_ms},
                                        {"--id", .text = &id},
                                        {0}};
    wchar_t own_id[40];
    struct text request = {0};
    struct text reply = {0};
    bool broken = false;
    DWORD err = 0;

    int status = np_args(&argc, argv, USAGE, options);
    if (status != NP_ARGS_GO_ON)
        return status;
    if (id == NULL) {
        err = new_id(own_id);
        id = own_id;
    }
    if (err == 0)
        err = make_request(argc, argv, id, &request);
    if (err == ERROR_BAD_COMMAND)
        return np_wrong_usage(USAGE, "no such request");
    if (err != 0) {
        np_warn(err, "making the request");
        return 1;
    }

    struct np_deadline deadline = np_deadline_in(timeout_ms);
    err = ask(name, &request, deadline, &reply, &broken);
    /* Nobody can tell whether the server did it before it went. It does not
     * matter: the same id a second time does nothing. */
    if (broken)
        err = ask(name, &request, deadline, &reply, &broken);
    if (err == 0) {
        status = show(&reply);
    } else {
        np_warn(err, "asking %ls", name);
        if (wcscmp(argv[0], L"move") == 0)
            fprintf(stderr, "to be sure, repeat it with --id %ls\n", id);
        status = 1;
    }
    free(reply.bytes);
    free(request.bytes);
    return status;
}
