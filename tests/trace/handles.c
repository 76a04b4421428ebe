/* handles.c - handles opened under a borrowed identity, until closed. */
#include "model.h"
#include "text.h"

#include <stdlib.h>
#include <string.h>

static bool handle_made(const struct event *event, uint64_t *handle)
{
    if (!event->finished || event_failed(event) ||
        strncmp(event->result, "0x", 2) != 0)
        return false;
    *handle = strtoull(event->result, NULL, 16);
    return *handle != 0;
}

/* The newest open borrowed handle the event may name, or NO_INDEX: by value
 * when there is one (not 0), else by the object's path. */
static size_t borrowed_handle(const struct model *model,
                              const struct event *event,
                              uint64_t handle)
{
    for (size_t i = model->borrowed_count; i-- > 0;) {
        const struct borrowed *borrowed = &model->borrowed[i];
        const struct event *open = &model->flight.events[borrowed->open_row];
        if (borrowed->close_row == NO_INDEX && open->pid == event->pid &&
            (handle != 0 ? borrowed->handle == handle
                         : strcmp(open->object, event->object) == 0))
            return i;
    }
    return NO_INDEX;
}

static size_t free_slot(const struct model *model, size_t lane)
{
    for (size_t slot = 0;; slot++) {
        bool taken = false;
        for (size_t i = 0; i < model->borrowed_count; i++)
            if (model->borrowed[i].lane == lane &&
                model->borrowed[i].slot == slot &&
                model->borrowed[i].close_row == NO_INDEX)
                taken = true;
        if (!taken)
            return slot;
    }
}

static void borrow(struct model *model, size_t row, uint64_t handle)
{
    struct event *event = &model->flight.events[row];
    struct borrowed borrowed = {.handle = handle,
                                .lane = event->lane,
                                .open_row = row,
                                .close_row = NO_INDEX,
                                .who = event->before,
                                .slot = free_slot(model, event->lane)};
    event->borrowed = model->borrowed_count;
    model->borrowed =
        grow(model->borrowed, model->borrowed_count, sizeof borrowed);
    model->borrowed[model->borrowed_count++] = borrowed;
}

void find_borrowed(struct model *model)
{
    for (size_t row = 0; row < model->flight.count; row++) {
        struct event *event = &model->flight.events[row];
        uint64_t handle = 0;
        if (event->before.level != LEVEL_SELF && opens_object(event) &&
            handle_made(event, &handle)) {
            borrow(model, row, handle);
            continue;
        }
        /* A value that is given out anew was closed unseen. */
        if (handle_made(event, &handle)) {
            size_t old = borrowed_handle(model, event, handle);
            if (old != NO_INDEX)
                model->borrowed[old].close_row = row;
            continue;
        }
        if (opens_object(event) || (!detail_number(event, "handle", &handle) &&
                                    strcmp(event->object, "-") == 0))
            continue;
        event->borrowed = borrowed_handle(model, event, handle);
        if (event->borrowed != NO_INDEX && call_is(event, "CloseHandle") &&
            !event_failed(event))
            model->borrowed[event->borrowed].close_row = row;
    }
}
