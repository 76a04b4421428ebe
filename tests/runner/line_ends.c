/* line_ends.c - what was printed through a text stream: see line_ends.h. */
#include "line_ends.h"

bool is_as_text(const void *got,
                size_t got_size,
                const void *want,
                size_t want_size)
{
    const char *from = want, *to = got, *end = to + got_size;
    if (got_size <= want_size)
        return false;
    for (const char *last = from + want_size; from < last; from++) {
        if (*from == '\n' && (to == end || *to++ != '\r'))
            return false;
        if (to == end || *to++ != *from)
            return false;
    }
    return to == end;
}
