/*
 * client.c - gives a secret to the server, if it is the true one.
 *
 *     client [--pipe NAME] [--owner SID] [--level LEVEL] [--timeout MS] FILE|-
 *
 * The secret comes from a file or from standard input, never from the command
 * line, which every process of the user can read. Nothing is sent before
 * client_trust.h is satisfied. Partner: server.c; the protocol is in deposit.h.
 */
#include "deposit.h"
#include "np_args.h"
#include "np_handle.h"
#include "np_io.h"
#include "np_pipe.h"
#include "client_trust.h"

#include <fcntl.h>
#include <io.h>
#include <stdlib.h>
#include <string.h>
#include <wchar.h>

static const char USAGE[] =
    "usage: client [--pipe NAME] [--owner SID] [--level LEVEL] [--timeout MS]\n"
    "              FILE|-\n"
    "Gives the secret in FILE, or on standard input for -, to the server.\n"
    "  --pipe NAME    the server's pipe, default\n"
    "                 \\\\.\\pipe\\nplab-09-wary-client\n"
    "  --owner SID    the user who must own it, default the client's own\n"
    "  --level LEVEL  identification (default), or anonymous\n"
    "  --timeout MS   longest time for it all, default 5000\n";

struct secret {
    char bytes[DEPOSIT_SECRET_MAX + 1]; /* one more: to see too long ones */
    size_t size;
};

/* ---- what we lend ------------------------------------------------------- */

/* How far the server may go with our identity; false: no such level. */
static bool flags_of(const wchar_t *level, DWORD *flags)
{
    bool anonymous = wcscmp(level, L"anonymous") == 0;

    if (!anonymous && wcscmp(level, L"identification") != 0)
        return false;
    // BEGIN SOLUTION 09.1
    // STUB: /* TODO 09.1: lend as little as the level says, and our identity of
    // STUB:  * this moment only. (Until then: nothing at all.) */
    // STUB: (void)anonymous;
    // STUB: (void)NP_TODO("09.1");
    // STUB: *flags = SECURITY_ANONYMOUS;
    /* No SECURITY_CONTEXT_TRACKING: static, a copy of what we are now. With
     * SECURITY_SQOS_PRESENT, which np_connect adds; without it Windows would
     * lend everything, whatever the level here. */
    *flags = anonymous ? SECURITY_ANONYMOUS : SECURITY_IDENTIFICATION;
    // END SOLUTION 09.1
    return true;
}

/* A pipe of this machine, and nothing else that CreateFile opens: a file would
 * get our secret, another machine our identity. No further backslash, for
 * \\.\pipe\..\C:\x is the name of a file. */
static bool is_local_pipe(const wchar_t *name)
{
    static const wchar_t BEGIN[] = L"\\\\.\\pipe\\";
    size_t length = ARRAYSIZE(BEGIN) - 1;

    return _wcsnicmp(name, BEGIN, length) == 0 && name[length] != L'\0' &&
           wcspbrk(name + length, L"\\/") == NULL;
}

/* ---- what is said ------------------------------------------------------- */

static bool is_printable(const char *text, size_t size)
{
    for (size_t i = 0; i < size; i++)
        if (text[i] < ' ' || text[i] > '~')
            return false;
    return true;
}

/* Reads the next reply that is not WAIT into text, which has room for
 * DEPOSIT_REPLY_MAX bytes and a NUL. */
static DWORD await_reply(HANDLE pipe, struct np_deadline deadline, char *text)
{
    void *reply = NULL;
    size_t size = 0;
    DWORD err;

    text[0] = '\0';
    do {
        // BEGIN SOLUTION 09.6
        // STUB: /* TODO 09.6: read one message, within what is left of the
        // STUB:  * deadline, and put it into text if it is a reply as deposit.h
        // STUB:  * has it. A server that has always something to say must not
        // STUB:  * hold us for ever. */
        // STUB: (void)pipe, (void)deadline, (void)size, (void)is_printable;
        // STUB: err = NP_TODO("09.6");
        DWORD left = np_time_left(deadline);
        err = WAIT_TIMEOUT;
        if (left > 0)
            err = np_read_message(pipe, DEPOSIT_REPLY_MAX, left, &reply, &size);
        if (err == 0 && !is_printable(reply, size))
            err = ERROR_INVALID_DATA;
        if (err == 0) {
            memcpy(text, reply, size);
            text[size] = '\0';
        }
        // END SOLUTION 09.6
        free(reply);
        reply = NULL;
    } while (err == 0 && strcmp(text, DEPOSIT_WAIT) == 0);
    return err;
}

static DWORD say(HANDLE pipe,
                 struct np_deadline deadline,
                 const char *word,
                 const struct secret *secret)
{
    char request[DEPOSIT_REQUEST_MAX];
    size_t size = strlen(word);
    DWORD err;

    memcpy(request, word, size);
    if (secret != NULL) {
        memcpy(request + size, secret->bytes, secret->size);
        size += secret->size;
    }
    err = np_write_all(pipe, request, size, np_time_left(deadline));
    SecureZeroMemory(request, sizeof request);
    return err;
}

/* Gives the secret away, if everything is as it should be. reply is what the
 * server said last. */
