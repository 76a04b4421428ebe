/* play_internal.h - what the files of the play share. */
#ifndef NPLAB_PLAY_INTERNAL_H
#define NPLAB_PLAY_INTERNAL_H

#include "expect.h"
#include "sandbox.h"

/* ---- play.c: the private Windows of this process
 * ----------------------------- */

/* Opens it: sandbox, director, key. A failure ends the play. */
void play_open(const struct sandbox_plan *plan, const char *label);
void play_close(void);

/* Ends the play and the process's test. kind as in engine.h; texts may be
 * NULL. What the student's programs do is added here. */
struct verdict {
    const char *kind, *misconception, *expected, *happened, *why, *read;
};
void play_stop(const struct verdict *verdict) __attribute__((noreturn));
void play_skip(const char *reason) __attribute__((noreturn));

/* Outside a check (demo, run): called in place of recording a verdict. */
extern void (*play_stopped)(const struct verdict *verdict, const char *output);

/* Ends the play: the kit itself is at fault. */
void play_broken(const char *format, ...)
    __attribute__((format(printf, 1, 2), noreturn));

/* Every program of this check keeps a flight record. */
bool play_keeps_records(void);

/* True while the reasons of a failure are being gathered: a second failure
 * then only ends that gathering. */
bool play_is_stopping(void);

/* Memory and formatted text that live until the play ends. */
void *keep(size_t size);
char *keep_text(const char *format, ...) __attribute__((format(printf, 1, 2)));

uint32_t scaled(uint32_t ms); /* 0: the default deadline */

/* ---- play_line.c: one request and its answer
 * ---------------------------------- */

/* One line sent to the director and one back, at most ms later (not scaled).
 * Fields of the answer are then taken one by one. */
void line_begin(const char *verb);
void put_number(uint64_t number);
void put_text(const char *text);                    /* NULL: none */
void put_bytes(const void *bytes, size_t size);     /* NULL: none */
uint32_t perform(uint32_t ms);                      /* 0 or a Win32 code */
void perform_surely(uint32_t ms, const char *what); /* a code breaks the play */
uint64_t get_number(void);
struct text get_bytes(void);
void line_connect(struct sandbox *box); /* a fresh key, numbers from 1 */
/* Why the director does not answer; "" while it does. */
bool line_is_lost(void);
bool line_was_silent(void);

/* ---- play_programs.c
 * ------------------------------------------------------------ */

const char *bare_name(program p);  /* "server", "client 2" */
const char *name_of(program p);    /* "the server" */
const char *name_first(program p); /* "The server" */
size_t programs_started(void);
/* The check told it to end, or has gone on with another since. */
bool end_is_old(program p);
void forget_programs(void);
/* The command line that gives a program of C:\lab these arguments. */
char *command_line(const char *file, const struct launch *launch);
/* Starts FILE of C:\lab, which need not be "server.exe" or "client.exe". */
program start_file(const char *file, const struct launch *launch);
void lift_output_limit(program p);
/* Only what it printed since the last call. */
struct text fresh_output(program p);
struct text fresh_errors(program p);
struct text all_errors(program p, bool *flooded);
void begin_for(const char *verb, program p); /* line_begin, and the program */

/* ---- play_peers.c
 * ---------------------------------------------------------------- */

/* Fails if the client's handle could not be set to message mode. */
void refuse_pipe_of_bytes(uint32_t code, struct opening opening);

/* ---- play_files.c, play_lanes.c
 * ----------------------------------------------- */

const char *recorded_so_far(void); /* the flight record, or NULL */
/* Who each thread was around the moment of a failure, drawn as text; "" when
 * nothing was recorded or nobody's identity was borrowed. */
const char *lanes_of_play(void);

/* ---- play_watch.c
 * ---------------------------------------------------------------- */

/* What became of each program, as sentences; sets *kind to "crash" when one
 * of them crashed. hanging: tell where the living ones stand. */
const char *state_of_programs(bool hanging, const char **kind);
const char *last_errors(void); /* "server: ..." */
const char *exit_text(uint32_t code);
bool is_crash(uint32_t code);

#endif
