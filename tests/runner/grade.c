/*
 * grade.c - `runner grade`: a submission's labs are checked and reported.
 *
 *     runner grade --lab NN[,NN] --programs DIR [--lab ...] [options]
 *
 * DIR holds server.exe and client.exe, or a folder NN-topic that does, or
 * will when they have been compiled (compile.h). A program that is not there
 * did not build; the compiler's words are taken from DIR/server.log and
 * DIR/client.log, or from --build-log.
 */
#include "commands.h"
#include "compile.h"
#include "grade.h"
#include "options.h"

#include <errno.h>
#include <glob.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* Makes lab->programs the absolute folder that holds the programs, or will:
 * DIR, or its one folder NN-topic. False after one sentence. */
static bool find_programs(struct lab *lab, bool compiles)
{
    char pattern[PATH_MAX], path[PATH_MAX];
    glob_t found = {0};

    if (!lab->programs) {
        wrong_use("Lab %s has no --programs.", lab->number);
        return false;
    }
    if (compiles && !make_folder_path(lab->programs))
        return false;
    snprintf(pattern, sizeof(pattern), "%s/%s-*", lab->programs, lab->number);
    bool has_folder = glob(pattern, GLOB_ONLYDIR, NULL, &found) == 0;
    const char *folder = has_folder ? found.gl_pathv[0] : lab->programs;
    bool exists = realpath(folder, path) != NULL;
    if (exists) {
        free(lab->programs);
        lab->programs = strdup(path);
    } else {
        wrong_use("There is no folder %s.", folder);
    }
    globfree(&found);
    return exists;
}

/* Whether the lab's programs were built, and what the compiler said. False
 * after one sentence. */
static bool read_build(struct lab *lab)
{
    lab->build_problem =
        build_problem(lab->programs, lab->build_log, lab->said_build_failed);
    if (!lab->build_problem)
        lab->warnings = build_warnings(lab->programs);
    if (lab->build_problem && !*lab->build_problem && !lab->said_build_failed) {
        wrong_use("%s holds no server.exe or no client.exe, and no log that "
                  "says why.",
                  lab->programs);
        return false;
    }
    return true;
}

/* The items in the order of the labs and of their ids. */
static bool make_items(struct grading *g, struct job **jobs)
{
    size_t most = 0;
    for (size_t i = 0; i < g->lab_count; i++)
        most += g->labs[i].rubric.count;
    g->items = calloc(most + 1, sizeof(*g->items));
    *jobs = calloc(most * (size_t)g->repeat + 1, sizeof(**jobs));
    if (!g->items || !*jobs)
        return false;
    for (size_t i = 0; i < g->lab_count; i++) {
        const struct lab *lab = &g->labs[i];
        int number = 0;
        for (size_t k = 0; k < lab->rubric.count; k++) {
            const struct check *check = lab->rubric.checks[k];
            if (g->filter && !strstr(check->id, g->filter))
                continue;
            number++;
            g->items[g->item_count++] =
                (struct item){.check = check,
                              .lab = lab,
                              .points = lab->rubric.points[k],
                              .first_job = g->run.count,
                              .runs = !lab->build_problem,
                              .number = number};
            for (int r = 0; r < g->repeat && !lab->build_problem; r++)
                (*jobs)[g->run.count++] =
                    (struct job){.check = check, .programs = lab->programs};
        }
    }
    g->run.jobs = *jobs;
    if (g->item_count == 0) {
        wrong_use("No check of these labs has \"%s\" in its id; `runner list` "
                  "prints the ids.",
                  g->filter);
        return false;
    }
    return true;
}

static void on_result(void *context, size_t job, const struct record *record)
{
    struct grading *g = context;
    for (size_t i = 0; i < g->item_count; i++) {
        const struct item *item = &g->items[i];
        if (!item->runs || job < item->first_job ||
            job >= item->first_job + (size_t)g->repeat)
            continue;
        char *replay = replay_command(g, item->check);
        events_write(g->events,
                     &(struct event){
                         .name = "test_end",
                         .at = record->began + record->seconds,
                         .check = item->check->id,
                         .replay = record->outcome == PASSED ? NULL : replay,
                         .points = record->outcome == PASSED ? item->points : 0,
                         .max_points = item->points,
                         .record = record});
        free(replay);
        if (job == item->first_job + (size_t)g->repeat - 1)
            text_item(g, item);
        return;
    }
}

