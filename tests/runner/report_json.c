/*
 * report_json.c - results.json as Gradescope reads it.
 *
 * What Gradescope has no field for is in extra_data. When something did not
 * build, or only some checks were asked for, nothing is graded: there is then
 * neither "score" nor "tests" at the top (an earlier score is not
 * overwritten), and what ran stands in extra_data.tests.
 */
#include "report.h"
#include "text.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

static void member(FILE *f, const char *name, const char *value)
{
    if (!value || !*value)
        return;
    fprintf(f, ",\"%s\":", name);
    json_string(f, value);
}

static void line(FILE *f, const char *label, const char *text)
{
    if (text && *text)
        fprintf(f, "%s: %s\n", label, text);
}

/* What a student reads on the web page, to be freed. */
static char *explain(const struct record *r, const char *replay)
{
    char *text = NULL;
    size_t size;
    FILE *f = open_memstream(&text, &size);
    if (!f)
        return NULL;
    if (!r || r->outcome == NOT_RUN || r->state != DONE) {
        fputs("Not run.\n", f);
    } else if (r->outcome == SKIPPED) {
        line(f, "Skipped", r->happened);
    } else if (r->outcome != PASSED) {
        line(f, "Expected", r->expected);
        line(f,
             r->outcome == ERROR ? "Error of the kit" : "Happened",
             r->happened);
        line(f, "Why", r->why);
        line(f, "Read", r->read);
        line(f, "Replay", replay);
        if (*r->output) {
            fputs("The programs' last lines on standard error:\n", f);
            print_quoted(f, "| ", r->output, 200);
        }
        if (*r->lanes) {
            fputs("Who each thread was at that time:\n", f);
            print_quoted(f, "| ", r->lanes, 200);
        }
    }
    fclose(f);
    return text;
}

static void extra_data(FILE *f,
                       const struct grading *g,
                       const struct item *item,
                       const char *replay)
{
    const struct record *r = item_record(g, item);
    fputs("\"extra_data\":{\"id\":", f);
    json_string(f, item->check->id);
    member(f, "status", outcome_name(item_outcome(g, item)));
    member(f, "replay", replay);
    if (r && r->state == DONE) {
        member(f, "kind", kind_name(r->kind));
        member(f, "misconception", r->misconception);
        member(f, "expected", r->expected);
        member(f, "happened", r->happened);
        member(f, "why", r->why);
        member(f, "read", r->read);
        member(f, "output", r->output);
        member(f, "retried_because", r->first_error);
        fprintf(
            f, ",\"attempts\":%d,\"seconds\":%.3f", r->attempts, r->seconds);
    }
    if (g->repeat > 1)
        fprintf(f,
                ",\"repetitions\":%d,\"passes\":%d",
                g->repeat,
                item_passes(g, item));
    putc('}', f);
}

static void one_test(FILE *f, const struct grading *g, const struct item *item)
{
    const struct record *r = item_record(g, item);
    enum outcome outcome = item_outcome(g, item);
    char *replay = replay_command(g, item->check);
    char *output = explain(r, replay);

    fprintf(f,
            "{\"number\":\"%d.%d\",\"name\":",
            atoi(item->lab->number),
            item->number);
    json_string(f, item->check->sentence);
    /* A check that gave no verdict has no score rather than a zero. */
    if (outcome == PASSED || outcome == FAILED)
        fprintf(f,
                ",\"score\":%d,\"max_score\":%d,\"status\":\"%s\"",
                outcome == PASSED ? item->points : 0,
                item->points,
                outcome_name(outcome));
    member(f, "output", output);
    fprintf(f, ",\"tags\":[\"lab%s\"", item->lab->number);
    if (r && *r->misconception) {
        putc(',', f);
        json_string(f, r->misconception);
    }
    fputs("],\"visibility\":\"visible\",", f);
    extra_data(f, g, item, replay);
    putc('}', f);
    free(output);
    free(replay);
}

static void all_tests(FILE *f, const struct grading *g)
{
    fputs("\"tests\":[", f);
    for (size_t i = 0; i < g->item_count; i++) {
        fputs(i ? ",\n  " : "\n  ", f);
        one_test(f, g, &g->items[i]);
    }
    fputs("]", f);
}

static void all_labs(FILE *f, const struct grading *g)
{
    fputs("\"labs\":[", f);
    for (size_t i = 0; i < g->lab_count; i++) {
        const struct lab *lab = &g->labs[i];
        struct score s = score_of(g, lab);
        fprintf(f, "%s{\"lab\":", i ? "," : "");
        json_string(f, lab->rubric.topic);
        fprintf(f, ",\"graded\":%s", s.graded ? "true" : "false");
        if (s.graded)
            fprintf(f,
                    ",\"points\":%d,\"max_points\":%d,\"open_points\":%d",
                    s.earned,
                    s.possible,
                    s.open);
        member(f, "build_problem", lab->build_problem);
        member(f, "compiler_warnings", lab->warnings);
        putc('}', f);
    }
    putc(']', f);
}

/* The line at the top of the page. */
static void summary(FILE *f, const struct grading *g)
{
    struct counts c = count_items(g);
    char *text = NULL;
    size_t size;
    FILE *to = open_memstream(&text, &size);
    if (!to)
        return;
    for (size_t i = 0; i < g->lab_count; i++)
        if (g->labs[i].build_problem)
            fprintf(to,
                    "Not graded: lab %s did not build.\n%s\n",
                    g->labs[i].rubric.topic,
                    g->labs[i].build_problem);
    if (g->run.stopped_by)
        fprintf(to,
                "Stopped by SIG%s: %d checks were not run.\n",
                sigabbrev_np(g->run.stopped_by),
                c.not_run);
    if (c.errors)
        fprintf(to,
                "%d checks ended in an error of the kit: please run again.\n",
                c.errors);
    fprintf(to,
            "%d passed, %d failed, %d skipped\n",
            c.passed,
            c.failed,
            c.skipped);
    fclose(to);
    json_string(f, text);
    free(text);
}

void report_json(FILE *f, const struct grading *g)
{
    struct score all = score_of(g, NULL);
    bool graded = all.graded && !g->filter;

    fputs("{", f);
    if (graded)
        fprintf(f, "\"score\":%d,\n ", score_scaled(all));
    fprintf(f, "\"execution_time\":%.3f,\n \"output\":", engine_clock());
    summary(f, g);
    fputs(",\n \"output_format\":\"text\",\"test_output_format\":\"text\","
          "\"test_name_format\":\"text\",\"visibility\":\"visible\",\n ",
          f);
    if (graded) {
        all_tests(f, g);
        fputs(",\n ", f);
    }
    fprintf(f,
            "\"extra_data\":{\"graded\":%s,\"open_points\":%d,"
            "\"stopped_by\":%d,\"finished\":%s",
            graded ? "true" : "false",
            all.open,
            g->run.stopped_by,
            count_items(g).not_run == 0 ? "true" : "false");
    member(f, "filter", g->filter);
    member(f, "src", g->src_label);
    fputs(",\n ", f);
    all_labs(f, g);
    if (!graded) {
        fputs(",\n ", f);
        all_tests(f, g);
    }
    fputs("}}\n", f);
}
