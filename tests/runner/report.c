/* report.c - what the reports have in common: verdicts, points, files. */
#include "report.h"
#include "options.h"
#include "text.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

const struct record *item_record(const struct grading *g,
                                 const struct item *item)
{
    /* The gravest repetition speaks: one failure in twenty is a failure. */
    static const enum outcome order[] = {
        FAILED, ERROR, SKIPPED, NOT_RUN, PASSED};
    if (!item->runs || !g->run.records)
        return NULL;
    const struct record *first = &g->run.records[item->first_job];
    for (size_t o = 0; o < sizeof(order) / sizeof(order[0]); o++)
        for (int i = 0; i < g->repeat; i++)
            if (first[i].state == DONE ? first[i].outcome == order[o]
                                       : order[o] == NOT_RUN)
                return &first[i];
    return first;
}

enum outcome item_outcome(const struct grading *g, const struct item *item)
{
    const struct record *r = item_record(g, item);
    return r && r->state == DONE ? r->outcome : NOT_RUN;
}

int item_passes(const struct grading *g, const struct item *item)
{
    int passes = 0;
    for (int i = 0; item->runs && g->run.records && i < g->repeat; i++) {
        const struct record *r = &g->run.records[item->first_job + (size_t)i];
        passes += r->state == DONE && r->outcome == PASSED;
    }
    return passes;
}

char *replay_command(const struct grading *g, const struct check *check)
{
    char *text = NULL;
    size_t size;
    FILE *f = open_memstream(&text, &size);
    if (!f)
        return NULL;
    fprintf(f, "make check LAB=%.2s TEST=%s", check->id, check->id + 3);
    if (g->src_label && *g->src_label && strcmp(g->src_label, "labs") != 0) {
        fputs(" SRC=", f);
        shell_word(f, g->src_label);
    }
    fclose(f);
    return text;
}

struct score score_of(const struct grading *g, const struct lab *lab)
{
    struct score score = {.graded = true};
    for (size_t i = 0; i < g->item_count; i++) {
        const struct item *item = &g->items[i];
        if (lab && item->lab != lab)
            continue;
        enum outcome outcome = item_outcome(g, item);
        score.possible += item->points;
        if (outcome == PASSED)
            score.earned += item->points;
        else if (outcome != FAILED)
            score.open += item->points;
    }
    for (size_t i = 0; i < g->lab_count; i++)
        if ((!lab || lab == &g->labs[i]) && g->labs[i].build_problem)
            score.graded = false;
    return score;
}

int score_scaled(struct score score)
{
    return score.possible ? 100 * score.earned / score.possible : 0;
}

struct counts count_items(const struct grading *g)
{
    struct counts c = {0};
    for (size_t i = 0; i < g->item_count; i++) {
        const struct record *r = item_record(g, &g->items[i]);
        switch (item_outcome(g, &g->items[i])) {
        case PASSED:
            c.passed++;
            break;
        case ERROR:
            c.errors++;
            c.failed++;
            break;
        case FAILED:
            c.failed++;
            break;
        case NOT_RUN:
            c.not_run++;
            c.skipped++;
            break;
        case SKIPPED:
            c.skipped++;
            break;
        }
        c.retried += r && r->attempts > 1;
    }
    return c;
}

/* Written beside its place and moved there whole: a reader, or a kill, never
 * meets half a report. */
static bool write_one(const struct grading *g,
                      const char *name,
                      void (*form)(FILE *, const struct grading *))
{
    char path[4096], fresh[4200];
    snprintf(path, sizeof(path), "%s/%s", g->results, name);
    snprintf(fresh, sizeof(fresh), "%s.%d", path, (int)getpid());
    FILE *f = fopen(fresh, "we");
    if (f) {
        form(f, g);
        bool bad = ferror(f);
        bad = fclose(f) || bad;
        if (!bad && rename(fresh, path) == 0)
            return true;
        unlink(fresh);
    }
    wrong_use("%s cannot be written: %s.", path, strerror(errno));
    return false;
}

bool report_write(const struct grading *g)
{
    bool json = write_one(g, "results.json", report_json);
    bool junit = write_one(g, "junit.xml", report_junit);
    bool tap = write_one(g, "results.tap", report_tap);
    return json && junit && tap;
}
