/* words.h - events, durations and identities in words. */
#ifndef NPLAB_TRACE_WORDS_H
#define NPLAB_TRACE_WORDS_H

#include "model.h"
#include "text.h"

/* "ERROR_ACCESS_DENIED"; "" for a code without a known name. */
const char *code_name(unsigned long code);

/* "Impersonation" and its like; "itself". */
const char *level_name(enum level level);

/* "1.20 s" or "340 ms". */
void add_duration(struct text *text, int64_t microseconds);

/* What stands behind the call's name: "echo#1 TRUE, 9 bytes". `ellipsis`
 * stands for what is left out of a long path. */
void add_rest(struct text *text,
              const struct model *model,
              size_t row,
              const char *ellipsis);

/* "A", and "client.exe 48: lacks INTERACTIVE (S-1-5-4)"; one line for all
 * connections of a client that lack the same. */
void add_name(struct text *text,
              const struct model *model,
              const struct identity *identity);
void add_identity(struct text *text,
                  const struct model *model,
                  const struct identity *identity);

/* A gap before this row long enough to be drawn as a break, or 0. */
int64_t gap_before(const struct model *model, size_t row);

#endif
