/* client.c - reads and writes with completion routines, in alertable waits. */
#include "client_trust.h"
#include "np_args.h"
#include "np_handle.h"
#include "np_io.h"
#include "np_pipe.h"

#include <stdlib.h>
#include <string.h>
#include <wchar.h>

static const char USAGE[] = "client [options] FILE|-\n";

struct operation {
    OVERLAPPED io; /* first: the routine gets its address */
    bool done;
    DWORD err, bytes;
};

static void CALLBACK finish(DWORD err, DWORD bytes, OVERLAPPED *io)
{
    struct operation *operation = (struct operation *)io;
    operation->done = true;
    operation->err = err;
    operation->bytes = bytes;
}

static DWORD await(HANDLE pipe, struct operation *one, struct np_deadline end)
{
    while (!one->done && np_time_left(end) > 0)
        SleepEx(np_time_left(end), TRUE);
    if (!one->done) {
        CancelIoEx(pipe, &one->io);
        while (!one->done)
            SleepEx(INFINITE, TRUE);
        return WAIT_TIMEOUT;
    }
    return one->err;
}

static DWORD
put(HANDLE pipe, const char *text, size_t size, struct np_deadline end)
{
    struct operation one = {0};

    if (!WriteFileEx(pipe, text, (DWORD)size, &one.io, finish))
        return np_last_error();
    return await(pipe, &one, end);
}

/* The next reply but WAIT; text has 257 bytes. A longer one is 234. */
static DWORD get(HANDLE pipe, char *text, struct np_deadline end)
{
    DWORD err = 0;

    do {
        struct operation one = {0};
        if (np_time_left(end) == 0)
            return WAIT_TIMEOUT;
        if (!ReadFileEx(pipe, text, 256, &one.io, finish))
            return np_last_error();
        err = await(pipe, &one, end);
        text[err == 0 ? one.bytes : 0] = '\0';
        for (DWORD i = 0; err == 0 && i < one.bytes; i++)
            if (text[i] < 32 || text[i] > 126)
                err = ERROR_INVALID_DATA;
    } while (err == 0 && strcmp(text, "WAIT") == 0);
    return err;
}

int wmain(int argc, wchar_t **argv)
{
    const wchar_t *name = L"\\\\.\\pipe\\nplab-09-wary-client";
    const wchar_t *owner = NULL, *level = L"identification";
    DWORD ms = 5000, mode = PIPE_READMODE_MESSAGE;
    const struct np_option options[] = {{"--pipe", .text = &name},
                                        {"--owner", .text = &owner},
                                        {"--level", .text = &level},
                                        {"--timeout", .number = &ms},
                                        {0}};
    static char request[1030] = "KEEP ", reply[257];
    struct trust trust;
    const char *doubt = NULL;
    HANDLE pipe = NULL;

    int status = np_args(&argc, argv, USAGE, options);
    if (status != NP_ARGS_GO_ON)
        return status;
    DWORD lend = wcscmp(level, L"anonymous") == 0 ? SECURITY_ANONYMOUS
                                                  : SECURITY_IDENTIFICATION;
    if (argc != 1 || (lend != 0 && wcscmp(level, L"identification") != 0) ||
        _wcsnicmp(name, L"\\\\.\\pipe\\", 9) != 0 ||
        wcspbrk(name + 9, L"\\/") != NULL)
        return np_wrong_usage(USAGE, "that cannot be meant");
    FILE *in = wcscmp(argv[0], L"-") == 0 ? stdin : _wfopen(argv[0], L"rb");
    size_t size = in == NULL ? 0 : fread(request + 5, 1, 1025, in);
    if (size == 0 || size > 1024)
        np_die(ERROR_BAD_LENGTH, "the secret");
    struct np_deadline end = np_deadline_in(ms);
    DWORD err = trust_begin(&trust, owner);
    if (err == 0)
        err = np_connect(name, GENERIC_READ | GENERIC_WRITE, lend, ms, &pipe);
    if (err == 0)
        err = trust_check(pipe, &trust, &doubt);
    if (err == 0 && doubt != NULL)
        err = ERROR_ACCESS_DENIED;
    if (err == 0 && !SetNamedPipeHandleState(pipe, &mode, NULL, NULL))
        err = np_last_error();
    if (err == 0)
        err = put(pipe, "HELLO", 5, end);
    if (err == 0)
        err = get(pipe, reply, end);
    if (err == 0 && strcmp(reply, "READY") != 0)
        err = ERROR_NOT_READY;
    if (err == 0)
        err = put(pipe, request, size + 5, end);
    if (err == 0)
        err = get(pipe, reply, end);
    if (err == 0 && strncmp(reply, "KEPT for ", 9) != 0)
        err = ERROR_INVALID_DATA;
    if (err != 0)
        np_die(err, "a secret for %ls", name);
    printf("%s\n", reply);
    return 0;
}
