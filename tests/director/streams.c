/* streams.c - the standard handles of a student's program.
 *
 * Each is a pipe whose buffer holds all that is ever kept of it. So nothing
 * has to read along while the program writes: the director looks into the
 * pipe when it is asked. A program that fills the buffer stands still in its
 * write, which is how a flood is recognised.
 */
#include "director.h"

#include <stdio.h>

/* More than the limit: a write that does not fit is not seen in the pipe
 * until it does. */
#define BUFFER_SIZE (STREAM_LIMIT + 65536u)

DWORD make_stream(struct stream *stream, bool input, HANDLE *theirs)
{
    static unsigned count;
    wchar_t name[96];
    _snwprintf(name,
               96,
               L"\\\\.\\pipe\\nplab-stream-%lx-%llx-%u",
               (unsigned long)GetCurrentProcessId(),
               (unsigned long long)__builtin_ia32_rdtsc(),
               count++);
    *stream = (struct stream){0};
    *theirs = INVALID_HANDLE_VALUE;
    DWORD direction = input ? PIPE_ACCESS_OUTBOUND : PIPE_ACCESS_INBOUND;
    stream->ours = CreateNamedPipeW(name,
                                    direction | FILE_FLAG_OVERLAPPED |
                                        FILE_FLAG_FIRST_PIPE_INSTANCE,
                                    PIPE_TYPE_BYTE | PIPE_REJECT_REMOTE_CLIENTS,
                                    1,
                                    BUFFER_SIZE,
                                    BUFFER_SIZE,
                                    0,
                                    NULL);
    if (stream->ours == INVALID_HANDLE_VALUE)
        return GetLastError();
    SECURITY_ATTRIBUTES inherit = {sizeof inherit, NULL, TRUE};
    *theirs = CreateFileW(name,
                          input ? GENERIC_READ : GENERIC_WRITE,
                          0,
                          &inherit,
                          OPEN_EXISTING,
                          SECURITY_SQOS_PRESENT | SECURITY_IDENTIFICATION,
                          NULL);
    return *theirs == INVALID_HANDLE_VALUE ? GetLastError() : 0;
}

static DWORD waiting_bytes(struct stream *stream)
{
    DWORD size = 0;
    PeekNamedPipe(stream->ours, NULL, 0, NULL, &size, NULL);
    return size;
}

bool is_flooded(struct stream *stream)
{
    return !stream->limitless &&
           stream->total + waiting_bytes(stream) >= STREAM_LIMIT;
}

DWORD write_stream(struct stream *stream, const void *data, size_t size)
{
    if (stream->ours == NULL)
        return ERROR_INVALID_HANDLE;
    OVERLAPPED io = {0};
    DWORD bytes;
    io.hEvent = CreateEventW(NULL, TRUE, FALSE, NULL);
    BOOL started = WriteFile(stream->ours, data, (DWORD)size, NULL, &io);
    DWORD err = finish_io(stream->ours, &io, started, after(2000), &bytes);
    CloseHandle(io.hEvent);
    return err;
}

static void answer_stream(struct stream *stream)
{
    bool flooded = is_flooded(stream);
    DWORD size = waiting_bytes(stream), got = 0;
    if (!stream->limitless && stream->total + size > STREAM_LIMIT)
        size = (DWORD)(STREAM_LIMIT - stream->total);
    char *bytes = scratch(size);
    if (size > 0) {
        /* The bytes are there, so this does not wait. */
        OVERLAPPED io = {0};
        io.hEvent = CreateEventW(NULL, TRUE, FALSE, NULL);
        BOOL started = ReadFile(stream->ours, bytes, size, NULL, &io);
        finish_io(stream->ours, &io, started, after(1000), &got);
        CloseHandle(io.hEvent);
    }
    stream->total += got;
    answer_number(flooded);
    answer_bytes(bytes, got);
}

/* ---- requests
 * ------------------------------------------------------------------ */

void do_input(void)
{
    struct student *student = take_student();
    size_t size;
    const unsigned char *data = take_bytes(&size);
    DWORD err = write_stream(&student->in, data, size);
    if (err != 0)
        answer_error(err);
}

void do_end_input(void)
{
    struct student *student = take_student();
    if (student->in.ours != NULL)
        CloseHandle(student->in.ours);
    student->in.ours = NULL;
}

/* The program's output may be as long as it likes, if someone reads along. */
void do_lift_limit(void)
{
    struct student *student = take_student();
    student->out.limitless = student->err.limitless = true;
}

void do_output(void)
{
    answer_stream(&take_student()->out);
}

void do_errors(void)
{
    answer_stream(&take_student()->err);
}
