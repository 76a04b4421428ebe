/* report_text.c - results for people, in the terminal's width. */
#include "report.h"
#include "options.h"
#include "text.h"

#include <stdlib.h>
#include <string.h>

#define ID_MAX_COLUMNS 32
#define POINTS_COLUMNS 7 /* two spaces and "10/10" */

static const char *colour_of(enum outcome outcome)
{
    static const char *const colours[] = {
        "", "\033[32m", "\033[31m", "\033[33m", "\033[35m"};
    return option_colour() ? colours[outcome] : "";
}

void text_word(enum outcome outcome)
{
    printf("%s%s%s",
           colour_of(outcome),
           outcome_word(outcome),
           option_colour() ? "\033[0m" : "");
}

/* WORD ID SENTENCE POINTS, the sentence in as many lines as it needs; at a
 * narrow terminal it stands below. */
static void
print_item_line(const struct item *item, enum outcome outcome, int id_columns)
{
    char points[32];
    snprintf(points,
             sizeof(points),
             "%d/%d",
             outcome == PASSED ? item->points : 0,
             item->points);
    text_word(outcome);
    printf("%*s%-*s  ",
           (int)(6 - strlen(outcome_word(outcome))),
           "",
           id_columns,
           item->check->id);

    int before = 6 + id_columns + 2;
    int room = option_width() - before - POINTS_COLUMNS;
    if (room < 20) {
        puts(points);
        print_wrapped(stdout, "      ", item->check->sentence, option_width());
        return;
    }
    char *lines = NULL, *rest;
    size_t size;
    FILE *f = open_memstream(&lines, &size);
    if (!f)
        return;
    print_wrapped(f, "", item->check->sentence, room);
    fclose(f);
    char *line = strtok_r(lines, "\n", &rest);
    int columns = line ? text_columns(line) : 0;
    printf("%s%*s%*s\n",
           line ? line : "",
           room - columns,
           "",
           POINTS_COLUMNS,
           points);
    while ((line = strtok_r(NULL, "\n", &rest)))
        printf("%*s%s\n", before, "", line);
    free(lines);
}

void text_item(const struct grading *g, const struct item *item)
{
    int id_columns = 0;
    for (size_t i = 0; i < g->item_count; i++) {
        int columns = text_columns(g->items[i].check->id);
        if (columns > id_columns && columns <= ID_MAX_COLUMNS)
            id_columns = columns;
    }
    if (g->lab_count > 1 && item->number == 1)
        printf("Lab %s\n", item->lab->rubric.topic);
    print_item_line(item, item_outcome(g, item), id_columns);
    int passes = item_passes(g, item);
    if (g->repeat > 1 && passes != g->repeat)
        printf("      passed %d of %d times\n", passes, g->repeat);
    fflush(stdout);
}

static void row(const char *label, const char *text)
{
    char first[32];
    if (!*text)
        return;
    snprintf(first, sizeof(first), "  %-9s ", label);
    print_wrapped(stdout, first, text, option_width());
}

void text_failure(const struct record *r, const char *replay)
{
    row("expected", r->expected);
    row(r->outcome == SKIPPED ? "reason" : "happened", r->happened);
    row("why", r->why);
    row("read", r->read);
    if (replay)
        printf("  %-9s %s\n", "replay", replay); /* one line, to be copied */
    if (*r->output) {
        puts("  the programs' last lines on standard error:");
        print_quoted(stdout, "  | ", r->output, option_width());
    }
    if (*r->lanes) {
        puts("  who each thread was at that time:");
        print_quoted(stdout, "  | ", r->lanes, option_width());
    }
    if (r->kind == KIND_INFRASTRUCTURE)
        row("note",
            "This is an error of the kit, not of the submission. It happened "
            "twice in a row. Please report it.");
}

