/* line_ends.c - what was printed through a text stream: see line_ends.h. */
#include "line_ends.h"

#include <stdlib.h>
#include <string.h>

/* As show() spells a line end of the C runtime's text streams. */
static const char CR_LF[] = "\\r\\n";

/* The quotation that holds `at`, with its quotes: from the last quote before,
 * to the next one that is no part of it (\" is). */
static char *quotation_around(const char *text, const char *at)
{
    const char *from = at;
    while (from > text && (*from != '"' || from[-1] == '\\'))
        from--;
    const char *to = strchr(at, '"');
    while (to != NULL && to[-1] == '\\')
        to = strchr(to + 1, '"');
    if (*from != '"' || to == NULL)
        return NULL;
    return strndup(from, (size_t)(to - from) + 1);
}

static void without_cr(char *quotation)
{
    char *to = quotation;
    for (const char *from = quotation; *from != '\0';) {
        if (strncmp(from, CR_LF, sizeof CR_LF - 1) == 0)
            from += 2;
        *to++ = *from++;
    }
    *to = '\0';
}

bool only_line_ends_differ(const char *expected, const char *happened)
{
    const char *at = strstr(happened, CR_LF);
    char *quotation = at == NULL ? NULL : quotation_around(happened, at);
    if (quotation == NULL)
        return false;
    without_cr(quotation);
    bool same = strstr(expected, quotation) != NULL;
    free(quotation);
    return same;
}
