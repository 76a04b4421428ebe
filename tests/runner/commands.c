/* commands.c - what the subcommands' options have in common. */
#include "commands.h"
#include "jobs.h"
#include "options.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

const char *option_value(int argc, char **argv, int *i)
{
    if (*i + 1 < argc)
        return argv[++*i];
    wrong_use("runner %s: %s wants a value after it.", argv[0], argv[*i]);
    return NULL;
}

bool option_number(int argc, char **argv, int *i, int low, int high, int *out)
{
    const char *name = argv[*i];
    const char *text = option_value(argc, argv, i);
    if (!text)
        return false;
    char *end;
    long value = strtol(text, &end, 10);
    if (end == text || *end || value < low || value > high) {
        wrong_use("runner %s: %s wants a number from %d to %d, not \"%s\".",
                  argv[0],
                  name,
                  low,
                  high,
                  text);
        return false;
    }
    *out = (int)value;
    return true;
}

bool lab_number(const char *text, char lab[3])
{
    char *end;
    long number = strtol(text, &end, 10);
    if (end != text && !*end && number >= 0 && number <= 99)
        snprintf(lab, 3, "%02d", (int)number);
    else
        snprintf(lab, 3, "??");

    size_t count;
    const struct check *const *all = all_checks(&count);
    if (!all)
        return false;
    char labs[512] = "";
    size_t used = 0;
    for (size_t i = 0; i < count; i++) {
        if (is_of_lab(all[i], lab))
            return true;
        if ((i == 0 || strncmp(all[i]->id, all[i - 1]->id, 2) != 0) &&
            used + 8 < sizeof(labs))
            used += (size_t)sprintf(
                labs + used, "%s%.2s", used ? ", " : "", all[i]->id);
    }
    wrong_use("There are no checks of a lab %s; there are some of %s.",
              text,
              used ? labs : "no lab");
    return false;
}

bool make_folder_path(const char *path)
{
    char part[4096];
    struct stat info;
    if (strlen(path) >= sizeof(part)) {
        wrong_use("The folder's name is too long: %s.", path);
        return false;
    }
    for (size_t i = 1; i <= strlen(path); i++) {
        if (path[i] != '/' && path[i] != '\0')
            continue;
        snprintf(part, sizeof(part), "%.*s", (int)i, path);
        if (mkdir(part, 0777) && errno != EEXIST) {
            wrong_use(
                "The folder %s cannot be made: %s.", part, strerror(errno));
            return false;
        }
    }
    if (stat(path, &info) || !S_ISDIR(info.st_mode)) {
        wrong_use("%s is no folder.", path);
        return false;
    }
    return true;
}
