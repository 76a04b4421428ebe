/*
 * engine.h - what a play tells the engine, and what it may ask it.
 *
 * The engine (engine.c, worker.c) runs every check in a process of its own
 * and gives it one record in shared memory. A check's process writes its
 * verdict there with the record_ functions and then ends; the engine reads
 * the record after the process is gone. The rule is positive evidence: only
 * a record with record_pass, from a process that Check saw end well, is a
 * pass. A process that ends without a verdict (exit(0), a signal, the outer
 * limit) is an error of the kit.
 *
 * What main.c, grade.c and audit.c use of the engine stands in jobs.h.
 */
#ifndef NPLAB_ENGINE_H
#define NPLAB_ENGINE_H

#include <stdbool.h>

/* ---- the verdict: called in the check's own process ---------------------- */

/*
 * Records a failure. It returns; the caller ends the check with ck_abort().
 * The first verdict of a check stands, later ones are ignored. Texts are
 * copied, cut at the sizes of results.h with the cut marked, and cleaned of
 * control bytes and escape sequences by the engine; any may be NULL.
 *
 * kind           "failed"       an expectation did not hold
 *                "crash"        a program ended by an exception
 *                "hang"         a program did not end or answer in time
 *                "silent-exit"  a program ended with 0 and without its work
 *                "flood"        a program printed without end
 *                "infrastructure"  the kit itself failed: no verdict on the
 *                               student; the engine runs the check once more
 * misconception  "M05", or NULL
 * expected, happened, why, read   sentences, in the order they are shown
 * output         the programs' last lines on standard error, as they came;
 *                put the program's name in front: "server: ..."
 */
void record_failure(const char *kind,
                    const char *misconception,
                    const char *expected,
                    const char *happened,
                    const char *why,
                    const char *read,
                    const char *output);

/* Who each thread was around a failure, drawn as lines of text by the kit.
 * Before record_failure. */
void record_lanes(const char *lanes);

/* Records that the check cannot be run here. Returns; end with ck_abort()
 * or by returning from the test. */
void record_skip(const char *reason);

/* The last act of play_end: every expectation held and the private Windows
 * is closed. Without this call a check never passes. Ignored after
 * record_failure and record_skip. */
void record_pass(void);

/* ---- options: the same in every process -----------------------------------
 */

/* Folder with server.exe and client.exe of the submission that this check
 * judges. Absolute path. Only inside a check. */
const char *option_programs_dir(void);

/* Absolute path of director.exe: it lies beside the runner. */
const char *option_director(void);

/* TIMEOUT_SCALE, a positive number; 1 when unset. The engine has already
 * multiplied its outer limit (CHECK_LIMIT_S); the play multiplies its own. */
double option_timeout_scale(void);

/* SANDBOX=required: refuse to run a student's program without a sandbox. */
bool option_sandbox_required(void);

/* No sandbox is to be used: SANDBOX=off, or sandbox_problem() told why none
 * can be had (the engine has said so to the user). */
bool option_no_sandbox(void);

/* Colour may be used on standard output; lines are this wide. */
bool option_colour(void);
int option_width(void);

/* Seconds a whole check may take, times option_timeout_scale(). A check that
 * reaches it is a "timeout": an error, never a pass. Keep the play's own
 * deadlines well inside it, so that the message says what was awaited. */
#define CHECK_LIMIT_S 30.0

/* ---- what the engine asks of the others ------------------------------------
 */

/* sandbox.c: NULL if bubblewrap can make a sandbox here, else the reason in
 * one sentence without its full stop ("bwrap cannot make a user namespace:
 * Operation not permitted"). Called once, before any check, and quick. */
const char *sandbox_problem(void);

/* demo.c and run.c: the subcommands `runner demo ...` and `runner run ...`.
 * argv[0] is the subcommand's name. The result is the exit status. Options
 * above but option_programs_dir may be used. */
int demo_main(int argc, char **argv);
int run_main(int argc, char **argv);

#endif
