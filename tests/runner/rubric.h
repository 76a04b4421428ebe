/*
 * rubric.h - the points of a lab's checks: tests/checks/NN-topic.rubric.
 *
 * Lines `POINTS CHECK-ID`, one `total POINTS` line, which must be their sum,
 * and comments from # to the line's end. A teacher changes it without
 * touching code; it names every check of the lab exactly once. The order of
 * its lines is the order in which the checks are reported.
 */
#ifndef NPLAB_RUBRIC_H
#define NPLAB_RUBRIC_H

#include "check.h"

struct rubric {
    char topic[64]; /* "01-echo", from the file's name */
    const struct check **checks;
    int *points;
    size_t count;
    int total;
};

/* Reads the rubric of lab "01" in the folder. True, or false after one
 * sentence on standard error. Release with rubric_free either way. */
bool rubric_read(struct rubric *rubric, const char *folder, const char *lab);
void rubric_free(struct rubric *rubric);

#endif
