/*
 * client.c - asks the server who we are, and prints what it says.
 *
 *     client [--pipe NAME] [--level LEVEL] [--timeout MS]
 *
 * The level is how far the server may go with our identity. To be told who we
 * are, identification is enough, so nothing more is lent unless it is asked
 * for. Partner: server.c.
 */
#include "np_args.h"
#include "np_handle.h"
#include "np_io.h"
#include "np_pipe.h"
#include "who.h"

#include <stdlib.h>
#include <string.h>
#include <wchar.h>

static const char USAGE[] =
    "usage: client [--pipe NAME] [--level LEVEL] [--timeout MS]\n"
    "Asks the server who it takes us for.\n"
    "  --pipe NAME    the server's pipe, default "
    "\\\\.\\pipe\\nplab-05-who-calls\n"
    "  --level LEVEL  anonymous, identification (default) or impersonation\n"
    "  --timeout MS   longest wait for the server, default 5000\n";

static bool flags_of(const wchar_t *level, DWORD *flags)
{
    static const struct {
        const wchar_t *name;
        DWORD flags;
    } levels[] = {{L"anonymous", SECURITY_ANONYMOUS},
                  {L"identification", SECURITY_IDENTIFICATION},
                  {L"impersonation", SECURITY_IMPERSONATION}};

    for (size_t i = 0; i < sizeof levels / sizeof levels[0]; i++) {
        if (wcscmp(level, levels[i].name) == 0) {
            *flags = levels[i].flags;
            return true;
        }
    }
    return false;
}

/* Sends the request and reads the reply, which the caller frees. */
static DWORD ask(HANDLE pipe, DWORD timeout_ms, void **reply, size_t *size)
{
    DWORD mode = PIPE_READMODE_MESSAGE;
    DWORD err;

    *reply = NULL;
    *size = 0;
    if (!SetNamedPipeHandleState(pipe, &mode, NULL, NULL))
        return np_last_error();
    err = np_write_all(pipe, WHO_REQUEST, strlen(WHO_REQUEST), timeout_ms);
    if (err == 0)
        err = np_read_message(pipe, WHO_REPLY_MAX, timeout_ms, reply, size);
    return err;
}

/* Prints the reply where it belongs; returns the exit code. */
static int show(const char *reply, size_t size)
{
    bool told =
        size >= strlen(WHO_YOU) && memcmp(reply, WHO_YOU, strlen(WHO_YOU)) == 0;

    fwrite(reply, 1, size, told ? stdout : stderr);
    return told ? 0 : 1;
}

int wmain(int argc, wchar_t **argv)
{
    const wchar_t *name = WHO_PIPE;
    const wchar_t *level = L"identification";
    DWORD timeout_ms = 5000;
    const struct np_option options[] = {{"--pipe", .text = &name},
                                        {"--level", .text = &level},
                                        {"--timeout", .number = &timeout_ms},
                                        {0}};
    HANDLE pipe = NULL;
    void *reply = NULL;
    size_t size = 0;
    DWORD lend = 0;
    DWORD err;

    int status = np_args(&argc, argv, USAGE, options);
    if (status != NP_ARGS_GO_ON)
        return status;
    if (argc != 0)
        return np_wrong_usage(USAGE, "the client takes no operands");
    if (!flags_of(level, &lend))
        return np_wrong_usage(USAGE, "no such level");

    status = 1;
    err =
        np_connect(name, GENERIC_READ | GENERIC_WRITE, lend, timeout_ms, &pipe);
    if (err != 0) {
        np_warn(err, "CreateFileW(%ls)", name);
        goto out;
    }
    err = ask(pipe, timeout_ms, &reply, &size);
    /* An empty message is a message, and no answer. */
    if (err == 0 && size == 0)
        err = ERROR_INVALID_DATA;
    if (err != 0)
        np_warn(err, "talking to %ls", name);
    else
        status = show(reply, size);
out:
    free(reply);
    np_close(&pipe);
    return status;
}
