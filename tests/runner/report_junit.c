/*
 * report_junit.c - junit.xml: a test suite for each lab.
 *
 * <failure> is the student's, <error> is ours: a time-out of the whole check,
 * an error of the kit, a lab that did not build.
 */
#include "report.h"
#include "text.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>

struct tally {
    int tests, failures, errors, skipped;
    double seconds;
};

static struct tally tally_of(const struct grading *g, const struct lab *lab)
{
    struct tally t = {0};
    for (size_t i = 0; i < g->item_count; i++) {
        const struct item *item = &g->items[i];
        if (lab && item->lab != lab)
            continue;
        const struct record *r = item_record(g, item);
        enum outcome outcome = item_outcome(g, item);
        t.tests++;
        t.failures += outcome == FAILED;
        t.errors += outcome == ERROR;
        t.skipped += outcome == SKIPPED || outcome == NOT_RUN;
        t.seconds += r ? r->seconds : 0;
    }
    for (size_t i = 0; i < g->lab_count; i++) {
        bool failed_build = g->labs[i].build_problem != NULL;
        if (failed_build && (!lab || lab == &g->labs[i])) {
            t.tests++;
            t.errors++;
        }
    }
    return t;
}

static void counts(FILE *f, struct tally t)
{
    fprintf(f,
            " tests=\"%d\" failures=\"%d\" errors=\"%d\" skipped=\"%d\" "
            "time=\"%.3f\"",
            t.tests,
            t.failures,
            t.errors,
            t.skipped,
            t.seconds);
}

static void detail(FILE *f, const char *label, const char *text)
{
    if (!text || !*text)
        return;
    fprintf(f, "%s: ", label);
    xml_text(f, text);
    putc('\n', f);
}

static void verdict(FILE *f,
                    const struct grading *g,
                    const struct item *item,
                    const struct record *r)
{
    const char *element = r->outcome == ERROR ? "error" : "failure";
    char *replay = replay_command(g, item->check);
    fprintf(f, "      <%s message=\"", element);
    xml_attribute(f, r->happened);
    fputs("\" type=\"", f);
    xml_attribute(f, *r->misconception ? r->misconception : kind_name(r->kind));
    fputs("\">", f);
    detail(f, "Expected", r->expected);
    detail(f, "Happened", r->happened);
    detail(f, "Why", r->why);
    detail(f, "Read", r->read);
    detail(f, "Replay", replay);
    fprintf(f, "</%s>\n", element);
    free(replay);
}

static void one_case(FILE *f, const struct grading *g, const struct item *item)
{
    const struct record *r = item_record(g, item);
    enum outcome outcome = item_outcome(g, item);

    fprintf(f, "    <testcase classname=\"lab%s\" name=\"", item->lab->number);
    xml_attribute(f, item->check->id);
    fprintf(f, "\" time=\"%.3f\" file=\"", r ? r->seconds : 0.0);
    xml_attribute(f, item->check->test->file);
    fprintf(f, "\" line=\"%d\">\n", item->check->test->line);
    if (!r || outcome == NOT_RUN) {
        fputs("      <skipped message=\"not run\"/>\n", f);
    } else if (outcome == SKIPPED) {
        fputs("      <skipped message=\"", f);
        xml_attribute(f, r->happened);
        fputs("\"/>\n", f);
    } else if (outcome != PASSED) {
        verdict(f, g, item, r);
    }
    if (r && *r->output) {
        fputs("      <system-err>", f);
        xml_text(f, r->output);
        fputs("</system-err>\n", f);
    }
    fputs("    </testcase>\n", f);
}

static void one_suite(FILE *f, const struct grading *g, const struct lab *lab)
{
    char now[32] = "";
    time_t t = time(NULL);
    struct tm utc;
    if (gmtime_r(&t, &utc))
        strftime(now, sizeof(now), "%Y-%m-%dT%H:%M:%S", &utc);

    fprintf(f, "  <testsuite name=\"lab%s\"", lab->number);
    counts(f, tally_of(g, lab));
    fprintf(f, " timestamp=\"%s\" hostname=\"localhost\">\n", now);
    if (lab->build_problem) {
        fprintf(f,
                "    <testcase classname=\"lab%s\" name=\"build\" time=\"0\">\n"
                "      <error message=\"did not build: not graded\" "
                "type=\"build\">",
                lab->number);
        xml_text(f, lab->build_problem);
        fputs("</error>\n    </testcase>\n", f);
    }
    for (size_t i = 0; i < g->item_count; i++)
        if (g->items[i].lab == lab)
            one_case(f, g, &g->items[i]);
    fputs("  </testsuite>\n", f);
}

void report_junit(FILE *f, const struct grading *g)
{
    fputs(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites name=\"labs\"",
        f);
    counts(f, tally_of(g, NULL));
    fputs(">\n", f);
    for (size_t i = 0; i < g->lab_count; i++)
        one_suite(f, g, &g->labs[i]);
    fputs("</testsuites>\n", f);
}
