/*
 * client.c - asks the vault for a file, a list, or to keep a file.
 *
 *     client [--pipe NAME] [--timeout MS] list
 *     client [--pipe NAME] [--timeout MS] get NAME
 *     client [--pipe NAME] [--timeout MS] put NAME TEXT|-
 *
 * Prints what it gets and nothing else. Partner: server.c.
 */
#include "vault.h"
#include "np_args.h"
#include "np_handle.h"
#include "np_io.h"
#include "np_pipe.h"

#include <stdlib.h>
#include <string.h>
#include <wchar.h>

static const char USAGE[] =
    "usage: client [--pipe NAME] [--timeout MS] list\n"
    "       client [--pipe NAME] [--timeout MS] get NAME\n"
    "       client [--pipe NAME] [--timeout MS] put NAME TEXT|-\n"
    "Asks the vault as you. For - the content is standard input.\n"
    "  --pipe NAME   the server's pipe, default \\\\.\\pipe\\nplab-06-vault\n"
    "  --timeout MS  longest wait for the server, default 5000\n";

/* A byte more than the vault takes is sent, so that the server, whose limit
 * it is, refuses it. */
enum { REQUEST_MAX = VAULT_MESSAGE_MAX + 1 };

/* A request that grows; static, it is the only one. */
static struct {
    size_t size;
    char text[REQUEST_MAX];
} request;

/* Adds bytes to the request, as many as there is room for. */
static void add(const char *bytes, size_t size)
{
    size_t room = sizeof request.text - request.size;

    if (size > room)
        size = room;
    memcpy(request.text + request.size, bytes, size);
    request.size += size;
}

static DWORD add_text(const wchar_t *text)
{
    size_t size = 0;
    char *bytes = np_utf8(text, &size);

    if (bytes == NULL)
        return ERROR_NOT_ENOUGH_MEMORY;
    add(bytes, size);
    free(bytes);
    return 0;
}

static DWORD add_input(void)
{
    request.size += fread(request.text + request.size,
                          1,
                          sizeof request.text - request.size,
                          stdin);
    return ferror(stdin) ? ERROR_READ_FAULT : 0;
}

static bool is_word(const wchar_t *word, const wchar_t *other)
{
    return wcscmp(word, other) == 0;
}

/* Makes the request of the operands. ERROR_INVALID_PARAMETER: they are none.
 * A line end in a name would be the end of the name to the server. */
static DWORD make_request(int argc, wchar_t **argv)
{
    DWORD err;

    if (argc == 1 && is_word(argv[0], L"list"))
        return add_text(L"LIST");
    if (argc < 2 || wcschr(argv[1], L'\n') != NULL)
        return ERROR_INVALID_PARAMETER;
    if (argc == 2 && is_word(argv[0], L"get")) {
        add("GET ", 4);
        return add_text(argv[1]);
    }
    if (argc != 3 || !is_word(argv[0], L"put"))
        return ERROR_INVALID_PARAMETER;
    add("PUT ", 4);
    err = add_text(argv[1]);
    add("\n", 1);
    if (err == 0)
        err = is_word(argv[2], L"-") ? add_input() : add_text(argv[2]);
    return err;
}

/* Sends the request and reads its reply, which the caller frees. */
static DWORD
transact(HANDLE pipe, DWORD timeout_ms, void **reply, size_t *reply_size)
{
    DWORD mode = PIPE_READMODE_MESSAGE;
    DWORD err;

    if (!SetNamedPipeHandleState(pipe, &mode, NULL, NULL))
        return np_last_error();
    err = np_write_all(pipe, request.text, request.size, timeout_ms);
    if (err == 0)
        err = np_read_message(
            pipe, VAULT_MESSAGE_MAX, timeout_ms, reply, reply_size);
    return err;
}

/* Prints the body of a good reply, or says why there is none. */
static int show(const char *reply, size_t size)
{
    const char *end = memchr(reply, '\n', size);
    size_t line = end == NULL ? size : (size_t)(end - reply);

    if (end != NULL && line >= 2 && memcmp(reply, "OK", 2) == 0 &&
        (line == 2 || reply[2] == ' ')) {
        fwrite(end + 1, 1, size - line - 1, stdout);
        return 0;
    }
    fprintf(stderr, "the vault says: %.*s\n", (int)line, reply);
    return 1;
}

int wmain(int argc, wchar_t **argv)
{
    const wchar_t *name = VAULT_PIPE;
    DWORD timeout_ms = 5000;
    const struct np_option options[] = {
        {"--pipe", .text = &name}, {"--timeout", .number = &timeout_ms}, {0}};
    HANDLE pipe = NULL;
    void *reply = NULL;
    size_t size = 0;
    DWORD err;

    int status = np_args(&argc, argv, USAGE, options);
    if (status != NP_ARGS_GO_ON)
        return status;
    err = make_request(argc, argv);
    if (err == ERROR_INVALID_PARAMETER)
        return np_wrong_usage(USAGE, "say list, get NAME, or put NAME TEXT");
    status = 1;
    if (err != 0) {
        np_warn(err, "reading the request");
        goto out;
    }
    /* The vault opens the file as us, so it gets our identity to act with,
     * not only to look at; but as it is now, and not as it may become. */
    err = np_connect(name,
                     GENERIC_READ | GENERIC_WRITE,
                     SECURITY_IMPERSONATION,
                     timeout_ms,
                     &pipe);
    if (err != 0) {
        np_warn(err, "CreateFileW(%ls)", name);
        goto out;
    }
    err = transact(pipe, timeout_ms, &reply, &size);
    if (err != 0)
        np_warn(err, "talking to %ls", name);
    else
        status = show(reply, size);
out:
    np_close(&pipe);
    free(reply);
    return status;
}
