/* client.c - a thread does everything, synchronously; the main thread cancels
 * what it is in when the time is up. */
#include "client_trust.h"
#include "np_args.h"
#include "np_error.h"
#include "np_handle.h"

#include <stdlib.h>
#include <string.h>
#include <wchar.h>

static const char USAGE[] = "client [options] FILE|-\n";

struct errand {
    const wchar_t *name, *owner;
    DWORD lend, ms;
    char request[1030];
    size_t size;
    char reply[257];
    const char *why; /* NULL: done */
    volatile LONG late;
};

static bool get(struct errand *errand, HANDLE pipe)
{
    DWORD got = 0;

    do {
        if (errand->late || !ReadFile(pipe, errand->reply, 256, &got, NULL))
            return false;
        errand->reply[got] = '\0';
        for (DWORD i = 0; i < got; i++)
            if ((unsigned char)(errand->reply[i] - ' ') > '~' - ' ')
                return false;
    } while (strcmp(errand->reply, "WAIT") == 0);
    return true;
}

static const char *run(struct errand *errand, HANDLE *pipe)
{
    DWORD mode = PIPE_READMODE_MESSAGE, done = 0;
    struct trust trust;
    const char *doubt = NULL;

    do {
        *pipe = CreateFileW(errand->name,
                            GENERIC_READ | GENERIC_WRITE,
                            0,
                            NULL,
                            OPEN_EXISTING,
                            SECURITY_SQOS_PRESENT | errand->lend,
                            NULL);
    } while (*pipe == INVALID_HANDLE_VALUE &&
             GetLastError() == ERROR_PIPE_BUSY && !errand->late &&
             WaitNamedPipeW(errand->name, errand->ms));
    if (*pipe == INVALID_HANDLE_VALUE)
        return "nobody serves the pipe";
    DWORD err = trust_begin(&trust, errand->owner);
    if (err == 0)
        err = trust_check(*pipe, &trust, &doubt);
    trust_end(&trust);
    if (err != 0 || doubt != NULL)
        return "that is not the true server";
    if (!SetNamedPipeHandleState(*pipe, &mode, NULL, NULL) ||
        !WriteFile(*pipe, "HELLO", 5, &done, NULL) || !get(errand, *pipe) ||
        strcmp(errand->reply, "READY") != 0)
        return "the server is not ready";
    if (!WriteFile(*pipe, errand->request, (DWORD)errand->size, &done, NULL) ||
        !get(errand, *pipe) || strncmp(errand->reply, "KEPT for ", 9) != 0)
        return "the secret is not kept";
    return NULL;
}

static DWORD WINAPI work(void *argument)
{
    struct errand *errand = argument;
    HANDLE pipe = NULL;

    errand->why = run(errand, &pipe);
    np_close(&pipe);
    return 0;
}

int wmain(int argc, wchar_t **argv)
{
    static struct errand errand = {.name = L"\\\\.\\pipe\\nplab-09-wary-client",
                                   .ms = 5000,
                                   .request = "KEEP "};
    const wchar_t *level = L"identification";
    const struct np_option options[] = {{"--pipe", .text = &errand.name},
                                        {"--owner", .text = &errand.owner},
                                        {"--level", .text = &level},
                                        {"--timeout", .number = &errand.ms},
                                        {0}};

    int status = np_args(&argc, argv, USAGE, options);
    if (status != NP_ARGS_GO_ON)
        return status;
    errand.lend = wcscmp(level, L"anonymous") == 0 ? SECURITY_ANONYMOUS
                                                   : SECURITY_IDENTIFICATION;
    if (argc != 1 ||
        (errand.lend != 0 && wcscmp(level, L"identification") != 0) ||
        _wcsnicmp(errand.name, L"\\\\.\\pipe\\", 9) != 0 ||
        wcspbrk(errand.name + 9, L"\\/") != NULL)
        return np_wrong_usage(USAGE, "that cannot be meant");
    FILE *in = wcscmp(argv[0], L"-") == 0 ? stdin : _wfopen(argv[0], L"rb");
    errand.size = in == NULL ? 0 : fread(errand.request + 5, 1, 1025, in);
    if (errand.size == 0 || errand.size > 1024)
        np_die(ERROR_BAD_LENGTH, "the secret");
    errand.size += 5;
    HANDLE worker = CreateThread(NULL, 0, work, &errand, 0, NULL);
    if (worker == NULL)
        np_die(np_last_error(), "CreateThread");
    DWORD wait = errand.ms;
    while (WaitForSingleObject(worker, wait) == WAIT_TIMEOUT) {
        errand.late = 1;
        CancelSynchronousIo(worker); /* again, if it was just between two */
        wait = 5;
    }
    if (errand.why == NULL && !errand.late)
        printf("%s\n", errand.reply);
    else
        fprintf(stderr, "%s\n", errand.late ? "too late" : errand.why);
    np_close(&worker);
    return errand.why == NULL && !errand.late ? 0 : 1;
}
