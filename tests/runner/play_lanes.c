/* play_lanes.c - who each thread was, drawn for a failure's message. */
#include "engine.h"
#include "lanes.h"
#include "play_internal.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define ROWS_AROUND 7

/* Without a borrowed identity in it the picture would say nothing. */
static bool tells_of_identity(const char *record)
{
    static const char *const calls[] = {"\tImpersonateNamedPipeClient\t",
                                        "\tImpersonateLoggedOnUser\t",
                                        "\tSetThreadToken\t"};
    for (size_t i = 0; i < sizeof calls / sizeof calls[0]; i++)
        if (strstr(record, calls[i]) != NULL)
            return true;
    return false;
}

/* A finding that explains a failure is worth more than the record's end. */
static char *draw(const char *record, struct trace_options options)
{
    static const char *const moments[] = {"still impersonating",
                                          "but only Identification"};
    for (size_t i = 0; i < sizeof moments / sizeof moments[0]; i++) {
        options.around_text = moments[i];
        char *lanes = trace_lanes(record, strlen(record), &options, NULL);
        if (lanes != NULL)
            return lanes;
    }
    options.around_text = NULL;
    for (const char *c = record; *c != '\0'; c++)
        options.around_line += *c == '\n';
    return trace_lanes(record, strlen(record), &options, NULL);
}

const char *lanes_of_play(void)
{
    const char *charset = getenv("LC_ALL");
    const char *record = recorded_so_far();
    if (record == NULL || !tells_of_identity(record))
        return "";
    if (charset == NULL || *charset == '\0')
        charset = getenv("LANG");
    struct trace_options options = {.width = (size_t)option_width() - 4,
                                    .ascii = charset == NULL ||
                                             strstr(charset, "UTF-8") == NULL,
                                    .context = ROWS_AROUND};
    char *lanes = draw(record, options);
    const char *kept = lanes == NULL ? "" : keep_text("%s", lanes);
    free(lanes);
    return kept;
}