static DWORD hand_over(HANDLE pipe,
                       const struct trust *trust,
                       const struct secret *secret,
                       struct np_deadline deadline,
                       const char **doubt,
                       char *reply)
{
    DWORD err = 0;

    // BEGIN SOLUTION 09.5
    // STUB: /* TODO 09.5: trust_check, then HELLO, then the secret; each step
    // STUB:  * only after the one before went well. *doubt is enough of a
    // STUB:  * reason to return. */
    // STUB: (void)pipe, (void)trust, (void)secret, (void)deadline, (void)doubt;
    // STUB: (void)reply, (void)say, (void)await_reply;
    // STUB: err = NP_TODO("09.5");
    err = trust_check(pipe, trust, doubt);
    if (err != 0 || *doubt != NULL)
        return err;
    err = say(pipe, deadline, DEPOSIT_HELLO, NULL);
    if (err == 0)
        err = await_reply(pipe, deadline, reply);
    /* Also a true server may be another one than we think, or an old one. It
     * cannot have kept what it has not been given. */
    if (err == 0 && strncmp(reply, DEPOSIT_KEPT, strlen(DEPOSIT_KEPT)) == 0)
        return ERROR_INVALID_DATA;
    if (err != 0 || strcmp(reply, DEPOSIT_READY) != 0)
        return err;
    err = say(pipe, deadline, DEPOSIT_KEEP, secret);
    if (err == 0)
        err = await_reply(pipe, deadline, reply);
    // END SOLUTION 09.5
    return err;
}

/* ---- the program -------------------------------------------------------- */

/* Prints the answer where it belongs; returns the exit code. */
static int show(const char *reply)
{
    bool kept = strncmp(reply, DEPOSIT_KEPT, strlen(DEPOSIT_KEPT)) == 0;

    if (kept)
        printf("%s\n", reply);
    else
        fprintf(stderr, "the server said: %s\n", reply);
    return kept ? 0 : 1;
}

/* Reads all of it, before anybody waits for us. */
static DWORD read_secret(const wchar_t *path, struct secret *secret)
{
    bool from_input = wcscmp(path, L"-") == 0;
    int file =
        from_input ? _fileno(stdin) : _wopen(path, _O_RDONLY | _O_BINARY);
    int got = 0;

    secret->size = 0;
    if (file < 0)
        return np_last_error();
    do {
        secret->size += (size_t)got;
        got = _read(file,
                    secret->bytes + secret->size,
                    (unsigned)(sizeof secret->bytes - secret->size));
    } while (got > 0 && secret->size < sizeof secret->bytes);
    if (!from_input)
        _close(file);
    if (got < 0)
        return ERROR_READ_FAULT;
    return secret->size >= 1 && secret->size <= DEPOSIT_SECRET_MAX
               ? 0
               : ERROR_BAD_LENGTH;
}

static DWORD open_server(const wchar_t *name,
                         DWORD flags,
                         struct np_deadline deadline,
                         HANDLE *pipe)
{
    DWORD mode = PIPE_READMODE_MESSAGE;
    DWORD err = np_connect(name,
                           GENERIC_READ | GENERIC_WRITE,
                           flags,
                           np_time_left(deadline),
                           pipe);

    if (err == 0 && !SetNamedPipeHandleState(*pipe, &mode, NULL, NULL))
        err = np_last_error();
    return err;
}

int wmain(int argc, wchar_t **argv)
{
    const wchar_t *name = DEPOSIT_PIPE;
    const wchar_t *level = L"identification";
    const wchar_t *owner = NULL;
    DWORD timeout_ms = 5000;
    const struct np_option options[] = {{"--pipe", .text = &name},
                                        {"--owner", .text = &owner},
                                        {"--level", .text = &level},
                                        {"--timeout", .number = &timeout_ms},
                                        {0}};
    struct secret secret;
    struct trust trust = {0};
    char reply[DEPOSIT_REPLY_MAX + 1] = "";
    const char *doubt = NULL;
    const char *step = NULL;
    HANDLE pipe = NULL;
    struct np_deadline deadline;
    DWORD flags = 0;
    DWORD err;

    int status = np_args(&argc, argv, USAGE, options);
    if (status != NP_ARGS_GO_ON)
        return status;
    if (argc != 1)
        return np_wrong_usage(USAGE, "one operand is needed: FILE or -");
    if (!is_local_pipe(name))
        return np_wrong_usage(USAGE, "NAME has to be \\\\.\\pipe\\ and a name");
    if (!flags_of(level, &flags))
        return np_wrong_usage(USAGE, "no such level, or one that lends more");

    err = read_secret(argv[0], &secret);
    if (err != 0)
        np_die(err, "reading %ls", argv[0]);
    status = 1;
    step = "--owner: whom to trust with";
    err = trust_begin(&trust, owner);
    if (err != 0)
        goto out;
    deadline = np_deadline_in(timeout_ms);
    step = "opening";
    err = open_server(name, flags, deadline, &pipe);
    if (err != 0)
        goto out;
    step = "talking to";
    err = hand_over(pipe, &trust, &secret, deadline, &doubt, reply);
    if (doubt != NULL)
        fprintf(stderr, "this server is not trusted: %s\n", doubt);
    else if (err == 0)
        status = show(reply);
out:
    SecureZeroMemory(&secret, sizeof secret);
    if (err != 0)
        np_warn(err, "%s %ls", step, name);
    trust_end(&trust);
    np_close(&pipe);
    return status;
}
