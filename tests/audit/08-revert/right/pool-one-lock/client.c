/*
 * client.c - asks the broker for one thing.
 *
 *     client [--pipe NAME] [--timeout MS] [--level LEVEL] VERB NAME [MORE...]
 *
 * There is nothing to do here in this lab. Partner: server.c.
 */
#include "broker.h"
#include "np_args.h"
#include "np_handle.h"
#include "np_io.h"
#include "np_pipe.h"

#include <stdlib.h>
#include <string.h>
#include <wchar.h>

static const char USAGE[] =
    "usage: client [--pipe NAME] [--timeout MS] [--level LEVEL] VERB NAME "
    "[MORE]\n"
    "  GET NAME, PUT NAME TEXT, COPY NAME NEW, COUNT NAME, SUM NAME\n"
    "  --pipe NAME    default \\\\.\\pipe\\nplab-08-revert\n"
    "  --timeout MS   longest wait for the server, default 5000\n"
    "  --level LEVEL  what to lend: anonymous, identification or\n"
    "                 impersonation, which is the default\n";

static bool find_level(const wchar_t *name, DWORD *flags)
{
    static const struct {
        const wchar_t *name;
        DWORD flags;
    } levels[] = {{L"anonymous", SECURITY_ANONYMOUS},
                  {L"identification", SECURITY_IDENTIFICATION},
                  {L"impersonation", SECURITY_IMPERSONATION}};

    for (size_t i = 0; i < sizeof levels / sizeof levels[0]; i++) {
        if (wcscmp(name, levels[i].name) == 0) {
            *flags = levels[i].flags;
            return true;
        }
    }
    return false;
}

/* The operands with a space between them, as UTF-8; free() it. */
static char *join(int count, wchar_t **words, size_t *size)
{
    char *all = NULL;

    *size = 0;
    for (int i = 0; i < count; i++) {
        size_t length = 0;
        char *word = np_utf8(words[i], &length);
        char *more = word == NULL ? NULL : realloc(all, *size + length + 1);

        if (more == NULL) {
            free(word);
            free(all);
            return NULL;
        }
        all = more;
        if (i > 0)
            all[(*size)++] = ' ';
        memcpy(all + *size, word, length);
        *size += length;
        free(word);
    }
    return all;
}

/* Prints what an OK brings; a NO is the code that it names. */
static DWORD print_reply(const char *reply, size_t size)
{
    char number[12] = {0};

    if (size >= 3 && memcmp(reply, "OK ", 3) == 0) {
        fwrite(reply + 3, 1, size - 3, stdout);
        putchar('\n');
        return 0;
    }
    if (size > 3 && size - 3 < sizeof number && memcmp(reply, "NO ", 3) == 0)
        memcpy(number, reply + 3, size - 3);
    DWORD err = strtoul(number, NULL, 10);
    return err != 0 ? err : ERROR_INVALID_DATA;
}

static DWORD
ask(HANDLE pipe, const char *request, size_t size, DWORD timeout_ms)
{
    DWORD mode = PIPE_READMODE_MESSAGE;
    void *reply = NULL;
    size_t reply_size = 0;
    DWORD err;

    if (!SetNamedPipeHandleState(pipe, &mode, NULL, NULL))
        return np_last_error();
    err = np_write_all(pipe, request, size, timeout_ms);
    if (err == 0)
        err = np_read_message(
            pipe, BROKER_REPLY_MAX, timeout_ms, &reply, &reply_size);
    if (err == 0)
        err = print_reply(reply, reply_size);
    free(reply);
    return err;
}

int wmain(int argc, wchar_t **argv)
{
    const wchar_t *name = BROKER_PIPE;
    const wchar_t *level = L"impersonation";
    DWORD timeout_ms = 5000;
    const struct np_option options[] = {{"--pipe", .text = &name},
                                        {"--timeout", .number = &timeout_ms},
                                        {"--level", .text = &level},
                                        {0}};
    HANDLE pipe = NULL;
    DWORD flags = 0;
    size_t size = 0;
    DWORD err = ERROR_NOT_ENOUGH_MEMORY;

    int status = np_args(&argc, argv, USAGE, options);
    if (status != NP_ARGS_GO_ON)
        return status;
    if (argc < 2)
        return np_wrong_usage(USAGE, "a verb and a name are needed");
    if (!find_level(level, &flags))
        return np_wrong_usage(USAGE, "unknown level");

    char *request = join(argc, argv, &size);
    if (request != NULL)
        err = np_connect(
            name, GENERIC_READ | GENERIC_WRITE, flags, timeout_ms, &pipe);
    if (err == 0)
        err = ask(pipe, request, size, timeout_ms);
    if (err != 0)
        np_warn(err, "%ls %ls", argv[0], argv[1]);
    np_close(&pipe);
    free(request);
    return err == 0 ? 0 : 1;
}
