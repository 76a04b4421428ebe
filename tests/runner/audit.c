/*
 * audit.c - `runner audit LIST`: the checks are graded by submissions.
 *
 * LIST has one submission a line, fields separated by tabs:
 *
 *     LAB KIND NAME PROGRAMS CHECK MISCONCEPTION
 *
 * KIND is wrong, right, starter or solution; CHECK is the id of the check
 * that must reject a wrong one, MISCONCEPTION what it must name; "-" stands
 * for nothing, # begins a comment line. What is expected stands in
 * audit_judge.c. PROGRAMS without server.exe or client.exe did not build;
 * the compiler's words are in PROGRAMS/server.log and client.log.
 */
#include "audit.h"
#include "commands.h"
#include "options.h"
#include "report.h"
#include "text.h"

#include <errno.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>

/* Of a starter in the short form. */
#define STARTER_CHECKS 2

/* Jobs side by side for each core: most of what a wrong submission costs is
 * waiting for it, which takes no core. */
#define SLOTS_A_CORE 4

const char *submission_label(const struct submission *s)
{
    static const char *const kinds[] = {
        "wrong", "right", "starter", "solution"};
    static char label[256];
    const char *kind = kinds[s->kind];
    if (s->kind == STARTER || s->kind == SOLUTION)
        snprintf(label, sizeof(label), "%s %s", s->lab, kind);
    else
        snprintf(label, sizeof(label), "%s %s/%s", s->lab, kind, s->name);
    return label;
}

const struct check *const *lab_checks(const char *lab, size_t *count)
{
    size_t all_count, first = 0;
    const struct check *const *all = all_checks(&all_count);
    *count = 0;
    while (all && first < all_count && !is_of_lab(all[first], lab))
        first++;
    while (all && first + *count < all_count &&
           is_of_lab(all[first + *count], lab))
        ++*count;
    return all ? all + first : NULL;
}

static bool read_kind(const char *word, enum submission_kind *kind)
{
    static const char *const kinds[] = {
        "wrong", "right", "starter", "solution"};
    for (size_t i = 0; i < 4; i++) {
        *kind = (enum submission_kind)i;
        if (strcmp(word, kinds[i]) == 0)
            return true;
    }
    return false;
}

/* The check of this id, or NULL. */
static const struct check *find_check(const char *lab, const char *id)
{
    size_t count;
    const struct check *const *checks = lab_checks(lab, &count);
    for (size_t i = 0; i < count; i++)
        if (strcmp(checks[i]->id, id) == 0)
            return checks[i];
    return NULL;
}

/* One line; false after one sentence. */
static bool read_submission(struct submission *s, char *line, const char *where)
{
    char *field[6];
    size_t count = 0;
    for (char *rest = line, *one; (one = strsep(&rest, "\t"));)
        if (count++ < 6)
            field[count - 1] = one;
    if (count != 6) {
        wrong_use("%s: a line has six fields with tabs between, not %zu.",
                  where,
                  count);
        return false;
    }
    if (!lab_number(field[0], s->lab))
        return false;
    if (!read_kind(field[1], &s->kind)) {
        wrong_use("%s: a submission is wrong, right, starter or solution, not "
                  "\"%s\".",
                  where,
                  field[1]);
        return false;
    }
    s->intended = find_check(s->lab, field[4]);
    if (!s->intended && (s->kind == WRONG || strcmp(field[4], "-") != 0)) {
        wrong_use("%s: \"%s\" is no check of lab %s.", where, field[4], s->lab);
        return false;
    }
    char path[PATH_MAX];
    s->name = strdup(field[2]);
    s->programs = strdup(realpath(field[3], path) ? path : field[3]);
    s->misconception = strcmp(field[5], "-") != 0 ? strdup(field[5]) : NULL;
    s->build_problem = build_problem(s->programs, NULL, false);
    return s->name && s->programs;
}

static bool read_list(struct audit *a, const char *path)
{
    FILE *f = fopen(path, "re");
    if (!f) {
        wrong_use("The list %s cannot be read: %s.", path, strerror(errno));
        return false;
    }
    char line[2 * PATH_MAX], where[PATH_MAX + 16];
    bool ok = true;
    for (int number = 1; ok && fgets(line, sizeof(line), f); number++) {
        line[strcspn(line, "\r\n")] = '\0';
        if (!*line || *line == '#')
            continue;
        struct submission *more =
            realloc(a->submissions, (a->count + 1) * sizeof(*more));
        ok = more != NULL;
        if (!more)
            break;
        a->submissions = more;
        memset(&more[a->count], 0, sizeof(*more));
        snprintf(where, sizeof(where), "%s:%d", path, number);
        ok = read_submission(&more[a->count++], line, where);
    }
    fclose(f);
    if (ok && a->count == 0) {
        wrong_use("The list %s holds no submission.", path);
        ok = false;
    }
    return ok;
}

/* The short form needs of a wrong submission only the check that is to reject
 * it, and of a starter only that it fails. */
