/*
 * jobs.h - many checks run side by side, each in a process of its own.
 *
 * A job is one check of one submission. A run forks one worker a slot, each
 * pinned to one core; the workers take the jobs in their order, slow ones
 * first, but those last whose program is still being compiled (compile.h),
 * and write into the records. The caller hears of every finished
 * job, in the order of the jobs, in its own process.
 */
#ifndef NPLAB_JOBS_H
#define NPLAB_JOBS_H

#include "check.h"
#include "results.h"

#include <sys/types.h>

struct job {
    const struct check *check;
    const char *programs; /* absolute path of the folder */
};

struct run {
    const struct job *jobs;
    size_t count;
    int slots; /* 0: one for each CPU we may run on, and as many for checks that
                * wait; engine_run writes how many there were */

    /* Called once, when nothing is being compiled any more and before any
     * on_result. False: it did not build, and nothing of the run counts. May
     * be NULL. */
    bool (*on_compiled)(void *context);
    /* Called in order, once a job. May be NULL. */
    void (*on_result)(void *context, size_t job, const struct record *record);
    /* Called every now and then, and after a time-out: write down what is
     * known so far. May be NULL. */
    void (*on_save)(void *context);
    void *context;

    /* Filled in by engine_run. Free with engine_free. */
    struct record *records;
    int stopped_by; /* signal that ended the run early, or 0 */
    double seconds;
};

/* Runs everything, or until SIGINT, SIGTERM or SIGHUP; then no process of the
 * run is left. True unless it could not be set up (a sentence is printed). */
bool engine_run(struct run *run);
void engine_free(struct run *run);

/* Seconds since the first call of this function in this run of the program. */
double engine_clock(void);

/* All checks linked into this program, sorted by id. Two checks of one id, or
 * an id that is not "NN.name", end in a sentence and NULL. */
const struct check *const *all_checks(size_t *count);

/* Whether the check belongs to the lab, "01". */
bool is_of_lab(const struct check *check, const char *lab);

/* ---- queue.c: which slot takes which job next ------------------------------
 */

#define MAX_SLOTS 256

/* In memory that the engine shares with its workers. */
struct queue;

/* All jobs of the run, after compile_begin; NULL without memory. Settles
 * run->slots. */
struct queue *queue_make(struct run *run);
void queue_free(struct queue *queue);

/* False: there is nothing left for this slot. */
bool queue_take(struct queue *queue, int slot, size_t *job);

/* The core that the slot works on; as long as this process is on none. */
int queue_core(const struct queue *queue, int slot);

/* ---- worker.c: the processes between the engine and a check ---------------
 */

/* Takes jobs until none is left, tells of each by a byte on `done`, and ends
 * the process. */
void worker_main(const struct run *run, struct queue *queue, int slot, int done)
    __attribute__((noreturn));

/* This process is killed when its parent is gone, and ends at once if that
 * has happened already. Only Linux can promise it. */
void end_with_parent(pid_t parent);

/* Processes that a child leaves behind become children of this one, on
 * Linux. */
void adopt_orphans(void);

/* Kills and reaps every child this process still has. */
void kill_children(void);

/* ---- cpu.c ------------------------------------------------------------------
 */

/* Number of CPUs this process may run on. */
int cpu_count(void);
/* Keeps this process and its children on one of them, counted from 0 and
 * around. On one core a wake-up costs a twentieth of one across cores. */
void cpu_pin(int core);

#endif
