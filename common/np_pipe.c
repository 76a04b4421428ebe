/* np_pipe.c - see np_pipe.h. */
#include "np_pipe.h"
#include "np_handle.h"
#include "np_io.h"

DWORD np_create_first(const wchar_t *name,
                      DWORD mode,
                      DWORD instances,
                      SECURITY_ATTRIBUTES *security,
                      HANDLE *pipe)
{
    *pipe = CreateNamedPipeW(name,
                             PIPE_ACCESS_DUPLEX | FILE_FLAG_OVERLAPPED |
                                 FILE_FLAG_FIRST_PIPE_INSTANCE,
                             mode | PIPE_REJECT_REMOTE_CLIENTS,
                             instances,
                             /* nOutBufferSize */ NP_PIPE_BUFFER,
                             /* nInBufferSize */ NP_PIPE_BUFFER,
                             /* nDefaultTimeOut: 50 ms */ 0,
                             security);
    if (*pipe == INVALID_HANDLE_VALUE) {
        *pipe = NULL;
        return np_last_error();
    }
    return 0;
}

DWORD np_accept(HANDLE pipe, DWORD timeout_ms)
{
    OVERLAPPED io = {0};
    DWORD err = 0;
    DWORD unused;

    io.hEvent = CreateEventW(NULL, /* manual */ TRUE, FALSE, NULL);
    if (io.hEvent == NULL)
        return np_last_error();
    if (!ConnectNamedPipe(pipe, &io))
        err = np_last_error();
    /* With these two the event is not signalled (P02). */
    if (err == ERROR_PIPE_CONNECTED || err == ERROR_NO_DATA)
        err = 0;
    else
        err = np_await_io(pipe, &io, err, timeout_ms, &unused);
    np_close(&io.hEvent);
    return err;
}

DWORD np_connect(const wchar_t *name,
                 DWORD access,
                 DWORD sqos_flags,
                 DWORD timeout_ms,
                 HANDLE *pipe)
{
    struct np_deadline deadline = np_deadline_in(timeout_ms);

    for (;;) {
        *pipe = CreateFileW(name,
                            access,
                            /* dwShareMode: pipes ignore it */ 0,
                            NULL,
                            OPEN_EXISTING,
                            FILE_FLAG_OVERLAPPED | SECURITY_SQOS_PRESENT |
                                sqos_flags,
                            NULL);
        if (*pipe != INVALID_HANDLE_VALUE)
            return 0;
        DWORD err = np_last_error();
        *pipe = NULL;
        if (err != ERROR_PIPE_BUSY)
            return err;

        /* 0 would mean the server's default time and not "no time";
         * INFINITE is NMPWAIT_WAIT_FOREVER. */
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
