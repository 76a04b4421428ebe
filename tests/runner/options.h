/* options.h - what the whole program was told, by its environment mostly. */
#ifndef NPLAB_OPTIONS_H
#define NPLAB_OPTIONS_H

#include "engine.h"

#include <stdbool.h>

/* Reads TIMEOUT_SCALE, SANDBOX, NO_COLOR, V, and the terminal's properties,
 * and removes Check's own variables (CK_...), which would change what runs.
 * False after one sentence on standard error: a value makes no sense. */
bool options_read(void);

/* V=1 or --verbose: every failure is shown whole. */
bool option_verbose(void);
void options_set_verbose(void);

/* A progress line on standard error is welcome. */
bool option_progress(void);

/* Finds out whether programs can be sandboxed, once, before the first check:
 * false after one sentence if they cannot and SANDBOX=required; otherwise a
 * missing sandbox is only said. */
bool options_settle_sandbox(void);

/* Prints one sentence on standard error and returns 2, the exit status of
 * wrong use. */
int wrong_use(const char *format, ...) __attribute__((format(printf, 1, 2)));

#endif
