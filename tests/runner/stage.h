/* stage.h - programs in a private Windows, shown live: for the demo and for
 * `make run`, which have no check and give no verdict. */
#ifndef NPLAB_STAGE_H
#define NPLAB_STAGE_H

#include "play_internal.h"

/* One program whose lines are printed behind a label. */
struct actor {
    program program;
    const char *label; /* "server" */
    bool ended;
    uint32_t code;
    char line[4096]; /* printed so far without its end, both streams */
    size_t size;
};

/* Settles the sandbox, catches Ctrl+C. False: the reason has been said. */
bool stage_prepare(void);

/* Opens a private Windows for the two programs of a folder, or for one file.
 * What goes wrong is printed, and the process ends with status 2. */
void stage_open(const struct sandbox_file *files, const char *label);

/* launch with --pipe PIPE in front, unless it names a pipe itself. */
void stage_start(struct actor *actor, const char *label, struct launch launch);

/* Prints what is new. Every ended line gets its label. */
void stage_print(struct actor *actor);

/* Looks for ms whether it has ended, and prints what is new. */
bool stage_watch(struct actor *actor, uint32_t ms);

/* Prints the last line even without its end. */
void stage_finish(struct actor *actor);

/* From now on every program keeps a flight record, and stage_close writes it
 * to this file. */
void stage_record_to(const char *path);
bool stage_records(void);

/* The end of the private Windows. False: the record could not be written,
 * which has been said. */
bool stage_close(void);

/* Ctrl+C or a request to end: leave soon. */
bool stage_interrupted(void);

#endif
