/*
 * findings.c - what stands out, in words; only what the record proves.
 *
 * The rules are those of the tables in the labs' README files: when 1368
 * comes, what Identification is good for, and what a forgotten revert does.
 */
#include "model.h"
#include "words.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { BAD_LEVEL = 1346, CANNOT_IMPERSONATE = 1368 };

/* What is remembered of a thread while its rows go by. */
struct thread {
    const char *pipe;     /* the instance whose client it was made */
    size_t connected_row; /* it took in another client meanwhile */
    bool told;            /* the forgotten revert was already pointed out */
    bool not_client;      /* its last attempt to impersonate failed */
    const char *refused;  /* what the client was refused */
    const char *opened;   /* what was opened as the client */
};

static void found(struct model *model, size_t row, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

static void found(struct model *model, size_t row, const char *format, ...)
{
    char words[200];
    va_list args;
    va_start(args, format);
    vsnprintf(words, sizeof words, format, args);
    va_end(args);
    struct text text = {0};
    text_add(&text, "%s", words);
    model->findings =
        grow(model->findings, model->finding_count, sizeof *model->findings);
    model->findings[model->finding_count++] =
        (struct finding){.row = row, .text = text.bytes};
}

/* Why 1368: what had happened at this instance before. */
static void too_early(struct model *model, size_t row)
{
    const struct event *event = &model->flight.events[row];
    const char *why = "before a client had connected";
    for (size_t i = row; i-- > 0;) {
        const struct event *past = &model->flight.events[i];
        const char *object = NULL;
        enum done done = pipe_done(model, i, &object);
        if (past->pid != event->pid || strcmp(object, event->object) != 0)
            continue;
        if (done == DONE_READ)
            return;
        if (call_is(past, "DisconnectNamedPipe"))
            why = "after disconnecting";
        else if (done == DONE_CONNECT)
            why = "before reading";
        else
            continue;
        break;
    }
    found(model, row, "impersonated %s: 1368", why);
}

/* The level the client asked for when it opened this pipe, or LEVEL_SELF when
 * the record does not show it or it asked for several. */
static enum level asked_level(const struct model *model,
                              const struct event *event)
{
    enum { SQOS_PRESENT = 0x100000 };
    enum level asked = LEVEL_SELF;
    size_t size = path_size(event->object);
    for (size_t row = 0; row < model->flight.count; row++) {
        const struct event *open = &model->flight.events[row];
        uint64_t flags = 0;
        if (open->pid != event->after.pid || !call_is(open, "CreateFile") ||
            event_failed(open) || path_size(open->object) != size ||
            strncmp(open->object, event->object, size) != 0 ||
            !detail_number(open, "flags", &flags))
            continue;
        /* The two level bits count from Anonymous; without the flag that
         * says they are there, Windows takes Impersonation (fact I04). */
        enum level level =
            (flags & SQOS_PRESENT) != 0
                ? (enum level)(LEVEL_ANONYMOUS + ((flags >> 16) & 3))
                : LEVEL_IMPERSONATION;
        if (asked != LEVEL_SELF && asked != level)
            return LEVEL_SELF;
        asked = level;
    }
    return asked;
}

static void impersonated(struct model *model, size_t row, struct thread *thread)
{
    const struct event *event = &model->flight.events[row];
    if (event_failed(event)) {
        thread->not_client = true;
        if (event->error == CANNOT_IMPERSONATE)
            too_early(model, row);
        return;
    }
    *thread = (struct thread){.pipe = event->object, .connected_row = NO_INDEX};
    enum level asked = asked_level(model, event);
    /* A client that was not recorded may have asked for just that. */
    if (event->after.level == LEVEL_IDENTIFICATION &&
        asked != LEVEL_IDENTIFICATION && asked != LEVEL_SELF)
        found(model,
              row,
              "TRUE, but only Identification (asked %s)",
              level_name(asked));
}

/* The thread is a client still, and takes in another. */
static void next_client(struct model *model, size_t row, struct thread *thread)
{
    const struct event *event = &model->flight.events[row];
    const char *object = NULL;
    enum done done = pipe_done(model, row, &object);
    struct event end = {.pid = event->pid, .object = object};
    if (!server_end(model, &end))
        return;
    if (done == DONE_CONNECT && thread->connected_row == NO_INDEX)
        thread->connected_row = row;
    if (done != DONE_READ || thread->told ||
        (thread->connected_row == NO_INDEX &&
         (thread->pipe == NULL || strcmp(thread->pipe, object) == 0)))
        return;
    found(model,
          row,
          "still impersonating %s when the next client was read",
          who_name(model, event->before));
    thread->told = true;
}

/* The thread is a client still, and does what the server does as itself. */
static void as_client(struct model *model, size_t row, struct thread *thread)
{
    const struct event *event = &model->flight.events[row];
    const char *name = who_name(model, event->before);
    bool good = event->finished && !event_failed(event);
    if (call_is(event, "RevertToSelf") && !good)
        found(model, row, "the revert failed: still %s", name);
    else if (call_is(event, "CreateNamedPipe") && good)
        found(model, row, "instance created as %s, not as the server", name);
    else if (call_is(event, "CreateProcess") && good)
        found(
            model, row, "the child is not %s: it has the server's token", name);
    else
        next_client(model, row, thread);
}

/* True when what was opened here is then read: what a client asks for is, a
 * log that the refusal goes to is not. */
static bool reads_it(const struct model *model, size_t row)
{
    const struct event *open = &model->flight.events[row];
    for (size_t i = row + 1; i < model->flight.count; i++) {
        const struct event *event = &model->flight.events[i];
        if (event->pid != open->pid || strcmp(event->object, open->object) != 0)
            continue;
        if (call_is(event, "ReadFile"))
            return !event_failed(event);
        if (call_is(event, "CloseHandle"))
            return false;
    }
    return false;
}

static void opened(struct model *model, size_t row, struct thread *thread)
{
    const struct event *event = &model->flight.events[row];
    const char *object = event->object;
    bool failed = event_failed(event);
    if (strcmp(object, "-") == 0) /* without a name it is nobody else's */
        return;
    if (event->before.level != LEVEL_SELF) {
        const char *name = who_name(model, event->before);
        if (failed && event->error == BAD_LEVEL)
            found(
                model, row, "at this level nothing can be opened as %s", name);
        *(failed ? &thread->refused : &thread->opened) = object;
    } else if (failed) {
        return;
    } else if (thread->not_client) {
        if (reads_it(model, row))
            found(
                model, row, "opened as itself after impersonating had failed");
    } else if (thread->refused != NULL &&
               strcmp(thread->refused, object) == 0) {
        found(model, row, "the client was refused this, now opened as itself");
    } else if (thread->opened != NULL && strcmp(thread->opened, object) == 0) {
        found(model, row, "opened as the client before, now again as itself");
    }
}

static void used(struct model *model, size_t row)
{
    const struct event *event = &model->flight.events[row];
    if (event->borrowed == NO_INDEX)
        return;
    const struct borrowed *borrowed = &model->borrowed[event->borrowed];
    if (row != borrowed->open_row && !call_is(event, "CloseHandle") &&
        event->before.level != LEVEL_SELF &&
        (event->before.pid != borrowed->who.pid ||
         event->before.connection != borrowed->who.connection))
        found(model,
              row,
              "handle opened as %s used for %s",
              who_name(model, borrowed->who),
              who_name(model, event->before));
}

/* A waited-for client that was never read is still worth a word. */
static void end_stretch(struct model *model,
                        const struct event *event,
                        struct thread *thread)
{
    if (thread->connected_row != NO_INDEX && !thread->told)
        found(model,
              thread->connected_row,
              "still impersonating %s while taking the next client",
              who_name(model, event->before));
    thread->connected_row = NO_INDEX;
    thread->pipe = NULL;
}

static void step(struct model *model, size_t row, struct thread *thread)
{
    const struct event *event = &model->flight.events[row];
    if (event->before.level != LEVEL_SELF) {
        as_client(model, row, thread);
        if (!same_who(event->before, event->after) || event->next == NO_INDEX)
            end_stretch(model, event, thread);
    }
    if (opens_object(event))
        opened(model, row, thread);
    used(model, row);
    if (call_is(event, "ImpersonateNamedPipeClient"))
        impersonated(model, row, thread);
    else if (call_is(event, "DisconnectNamedPipe"))
        thread->refused = thread->opened = NULL, thread->not_client = false;
}

static void ended(struct model *model, const struct lane *lane)
{
    const struct process *process = &model->processes[lane->process];
    const struct event *last = NULL;
    for (size_t row = lane->first_row; row <= lane->last_row; row++)
        if (&model->lanes[model->flight.events[row].lane] == lane)
            last = &model->flight.events[row];
    if (last == NULL || last->after.level == LEVEL_SELF)
        return;
    if (last->after.pid == 0) /* a token it made and put on, no client's */
        return;
    const char *name = who_name(model, last->after);
    if (process->end_row != NO_INDEX)
        found(model,
              process->end_row,
              "process ended while impersonating %s",
              name);
    else
        found(model,
              lane->last_row,
              "the record ends while thread %u is impersonating %s",
              (unsigned)lane->tid,
              name);
}

static int by_row(const void *a, const void *b)
{
    const struct finding *first = a, *second = b;
    return first->row < second->row ? -1 : first->row > second->row;
}

void find_findings(struct model *model)
{
    struct thread *threads = new_array(model->lane_count, sizeof *threads);
    for (size_t lane = 0; lane < model->lane_count; lane++)
        threads[lane].connected_row = NO_INDEX;
    for (size_t row = 0; row < model->flight.count; row++)
        step(model, row, &threads[model->flight.events[row].lane]);
    for (size_t lane = 0; lane < model->lane_count; lane++)
        ended(model, &model->lanes[lane]);
    if (model->finding_count > 0)
        qsort(model->findings,
              model->finding_count,
              sizeof *model->findings,
              by_row);
    free(threads);
}
