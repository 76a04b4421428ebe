/* rubric.c - the points of a lab's checks: tests/checks/NN-topic.rubric. */
#include "rubric.h"
#include "jobs.h"
#include "options.h"

#include <glob.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define MAX_POINTS 1000

/* Room for all of the lab's checks. */
static bool make_room(struct rubric *rubric)
{
    size_t count;
    if (!all_checks(&count))
        return false;
    rubric->checks = calloc(count + 1, sizeof(*rubric->checks));
    rubric->points = calloc(count + 1, sizeof(*rubric->points));
    return rubric->checks && rubric->points;
}

static const struct check *find_check(const char *lab, const char *id)
{
    size_t count;
    const struct check *const *all = all_checks(&count);
    for (size_t i = 0; i < count; i++)
        if (is_of_lab(all[i], lab) && strcmp(all[i]->id, id) == 0)
            return all[i];
    return NULL;
}

static bool has_points(const struct rubric *rubric, const struct check *check)
{
    for (size_t i = 0; i < rubric->count; i++)
        if (rubric->checks[i] == check)
            return true;
    return false;
}

/* Path of the one file NN-*.rubric; "" after a sentence. */
static void
find_file(const char *folder, const char *lab, char *path, size_t size)
{
    glob_t found = {0};
    char pattern[4096];
    path[0] = '\0';
    snprintf(pattern, sizeof(pattern), "%s/%s-*.rubric", folder, lab);
    if (glob(pattern, 0, NULL, &found) || found.gl_pathc == 0)
        wrong_use("Lab %s has no rubric: there is no file %s.", lab, pattern);
    else if (found.gl_pathc > 1)
        wrong_use("Lab %s has two rubrics: %s and %s.",
                  lab,
                  found.gl_pathv[0],
                  found.gl_pathv[1]);
    else
        snprintf(path, size, "%s", found.gl_pathv[0]);
    globfree(&found);
}

static bool is_points(const char *word, int *points)
{
    char *end;
    long value = strtol(word, &end, 10);
    *points = (int)value;
    return end != word && !*end && value >= 0 && value <= MAX_POINTS;
}

/* One line that is no comment: two words. */
static bool
read_line(struct rubric *rubric, const char *where, char *line, int *sum)
{
    char *rest;
    const char *first = strtok_r(line, " \t\r\n", &rest);
    const char *second = strtok_r(NULL, " \t\r\n", &rest);
    int points;

    if (!first)
        return true;
    if (!second || strtok_r(NULL, " \t\r\n", &rest)) {
        wrong_use("%s: a line is POINTS CHECK-ID or total POINTS.", where);
        return false;
    }
    bool is_total = strcmp(first, "total") == 0;
    const char *number = is_total ? second : first;
    if (!is_points(number, &points)) {
        wrong_use("%s: \"%s\" is no number of points from 0 to %d.",
                  where,
                  number,
                  MAX_POINTS);
        return false;
    }
    if (is_total) {
        if (rubric->total)
            wrong_use("%s: there are two total lines.", where);
        bool is_first = !rubric->total;
        rubric->total = points;
        return is_first;
    }
    const struct check *check = find_check(rubric->topic, second);
    if (!check || has_points(rubric, check)) {
        wrong_use(check ? "%s: %s has its points already."
                        : "%s: the lab has no check %s.",
                  where,
                  second);
        return false;
    }
    rubric->checks[rubric->count] = check;
    rubric->points[rubric->count++] = points;
    *sum += points;
    return true;
}

static bool read_lines(struct rubric *rubric, const char *path, FILE *f)
{
    char line[512];
    int sum = 0;
    for (int number = 1; fgets(line, sizeof(line), f); number++) {
        char where[4200];
        line[strcspn(line, "#")] = '\0';
        snprintf(where, sizeof(where), "%s:%d", path, number);
        if (!read_line(rubric, where, line, &sum))
            return false;
    }
    size_t count;
    const struct check *const *all = all_checks(&count);
    for (size_t i = 0; i < count; i++) {
        if (is_of_lab(all[i], rubric->topic) && !has_points(rubric, all[i])) {
            wrong_use("%s: %s has no points.", path, all[i]->id);
            return false;
        }
    }
    if (!rubric->total)
        wrong_use("%s: the line \"total %d\" is missing.", path, sum);
    else if (rubric->total != sum)
        wrong_use("%s: the points add up to %d, but the total line says %d.",
                  path,
                  sum,
                  rubric->total);
    return rubric->total && rubric->total == sum;
}

bool rubric_read(struct rubric *rubric, const char *folder, const char *lab)
{
    char path[4096];
    memset(rubric, 0, sizeof(*rubric));
    if (!make_room(rubric))
        return false;
    find_file(folder, lab, path, sizeof(path));
    if (!*path)
        return false;
    const char *name = strrchr(path, '/') ? strrchr(path, '/') + 1 : path;
    snprintf(rubric->topic,
             sizeof(rubric->topic),
             "%.*s",
             (int)strcspn(name, "."),
             name);

    FILE *f = fopen(path, "re");
    if (!f) {
        wrong_use("%s cannot be read.", path);
        return false;
    }
    bool ok = read_lines(rubric, path, f);
    fclose(f);
    return ok;
}

void rubric_free(struct rubric *rubric)
{
    free(rubric->checks);
    free(rubric->points);
    memset(rubric, 0, sizeof(*rubric));
}
