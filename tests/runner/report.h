/*
 * report.h - a graded submission and the forms in which it is reported.
 *
 * grade.c fills struct grading; the report_ files only read it, so every
 * report tells the same story.
 */
#ifndef NPLAB_REPORT_H
#define NPLAB_REPORT_H

#include "jobs.h"
#include "rubric.h"

/* One lab of the submission. */
struct lab {
    char number[3]; /* "01" */
    char *programs; /* absolute path */
    const char *build_log;
    bool said_build_failed;
    char *build_problem; /* what the compiler said, cleaned; NULL: it built */
    char *warnings;      /* of a lab that built; NULL: none */
    struct rubric rubric;
};

/* One check of one lab, run `repeat` times: jobs first_job and on. */
struct item {
    const struct check *check;
    const struct lab *lab;
    int points; /* of the rubric */
    size_t first_job;
    bool runs;  /* false: the lab did not build */
    int number; /* within its lab, from 1 */
};

struct grading {
    struct lab *labs;
    size_t lab_count;
    struct item *items;
    size_t item_count;
    int repeat;
    const char *filter;    /* TEST, or NULL */
    const char *src_label; /* SRC of the replay command, or NULL */
    const char *results;   /* folder */
    FILE *events;
    bool unusable; /* a program is missing and nobody knows why */
    struct run run;
};

/* The record that speaks for the item: its first that is no pass. NULL if
 * the lab did not build. */
const struct record *item_record(const struct grading *g,
                                 const struct item *item);
enum outcome item_outcome(const struct grading *g, const struct item *item);
/* How many of the repetitions passed. */
int item_passes(const struct grading *g, const struct item *item);

/* "make check LAB=01 TEST=name SRC=...", to be freed. */
char *replay_command(const struct grading *g, const struct check *check);

/* Points of one lab (lab NULL: all). `open` are points that nobody lost: of
 * checks that were skipped, not run, or ended in an error of the kit. */
struct score {
    int earned, possible, open;
    bool graded; /* false: something did not build */
};
struct score score_of(const struct grading *g, const struct lab *lab);
/* Out of 100, rounded down: 100 means that every check passed. */
int score_scaled(struct score score);

struct counts {
    int passed, failed,
        skipped; /* errors count as failed, not-run as skipped */
    int errors, not_run, retried;
};
struct counts count_items(const struct grading *g);

/* ---- forms -----------------------------------------------------------------
 */

/* Text on standard output, as it goes and at the end. */
void text_item(const struct grading *g, const struct item *item);
void text_end(const struct grading *g);
/* The parts that an audit prints too. */
void text_word(enum outcome outcome);
void text_failure(const struct record *record, const char *replay);
void text_counts(int passed, int failed, int skipped);

/* results.json, junit.xml and results.tap, each complete or as before. False
 * after a sentence if one could not be written. */
bool report_write(const struct grading *g);
void report_json(FILE *f, const struct grading *g);
void report_junit(FILE *f, const struct grading *g);
void report_tap(FILE *f, const struct grading *g);

/* NULL if the folder holds server.exe and client.exe and the build is not
 * known to have failed. Else the first errors in the log (NULL: in those of
 * DIR/server.log and DIR/client.log whose program is missing), cleaned, at
 * most some fifteen lines a log; to be freed. "" if there is no log either. */
char *build_problem(const char *programs, const char *log, bool failed);

/* The compiler's warnings in DIR/server.log and DIR/client.log, the first lines
 * of the first few, cleaned; NULL if there are none; to be freed. */
char *build_warnings(const char *programs);

#endif