static bool is_wanted(const struct audit *a,
                      const struct submission *s,
                      const struct check *check,
                      size_t number)
{
    if (s->build_problem)
        return false;
    if (a->is_short && s->kind == WRONG)
        return s->intended == check;
    if (a->is_short && s->kind == STARTER)
        return number < STARTER_CHECKS;
    return true;
}

/* Jobs of all submissions in one run, so that no core is ever idle. */
static bool make_jobs(struct audit *a, struct job **jobs)
{
    size_t most = 0;
    for (size_t i = 0; i < a->count; i++) {
        struct submission *s = &a->submissions[i];
        lab_checks(s->lab, &s->checks);
        s->repeat = s->kind == SOLUTION || a->repeat_all ? a->repeat : 1;
        s->first_job = calloc(s->checks + 1, sizeof(*s->first_job));
        if (!s->first_job)
            return false;
        most += s->checks * (size_t)s->repeat;
    }
    *jobs = calloc(most + 1, sizeof(**jobs));
    a->owner = calloc(most + 1, sizeof(*a->owner));
    if (!*jobs || !a->owner)
        return false;
    for (size_t i = 0; i < a->count; i++) {
        struct submission *s = &a->submissions[i];
        size_t count;
        const struct check *const *checks = lab_checks(s->lab, &count);
        for (size_t k = 0; k < s->checks; k++) {
            bool wanted = is_wanted(a, s, checks[k], k);
            s->first_job[k] = wanted ? a->run.count : NO_JOB;
            for (int r = 0; wanted && r < s->repeat; r++) {
                a->owner[a->run.count] = i;
                (*jobs)[a->run.count++] =
                    (struct job){.check = checks[k], .programs = s->programs};
            }
        }
    }
    a->run.jobs = *jobs;
    return true;
}

static void on_result(void *context, size_t job, const struct record *record)
{
    struct audit *a = context;
    events_write(a->events,
                 &(struct event){.name = "test_end",
                                 .at = record->began + record->seconds,
                                 .submission = submission_label(
                                     &a->submissions[a->owner[job]]),
                                 .check = a->run.jobs[job].check->id,
                                 .record = record});
}

static bool
read_options(struct audit *a, int argc, char **argv, const char **list)
{
    for (int i = 1; i < argc; i++) {
        const char *name = argv[i];
        bool ok = true;
        if (strcmp(name, "--short") == 0) {
            a->is_short = true;
        } else if (strcmp(name, "--repeat-all") == 0) {
            a->repeat_all = true;
        } else if (strcmp(name, "--repeat") == 0) {
            ok = option_number(argc, argv, &i, 1, 1000, &a->repeat);
        } else if (strcmp(name, "--jobs") == 0) {
            ok = option_number(argc, argv, &i, 1, 256, &a->run.slots);
        } else if (strcmp(name, "--results") == 0) {
            a->results = option_value(argc, argv, &i);
            ok = a->results != NULL;
        } else if (name[0] == '-' || *list) {
            wrong_use("runner audit does not know %s.", name);
            ok = false;
        } else {
            *list = name;
        }
        if (!ok)
            return false;
    }
    if (!*list)
        wrong_use("runner audit wants a list of submissions.");
    return *list != NULL;
}

static int run_and_judge(struct audit *a)
{
    if (a->run.count && !options_settle_sandbox())
        return 2;
    if (!make_folder_path(a->results))
        return 2;
    a->events = events_open(a->results);
    a->run.on_result = on_result;
    a->run.context = a;
    if (a->run.count && !engine_run(&a->run))
        return 2;

    const char *last = "";
    for (size_t i = 0; i < a->count; i++) {
        bool is_new = strcmp(last, a->submissions[i].lab) != 0;
        for (size_t k = 0; k < i; k++)
            is_new = is_new &&
                     strcmp(a->submissions[k].lab, a->submissions[i].lab) != 0;
        if (is_new)
            audit_matrix(a, a->submissions[i].lab);
        last = a->submissions[i].lab;
    }
    audit_judge(a);
    printf("%zu checks run in %.1f s, %d at a time\n",
           a->run.count,
           a->run.seconds,
           a->run.slots);
    text_counts(a->passed, a->failed, a->skipped);
    if (a->run.stopped_by)
        return 128 + a->run.stopped_by;
    return a->failed ? 1 : 0;
}

int audit_main(int argc, char **argv)
{
    struct audit a = {.repeat = 1, .results = "build/audit/results"};
    struct job *jobs = NULL;
    const char *list = NULL;
    int status = 2;

    a.run.slots = SLOTS_A_CORE * cpu_count();
    if (read_options(&a, argc, argv, &list) && read_list(&a, list) &&
        make_jobs(&a, &jobs))
        status = run_and_judge(&a);

    engine_free(&a.run);
    if (a.events)
        fclose(a.events);
    for (size_t i = 0; i < a.count; i++) {
        free(a.submissions[i].name);
        free(a.submissions[i].programs);
        free(a.submissions[i].misconception);
        free(a.submissions[i].build_problem);
        free(a.submissions[i].first_job);
    }
    free(a.submissions);
    free(a.owner);
    free(jobs);
    return status;
}
