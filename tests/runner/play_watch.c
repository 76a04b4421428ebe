/* play_watch.c - the student's programs seen from outside: their resources,
 * and what became of them, for a failure's text. */
#include "play_internal.h"

#include <string.h>

static void measure(program p, uint64_t figures[2])
{
    begin_for("measure", p);
    perform_surely(scaled(2000), "measure a program");
    for (int i = 0; i < 2; i++)
        figures[i] = get_number();
}

uint32_t handles_of(program p)
{
    uint64_t figures[2];
    measure(p, figures);
    return (uint32_t)figures[0];
}

uint32_t threads_of(program p)
{
    uint64_t figures[2];
    measure(p, figures);
    return (uint32_t)figures[1];
}

static uint32_t children_of(program p)
{
    begin_for("children", p);
    perform_surely(scaled(2000), "count a program's children");
    return (uint32_t)get_number();
}

static uint32_t
settled(program p, uint32_t enough, uint32_t (*count_of)(program p))
{
    uint32_t count = count_of(p);

    for (int i = 0; i < 50 && count > enough && is_running(p); i++) {
        await_end(p, 10);
        count = count_of(p);
    }
    return count;
}

uint32_t handles_settled(program p, uint32_t enough)
{
    return settled(p, enough, handles_of);
}

uint32_t threads_settled(program p, uint32_t enough)
{
    return settled(p, enough, threads_of);
}

uint32_t children_settled(program p, uint32_t enough)
{
    return settled(p, enough, children_of);
}

const char *blocked_in(program p)
{
    begin_for("blocked", p);
    return perform(scaled(2000)) == 0 ? get_bytes().bytes : "";
}

const char *identities_of(program p)
{
    begin_for("identities", p);
    perform_surely(scaled(2000), "look at a program's threads");
    return get_bytes().bytes;
}

/* ---- what became of them, for a failure's text
 * --------------------------------------------- */

#define STATES_MAX 6 /* a check may have started a hundred clients */

/* A sentence on one program, or "". */
static const char *state_of(program p, bool hanging, bool *crashed)
{
    begin_for("await_end", p);
    put_number(0);
    *crashed = false;
    if (perform(0) != 0)
        return "";
    bool ended = get_number() != 0;
    uint32_t code = (uint32_t)get_number();
    *crashed = ended && is_crash(code);
    if (*crashed)
        return keep_text(
            "%s crashed: it ended with %s.", name_first(p), exit_text(code));
    if (ended && end_is_old(p))
        return "";
    if (ended && (code != 0 || programs_started() <= 3))
        return keep_text(
            "%s has ended with %s.", name_first(p), exit_text(code));
    if (ended || !hanging)
        return "";
    const char *place = blocked_in(p);
    if (place[0] == '\0')
        return keep_text("%s is still running.", name_first(p));
    return keep_text("%s is still running: %s.", name_first(p), place);
}

const char *state_of_programs(bool hanging, const char **kind)
{
    const char *text = "";
    size_t told = 0;
    for (program p = 0; p < (program)programs_started() && told < STATES_MAX;
         p++) {
        bool crashed;
        const char *state = state_of(p, hanging, &crashed);
        if (crashed && strcmp(*kind, "infrastructure") != 0)
            *kind = "crash";
        if (state[0] == '\0')
            continue;
        text = keep_text("%s%s%s", text, text[0] == '\0' ? "" : " ", state);
        told++;
    }
    return text;
}

#define ERROR_TAIL 2000u

/* The last ERROR_TAIL bytes, from the beginning of a line if there is one. */
static const char *tail_of(struct text text)
{
    if (text.size <= ERROR_TAIL)
        return text.bytes;
    const char *tail = text.bytes + text.size - ERROR_TAIL;
    const char *line = strchr(tail, '\n');
    return line != NULL && line[1] != '\0' ? line + 1 : tail;
}

const char *last_errors(void)
{
    const char *text = "";
    for (program p = 0; p < (program)programs_started(); p++) {
        bool flooded;
        char *copy = keep_text("%s", tail_of(all_errors(p, &flooded)));
        for (char *line = strtok(copy, "\n"); line != NULL;
             line = strtok(NULL, "\n"))
            text = keep_text("%s%s: %s\n", text, bare_name(p), line);
    }
    return text;
}
