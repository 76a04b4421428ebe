/* event.c - questions about one event of the record. */
#include "flight.h"

#include <stdlib.h>
#include <string.h>

bool call_is(const struct event *event, const char *name)
{
    size_t size = strlen(name);
    if (strncmp(event->call, name, size) != 0)
        return false;
    const char *rest = event->call + size;
    return rest[0] == '\0' ||
           ((rest[0] == 'A' || rest[0] == 'W') && rest[1] == '\0');
}

bool event_failed(const struct event *event)
{
    if (!event->finished)
        return false;
    switch (event->error) {
    case 0:
    case 38:  /* ERROR_HANDLE_EOF */
    case 234: /* ERROR_MORE_DATA */
    case 535: /* ERROR_PIPE_CONNECTED */
    case 995: /* ERROR_OPERATION_ABORTED */
    case 997: /* ERROR_IO_PENDING */
        return false;
    case 109: /* ERROR_BROKEN_PIPE: how a reader learns of the end */
        return !call_is(event, "ReadFile");
    case 183: /* ERROR_ALREADY_EXISTS: an open that found the object there */
        return strncmp(event->result, "0x", 2) != 0;
    default:
        return true;
    }
}

bool process_starts(const struct event *event)
{
    size_t size = 0;
    return strcmp(event->call, "process") == 0 &&
           detail(event, "args", &size) != NULL;
}

bool process_ends(const struct event *event)
{
    return strcmp(event->call, "process") == 0 && !process_starts(event);
}

bool same_who(struct who a, struct who b)
{
    return a.level == b.level && a.pid == b.pid && a.connection == b.connection;
}

const char *detail(const struct event *event, const char *key, size_t *size)
{
    size_t key_size = strlen(key);
    const char *at = event->details;
    while (*at != '\0') {
        size_t length = strcspn(at, " ");
        if (length > key_size && strncmp(at, key, key_size) == 0 &&
            at[key_size] == '=') {
            *size = length - key_size - 1;
            return at + key_size + 1;
        }
        at += length;
        at += strspn(at, " ");
    }
    return NULL;
}

size_t command_size(const char *args, size_t size)
{
    bool quoted = false;
    for (size_t i = 0; i < size; i++) {
        if (args[i] == '"')
            quoted = !quoted;
        else if (!quoted && strncmp(args + i, "%20", 3) == 0)
            return i;
    }
    return size;
}

bool detail_number(const struct event *event, const char *key, uint64_t *number)
{
    size_t size = 0;
    const char *value = detail(event, key, &size);
    if (value == NULL || size == 0)
        return false;
    char *end = NULL;
    *number = strtoull(value, &end, 0);
    return end == value + size;
}
