/* command_line.c - arguments as one text, from which Windows takes them apart.
 */
#include "play_internal.h"

#include <string.h>

/* Appends one argument so that CommandLineToArgvW and the C runtime give it
 * back: backslashes count only before a quote. */
static size_t quote(char *to, const char *argument)
{
    size_t size = 0, backslashes = 0;
    if (argument[0] != '\0' && strpbrk(argument, " \t\n\v\"") == NULL)
        return (size_t)(stpcpy(to, argument) - to);
    to[size++] = '"';
    for (; *argument != '\0'; argument++) {
        if (*argument == '\\') {
            backslashes++;
        } else {
            /* Before a quote each backslash is doubled, and one more makes
             * the quote literal. */
            for (size_t i = 0; *argument == '"' && i < backslashes + 1; i++)
                to[size++] = '\\';
            backslashes = 0;
        }
        to[size++] = *argument;
    }
    for (size_t i = 0; i < backslashes; i++)
        to[size++] = '\\';
    to[size++] = '"';
    return size;
}

char *command_line(const char *file, const struct launch *launch)
{
    size_t room = 2 * strlen(file) + 4, size;
    for (size_t i = 0; i < MAX_ARGS && launch->args[i] != NULL; i++)
        room += 2 * strlen(launch->args[i]) + 4;
    char *line = keep(room);
    size = quote(line, file);
    for (size_t i = 0; i < MAX_ARGS && launch->args[i] != NULL; i++) {
        line[size++] = ' ';
        size += quote(line + size, launch->args[i]);
    }
    line[size] = '\0';
    return line;
}
