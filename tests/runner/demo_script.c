/* demo_script.c - reads a lab's demo.txt. */
#include "demo_script.h"

#include "options.h"
#include "text.h"

#include <stdlib.h>
#include <string.h>

#define SCRIPT_MAX 65536

/* Cuts line into words in place. False: too many, or a quote is not closed. */
static bool cut_words(char *line, char **words, size_t room)
{
    size_t count = 0;
    for (;;) {
        while (*line == ' ' || *line == '\t')
            line++;
        if (*line == '\0') {
            words[count] = NULL;
            return true;
        }
        if (count + 1 == room)
            return false;
        char *to = line;
        bool quoted = false;
        words[count++] = line;
        for (; *line != '\0' && (quoted || (*line != ' ' && *line != '\t'));
             line++) {
            if (*line == '"')
                quoted = !quoted;
            else
                *to++ = *line;
        }
        bool more = *line != '\0';
        if (quoted)
            return false;
        *to = '\0';
        if (more)
            line++;
    }
}

static bool find_kind(const char *word, enum step_kind *kind)
{
    static const struct {
        const char *word;
        enum step_kind kind;
    } kinds[] = {{"server", SERVER},
                 {"client", CLIENT},
                 {"wait", WAIT},
                 {"stop", STOP},
                 {"kill", KILL},
                 {"file", PUT_FILE}};
    for (size_t i = 0; i < sizeof kinds / sizeof kinds[0]; i++)
        if (strcmp(kinds[i].word, word) == 0) {
            *kind = kinds[i].kind;
            return true;
        }
    return false;
}

static bool add_narration(struct script *script, const char *line)
{
    struct step *last =
        script->count == 0 ? NULL : &script->steps[script->count - 1];
    line += strspn(line, "# ");
    if (last != NULL && last->kind == NARRATE) {
        size_t size = strlen(last->text) + strlen(line) + 2;
        char *joined = realloc(last->text, size);
        if (joined == NULL)
            return false;
        last->text = strcat(strcat(joined, " "), line);
        return true;
    }
    struct step step = {.kind = NARRATE, .text = strdup(line)};
    script->steps[script->count++] = step;
    return step.text != NULL;
}

static bool add_step(struct script *script, char *line)
{
    struct step step = {.text = strdup(line)};
    if (step.text == NULL ||
        !cut_words(
            line, step.words, sizeof step.words / sizeof step.words[0]) ||
        !find_kind(step.words[0], &step.kind)) {
        free(step.text);
        return false;
    }
    size_t count = 0;
    while (step.words[count] != NULL)
        count++;
    if (strcmp(step.words[count - 1], "&") == 0) {
        step.beside = true;
        step.words[count - 1] = NULL;
    }
    script->steps[script->count++] = step;
    return true;
}

bool script_read(const char *path, struct script *script)
{
    *script = (struct script){0};
    script->text = read_whole_file(path, SCRIPT_MAX);
    if (script->text == NULL) {
        wrong_use("%s cannot be read.", path);
        return false;
    }
    script->steps = calloc(strlen(script->text) + 1, sizeof *script->steps);
    char *rest = script->text;
    for (int number = 1; rest != NULL && script->steps != NULL; number++) {
        char *line = strsep(&rest, "\n");
        line[strcspn(line, "\r")] = '\0';
        line += strspn(line, " \t");
        if (line[0] == '\0')
            continue;
        if (!(line[0] == '#' ? add_narration(script, line)
                             : add_step(script, line))) {
            wrong_use("%s:%d: this is no step of a demo.", path, number);
            script_free(script);
            return false;
        }
    }
    return script->steps != NULL;
}

void script_free(struct script *script)
{
    for (size_t i = 0; i < script->count; i++)
        free(script->steps[i].text);
    free(script->steps);
    free(script->text);
    *script = (struct script){0};
}
