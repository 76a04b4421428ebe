/*
 * flight.h - the flight record, read line by line into events.
 *
 * The format is documented in common/seam/recorder/record.h. A call that may
 * block writes a line when it begins and one when it ends; both become one
 * event here.
 */
#ifndef NPLAB_TRACE_FLIGHT_H
#define NPLAB_TRACE_FLIGHT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum level {
    LEVEL_SELF, /* not impersonating */
    LEVEL_ANONYMOUS,
    LEVEL_IDENTIFICATION,
    LEVEL_IMPERSONATION,
    LEVEL_DELEGATION
};

struct who {
    enum level level;
    uint32_t pid;        /* of the client; 0 for the thread itself and for a
                            token of another origin */
    uint32_t connection; /* of that client */
};

#define NO_INDEX ((size_t)-1)

struct event {
    size_t line;     /* in the record, from 1: where the call began */
    size_t end_line; /* where it ended; the same for a call of one line */
    int64_t start;   /* microseconds */
    int64_t end;     /* microseconds; start when it never ended */
    bool finished;   /* false: the record holds no end of this call */
    bool announced;  /* a line was written when it began: it may block */
    uint32_t pid, tid;
    const char *call, *object, *result, *details;
    unsigned long error;
    struct who after;

    /* Set by model.c: */
    int64_t at; /* the moment the event is drawn at */
    struct who before;
    size_t lane;
    size_t next;       /* row of the same lane's next event, or NO_INDEX */
    size_t wait_first; /* first row over which it waits, or NO_INDEX */
    /* Set by handles.c: */
    size_t borrowed; /* the borrowed handle it opens, uses or closes */
    size_t origin;   /* of a completion: the row of the call that was
                        pending, or NO_INDEX */
    /* Set by links.c: */
    size_t read_by;    /* of a write: the row of the read that got it */
    size_t written_by; /* and of a read: the row of the write */
};

struct flight {
    struct event *events;
    size_t count;
    size_t malformed; /* lines skipped */
    char *bytes;      /* what the events' texts point into */
};

/* Reads a whole record. Control characters and bytes that are no UTF-8 become
 * '?', since paths and arguments come from the program under test. */
void flight_read(struct flight *flight, const char *record, size_t size);
void flight_free(struct flight *flight);

/* True for the call of that name, with or without A or W behind it. */
bool call_is(const struct event *event, const char *name);

/* Refused: an error that is no plain news (535 the client is already there,
 * 997 pending, 234 more data, 109 and 38 the end of what can be read, 995
 * cancelled as asked, 183 of an open). */
bool event_failed(const struct event *event);

/* The line that says that a process began, or that it ended. */
bool process_starts(const struct event *event);
bool process_ends(const struct event *event);

bool same_who(struct who a, struct who b);

/* The value of `key=value` among the details: pointer into them and length;
 * NULL when absent. */
const char *detail(const struct event *event, const char *key, size_t *size);

/* Bytes of the program's own name at the head of a recorded command line:
 * what stands in quotes, or all up to the first %20. */
size_t command_size(const char *args, size_t size);

/* A number of the details, decimal or 0x; false when absent. */
bool detail_number(const struct event *event,
                   const char *key,
                   uint64_t *number);

#endif
