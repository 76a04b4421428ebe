/* server.c - a thread for each client, one instance more than is in use. */
#include "np_args.h"
#include "np_handle.h"
#include "np_io.h"
#include "np_pipe.h"
#include "np_stop.h"

#include <stdlib.h>
#include <string.h>

enum { LIMIT = 32768 };

static DWORD patience = 5000;

static DWORD reply_to(HANDLE pipe, unsigned char *m, size_t size)
{
    switch (size > 0 ? m[0] : 0) {
    case 'U':
        for (size_t i = 1; i < size; i++)
            m[i] =
                (unsigned char)(m[i] >= 'a' && m[i] <= 'z' ? m[i] - 32 : m[i]);
        break;
    case 'R':
        for (size_t i = 1, j = size - 1; i < j; i++, j--) {
            unsigned char keep = m[i];
            m[i] = m[j];
            m[j] = keep;
        }
        break;
    default:
        if (size == 0)
            return np_write_all(pipe, "-empty", 6, patience);
        return np_write_all(pipe, "-unknown", 8, patience);
    }
    m[0] = '+';
    return np_write_all(pipe, m, size, patience);
}

static DWORD WINAPI serve_one(void *context)
{
    HANDLE pipe = context;
    DWORD err = 0;
    bool bye = false;

    while (err == 0 && !bye) {
        void *request = NULL;
        size_t size = 0;
        err = np_read_message(pipe, LIMIT, patience, &request, &size);
        bye = err == 0 && size == 1 && *(char *)request == 'B';
        if (bye)
            err = np_write_all(pipe, "+bye", 4, patience);
        else if (err == ERROR_MORE_DATA)
            err = np_write_all(pipe, "-too long", 9, patience);
        else if (err == 0)
            err = reply_to(pipe, request, size);
        free(request);
    }
    /* A close leaves the client its last reply: no need to wait for it. */
    np_close(&pipe);
    return 0;
}

static DWORD open_instance(const wchar_t *name, bool first, HANDLE *pipe)
{
    *pipe = CreateNamedPipeW(name,
                             PIPE_ACCESS_DUPLEX | FILE_FLAG_OVERLAPPED |
                                 (first ? FILE_FLAG_FIRST_PIPE_INSTANCE : 0),
                             PIPE_TYPE_MESSAGE | PIPE_READMODE_MESSAGE,
                             PIPE_UNLIMITED_INSTANCES,
                             65536,
                             65536,
                             0,
                             NULL);
    return *pipe != INVALID_HANDLE_VALUE ? 0 : np_last_error();
}

int wmain(int argc, wchar_t **argv)
{
    const wchar_t *name = L"\\\\.\\pipe\\nplab-02-messages";
    const struct np_option options[] = {
        {"--pipe", .text = &name}, {"--timeout", .number = &patience}, {0}};
    HANDLE pipe;
    DWORD err;

    int status = np_args(&argc, argv, "server, see the README\n", options);
    if (status != NP_ARGS_GO_ON)
        return status;
    err = open_instance(name, true, &pipe);
    if (err == 0)
        err = np_stop_begin();
    while (err == 0) {
        err = np_accept(pipe, INFINITE);
        if (err != 0)
            break;
        CloseHandle(CreateThread(NULL, 0, serve_one, pipe, 0, NULL));
        err = open_instance(name, false, &pipe);
    }
    if (np_stop_requested())
        return 0;
    np_die(err, "server on %ls", name);
}
