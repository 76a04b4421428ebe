/* grade.h - between the two halves of `runner grade`. */
#ifndef NPLAB_GRADE_H
#define NPLAB_GRADE_H

#include "report.h"

/* Reads the command line: labs with their folders as given, filter, results,
 * number of jobs. False after one sentence. */
bool grade_options(struct grading *g,
                   const char **rubrics,
                   int argc,
                   char **argv);

#endif
