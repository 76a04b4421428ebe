/*
 * results.h - what is known about every check that ran: one record each.
 *
 * Records lie in memory shared by the engine, its workers and the checks'
 * processes, so texts have fixed sizes and nothing in them is a pointer.
 * All texts in a finished record are clean: valid UTF-8, no control bytes
 * but line ends, no escape sequences (see clean_text in text.h).
 */
#ifndef NPLAB_RESULTS_H
#define NPLAB_RESULTS_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

/* A check's outcome. Only PASSED is a pass; ERROR is the kit's own failure
 * or a time-out: no verdict on the student. */
enum outcome { NOT_RUN, PASSED, FAILED, SKIPPED, ERROR };

/* The reasons behind FAILED (first five) and ERROR (last two). */
enum kind {
    KIND_NONE,
    KIND_FAILED,
    KIND_CRASH,
    KIND_HANG,
    KIND_SILENT_EXIT,
    KIND_FLOOD,
    KIND_TIMEOUT,
    KIND_INFRASTRUCTURE
};

enum job_state { WAITING, RUNNING, DONE };

struct record {
    _Atomic int state; /* enum job_state */
    int slot;          /* worker that runs it or ran it */
    enum outcome outcome;
    enum kind kind;
    bool has_verdict; /* the check's process recorded one */
    int attempts;     /* 2: run again after an error of the kit */
    double began;     /* seconds since the run began */
    double seconds;   /* the last attempt */
    char misconception[8];
    char first_error[256]; /* why it was run again */
    char expected[1024];
    char happened[2048]; /* the reason, if skipped */
    char why[1024];
    char read[512];
    char output[4096];
    char lanes[6144]; /* who each thread was, drawn */
};

/* Memory for count zeroed records, shared with processes forked later.
 * NULL if there is none. Pages cost nothing until they are written. */
struct record *results_map(size_t count);
void results_unmap(struct record *records, size_t count);

/* From here on the record_ functions of engine.h write to this record, and
 * option_programs_dir answers this folder. */
void results_select(struct record *record, const char *programs);

/* Forgets a first attempt's verdict, so that the check can run again. */
void record_restart(struct record *record);

/* Makes the record an ERROR that says why, whatever it said before. */
void record_error(struct record *record, enum kind kind, const char *happened);

/* Cleans all texts. Called once, when the check's process is gone. */
void record_clean(struct record *record);

/* "passed", "failed", "skipped", "error", "not-run"; and "PASS", "FAIL", ... */
const char *outcome_name(enum outcome outcome);
const char *outcome_word(enum outcome outcome);
/* "crash"; KIND_NONE is "". */
const char *kind_name(enum kind kind);

/* ---- events: DIR/events.jsonl, one JSON object a line, append-only --------
 */

/* Opens it empty. NULL and errno if it cannot be made. */
FILE *events_open(const char *folder);

/* What happened, at once on disk: "run_begin", "build_failed" (the lab stands
 * in submission), "test_end", "run_end"; fields NULL or 0 are left out. */
struct event {
    const char *name;
    double at;              /* seconds since the run began */
    const char *submission; /* audit: "01 wrong/no-535" */
    const char *check;
    const char *replay;
    int points, max_points; /* max_points 0: not graded */
    const struct record *record;
};
void events_write(FILE *events, const struct event *event);

#endif
