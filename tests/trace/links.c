/*
 * links.c - which write a read answered, where the record proves it.
 *
 * A read and a write belong together when they name the same pipe from its
 * two ends, carry equally many bytes and nobody else's write could be meant.
 */
#include "model.h"
#include "text.h"

#include <stdlib.h>
#include <string.h>

/* A message on its way: one end of an arrow. */
struct message {
    size_t row;
    const char *object;
    uint64_t bytes;
    bool by_server;
};

static bool transacts(const struct event *event)
{
    return call_is(event, "TransactNamedPipe") ||
           call_is(event, "CallNamedPipe");
}

/* Fills in what the event wrote (or, for `reads`, got); false if nothing. */
static bool message_of(const struct model *model,
                       size_t row,
                       bool reads,
                       struct message *message)
{
    const struct event *event = &model->flight.events[row];
    *message = (struct message){.row = row, .object = event->object};
    bool found = false;
    if (transacts(event) && event->finished && event->error == 0) {
        found = detail_number(event, reads ? "bytes" : "sent", &message->bytes);
    } else {
        /* A pending write is on its way already; a pending read has nothing. */
        bool pending = call_is(event, "WriteFile") && event->error == 997;
        enum done done =
            pending ? DONE_WRITE : pipe_done(model, row, &message->object);
        found = done == (reads ? DONE_READ : DONE_WRITE) &&
                (reads || event->origin == NO_INDEX) &&
                (detail_number(event, "bytes", &message->bytes) ||
                 (!reads && detail_number(event, "size", &message->bytes)));
    }
    struct event end = {.pid = event->pid, .object = message->object};
    message->by_server = found && server_end(model, &end);
    return found && message->bytes > 0;
}

/* Looks along the conversation at a server's end, one way, for who its client
 * was found to be; 0 when nobody asked. */
static uint32_t client_along(const struct flight *flight,
                             const struct message *message,
                             bool forward)
{
    size_t row = message->row;
    uint32_t pid = flight->events[row].pid;
    while (forward ? ++row < flight->count : row-- > 0) {
        const struct event *event = &flight->events[row];
        if (event->pid != pid || strcmp(event->object, message->object) != 0)
            continue;
        if (call_is(event, "ConnectNamedPipe") ||
            call_is(event, "DisconnectNamedPipe") ||
            call_is(event, "CloseHandle"))
            return 0;
        if (call_is(event, "ImpersonateNamedPipeClient") &&
            event->after.level != LEVEL_SELF && !event_failed(event))
            return event->after.pid;
    }
    return 0;
}

static bool may_be(const struct model *model,
                   const struct message *write,
                   const struct message *read)
{
    const struct flight *flight = &model->flight;
    const struct event *writer = &flight->events[write->row];
    const struct event *reader = &flight->events[read->row];
    size_t size = path_size(write->object);
    if (writer->read_by != NO_INDEX || write->bytes != read->bytes ||
        writer->start > reader->end || writer->pid == reader->pid ||
        write->by_server == read->by_server ||
        size != path_size(read->object) ||
        strncmp(write->object, read->object, size) != 0)
        return false;
    const struct message *server = write->by_server ? write : read;
    uint32_t client = client_along(flight, server, true);
    if (client == 0)
        client = client_along(flight, server, false);
    return client == 0 || client == (write->by_server ? reader : writer)->pid;
}

/* The oldest unread write that may be meant; NO_INDEX when writes of two
 * processes may be. */
static size_t write_of(const struct model *model,
                       const struct message *writes,
                       size_t count,
                       const struct message *read)
{
    size_t found = NO_INDEX;
    const struct event *events = model->flight.events;
    for (size_t i = 0; i < count; i++) {
        if (!may_be(model, &writes[i], read))
            continue;
        if (found == NO_INDEX)
            found = writes[i].row;
        else if (events[writes[i].row].pid != events[found].pid)
            return NO_INDEX;
    }
    return found;
}

void find_links(struct model *model)
{
    struct message *writes = NULL;
    size_t count = 0;
    for (size_t row = 0; row < model->flight.count; row++) {
        struct message write;
        if (!message_of(model, row, false, &write))
            continue;
        writes = grow(writes, count, sizeof *writes);
        writes[count++] = write;
    }
    for (size_t row = 0; row < model->flight.count; row++) {
        struct message read;
        if (!message_of(model, row, true, &read))
            continue;
        size_t write = write_of(model, writes, count, &read);
        model->flight.events[row].written_by = write;
        if (write != NO_INDEX)
            model->flight.events[write].read_by = row;
    }
    free(writes);
}
