/* registry.c - the checks of all files. */
#include "jobs.h"
#include "options.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

static const struct check *first;
static size_t registered;

void register_check(struct check *check)
{
    check->next = first;
    first = check;
    registered++;
}

static int by_id(const void *a, const void *b)
{
    const struct check *const *x = a;
    const struct check *const *y = b;
    return strcmp((*x)->id, (*y)->id);
}

static bool has_good_id(const struct check *check)
{
    const char *id = check->id;
    return isdigit((unsigned char)id[0]) && isdigit((unsigned char)id[1]) &&
           id[2] == '.' && id[3] &&
           strspn(id + 3, "abcdefghijklmnopqrstuvwxyz0123456789-") ==
               strlen(id + 3);
}

const struct check *const *all_checks(size_t *count)
{
    static const struct check **sorted;

    if (!sorted) {
        sorted = calloc(registered + 1, sizeof(*sorted));
        if (!sorted)
            return NULL;
        size_t found = 0;
        for (const struct check *check = first; check; check = check->next)
            sorted[found++] = check;
        qsort(sorted, found, sizeof(*sorted), by_id);
        for (size_t i = 0; i < found; i++) {
            bool twice = i > 0 && strcmp(sorted[i - 1]->id, sorted[i]->id) == 0;
            if (!twice && has_good_id(sorted[i]))
                continue;
            wrong_use(twice ? "Two checks have the id %s."
                            : "The check's id %s is not of the form 01.name.",
                      sorted[i]->id);
            free(sorted);
            sorted = NULL;
            return NULL;
        }
    }
    *count = registered;
    return sorted;
}

bool is_of_lab(const struct check *check, const char *lab)
{
    return strncmp(check->id, lab, 2) == 0 && check->id[2] == '.';
}
