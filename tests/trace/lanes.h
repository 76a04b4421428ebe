/*
 * lanes.h - a flight record as text: one column a thread, one row a call.
 *
 * For the terminal and for messages of the grader, which has the record in
 * memory. Link build/kit/trace.a.
 */
#ifndef NPLAB_TRACE_LANES_H
#define NPLAB_TRACE_LANES_H

#include <stdbool.h>
#include <stddef.h>

struct trace_options {
    size_t width; /* columns; 0 means 80; at least 40 are used */
    bool ascii;   /* no character beyond ASCII */

    /* Only the rows around one moment, `context` before and after it: the
     * call on this line of the record (from 1), or the first row whose text
     * or finding contains this text. 0 and NULL: all rows. */
    size_t around_line;
    const char *around_text;
    size_t context;
};

/*
 * The lanes, with a legend above, ending in a newline. The caller frees the
 * text. NULL when the record holds no event or the moment is not in it.
 * `skipped`, when not NULL, gets the number of malformed lines left out.
 */
char *trace_lanes(const char *record,
                  size_t size,
                  const struct trace_options *options,
                  size_t *skipped);

#endif
