/*
 * audit_judge.c - what is expected of the audit's submissions.
 *
 * A wrong one is rejected by its intended check, for the reason that makes
 * it wrong. Right ones and solutions pass everything, each time. A starter
 * fails, and says which task is open. And every check rejects some wrong
 * submission: one that rejects nothing may be unable to. Time-outs and errors
 * of the kit count as neither: they prove nothing about a submission.
 */
#include "audit.h"
#include "options.h"
#include "report.h"
#include "text.h"

#include <ctype.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

struct cell
audit_cell(const struct audit *a, const struct submission *s, size_t check)
{
    struct cell cell = {0};
    if (s->first_job[check] == NO_JOB || !a->run.records)
        return cell;
    for (int i = 0; i < s->repeat; i++) {
        const struct record *r =
            &a->run.records[s->first_job[check] + (size_t)i];
        if (r->state != DONE)
            continue;
        if (!cell.first ||
            (cell.first->outcome == PASSED && r->outcome != PASSED))
            cell.first = r;
        cell.runs++;
        cell.passes += r->outcome == PASSED;
        cell.failures += r->outcome == FAILED;
        cell.errors += r->outcome == ERROR;
        cell.skips += r->outcome == SKIPPED;
    }
    return cell;
}

static void problem(struct audit *a, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

static void problem(struct audit *a, const char *format, ...)
{
    char *text = NULL;
    va_list arguments;
    va_start(arguments, format);
    int length = vasprintf(&text, format, arguments);
    va_end(arguments);
    putchar('\n');
    text_word(FAILED);
    print_wrapped(stdout, " ", length < 0 ? format : text, option_width() - 4);
    if (length >= 0)
        free(text);
    a->problems++;
}

/* Whether an expectation is met; UNSEEN: what it needs was skipped. */
enum verdict { MET, UNMET, UNSEEN };

/* " in 1 of 20 runs", or nothing if there was one run. */
static const char *how_often(int times, int runs)
{
    static char text[64];
    text[0] = '\0';
    if (runs > 1)
        snprintf(text, sizeof(text), " in %d of %d runs", times, runs);
    return text;
}

static enum verdict judge_wrong(struct audit *a, const struct submission *s)
{
    const char *label = submission_label(s);
    size_t count;
    const struct check *const *checks = lab_checks(s->lab, &count);
    for (size_t k = 0; k < count; k++) {
        if (checks[k] != s->intended)
            continue;
        struct cell cell = audit_cell(a, s, k);
        const struct record *r = cell.first;
        if (cell.skips == cell.runs)
            return UNSEEN;
        if (cell.failures < cell.runs) {
            problem(a,
                    "%s was to be rejected by %s, but %s%s.",
                    label,
                    checks[k]->id,
                    cell.passes  ? "passed it"
                    : cell.skips ? "the check was skipped"
                                 : "the check ended in an error",
                    how_often(cell.runs - cell.failures, cell.runs));
            if (cell.errors)
                text_failure(r, NULL);
            return UNMET;
        }
        for (int i = 0; s->misconception && i < s->repeat; i++) {
            r = &a->run.records[s->first_job[k] + (size_t)i];
            if (strcmp(r->misconception, s->misconception) == 0)
                continue;
            problem(
                a,
                "%s was rejected by %s as it should, but for %s, not for %s.",
                label,
                checks[k]->id,
                *r->misconception ? r->misconception : "no misconception",
                s->misconception);
            text_failure(r, NULL);
            return UNMET;
        }
    }
    return MET;
}

static enum verdict judge_right(struct audit *a, const struct submission *s)
{
    size_t count;
    const struct check *const *checks = lab_checks(s->lab, &count);
    enum verdict verdict = MET;
    for (size_t k = 0; k < count; k++) {
        struct cell cell = audit_cell(a, s, k);
        if (cell.skips && verdict == MET)
            verdict = UNSEEN;
        if (cell.passes + cell.skips == cell.runs)
            continue;
        problem(a,
                "%s is right, but %s did not pass%s.",
                submission_label(s),
                checks[k]->id,
                how_often(cell.runs - cell.passes, cell.runs));
        text_failure(cell.first, NULL);
        verdict = UNMET;
    }
    return verdict;
}

/* "TODO 01.2": what NP_TODO prints. */
static bool names_todo(const char *text)
{
    for (const char *p = text; (p = strstr(p, "TODO ")); p += 5)
        if (isdigit((unsigned char)p[5]) && isdigit((unsigned char)p[6]) &&
            p[7] == '.' && isdigit((unsigned char)p[8]))
            return true;
    return false;
}

static enum verdict judge_starter(struct audit *a, const struct submission *s)
{
    bool fails = false, names = false;
    for (size_t k = 0; k < s->checks; k++) {
        struct cell cell = audit_cell(a, s, k);
        if (!cell.failures)
            continue;
        fails = true;
        names = names || names_todo(cell.first->output) ||
                names_todo(cell.first->happened);
    }
    if (!fails)
        problem(a,
                "%s passes all checks: there is nothing to do.",
                submission_label(s));
    else if (!names)
        problem(a,
                "%s fails, but no failure shows a line like \"TODO %s.1\".",
                submission_label(s),
                s->lab);
    return fails && names ? MET : UNMET;
}

static enum verdict judge_unbuilt(struct audit *a, const struct submission *s)
{
    problem(a, "%s did not build.", submission_label(s));
    print_quoted(stdout,
                 "  | ",
                 *s->build_problem ? s->build_problem
                                   : "(there are no programs and no log)",
                 option_width());
    return UNMET;
}

static bool is_complete(const struct audit *a, const struct submission *s)
{
    for (size_t k = 0; k < s->checks; k++)
        if (s->first_job[k] != NO_JOB && audit_cell(a, s, k).runs < s->repeat)
            return false;
    return true;
}

static void judge_submission(struct audit *a, const struct submission *s)
{
    enum verdict verdict = UNMET;
    if (s->build_problem) {
        verdict = judge_unbuilt(a, s);
    } else if (!is_complete(a, s)) {
        a->skipped++; /* stopped early */
        return;
    } else {
        switch (s->kind) {
        case WRONG:
            verdict = judge_wrong(a, s);
            break;
        case RIGHT:
        case SOLUTION:
            verdict = judge_right(a, s);
            break;
        case STARTER:
            verdict = judge_starter(a, s);
            break;
        }
    }
    a->passed += verdict == MET;
    a->failed += verdict == UNMET;
    a->skipped += verdict == UNSEEN;
}

/* Whether some wrong submission fails the check. */
static void judge_check(struct audit *a, const char *lab, size_t check)
{
    size_t count;
    const struct check *const *checks = lab_checks(lab, &count);
    bool seen_all = true;
    for (size_t i = 0; i < a->count; i++) {
        const struct submission *s = &a->submissions[i];
        if (strcmp(s->lab, lab) != 0 || s->kind != WRONG)
            continue;
        struct cell cell = audit_cell(a, s, check);
        if (cell.failures) {
            a->passed++;
            return;
        }
        seen_all = seen_all && cell.runs > cell.skips;
    }
    if (!seen_all) {
        a->skipped++; /* the short form, a stop, a skip, or a broken build */
        return;
    }
    problem(a, "No wrong submission fails %s.", checks[check]->id);
    a->failed++;
}

void audit_judge(struct audit *a)
{
    for (size_t i = 0; i < a->count; i++)
        judge_submission(a, &a->submissions[i]);
    for (size_t i = 0; i < a->count; i++) {
        bool is_first = true;
        for (size_t k = 0; k < i; k++)
            is_first = is_first && strcmp(a->submissions[k].lab,
                                          a->submissions[i].lab) != 0;
        for (size_t k = 0; is_first && k < a->submissions[i].checks; k++)
            judge_check(a, a->submissions[i].lab, k);
    }
    putchar('\n');
}
