/* build_log.c - what the compiler said of a submission: why it did not build,
 * or what it warned of. */
#include "report.h"
#include "text.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define LOG_MAX ((size_t)256 * 1024)
#define SHOWN_LINES 15
#define SHOWN_WARNINGS 5

static bool holds_program(const char *programs, const char *name)
{
    char path[4096];
    snprintf(path, sizeof(path), "%s/%s.exe", programs, name);
    return access(path, R_OK) == 0;
}

static bool names_an_error(const char *line, size_t size)
{
    static const char *const signs[] = {
        "error:", "undefined reference", "multiple definition", "cannot find"};
    for (size_t i = 0; i < sizeof(signs) / sizeof(signs[0]); i++)
        if (memmem(line, size, signs[i], strlen(signs[i])))
            return true;
    return false;
}

/* From the first line that names an error on; from the top if none does. */
static void copy_errors(FILE *to, const char *log, const char *path)
{
    const char *from = log;
    for (const char *line = log; *line;) {
        size_t size = strcspn(line, "\n");
        if (names_an_error(line, size)) {
            from = line;
            break;
        }
        line += size + (line[size] == '\n');
    }
    int shown = 0, more = 0;
    for (; *from; from += *from == '\n') {
        size_t size = strcspn(from, "\n");
        if (shown < SHOWN_LINES) {
            fprintf(to, "%.*s\n", (int)size, from);
            shown++;
        } else {
            more++;
        }
        from += size;
    }
    if (more)
        fprintf(to, "(%d more lines in %s)\n", more, path);
}

static void copy_log(FILE *to, const char *path)
{
    char *log = read_whole_file(path, LOG_MAX);
    if (log && log[strspn(log, " \n")])
        copy_errors(to, log, path);
    if (log && (strstr(log, "multiple definition of `main'") ||
                strstr(log, "multiple definition of `wmain'")))
        fprintf(to,
                "Each .c file in the folder becomes part of the programs. An "
                "experiment has a main of its own: keep it elsewhere, such as "
                "in the kit's top folder.\n");
    free(log);
}

static const char *const names[] = {"server", "client"};

char *build_problem(const char *programs, const char *log, bool failed)
{
    char *text = NULL;
    size_t size;

    if (!failed && holds_program(programs, "server") &&
        holds_program(programs, "client"))
        return NULL;
    FILE *f = open_memstream(&text, &size);
    if (!f)
        return NULL;
    for (size_t i = 0; i < 2 && !log; i++) {
        char path[4096];
        snprintf(path, sizeof(path), "%s/%s.log", programs, names[i]);
        if (failed || !holds_program(programs, names[i]))
            copy_log(f, path);
    }
    if (log)
        copy_log(f, log);
    fclose(f);
    if (text)
        clean_text(text);
    return text;
}

/* Adds the lines that warn and are not there yet; the sources that both
 * programs share are compiled twice. */
static int add_warnings(FILE *to, char **so_far, const char *log, int found)
{
    for (const char *line = log; *line;) {
        size_t size = strcspn(line, "\n");
        char *copy = strndup(line, size);
        fflush(to);
        if (copy && strstr(copy, "warning:") &&
            !(*so_far && strstr(*so_far, copy)) && ++found <= SHOWN_WARNINGS)
            fprintf(to, "%s\n", copy);
        free(copy);
        line += size + (line[size] == '\n');
    }
    return found;
}

char *build_warnings(const char *programs)
{
    char *text = NULL;
    size_t size;
    int found = 0;
    FILE *f = open_memstream(&text, &size);
    if (!f)
        return NULL;
    for (size_t i = 0; i < 2; i++) {
        char path[4096];
        snprintf(path, sizeof(path), "%s/%s.log", programs, names[i]);
        char *log = read_whole_file(path, LOG_MAX);
        if (log)
            found = add_warnings(f, &text, log, found);
        free(log);
    }
    if (found > SHOWN_WARNINGS)
        fprintf(f,
                "(%d more in server.log and client.log of %s)\n",
                found - SHOWN_WARNINGS,
                programs);
    fclose(f);
    if (found == 0) {
        free(text);
        return NULL;
    }
    clean_text(text);
    return text;
}
