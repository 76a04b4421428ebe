/* play.c - opens and closes the private Windows of a check, and ends a play
 * that failed. */
#include "play_internal.h"

#include "engine.h"

#include <check.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <unistd.h>

static struct sandbox box = {.to = -1, .from = -1, .err = -1};
static bool stopping;
static bool keeps_records;
static char pipe_text[160], group[64], work[512];
static char errors[1024]; /* the beginning of what Wine and director said */

void (*play_stopped)(const struct verdict *verdict, const char *output);

/* ---- memory of the play
 * -------------------------------------------------------- */

static struct block {
    struct block *next;
    max_align_t bytes[];
} * blocks;

void *keep(size_t size)
{
    struct block *block = calloc(1, sizeof *block + size);
    if (block == NULL)
        abort();
    block->next = blocks;
    blocks = block;
    return block->bytes;
}

char *keep_text(const char *format, ...)
{
    va_list list;
    va_start(list, format);
    int size = vsnprintf(NULL, 0, format, list);
    va_end(list);
    char *text = keep((size_t)size + 1);
    va_start(list, format);
    vsnprintf(text, (size_t)size + 1, format, list);
    va_end(list);
    return text;
}

static void forget_all(void)
{
    while (blocks != NULL) {
        struct block *next = blocks->next;
        free(blocks);
        blocks = next;
    }
}

/* ---- small facts
 * ---------------------------------------------------------------- */

uint32_t scaled(uint32_t ms)
{
    double scaled_ms =
        (ms == 0 ? DEFAULT_DEADLINE_MS : ms) * option_timeout_scale();
    return scaled_ms > 600000.0 ? 600000u : (uint32_t)scaled_ms;
}

const char *pipe_name(void)
{
    return pipe_text;
}

const char *work_folder(void)
{
    return work;
}

const char *lab_group(void)
{
    return group;
}

bool play_is_stopping(void)
{
    return stopping;
}

/* ---- opening
 * ---------------------------------------------------------------------- */

static void name_the_pipe(const char *label)
{
    unsigned number = 0;
    if (getrandom(&number, sizeof number, 0) != sizeof number)
        number = (unsigned)getpid();
    snprintf(pipe_text,
             sizeof pipe_text,
             "\\\\.\\pipe\\nplab-%.80s-%08x",
             label,
             number);
}

/* Whether the director runs and answers. */
static bool say_hello(void)
{
    line_connect(&box);
    line_begin("hello");
    if (perform(scaled(10000)) != 0)
        return false;
    snprintf(group, sizeof group, "%s", get_bytes().bytes);
    snprintf(work, sizeof work, "%s", get_bytes().bytes);
    return true;
}

static bool try_open(const struct sandbox_plan *plan)
{
    const char *problem = sandbox_start(&box, plan);
    if (problem != NULL)
        play_broken("A private Windows could not be started: %s.", problem);
    stopping = true; /* a lost line is looked at here, not there */
    bool opened = say_hello();
    stopping = false;
    if (!opened) {
        sandbox_errors(&box, errors, sizeof errors);
        sandbox_stop(&box);
    }
    return opened;
}

void play_open(const struct sandbox_plan *plan, const char *label)
{
    forget_programs();
    name_the_pipe(label);
    if (try_open(plan))
        return;
    /* Wine fails so, silently, once in thousands of starts where the kernel
     * does not allow fixed addresses. */
    if (errors[0] == '\0') {
        fprintf(stderr,
                "note: a private Windows did not start and said nothing; "
                "starting it once more\n");
        if (try_open(plan))
            return;
    }
    play_broken("A private Windows did not start. It said: %s",
                errors[0] == '\0' ? "nothing." : errors);
}

void play_begin(const char *check_id, const char *only)
{
    static const char *const names[] = {"server.exe", "client.exe"};
    char paths[2][4096];
    struct sandbox_plan plan = {.director = option_director(),
                                .isolated = !option_no_sandbox(),
                                .timeout_scale = option_timeout_scale()};
    for (int i = 0, count = 0; i < 2; i++) {
        if (only != NULL && strncmp(only, names[i], strlen(only)) != 0)
            continue;
        snprintf(paths[i],
                 sizeof paths[i],
                 "%s/%s",
                 option_programs_dir(),
                 names[i]);
        plan.files[count++] = (struct sandbox_file){paths[i], names[i]};
    }
    if (!plan.isolated && option_sandbox_required())
        play_broken("A sandbox is required, and none can be had here.");
    play_open(&plan, check_id);
    /* From lab 04 on the labs are about identity, and a failure shows it. */
    keeps_records = atoi(check_id) >= 4;
}

bool play_keeps_records(void)
{
    return keeps_records;
}

/* ---- closing
 * ------------------------------------------------------------------------ */

void play_close(void)
{
    sandbox_stop(&box);
    forget_programs();
    forget_all();
}

void play_end(void)
{
    play_close();
    record_pass();
}

void play_stop(const struct verdict *verdict)
{
    struct verdict told = *verdict;
    const char *output = "", *lanes = "";
    if (stopping)
        abort(); /* perform() does not let this happen */
    stopping = true;
    if (!line_is_lost() && programs_started() > 0) {
        bool hanging = strcmp(told.kind, "hang") == 0;
        const char *states = state_of_programs(hanging, &told.kind);
        told.happened = keep_text(
            "%s%s%s", told.happened, states[0] == '\0' ? "" : " ", states);
        output = last_errors();
        lanes = lanes_of_play();
    }
    sandbox_stop(&box);
    stopping = false;
    if (play_stopped != NULL) {
        play_stopped(&told, output);
        exit(2);
    }
    record_lanes(lanes);
    record_failure(told.kind,
                   told.misconception,
                   told.expected,
                   told.happened,
                   told.why,
                   told.read,
                   output);
    ck_abort_msg("%s", told.happened);
    abort();
}

void play_skip(const char *reason)
{
    sandbox_stop(&box);
    record_skip(reason);
    ck_abort_msg("skipped: %s", reason);
    abort();
}

/* The director is gone. If it said nothing of a fault of its own while a
 * student's program ran, that program is what ended it: nothing else in the
 * sandbox could. */
static void stop_for_lost_director(void)
{
    bool ended_itself, students = programs_started() > 0;
    sandbox_errors(&box, errors, sizeof errors);
    ended_itself = strstr(errors, "director:") != NULL ||
                   strstr(errors, "bwrap:") != NULL ||
                   strstr(errors, "sandbox:") != NULL;
    if (students && !ended_itself && !line_was_silent())
        play_stop(&(struct verdict){
            .kind = "failed",
            .expected = "your programs leave other processes alone",
            .happened = "While your program ran, the kit's director, a "
                        "process beside it, was ended. Your program ended "
                        "other processes.",
            .why = "A program that ends processes that are not its own can "
                   "take the test itself away. That is never a pass.",
            .read = "the TerminateProcess page"});
    play_stop(&(struct verdict){
        .kind = "infrastructure",
        .happened =
            keep_text("The kit's director %s.%s%.300s",
                      line_was_silent() ? "did not give a proper answer in time"
                                        : "ended before its time",
                      errors[0] == '\0' ? "" : " It said: ",
                      errors)});
}

void play_broken(const char *format, ...)
{
    char text[2048];
    va_list list;
    va_start(list, format);
    vsnprintf(text, sizeof text, format, list);
    va_end(list);
    if (text[0] == '\0')
        stop_for_lost_director();
    play_stop(&(struct verdict){.kind = "infrastructure", .happened = text});
}
