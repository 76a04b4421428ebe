/*
 * audit.h - submissions whose verdicts are known, and what the checks say.
 *
 * audit.c reads the list and runs it, audit_judge.c compares, and
 * audit_matrix.c prints the matrix.
 */
#ifndef NPLAB_AUDIT_H
#define NPLAB_AUDIT_H

#include "jobs.h"

enum submission_kind { WRONG, RIGHT, STARTER, SOLUTION };

/* One line of the list. */
struct submission {
    char lab[3];
    enum submission_kind kind;
    char *name;
    char *programs;
    const struct check *intended; /* WRONG: the check that must fail */
    char *misconception;          /* that its record must name, or NULL */
    char *build_problem;          /* NULL: it built */
    int repeat;
    size_t checks;     /* of its lab */
    size_t *first_job; /* one a check; NO_JOB: it is not run */
};
#define NO_JOB ((size_t)-1)

struct audit {
    struct submission *submissions;
    size_t count;
    bool is_short;
    bool repeat_all;
    int repeat;
    const char *results;
    FILE *events;
    struct run run;
    size_t *owner; /* the submission of each job */

    /* Expectations met, not met, not looked at. */
    int passed, failed, skipped;
    int problems;
};

/* All of one lab's checks: sorted, so that column k is lab_checks()[k]. */
const struct check *const *lab_checks(const char *lab, size_t *count);

/* "01 wrong/no-535", in a static buffer. */
const char *submission_label(const struct submission *s);

/* A check's result over all repetitions. */
struct cell {
    int runs, passes, failures, errors, skips;
    const struct record *first; /* the first that is no pass, or the first */
};
struct cell
audit_cell(const struct audit *a, const struct submission *s, size_t check);

/* Compares with what is expected, prints the problems as sentences and counts
 * the expectations: one a submission, one a check (it rejects something). */
void audit_judge(struct audit *a);

/* Prints one lab's matrix. */
void audit_matrix(const struct audit *a, const char *lab);

#endif