static void print_whole(const struct grading *g, const struct item *item)
{
    const struct record *r = item_record(g, item);
    char *replay = replay_command(g, item->check);
    putchar('\n');
    text_word(r->outcome);
    printf(" %s", item->check->id);
    if (*r->misconception && r->kind > KIND_FAILED)
        printf(" (%s, %s)", kind_name(r->kind), r->misconception);
    else if (*r->misconception || r->kind > KIND_FAILED)
        printf(" (%s)",
               *r->misconception ? r->misconception : kind_name(r->kind));
    putchar('\n');
    print_wrapped(stdout, "  ", item->check->sentence, option_width());
    text_failure(r, replay);
    free(replay);
}

/* The first failure whole; the others counted, or whole with V=1. */
static void print_failures(const struct grading *g)
{
    char *others = NULL;
    size_t size;
    int shown = 0, counted = 0;
    FILE *f = open_memstream(&others, &size);
    if (!f)
        return;
    for (size_t i = 0; i < g->item_count; i++) {
        const struct item *item = &g->items[i];
        enum outcome outcome = item_outcome(g, item);
        bool failed = outcome == FAILED || outcome == ERROR;
        if (failed && (shown == 0 || option_verbose())) {
            print_whole(g, item);
            shown++;
        } else if (failed) {
            fprintf(f, "%s%s", counted++ ? ", " : "", item->check->id);
        } else if (outcome == SKIPPED) {
            print_whole(g, item);
        }
    }
    fclose(f);
    if (counted) {
        char first[64];
        snprintf(first, sizeof(first), "%d more failed: ", counted);
        char *text = NULL;
        if (asprintf(&text, "%s%s; V=1 shows them whole.", first, others) >=
            0) {
            putchar('\n');
            print_wrapped(stdout, "", text, option_width());
        }
        free(text);
    }
    free(others);
}

static void print_unbuilt(const struct grading *g)
{
    for (size_t i = 0; i < g->lab_count; i++) {
        const struct lab *lab = &g->labs[i];
        if (!lab->build_problem)
            continue;
        printf("\nNot graded: lab %s did not build.\n", lab->rubric.topic);
        print_quoted(stdout, "  | ", lab->build_problem, option_width());
    }
}

static void print_warnings(const struct grading *g)
{
    for (size_t i = 0; i < g->lab_count; i++) {
        const struct lab *lab = &g->labs[i];
        if (!lab->warnings)
            continue;
        printf("\nThe compiler warned of something in lab %s:\n",
               lab->rubric.topic);
        print_quoted(stdout, "  | ", lab->warnings, option_width());
    }
}

static void print_score(const struct grading *g)
{
    struct score all = score_of(g, NULL);
    putchar('\n');
    for (size_t i = 0; i < g->lab_count && g->lab_count > 1; i++) {
        struct score one = score_of(g, &g->labs[i]);
        printf("Lab %-24s ", g->labs[i].rubric.topic);
        if (one.graded)
            printf("%3d/%d points\n", one.earned, one.possible);
        else
            puts("not graded");
    }
    if (all.graded && all.open)
        printf(
            "%d points are not graded: their checks were skipped, not run, or "
            "ended\nin an error of the kit.\n",
            all.open);
    if (g->filter)
        printf("No score: only the checks with \"%s\" in their id ran.\n",
               g->filter);
    else if (!all.graded)
        puts("Score: not graded");
    else
        printf("Score: %d/100\n", score_scaled(all));
}

void text_counts(int passed, int failed, int skipped)
{
    printf("%d passed, %d failed, %d skipped\n", passed, failed, skipped);
    fflush(stdout);
}

void text_end(const struct grading *g)
{
    struct counts c = count_items(g);
    print_failures(g);
    print_unbuilt(g);
    print_warnings(g);
    if (g->run.stopped_by)
        printf("\nStopped by SIG%s: %d checks were not run.\n",
               sigabbrev_np(g->run.stopped_by),
               c.not_run);
    for (size_t i = 0; c.retried && i < g->item_count; i++) {
        const struct record *r = item_record(g, &g->items[i]);
        if (!r || r->attempts < 2)
            continue;
        printf("\nRun again after an error of the kit: %s\n",
               g->items[i].check->id);
        row("first", r->first_error);
    }
    print_score(g);
    text_counts(c.passed, c.failed, c.skipped);
}
