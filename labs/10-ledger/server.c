/*
 * server.c - keeps a ledger, and answers each client within its rights.
 *
 *     server [--pipe NAME] [--database FOLDER] [--accounts FILE]
 *     server [--database FOLDER] --audit
 *
 * One thread and a completion port: it takes all the requests that have come,
 * answers them in one transaction, and sends the replies. While the disk is
 * busy with one batch, the next one gathers. Its price: one processor; more
 * would wait for the disk all the same. Partner: client.c.
 */
#include "server_broker.h"
#include "server_accounts.h"
#include "server_store.h"
#include "np_args.h"
#include "np_handle.h"
#include "np_pipe.h"
#include "np_sd.h"
#include "np_stop.h"
#include "np_token.h"

#include <wchar.h>

static const char USAGE[] =
    "usage: server [--pipe NAME] [--database FOLDER] [--accounts FILE]\n"
    "       server [--database FOLDER] --audit\n"
    "Keeps a ledger and answers its clients until standard input ends.\n"
    "  --pipe NAME        default \\\\.\\pipe\\nplab-10-ledger\n"
    "  --database FOLDER  where the ledger is, default ledger; made if absent\n"
    "  --accounts FILE    open these accounts: lines NAME BALANCE SDDL;\n"
    "                     default, for a new ledger: vault, till, slot\n"
    "  --audit            print who asked for what, and end\n";

enum { CONNECTIONS = 96 }; /* more clients than that wait for a free one */

/* What a connection waits for. */
enum stage { CONNECTING, READING, SKIPPING, WRITING };

struct connection {
    OVERLAPPED io; /* of the one operation under way */
    HANDLE pipe;
    enum stage stage;
    char request[LEDGER_REQUEST_MAX];
    struct exchange exchange;
};

/* Static, because the system may write to a connection as long as its handle
 * is open. */
static struct connection connections[CONNECTIONS];
static HANDLE port;

/* Starts what the stage calls for. 0: its end will be reported. */
static DWORD start(struct connection *c, enum stage stage)
{
    BOOL ok = FALSE;

    c->stage = stage;
    c->io = (OVERLAPPED){0};
    switch (stage) {
    case CONNECTING:
        ok = ConnectNamedPipe(c->pipe, &c->io);
        break;
    case READING:
    case SKIPPING:
        ok = ReadFile(c->pipe, c->request, sizeof c->request, NULL, &c->io);
        break;
    case WRITING:
        ok = WriteFile(c->pipe,
                       c->exchange.reply.text,
                       (DWORD)c->exchange.reply.size,
                       NULL,
                       &c->io);
        break;
    }
    if (ok)
        return 0;
    DWORD err = np_last_error();
    /* 234 is a part of a message, and reported like all that is no error. */
    return err == ERROR_IO_PENDING || err == ERROR_MORE_DATA ? 0 : err;
}

/* Starts a stage. When that fails the client has left; then waits for another
 * client, who may be there already, and may also have left again. */
static void go_on(struct connection *c, enum stage stage)
{
    DWORD err = start(c, stage);

    while (err != 0) {
        if (c->stage != CONNECTING) {
            DisconnectNamedPipe(c->pipe);
            err = start(c, CONNECTING);
        } else if (err == ERROR_PIPE_CONNECTED || err == ERROR_NO_DATA) {
            err = start(c, READING);
        } else {
            np_warn(err, "ConnectNamedPipe");
            np_close(&c->pipe);
            return;
        }
    }
}

/* An operation has ended. True if there is a request to answer now. */
static bool step(struct connection *c)
{
    DWORD got = 0;
    DWORD err = 0;

    if (!GetOverlappedResult(c->pipe, &c->io, &got, /* bWait */ FALSE))
        err = np_last_error();
    if (err == 0 && (c->stage == READING || c->stage == SKIPPING)) {
        c->exchange.text = c->request;
        c->exchange.size = got;
        c->exchange.too_long = c->stage == SKIPPING;
        return true;
    }
    if (err == 0)
        go_on(c, READING);
    else if (err == ERROR_MORE_DATA)
        go_on(c, SKIPPING);
    else if (c->stage == CONNECTING) {
        np_warn(err, "ConnectNamedPipe");
        np_close(&c->pipe);
    } else {
        DisconnectNamedPipe(c->pipe);
        go_on(c, CONNECTING);
    }
    return false;
}

/* Answers the requests that have come. The identity is taken for each one,
 * before anything else is read from its pipe. */
static void answer(struct connection *asking[], size_t count)
{
    struct exchange *exchanges[CONNECTIONS];

    for (size_t i = 0; i < count; i++) {
        exchanges[i] = &asking[i]->exchange;
        DWORD err = identity_take(asking[i]->pipe, &exchanges[i]->sender);
        if (err != 0)
            np_warn(err, "identity of a client");
    }
    broker_answer(exchanges, count);
    for (size_t i = 0; i < count; i++) {
        identity_drop(&exchanges[i]->sender);
        go_on(asking[i], WRITING);
    }
}

