/* registry.c - the checks that the linker collected. */
#include "jobs.h"
#include "options.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

/* The section's ends, made by the linker; weak, for there may be no check. */
extern const struct check *const __start_checks[] __attribute__((weak));
extern const struct check *const __stop_checks[] __attribute__((weak));

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
    static size_t found;

    if (!sorted) {
        /* cppcheck-suppress comparePointers ; two ends of one section */
        found = (size_t)(__stop_checks - __start_checks);
        sorted = calloc(found + 1, sizeof(*sorted));
        if (!sorted)
            return NULL;
        for (size_t i = 0; i < found; i++)
            sorted[i] = __start_checks[i];
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
    *count = found;
    return sorted;
}

bool is_of_lab(const struct check *check, const char *lab)
{
    return strncmp(check->id, lab, 2) == 0 && check->id[2] == '.';
}
