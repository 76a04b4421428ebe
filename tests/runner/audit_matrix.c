/* audit_matrix.c - submissions down, checks across. */
#include "audit.h"
#include "options.h"

#include <string.h>

static const char *const KIND_NAMES[] = {
    "wrong", "right", "starter", "solution"};

/* x fails, X fails as intended, . passes, ? error or both, s skipped, blank
 * not run. */
static char
symbol(const struct submission *s, const struct check *check, struct cell cell)
{
    if (cell.runs == 0)
        return ' ';
    if (cell.failures == cell.runs)
        return s->kind == WRONG && s->intended == check ? 'X' : 'x';
    if (cell.passes == cell.runs)
        return '.';
    if (cell.skips == cell.runs)
        return 's';
    return '?';
}

static const char *colour(char symbol)
{
    if (!option_colour())
        return "";
    return symbol == 'X'                    ? "\033[32m"
           : symbol == '?' || symbol == 'x' ? "\033[33m"
                                            : "";
}

static int name_columns(const struct audit *a, const char *lab)
{
    int columns = 0;
    for (size_t i = 0; i < a->count; i++) {
        int length = (int)strlen(a->submissions[i].name);
        if (strcmp(a->submissions[i].lab, lab) == 0 && length > columns)
            columns = length;
    }
    return columns;
}

void audit_matrix(const struct audit *a, const char *lab)
{
    size_t count;
    const struct check *const *checks = lab_checks(lab, &count);
    int columns = name_columns(a, lab);

    printf("\nLab %s\n%*s", lab, 10 + columns, "");
    for (size_t k = 0; k < count; k++)
        printf(" %2zu", k + 1);
    putchar('\n');
    for (size_t i = 0; i < a->count; i++) {
        const struct submission *s = &a->submissions[i];
        if (strcmp(s->lab, lab) != 0)
            continue;
        printf("%-8s  %-*s", KIND_NAMES[s->kind], columns, s->name);
        if (s->build_problem)
            printf("  did not build");
        for (size_t k = 0; k < count && !s->build_problem; k++) {
            char c = symbol(s, checks[k], audit_cell(a, s, k));
            printf("  %s%c%s", colour(c), c, option_colour() ? "\033[0m" : "");
        }
        putchar('\n');
    }
    puts("\nX fails as intended, x fails, . passes, s skipped, ? error or "
         "changing");
    for (size_t k = 0; k < count; k++)
        printf("%2zu %s\n", k + 1, checks[k]->id);
}