static void tell_build_failed(const struct grading *g)
{
    for (size_t i = 0; i < g->lab_count; i++)
        if (g->labs[i].build_problem)
            events_write(g->events,
                         &(struct event){
                             .name = "build_failed",
                             .at = engine_clock(),
                             .submission = g->labs[i].rubric.topic,
                         });
}

static bool on_compiled(void *context)
{
    struct grading *g = context;
    struct lab *lab = &g->labs[0];
    g->unusable = !read_build(lab);
    for (size_t i = 0; i < g->item_count; i++)
        g->items[i].runs = !lab->build_problem;
    tell_build_failed(g);
    return !lab->build_problem;
}

static void on_save(void *context)
{
    report_write(context);
}

/* Old reports must not be taken for this run's if it ends badly. */
static bool open_results(struct grading *g)
{
    static const char *const old[] = {
        "results.json", "junit.xml", "results.tap"};
    if (!make_folder_path(g->results))
        return false;
    for (size_t i = 0; i < sizeof(old) / sizeof(old[0]); i++) {
        char path[PATH_MAX];
        snprintf(path, sizeof(path), "%s/%s", g->results, old[i]);
        unlink(path);
    }
    g->events = events_open(g->results);
    if (!g->events)
        wrong_use("%s/events.jsonl cannot be written: %s.",
                  g->results,
                  strerror(errno));
    return g->events != NULL;
}

static int exit_status(const struct grading *g)
{
    struct counts c = count_items(g);
    if (g->run.stopped_by)
        return 128 + g->run.stopped_by;
    if (c.failed || c.not_run)
        return 1;
    return c.passed ? 0 : 2; /* nothing but skips proves nothing */
}

static int run_and_report(struct grading *g)
{
    if (g->run.count && !options_settle_sandbox())
        return 2;
    if (!open_results(g))
        return 2;
    events_write(g->events, &(struct event){.name = "run_begin"});
    tell_build_failed(g);
    g->run.on_result = on_result;
    g->run.on_save = on_save;
    g->run.context = g;
    if (g->run.count && !engine_run(&g->run))
        return 2;
    if (g->unusable)
        return 2;
    events_write(g->events,
                 &(struct event){.name = "run_end", .at = engine_clock()});
    bool written = report_write(g);
    text_end(g);
    return written ? exit_status(g) : 2;
}

static void free_grading(struct grading *g, struct job *jobs)
{
    engine_free(&g->run);
    if (g->events)
        fclose(g->events);
    for (size_t i = 0; i < g->lab_count; i++) {
        free(g->labs[i].programs);
        free(g->labs[i].build_problem);
        free(g->labs[i].warnings);
        rubric_free(&g->labs[i].rubric);
    }
    free(g->labs);
    free(g->items);
    free(jobs);
}

int grade_main(int argc, char **argv)
{
    struct grading g = {.repeat = 1, .results = "build/results"};
    const char *rubrics = "tests/checks";
    struct job *jobs = NULL;

    bool ok = grade_options(&g, &rubrics, argc, argv);
    bool compiles = ok && compile_count() > 0;
    if (compiles && g.lab_count > 1) {
        wrong_use("--compile is for one lab.");
        ok = false;
    }
    for (size_t i = 0; ok && i < g.lab_count; i++)
        ok = find_programs(&g.labs[i], compiles) &&
             rubric_read(&g.labs[i].rubric, rubrics, g.labs[i].number);
    if (ok && compiles) {
        compile_begin();
        g.run.on_compiled = on_compiled;
    }
    for (size_t i = 0; ok && !compiles && i < g.lab_count; i++)
        ok = read_build(&g.labs[i]);
    ok = ok && make_items(&g, &jobs);
    int status = ok ? run_and_report(&g) : 2;
    compile_wait(NULL); /* what was begun is there the next time */
    free_grading(&g, jobs);
    return status;
}
