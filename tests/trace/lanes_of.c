/* lanes_of.c - the processes and threads of a record, and who each was. */
#include "model.h"
#include "text.h"

#include <stdio.h>
#include <string.h>

static size_t process_of(struct model *model, uint32_t pid)
{
    for (size_t i = 0; i < model->process_count; i++)
        if (model->processes[i].pid == pid)
            return i;
    model->processes =
        grow(model->processes, model->process_count, sizeof *model->processes);
    struct process *process = &model->processes[model->process_count];
    *process =
        (struct process){.pid = pid, .end_row = NO_INDEX, .client = NO_INDEX};
    snprintf(process->exe, sizeof process->exe, "process");
    return model->process_count++;
}

static size_t lane_of(struct model *model, const struct event *event)
{
    for (size_t i = 0; i < model->lane_count; i++)
        if (model->lanes[i].pid == event->pid &&
            model->lanes[i].tid == event->tid)
            return i;
    return NO_INDEX;
}

/* The lanes of a process stand together, in the order they appear. */
static void add_lane(struct model *model, const struct event *event, size_t row)
{
    size_t process = process_of(model, event->pid);
    size_t place = 0;
    for (size_t i = 0; i < model->lane_count; i++)
        if (model->lanes[i].process <= process)
            place = i + 1;
    model->lanes = grow(model->lanes, model->lane_count, sizeof *model->lanes);
    memmove(&model->lanes[place + 1],
            &model->lanes[place],
            (model->lane_count - place) * sizeof *model->lanes);
    model->lanes[place] = (struct lane){.pid = event->pid,
                                        .tid = event->tid,
                                        .process = process,
                                        .first_row = row,
                                        .last_row = row};
    model->lane_count++;
    model->processes[process].lane_count++;
}

/* The file's name, from the first word of the command line. */
static void name_process(struct process *process, const struct event *event)
{
    size_t size = 0;
    const char *path = detail(event, "args", &size);
    if (path == NULL)
        return;
    size = command_size(path, size);
    const char *name = path, *end = path + size;
    for (const char *p = path; p < end; p++)
        if (*p == '\\' || *p == '/' || *p == '"')
            name = p + 1 < end ? p + 1 : name;
    size = (size_t)(end - name);
    while (size > 0 && (name[size - 1] == '"'))
        size--;
    snprintf(process->exe, sizeof process->exe, "%.*s", (int)size, name);
}

/* Lanes reach as far as their process is known to live, when the thread is
 * known to live with it: it waits, it is a client still, or it ended it. */
static void stretch(struct model *model, struct lane *lane)
{
    const struct event *last = &model->flight.events[lane->last_row];
    size_t end = model->processes[lane->process].end_row;
    const struct event *first = &model->flight.events[lane->first_row];
    lane->from_row =
        first->wait_first != NO_INDEX ? first->wait_first : lane->first_row;
    lane->waits_for_ever = !last->finished;
    if (last->finished && last->after.level == LEVEL_SELF)
        return;
    if (end != NO_INDEX && end > lane->last_row)
        lane->last_row = end;
    else if (!last->finished)
        lane->last_row = model->flight.count - 1;
}

void find_lanes(struct model *model)
{
    struct flight *flight = &model->flight;
    for (size_t row = 0; row < flight->count; row++) {
        struct event *event = &flight->events[row];
        if (lane_of(model, event) == NO_INDEX)
            add_lane(model, event, row);
        struct process *process =
            &model->processes[process_of(model, event->pid)];
        if (process_starts(event))
            name_process(process, event);
        else if (process_ends(event))
            process->end_row = row;
    }
    for (size_t row = 0; row < flight->count; row++) {
        struct event *event = &flight->events[row];
        event->lane = lane_of(model, event);
        struct lane *lane = &model->lanes[event->lane];
        if (row > lane->first_row) {
            flight->events[lane->last_row].next = row;
            event->before = flight->events[lane->last_row].after;
            /* What a call that never ended would have made of the thread
             * is not known: it is still what it was. */
            if (!event->finished)
                event->after = event->before;
        }
        lane->last_row = row;
    }
    for (size_t i = 0; i < model->lane_count; i++)
        stretch(model, &model->lanes[i]);
}

