/* model.c - puts events in order and finds out who each thread was. */
#include "model.h"
#include "text.h"

#include <stdlib.h>
#include <string.h>

/* A call that waits matters when it comes back; any other when it is made. A
 * write is drawn where it begins, so that it stands before what it wakes. */
static int64_t moment(const struct event *event)
{
    enum { LONG_US = 1000 };
    if (!event->finished || call_is(event, "WriteFile"))
        return event->start;
    if (event->announced || event->end - event->start >= LONG_US)
        return event->end;
    return event->start;
}

static int by_moment(const void *a, const void *b)
{
    const struct event *first = a, *second = b;
    if (first->at != second->at)
        return first->at < second->at ? -1 : 1;
    if (first->end_line != second->end_line)
        return first->end_line < second->end_line ? -1 : 1;
    return 0;
}

/* The first row drawn after the moment a call began. */
static size_t row_after(const struct flight *flight, int64_t start)
{
    size_t low = 0, high = flight->count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (flight->events[middle].at > start)
            high = middle;
        else
            low = middle + 1;
    }
    return low;
}

static void order(struct flight *flight)
{
    for (size_t row = 0; row < flight->count; row++)
        flight->events[row].at = moment(&flight->events[row]);
    qsort(flight->events, flight->count, sizeof *flight->events, by_moment);
    for (size_t row = 0; row < flight->count; row++) {
        struct event *event = &flight->events[row];
        event->next = event->wait_first = NO_INDEX;
        event->borrowed = event->origin = NO_INDEX;
        event->read_by = event->written_by = NO_INDEX;
        size_t first = row_after(flight, event->start);
        if (event->finished &&
            (first < row || event->at - event->start >= BREAK_US))
            event->wait_first = first;
    }
}

/* Most records are about one pipe, whose name would stand in every row. */
static void find_pipe(struct model *model)
{
    const char *first = NULL;
    for (size_t row = 0; row < model->flight.count; row++) {
        const char *object = model->flight.events[row].object;
        if (!is_pipe(object))
            continue;
        if (first == NULL)
            first = object;
        else if (path_size(first) != path_size(object) ||
                 strncmp(first, object, path_size(first)) != 0)
            return;
    }
    if (first == NULL)
        return;
    struct text path = {0};
    text_add_bytes(&path, first, path_size(first));
    model->pipe = path.bytes;
}

bool model_read(struct model *model, const char *record, size_t size)
{
    *model = (struct model){0};
    flight_read(&model->flight, record, size);
    if (model->flight.count == 0)
        return false;
    order(&model->flight);
    find_pipe(model);
    find_lanes(model);
    find_identities(model);
    find_origins(model);
    find_borrowed(model);
    find_links(model);
    find_findings(model);
    return true;
}

void model_free(struct model *model)
{
    for (size_t i = 0; i < model->finding_count; i++)
        free(model->findings[i].text);
    free(model->findings);
    free(model->pipe);
    free(model->borrowed);
    free(model->identities);
    free(model->lanes);
    free(model->processes);
    flight_free(&model->flight);
    *model = (struct model){0};
}

size_t path_size(const char *object)
{
    size_t size = strlen(object);
    while (size > 0 && object[size - 1] >= '0' && object[size - 1] <= '9')
        size--;
    bool numbered = object[size] != '\0' && size > 0 &&
                    (object[size - 1] == '#' || object[size - 1] == '@');
    return numbered ? size - 1 : strlen(object);
}

bool is_pipe(const char *object)
{
    return strncmp(object, "\\\\.\\pipe\\", 9) == 0;
}

bool opens_object(const struct event *event)
{
    static const char *const calls[] = {"CreateFile",
                                        "CreateEvent",
                                        "OpenEvent",
                                        "CreateMutex",
                                        "OpenMutex",
                                        "CreateSemaphore",
                                        "OpenSemaphore",
                                        "CreateFileMapping",
                                        "OpenFileMapping",
                                        "RegOpenKeyEx",
                                        "RegCreateKeyEx",
                                        "DeleteFile",
                                        "CreateDirectory",
                                        "MoveFileEx"};
    if (is_pipe(event->object))
        return false;
    for (size_t i = 0; i < sizeof calls / sizeof calls[0]; i++)
        if (call_is(event, calls[i]))
            return true;
    return false;
}

bool server_end(const struct model *model, const struct event *event)
{
    if (!is_pipe(event->object))
        return false;
    size_t size = path_size(event->object);
    /* The instance was made before it is used, and near the start of the
     * record, so the search is short. */
    for (size_t row = 0; row < model->flight.count; row++) {
        const struct event *made = &model->flight.events[row];
        if (made->pid == event->pid && call_is(made, "CreateNamedPipe") &&
            !event_failed(made) && path_size(made->object) == size &&
            strncmp(made->object, event->object, size) == 0)
            return true;
    }
    return false;
}
