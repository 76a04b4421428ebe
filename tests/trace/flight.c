/* flight.c - the flight record, read line by line into events. */
#include "flight.h"
#include "text.h"

#include <ctype.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

enum { FIELDS = 10, NEEDED = 9 }; /* the details may be left out */

/* Length of the UTF-8 character at `p`, or 0 if it is none. */
static size_t utf8_length(const unsigned char *p, size_t left)
{
    size_t length = p[0] < 0x80   ? 1
                    : p[0] < 0xC2 ? 0
                    : p[0] < 0xE0 ? 2
                    : p[0] < 0xF0 ? 3
                    : p[0] < 0xF5 ? 4
                                  : 0;
    if (length == 0 || length > left)
        return 0;
    for (size_t i = 1; i < length; i++)
        if ((p[i] & 0xC0) != 0x80)
            return 0;
    /* Encoded surrogates, over-long forms and C1 controls are no text. */
    if ((p[0] == 0xE0 && p[1] < 0xA0) || (p[0] == 0xED && p[1] > 0x9F) ||
        (p[0] == 0xF0 && p[1] < 0x90) || (p[0] == 0xF4 && p[1] > 0x8F) ||
        (p[0] == 0xC2 && p[1] < 0xA0))
        return 0;
    /* XML has no place for the two last code points of the first plane. */
    if (p[0] == 0xEF && p[1] == 0xBF && p[2] > 0xBD)
        return 0;
    return length;
}

static void make_printable(char *bytes, size_t size)
{
    for (size_t i = 0; i < size;) {
        unsigned char *p = (unsigned char *)bytes + i;
        size_t length = utf8_length(p, size - i);
        if (length == 0 || p[0] == 0x7F ||
            (p[0] < 0x20 && p[0] != '\t' && p[0] != '\n')) {
            *p = '?';
            length = 1;
        }
        i += length;
    }
}

/* All of `text` as a number that fits; false otherwise. */
static bool
number_of(const char *text, unsigned long long most, unsigned long long *number)
{
    if (!isdigit((unsigned char)text[0]))
        return false;
    char *end = NULL;
    errno = 0;
    *number = strtoull(text, &end, 0);
    return errno == 0 && *end == '\0' && *number <= most;
}

static bool level_of(const char *name, enum level *level)
{
    static const char *const names[] = {
        "-", "Anonymous", "Identification", "Impersonation", "Delegation"};
    for (int i = LEVEL_ANONYMOUS; i <= LEVEL_DELEGATION; i++)
        if (strcmp(name, names[i]) == 0) {
            *level = (enum level)i;
            return true;
        }
    return false;
}

static bool who_of(char *text, struct who *who)
{
    *who = (struct who){0};
    if (strcmp(text, "self") == 0)
        return true;
    if (strncmp(text, "token:", 6) == 0)
        return level_of(text + 6, &who->level);
    if (strncmp(text, "client:", 7) != 0)
        return false;
    char *dot = strchr(text + 7, '.');
    char *colon = dot != NULL ? strchr(dot, ':') : NULL;
    if (colon == NULL)
        return false;
    unsigned long long pid = 0, connection = 0;
    *dot = *colon = '\0';
    bool ok = number_of(text + 7, UINT32_MAX, &pid) &&
              number_of(dot + 1, UINT32_MAX, &connection);
    *dot = '.';
    *colon = ':';
    who->pid = (uint32_t)pid;
    who->connection = (uint32_t)connection;
    return ok && level_of(colon + 1, &who->level);
}

/* Undoes the record's %20 and %25, in place; what cannot be shown stays. */
static char *decoded(char *text)
{
    char *to = text;
    for (char *from = text; *from != '\0'; from++, to++) {
        *to = *from;
        if (strncmp(from, "%20", 3) != 0 && strncmp(from, "%25", 3) != 0)
            continue;
        *to = from[2] == '0' ? ' ' : '%';
        from += 2;
    }
    *to = '\0';
    return text;
}

/* One line, cut in place; false when it is malformed. */
static bool event_of(char *line, struct event *event)
{
    char *field[FIELDS];
    size_t count = 0;
    while (line != NULL && count < FIELDS) {
        field[count++] = line;
        line = count < FIELDS ? strchr(line, '\t') : NULL;
        if (line != NULL)
            *line++ = '\0';
    }
    if (count < NEEDED || field[4][0] == '\0')
        return false;
    unsigned long long start = 0, end = 0, pid = 0, tid = 0, error = 0;
    /* A process's start and end are moments, not calls that never return. */
    bool moment = strcmp(field[4], "process") == 0;
    event->finished = strcmp(field[1], "-") != 0;
    if (!number_of(field[0], INT64_MAX, &start) ||
        (event->finished && !number_of(field[1], INT64_MAX, &end)) ||
        !number_of(field[2], UINT32_MAX, &pid) ||
        !number_of(field[3], UINT32_MAX, &tid) ||
        (strcmp(field[7], "-") != 0 &&
         !number_of(field[7], UINT32_MAX, &error)) ||
        !who_of(field[8], &event->after))
        return false;
    event->start = (int64_t)start;
    event->end = event->finished && end > start ? (int64_t)end : event->start;
    event->announced = !event->finished && !moment;
    event->finished = event->finished || moment;
    event->pid = (uint32_t)pid;
    event->tid = (uint32_t)tid;
    event->call = field[4];
    event->object = decoded(field[5]);
    event->result = field[6];
    event->error = (unsigned long)error;
    event->details = count == FIELDS ? field[9] : "";
    return true;
}

/* The call of the same thread that began and has not ended: the newest one,
 * since a call made inside another ends first. Threads have few events open
 * at a time, so the way back is short in practice. */
static struct event *begun(struct flight *flight, const struct event *end)
{
    for (size_t i = flight->count; i-- > 0;) {
        struct event *event = &flight->events[i];
        if (!event->finished && event->pid == end->pid &&
            event->tid == end->tid && strcmp(event->call, end->call) == 0 &&
            event->start == end->start)
            return event;
        if (event->end < end->start && event->finished &&
            event->pid == end->pid && event->tid == end->tid)
            return NULL;
    }
    return NULL;
}

static void keep(struct flight *flight, struct event *event, size_t line)
{
    event->line = event->end_line = line;
    struct event *first = event->finished ? begun(flight, event) : NULL;
    if (first != NULL) {
        event->line = first->line;
        event->announced = true;
        *first = *event;
        return;
    }
    flight->events = grow(flight->events, flight->count, sizeof *event);
    flight->events[flight->count++] = *event;
}

void flight_read(struct flight *flight, const char *record, size_t size)
{
    *flight = (struct flight){0};
    flight->bytes = new_array(size + 1, 1);
    memcpy(flight->bytes, record, size);
    make_printable(flight->bytes, size);

    size_t line_number = 0;
    for (char *line = flight->bytes; line < flight->bytes + size;) {
        char *end = memchr(line, '\n', (size_t)(flight->bytes + size - line));
        if (end == NULL)
            end = flight->bytes + size;
        *end = '\0';
        if (end > line && end[-1] == '?' &&
            record[end - flight->bytes - 1] == '\r')
            end[-1] = '\0';
        struct event event = {0};
        line_number++;
        if (line[0] != '\0' && line[0] != '#') {
            if (event_of(line, &event))
                keep(flight, &event, line_number);
            else
                flight->malformed++;
        }
        line = end + 1;
    }
}

void flight_free(struct flight *flight)
{
    free(flight->events);
    free(flight->bytes);
    *flight = (struct flight){0};
}