/* ---- identities ---------------------------------------------------------- */

const struct identity *identity_of(const struct model *model, struct who who)
{
    if (who.level == LEVEL_SELF)
        return NULL;
    for (size_t i = 0; i < model->identity_count; i++)
        if (model->identities[i].who.pid == who.pid &&
            model->identities[i].who.connection == who.connection)
            return &model->identities[i];
    return NULL;
}

size_t sharers(const struct model *model, const struct identity *identity)
{
    size_t count = 0;
    for (size_t i = 0; i < model->identity_count; i++) {
        const struct identity *other = &model->identities[i];
        if (other->who.pid != identity->who.pid ||
            strcmp(other->lacks, identity->lacks) != 0)
            continue;
        if (other < identity)
            return 0;
        count++;
    }
    return count;
}

const char *who_name(const struct model *model, struct who who)
{
    const struct identity *identity = identity_of(model, who);
    return identity != NULL ? identity->name : "itself";
}

static size_t client_number(const struct model *model, uint32_t pid)
{
    size_t clients = 0;
    for (size_t i = 0; i < model->identity_count; i++) {
        if (model->identities[i].who.pid == 0)
            continue;
        if (model->identities[i].who.pid == pid)
            return model->identities[i].client;
        if (model->identities[i].client >= clients)
            clients = model->identities[i].client + 1;
    }
    return clients;
}

static void note_lacks(struct identity *identity, const struct event *event)
{
    size_t size = 0;
    const char *lacks = detail(event, "lacks", &size);
    if (lacks != NULL && identity->lacks[0] == '\0')
        snprintf(
            identity->lacks, sizeof identity->lacks, "%.*s", (int)size, lacks);
}

/* A client's process line may tell too what it lacks. */
static void note_process(struct model *model, const struct event *event)
{
    if (strcmp(event->call, "process") != 0)
        return;
    for (size_t i = 0; i < model->identity_count; i++)
        if (model->identities[i].who.pid == event->pid)
            note_lacks(&model->identities[i], event);
}

static void note_identity(struct model *model, const struct event *event)
{
    size_t index = 0;
    while (index < model->identity_count &&
           &model->identities[index] != identity_of(model, event->after))
        index++;
    if (index == model->identity_count) {
        model->identities = grow(model->identities,
                                 model->identity_count,
                                 sizeof *model->identities);
        model->identities[index] =
            (struct identity){.who = event->after,
                              .client = client_number(model, event->after.pid)};
        model->identity_count++;
    }
    note_lacks(&model->identities[index], event);
    for (size_t i = 0; i < model->process_count; i++)
        if (model->processes[i].pid == event->after.pid)
            model->processes[i].client = index;
}

/* A to Z, then a to z; a record with more clients repeats the last letter. */
static void name_identity(const struct model *model, struct identity *identity)
{
    size_t before = 0, all = 0;
    if (identity->who.pid == 0) {
        snprintf(identity->name, sizeof identity->name, "*");
        return;
    }
    for (size_t i = 0; i < model->identity_count; i++) {
        if (model->identities[i].who.pid != identity->who.pid)
            continue;
        all++;
        if (&model->identities[i] <= identity)
            before++;
    }
    size_t n = identity->client;
    char letter = (char)(n < 26   ? 'A' + (int)n
                         : n < 52 ? 'a' + (int)n - 26
                                  : 'z');
    if (all == 1)
        snprintf(identity->name, sizeof identity->name, "%c", letter);
    else
        snprintf(identity->name,
                 sizeof identity->name,
                 "%c%u",
                 letter,
                 (unsigned)before % 1000);
}

void find_identities(struct model *model)
{
    for (size_t row = 0; row < model->flight.count; row++)
        if (model->flight.events[row].after.level != LEVEL_SELF)
            note_identity(model, &model->flight.events[row]);
    for (size_t row = 0; row < model->flight.count; row++)
        note_process(model, &model->flight.events[row]);
    for (size_t i = 0; i < model->identity_count; i++)
        name_identity(model, &model->identities[i]);
}
