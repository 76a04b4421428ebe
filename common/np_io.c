/* np_io.c - see np_io.h. */
#include "np_io.h"
#include "np_handle.h"
#include "np_stop.h"

#include <stdlib.h>

struct np_deadline np_deadline_in(DWORD timeout_ms)
{
    struct np_deadline deadline = {MAXULONGLONG};

    if (timeout_ms != INFINITE)
        deadline.at_ms = GetTickCount64() + timeout_ms;
    return deadline;
}

DWORD np_time_left(struct np_deadline deadline)
{
    ULONGLONG now = GetTickCount64();

    if (deadline.at_ms == MAXULONGLONG)
        return INFINITE;
    /* The difference began as a DWORD and only shrinks. */
    return now < deadline.at_ms ? (DWORD)(deadline.at_ms - now) : 0;
}

DWORD np_await_io(
    HANDLE file, OVERLAPPED *io, DWORD started, DWORD timeout_ms, DWORD *bytes)
{
    DWORD given_up = 0;

    *bytes = 0;
    if (started == ERROR_IO_PENDING) {
        /* The lowest index wins: what has completed is not given up. */
        HANDLE events[] = {io->hEvent, np_stop_event()};
        DWORD count = events[1] != NULL ? 2 : 1;
        DWORD woken = WaitForMultipleObjects(count, events, FALSE, timeout_ms);
        if (woken == WAIT_FAILED)
            given_up = np_last_error();
        else if (woken != WAIT_OBJECT_0)
            given_up =
                woken == WAIT_TIMEOUT ? WAIT_TIMEOUT : ERROR_OPERATION_ABORTED;
        if (given_up != 0)
            CancelIoEx(file, io);
    } else if (started != 0 && started != ERROR_MORE_DATA) {
        return started;
    }
    if (GetOverlappedResult(file, io, bytes, /* bWait */ TRUE))
        return 0;
    DWORD err = np_last_error();
    return given_up != 0 && err == ERROR_OPERATION_ABORTED ? given_up : err;
}

DWORD np_read(HANDLE pipe, void *data, DWORD size, DWORD timeout_ms, DWORD *got)
{
    OVERLAPPED io = {0};
    DWORD err = 0;

    *got = 0;
    if (timeout_ms == 0) /* else who always has data would be read for ever */
        return WAIT_TIMEOUT;
    io.hEvent = CreateEventW(NULL, /* manual */ TRUE, FALSE, NULL);
    if (io.hEvent == NULL)
        return np_last_error();
    /* The count is asked for afterwards: here it would be 0 with 234 (P23). */
    if (!ReadFile(pipe, data, size, NULL, &io))
        err = np_last_error();
    err = np_await_io(pipe, &io, err, timeout_ms, got);
    np_close(&io.hEvent);
    return err;
}

DWORD np_write_all(HANDLE pipe, const void *data, size_t size, DWORD timeout_ms)
{
    struct np_deadline deadline = np_deadline_in(timeout_ms);
    const char *next = data;
    OVERLAPPED io = {0};
    DWORD err = 0;

    io.hEvent = CreateEventW(NULL, /* manual */ TRUE, FALSE, NULL);
    if (io.hEvent == NULL)
        return np_last_error();
    /* At least one call: an empty write is an empty message. */
    do {
        DWORD written = 0;
        DWORD part = size < MAXDWORD ? (DWORD)size : MAXDWORD;
        DWORD left_ms = np_time_left(deadline);

        if (left_ms == 0) {
            err = WAIT_TIMEOUT;
            break;
        }
        err = 0;
        if (!WriteFile(pipe, next, part, NULL, &io))
            err = np_last_error();
        err = np_await_io(pipe, &io, err, left_ms, &written);
        next += written;
        size -= written;
    } while (err == 0 && size > 0);
    np_close(&io.hEvent);
    return err;
}

/* Reads what is left of a message that is too long. */
static DWORD drop_rest(HANDLE pipe, struct np_deadline deadline)
{
    char scratch[4096];
    DWORD got = 0;
    DWORD err;

    do {
        err = np_read(
            pipe, scratch, sizeof scratch, np_time_left(deadline), &got);
    } while (err == ERROR_MORE_DATA);
    return err != 0 ? err : ERROR_MORE_DATA;
}

DWORD np_read_message(
    HANDLE pipe, size_t limit, DWORD timeout_ms, void **data, size_t *size)
{
    struct np_deadline deadline = np_deadline_in(timeout_ms);
    size_t room = limit < 512 ? limit : 512;
    size_t filled = 0;
    char *message = malloc(room);
    DWORD err = message != NULL ? 0 : ERROR_NOT_ENOUGH_MEMORY;

    *data = NULL;
    *size = 0;
    while (err == 0) {
        DWORD got = 0;
        size_t free_bytes = room - filled;
        DWORD part = free_bytes < MAXDWORD ? (DWORD)free_bytes : MAXDWORD;

        err =
            np_read(pipe, message + filled, part, np_time_left(deadline), &got);
        filled += got;
        if (err != ERROR_MORE_DATA)
            break;
        if (room == limit) {
            err = drop_rest(pipe, deadline);
            break;
        }
        room = room < limit / 2 ? room * 2 : limit;
        char *bigger = realloc(message, room);
        if (bigger == NULL) {
            err = ERROR_NOT_ENOUGH_MEMORY;
            break;
        }
        message = bigger;
        err = 0;
    }
    if (err == 0) {
        *data = message;
        *size = filled;
        message = NULL;
    }
    free(message);
    return err;
}
