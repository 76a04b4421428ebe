/* play_programs.c - the student's programs: started, awaited, looked at. */
#include "play_internal.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define PROGRAMS_MAX 512
static struct started {
    int number;    /* the director's */
    char name[48]; /* "server", "client 2" */
    struct text out, err;
    bool no_limit;
    bool end_is_old; /* what became of it is no news for the reader */
} programs[PROGRAMS_MAX];
static size_t count;
static program last_ended = -1; /* that a check saw ended */

static const lesson STARTING = {
    .why = "Windows refused to make the process.",
    .read = "README, the part on arguments; the CreateProcess page"};
static const lesson FLOODING = {
    .why = "A program prints its results and no more. Output without end "
           "most often comes from a loop that goes on after an error.",
    .read = "README, the part on output"};

size_t programs_started(void)
{
    return count;
}

void forget_programs(void)
{
    for (size_t i = 0; i < count; i++) {
        free((void *)(uintptr_t)programs[i].out.bytes);
        free((void *)(uintptr_t)programs[i].err.bytes);
    }
    memset(programs, 0, sizeof programs);
    count = 0;
    last_ended = -1;
}

static bool is_client(program p)
{
    return strncmp(programs[p].name, "client", strlen("client")) == 0;
}

/* Clients come and go; a server is to stay. */
static bool has_later_client(program p)
{
    for (program later = p + 1; later < (program)count; later++)
        if (is_client(later))
            return true;
    return false;
}

bool end_is_old(program p)
{
    return programs[p].end_is_old ||
           (p != last_ended && is_client(p) && has_later_client(p));
}

/* The check has gone on since it saw that one end. */
static void put_end_behind(program next)
{
    if (last_ended >= 0 && last_ended != next)
        programs[last_ended].end_is_old = true;
    last_ended = next;
}

const char *bare_name(program p)
{
    return programs[p].name;
}

const char *name_of(program p)
{
    return keep_text("the %s", programs[p].name);
}

const char *name_first(program p)
{
    return keep_text("The %s", programs[p].name);
}

void begin_for(const char *verb, program p)
{
    line_begin(verb);
    put_number((uint64_t)programs[p].number);
}

/* ---- starting
 * ------------------------------------------------------------------------ */

static void name_program(struct started *started, const char *exe)
{
    unsigned same = 1;
    for (size_t i = 0; i < count; i++)
        if (strncmp(programs[i].name, exe, strlen(exe)) == 0)
            same++;
    if (same == 1)
        snprintf(started->name, sizeof started->name, "%.40s", exe);
    else
        snprintf(started->name, sizeof started->name, "%.36s %u", exe, same);
}

program start_file(const char *file, const struct launch *launch)
{
    if (count == PROGRAMS_MAX)
        play_broken("A check starts more than %d programs.", PROGRAMS_MAX);
    struct started *started = &programs[count];
    size_t input_size = launch->input == NULL    ? 0
                        : launch->input_size > 0 ? launch->input_size
                                                 : strlen(launch->input);
    *started = (struct started){0};
    put_end_behind(-1);
    line_begin("start");
    put_text(file);
    put_text(command_line(file, launch));
    put_text(launch->as);
    put_bytes(launch->input, input_size);
    put_number(launch->input_ends);
    put_text(launch->faults);
    put_text(launch->hold);
    put_number(launch->record || play_keeps_records());
    put_number(launch->lacks_impersonate);
    put_number(launch->plain_wine);
    uint32_t code = perform(scaled(0));
    char exe[48];
    snprintf(exe, sizeof exe, "%.40s", file);
    if (strlen(exe) > 4 && strcmp(exe + strlen(exe) - 4, ".exe") == 0)
        exe[strlen(exe) - 4] = '\0';
    if (code != 0)
        fail(&STARTING,
             keep_text("%s starts", file),
             "CreateProcess(%s): error %s.",
             file,
             code_text(code));
    started->number = (int)get_number();
    name_program(started, exe);
    return (program)count++;
}

program start_program(struct launch launch)
{
    return start_file(keep_text("%s.exe", launch.exe), &launch);
}

program start_server(void)
{
    program server = start(.exe = "server", .args = {"--pipe", PIPE});
    await_pipe(server, PIPE);
    return server;
}

/* ---- its end
 * -------------------------------------------------------------------------- */

static void fail_for_flood(program p)
{
    play_stop(&(struct verdict){
        .kind = "flood",
        .expected = keep_text("%s prints less than 1 MiB", name_of(p)),
        .happened = keep_text("%s printed more than 1 MiB.", name_first(p)),
        .why = FLOODING.why,
        .read = FLOODING.read});
}

static struct ending await_end_within(program p, uint32_t ms, bool *flooded)
{
    struct ending ending;
    begin_for("await_end", p);
    put_number(ms);
    perform_surely(ms, "wait for a program's end");
    ending.ended = get_number() != 0;
    ending.code = (uint32_t)get_number();
    *flooded = get_number() != 0;
    return ending;
}

struct ending await_end(program p, uint32_t deadline_ms)
{
    bool flooded;
    struct ending ending = await_end_within(p, scaled(deadline_ms), &flooded);
    if (flooded)
        fail_for_flood(p);
    if (ending.ended)
        put_end_behind(p);
    return ending;
}

bool is_running(program p)
{
    bool flooded;
    return !await_end_within(p, 0, &flooded).ended;
}

/* ---- input and output
 * ------------------------------------------------------------------ */

void end_input(program p)
{
    programs[p].end_is_old = true;
    begin_for("end_input", p);
    perform_surely(0, "close a program's standard input");
}

void write_input(program p, const void *data, size_t size)
{
    begin_for("input", p);
    put_bytes(data, size);
    /* A program that has ended or does not read is no fault of the kit; the
     * check sees it by what the program does. */
    perform(scaled(2000));
}

void kill_program(program p)
{
    programs[p].end_is_old = true;
    begin_for("kill", p);
    perform_surely(scaled(2000), "end a program");
}

void lift_output_limit(program p)
{
    programs[p].no_limit = true;
    begin_for("lift_limit", p);
    perform_surely(0, "lift the limit of a program's output");
}

static struct text fetch(program p, const char *verb, bool *flooded)
{
    begin_for(verb, p);
    if (perform(scaled(2000)) != 0)
        return (struct text){"", 0};
    *flooded = get_number() != 0;
    return get_bytes();
}

struct text fresh_output(program p)
{
    bool flooded;
    return fetch(p, "output", &flooded);
}

struct text fresh_errors(program p)
{
    bool flooded;
    return fetch(p, "errors", &flooded);
}

/* The director hands out only what is new: all of it is gathered here. */
static struct text
gather(program p, const char *verb, struct text *text, bool *flooded)
{
    *flooded = false;
    struct text more = fetch(p, verb, flooded);
    char *whole =
        realloc((void *)(uintptr_t)text->bytes, text->size + more.size + 1);
    if (whole == NULL)
        abort();
    memcpy(whole + text->size, more.bytes, more.size);
    text->size += more.size;
    whole[text->size] = '\0';
    text->bytes = whole;
    return *text;
}

struct text all_errors(program p, bool *flooded)
{
    return gather(p, "errors", &programs[p].err, flooded);
}

struct text output_of(program p)
{
    bool flooded;
    struct text text = gather(p, "output", &programs[p].out, &flooded);
    if (flooded)
        fail_for_flood(p);
    return text;
}

struct text errors_of(program p)
{
    bool flooded;
    struct text text = all_errors(p, &flooded);
    if (flooded)
        fail_for_flood(p);
    return text;
}
