/* line_ends.h - what was printed through a text stream. */
#ifndef NPLAB_LINE_ENDS_H
#define NPLAB_LINE_ENDS_H

#include <stdbool.h>
#include <stddef.h>

/* Whether got is what the C runtime's text stream makes of want: \r\n for each
 * \n, and there is one. Sizes are in bytes. */
bool is_as_text(const void *got,
                size_t got_size,
                const void *want,
                size_t want_size);

#endif
