/* pending.c - which pending call a completion belongs to. */
#include "model.h"

#include <string.h>

enum { ERROR_IO_PENDING = 997 };

static bool completes(const struct event *event)
{
    return event->finished && event->error == 0 &&
           (call_is(event, "GetOverlappedResult") ||
            call_is(event, "GetOverlappedResultEx") ||
            call_is(event, "GetQueuedCompletionStatus"));
}

/* The newest pending call of the process with the same OVERLAPPED. */
static size_t origin(const struct flight *flight, size_t row)
{
    const struct event *event = &flight->events[row];
    uint64_t overlapped = 0, other = 0;
    if (!detail_number(event, "ov", &overlapped))
        return NO_INDEX;
    while (row-- > 0) {
        const struct event *past = &flight->events[row];
        if (past->pid == event->pid && past->error == ERROR_IO_PENDING &&
            detail_number(past, "ov", &other) && other == overlapped)
            return row;
    }
    return NO_INDEX;
}

void find_origins(struct model *model)
{
    for (size_t row = 0; row < model->flight.count; row++)
        if (completes(&model->flight.events[row]))
            model->flight.events[row].origin = origin(&model->flight, row);
}

static enum done done_by(const struct event *event)
{
    if (call_is(event, "ConnectNamedPipe"))
        return DONE_CONNECT;
    if (call_is(event, "ReadFile"))
        return DONE_READ;
    if (call_is(event, "WriteFile"))
        return DONE_WRITE;
    return DONE_NOTHING;
}

enum done pipe_done(const struct model *model, size_t row, const char **object)
{
    const struct event *event = &model->flight.events[row];
    const struct event *call = event->origin != NO_INDEX
                                   ? &model->flight.events[event->origin]
                                   : event;
    *object = call->object;
    if (!is_pipe(call->object) || !event->finished || event_failed(event) ||
        event->error == ERROR_IO_PENDING)
        return DONE_NOTHING;
    bool nothing_read = event->error == 109 || event->error == 995;
    return nothing_read ? DONE_NOTHING : done_by(call);
}
