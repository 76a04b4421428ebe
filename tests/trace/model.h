/*
 * model.h - what a flight record says: lanes, clients, links, findings.
 *
 * Events are rows, ordered by the moment they are drawn at; every index named
 * `row` or called a row is an index into model.flight.events.
 */
#ifndef NPLAB_TRACE_MODEL_H
#define NPLAB_TRACE_MODEL_H

#include "flight.h"

/* Where nothing is drawn for so long, time is left out. */
enum { BREAK_US = 10000 };

struct process {
    uint32_t pid;
    char exe[40]; /* "server.exe", or "process" when the record is silent */
    size_t lane_count;
    size_t end_row; /* of the line that says it ended, or NO_INDEX */
    size_t client;  /* index of the first identity it lent, or NO_INDEX */
};

struct lane {
    uint32_t pid, tid;
    size_t process;
    size_t first_row; /* of its first event */
    size_t from_row;  /* where the lane begins: it may wait before that */
    size_t last_row;
    bool waits_for_ever; /* its last call never ended */
};

/* One connection of one client, as servers were seen to borrow it. */
struct identity {
    struct who who;  /* level is not part of it */
    size_t client;   /* 0 for client A, 1 for B: one for each process */
    char name[8];    /* "A"; "A2" when the client has several connections;
                        "*" for a token that is no client's */
    char lacks[160]; /* as recorded: SIDs with commas; "" if not recorded */
};

/* A handle opened while the thread was a client. */
struct borrowed {
    uint64_t handle;
    size_t lane;
    size_t open_row;
    size_t close_row; /* NO_INDEX: never closed */
    struct who who;
    size_t slot; /* 0, 1, ...: no two open at once in a lane share one */
};

struct finding {
    size_t row;
    char *text;
};

struct model {
    struct flight flight;
    struct process *processes;
    size_t process_count;
    struct lane *lanes; /* those of one process stand side by side */
    size_t lane_count;
    struct identity *identities;
    size_t identity_count;
    struct borrowed *borrowed;
    size_t borrowed_count;
    struct finding *findings; /* by row */
    size_t finding_count;
    char *pipe; /* the path of the only pipe in it; NULL for none or several */
};

/* Reads and works out everything. False when there is no event in it. */
bool model_read(struct model *model, const char *record, size_t size);
void model_free(struct model *model);

/* Parts of model_read, in this order. */
void find_lanes(struct model *model);
void find_identities(struct model *model);
void find_origins(struct model *model);
void find_borrowed(struct model *model);
void find_links(struct model *model);
void find_findings(struct model *model);

/* The identity's record, or NULL for the thread itself. */
const struct identity *identity_of(const struct model *model, struct who who);

/* How many connections of that client lack the same, when this is the first
 * of them; 0 for the others: they share its line in a legend. */
size_t sharers(const struct model *model, const struct identity *identity);

/* "A", "A2", or "itself". */
const char *who_name(const struct model *model, struct who who);

/* True when the process of this event made an instance of the pipe it names. */
bool server_end(const struct model *model, const struct event *event);

/* Bytes of a pipe's path before the `#instance` or `@open`. */
size_t path_size(const char *object);
bool is_pipe(const char *object);

/* What the event did with a pipe's end, at once or by completing a call that
 * was pending. `object` gets the end's name. */
enum done { DONE_NOTHING, DONE_CONNECT, DONE_READ, DONE_WRITE };
enum done pipe_done(const struct model *model, size_t row, const char **object);

/* True for calls whose right to an object is checked against the thread's
 * identity: opening, making, deleting a file, event and the like; no pipe. */
bool opens_object(const struct event *event);

#endif