static DWORD serve(void)
{
    OVERLAPPED_ENTRY entries[CONNECTIONS];
    struct connection *asking[CONNECTIONS];
    bool stopping = false;

    while (!stopping) {
        ULONG count = 0;
        size_t asked = 0;

        if (!GetQueuedCompletionStatusEx(port,
                                         entries,
                                         ARRAYSIZE(entries),
                                         &count,
                                         INFINITE,
                                         /* fAlertable */ FALSE))
            return np_last_error();
        for (ULONG i = 0; i < count; i++) {
            /* The key is the connection's; ours, for stopping, is 0. */
            struct connection *c =
                (struct connection *)entries[i].lpCompletionKey;
            if (c == NULL)
                stopping = np_stop_requested();
            else if (step(c))
                asking[asked++] = c;
        }
        if (asked > 0)
            answer(asking, asked);
    }
    return 0;
}

static void CALLBACK on_stop(void *unused, BOOLEAN timed_out)
{
    (void)unused, (void)timed_out;
    if (!PostQueuedCompletionStatus(port, 0, /* dwCompletionKey */ 0, NULL))
        np_warn(np_last_error(), "PostQueuedCompletionStatus");
}

/* All who reach this machine's pipes may ask; only we may serve. */
static DWORD describe_pipe(SECURITY_ATTRIBUTES *security)
{
    const wchar_t *group = NULL;
    wchar_t sddl[128];
    DWORD err = np_lab_group(&group);

    if (err != 0)
        return err;
    _snwprintf(sddl,
               ARRAYSIZE(sddl),
               L"D:P(A;;GA;;;%ls)(A;;" NP_CLIENT_ACCESS L";;;WD)",
               group);
    return np_sd_from_text(sddl, security);
}

static DWORD create_pipes(const wchar_t *name)
{
    SECURITY_ATTRIBUTES security = {0};
    DWORD first = FILE_FLAG_FIRST_PIPE_INSTANCE;
    DWORD err = describe_pipe(&security);

    for (int i = 0; err == 0 && i < CONNECTIONS; i++, first = 0) {
        struct connection *c = &connections[i];
        c->pipe =
            CreateNamedPipeW(name,
                             PIPE_ACCESS_DUPLEX | FILE_FLAG_OVERLAPPED | first,
                             PIPE_TYPE_MESSAGE | PIPE_READMODE_MESSAGE |
                                 PIPE_WAIT | PIPE_REJECT_REMOTE_CLIENTS,
                             CONNECTIONS,
                             /* nOutBufferSize */ NP_PIPE_BUFFER,
                             /* nInBufferSize */ NP_PIPE_BUFFER,
                             /* nDefaultTimeOut: 50 ms */ 0,
                             &security);
        if (c->pipe == INVALID_HANDLE_VALUE ||
            CreateIoCompletionPort(c->pipe, port, (ULONG_PTR)c, 0) == NULL)
            err = np_last_error();
        else
            go_on(c, CONNECTING);
    }
    np_sd_free(&security);
    return err;
}

/* Serves the pipe; the store is open. */
static DWORD run(const wchar_t *name)
{
    HANDLE stop_wait = NULL;
    DWORD err;

    port = CreateIoCompletionPort(INVALID_HANDLE_VALUE, NULL, 0, 1);
    if (port == NULL)
        return np_last_error();
    err = create_pipes(name);
    if (err == 0)
        err = np_stop_begin();
    if (err != 0)
        goto out;
    if (!RegisterWaitForSingleObject(&stop_wait,
                                     np_stop_event(),
                                     on_stop,
                                     /* Context */ NULL,
                                     INFINITE,
                                     WT_EXECUTEONLYONCE)) {
        err = np_last_error();
        goto out;
    }
    err = serve();
    /* With INVALID_HANDLE_VALUE it waits for the callback. */
    UnregisterWaitEx(stop_wait, INVALID_HANDLE_VALUE);
out:
    for (int i = 0; i < CONNECTIONS; i++)
        np_close(&connections[i].pipe);
    np_close(&port);
    return err;
}

int wmain(int argc, wchar_t **argv)
{
    const wchar_t *name = LEDGER_PIPE;
    const wchar_t *folder = L"ledger";
    const wchar_t *accounts = NULL;
    bool audit = false;
    const struct np_option options[] = {{"--pipe", .text = &name},
                                        {"--database", .text = &folder},
                                        {"--accounts", .text = &accounts},
                                        {"--audit", .flag = &audit},
                                        {0}};
    DWORD err = 0;
    bool ok;

    int status = np_args(&argc, argv, USAGE, options);
    if (status != NP_ARGS_GO_ON)
        return status;
    if (argc != 0)
        return np_wrong_usage(USAGE, "the server takes no operands");

    if (!audit && (err = store_protect(folder)) != 0)
        np_die(err, "protecting %ls", folder);
    if (!store_open(folder, /* create */ !audit))
        return 1;
    if (audit) {
        ok = store_print_audit() == STORE_DONE;
    } else {
        ok = accounts != NULL ? accounts_open(accounts)
                              : accounts_open_examples();
        if (ok)
            err = run(name);
        if (err != 0)
            np_warn(err, "serving %ls", name);
    }
    store_close();
    return ok && err == 0 ? 0 : 1;
}
