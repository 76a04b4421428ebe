/*
 * report_tap.c - results.tap: TAP version 13, one line a check.
 *
 * What is known about a failure follows in a YAML block; every value there
 * is in double quotes with JSON's escapes, which are YAML's too, so no text
 * of a student can look like a test line.
 */
#include "report.h"
#include "text.h"

#include <stdlib.h>

/* A description: one line, and no "#", which would begin a directive. */
static void description(FILE *f, const char *text)
{
    for (; *text; text++) {
        if (*text == '#' || *text == '\\')
            putc('\\', f);
        putc(*text == '\n' ? ' ' : *text, f);
    }
}

static void entry(FILE *f, const char *name, const char *text)
{
    if (!text || !*text)
        return;
    fprintf(f, "  %s: ", name);
    json_string(f, text);
    putc('\n', f);
}

static void yaml(FILE *f,
                 const struct grading *g,
                 const struct item *item,
                 const struct record *r)
{
    char *replay = replay_command(g, item->check);
    fputs("  ---\n", f);
    entry(f, "severity", r->outcome == ERROR ? "error" : "fail");
    entry(f, "kind", kind_name(r->kind));
    entry(f, "misconception", r->misconception);
    entry(f, "expected", r->expected);
    entry(f, "happened", r->happened);
    entry(f, "why", r->why);
    entry(f, "read", r->read);
    entry(f, "replay", replay);
    entry(f, "stderr", r->output);
    fprintf(f, "  seconds: %.3f\n  ...\n", r->seconds);
    free(replay);
}

static void
one_line(FILE *f, const struct grading *g, const struct item *item, int number)
{
    const struct record *r = item_record(g, item);
    enum outcome outcome = item_outcome(g, item);
    bool is_bad = outcome == FAILED || outcome == ERROR;

    fprintf(
        f, "%s %d - %s ", is_bad ? "not ok" : "ok", number, item->check->id);
    description(f, item->check->sentence);
    if (outcome == SKIPPED || outcome == NOT_RUN) {
        fputs(" # SKIP ", f);
        description(f, outcome == SKIPPED ? r->happened : "not run");
    }
    putc('\n', f);
    if (is_bad)
        yaml(f, g, item, r);
}

void report_tap(FILE *f, const struct grading *g)
{
    int number = 0, unbuilt = 0;
    for (size_t i = 0; i < g->lab_count; i++)
        unbuilt += g->labs[i].build_problem != NULL;

    fprintf(f, "TAP version 13\n1..%d\n", (int)g->item_count + unbuilt);
    for (size_t i = 0; i < g->lab_count; i++) {
        if (!g->labs[i].build_problem)
            continue;
        fprintf(f,
                "not ok %d - lab %s builds\n  ---\n",
                ++number,
                g->labs[i].number);
        entry(f, "severity", "error");
        entry(f, "happened", g->labs[i].build_problem);
        fputs("  ...\n", f);
    }
    for (size_t i = 0; i < g->item_count; i++)
        one_line(f, g, &g->items[i], ++number);
    if (g->run.stopped_by)
        fputs("Bail out! The run was stopped.\n", f);
}
