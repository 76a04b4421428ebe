/* grade_options.c - the command line of `runner grade`. */
#include "grade.h"
#include "commands.h"
#include "compile.h"
#include "options.h"

#include <stdlib.h>
#include <string.h>

struct request {
    struct grading *grading;
    const char **rubrics;
    size_t group; /* the first lab of the last --lab */
};

static bool add_labs(struct request *q, const char *list)
{
    struct grading *g = q->grading;
    char *copy = strdup(list);
    char *rest;
    q->group = g->lab_count;
    for (char *one = copy ? strtok_r(copy, ",", &rest) : NULL; one;
         one = strtok_r(NULL, ",", &rest)) {
        struct lab *more = realloc(g->labs, (g->lab_count + 1) * sizeof(*more));
        if (!more)
            break;
        g->labs = more;
        struct lab *lab = memset(&more[g->lab_count], 0, sizeof(*more));
        if (!lab_number(one, lab->number)) {
            free(copy);
            return false;
        }
        for (size_t i = 0; i < g->lab_count; i++) {
            if (strcmp(g->labs[i].number, lab->number) == 0) {
                wrong_use("Lab %s is named twice.", lab->number);
                free(copy);
                return false;
            }
        }
        g->lab_count++;
    }
    free(copy);
    if (g->lab_count == q->group)
        wrong_use("--lab wants one lab or more, as in 01,02.");
    return g->lab_count > q->group;
}

/* --programs, --build-log and --build-failed belong to the --lab before. */
static bool for_group(struct request *q,
                      const char *option,
                      const char *programs,
                      const char *log,
                      bool failed)
{
    struct grading *g = q->grading;
    if (g->lab_count == q->group) {
        wrong_use("%s stands after the --lab it belongs to.", option);
        return false;
    }
    for (size_t i = q->group; i < g->lab_count; i++) {
        struct lab *lab = &g->labs[i];
        if (programs) {
            free(lab->programs);
            lab->programs = strdup(programs);
        }
        if (log)
            lab->build_log = log;
        lab->said_build_failed = lab->said_build_failed || failed;
    }
    return true;
}

/* --compile PROGRAM COMMAND */
static bool read_compile(int argc, char **argv, int *i)
{
    if (argc - *i < 3 || !compile_later(argv[*i + 1], argv[*i + 2])) {
        wrong_use("--compile wants server or client, and a command.");
        return false;
    }
    *i += 2;
    return true;
}

static bool read_option(struct request *q, int argc, char **argv, int *i)
{
    struct grading *g = q->grading;
    const char *name = argv[*i];
    const char *value = NULL;
    if (strcmp(name, "--verbose") == 0) {
        options_set_verbose();
        return true;
    }
    if (strcmp(name, "--build-failed") == 0)
        return for_group(q, name, NULL, NULL, true);
    if (strcmp(name, "--jobs") == 0)
        return option_number(argc, argv, i, 1, 256, &g->run.slots);
    if (strcmp(name, "--repeat") == 0)
        return option_number(argc, argv, i, 1, 1000, &g->repeat);
    if (strcmp(name, "--compile") == 0)
        return read_compile(argc, argv, i);

    static const char *const with_value[] = {"--lab",
                                             "--programs",
                                             "--build-log",
                                             "--test",
                                             "--results",
                                             "--rubrics",
                                             "--src-label"};
    bool known = false;
    for (size_t k = 0; k < sizeof(with_value) / sizeof(with_value[0]); k++)
        known = known || strcmp(name, with_value[k]) == 0;
    if (!known) {
        wrong_use("runner grade does not know %s.", name);
        return false;
    }
    value = option_value(argc, argv, i);
    if (!value)
        return false;
    if (strcmp(name, "--lab") == 0)
        return add_labs(q, value);
    if (strcmp(name, "--programs") == 0)
        return for_group(q, name, value, NULL, false);
    if (strcmp(name, "--build-log") == 0)
        return for_group(q, name, NULL, value, false);
    if (strcmp(name, "--test") == 0)
        g->filter = *value ? value : NULL;
    else if (strcmp(name, "--results") == 0)
        g->results = value;
    else if (strcmp(name, "--rubrics") == 0)
        *q->rubrics = value;
    else
        g->src_label = value;
    return true;
}

bool grade_options(struct grading *g,
                   const char **rubrics,
                   int argc,
                   char **argv)
{
    struct request q = {.grading = g, .rubrics = rubrics};
    for (int i = 1; i < argc; i++)
        if (!read_option(&q, argc, argv, &i))
            return false;
    if (g->lab_count == 0)
        wrong_use("runner grade wants --lab NN and --programs DIR.");
    return g->lab_count > 0;
}
