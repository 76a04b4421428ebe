/* line_ends.h - what was printed through a text stream, told from the verdict's
 * own texts. */
#ifndef NPLAB_LINE_ENDS_H
#define NPLAB_LINE_ENDS_H

#include <stdbool.h>

/* Whether happened quotes bytes as show() does, with \r\n in them, and expected
 * quotes the same bytes with \n: nothing else is wrong with them. */
bool only_line_ends_differ(const char *expected, const char *happened);

#endif
