/* stage.c - programs in a private Windows, shown live. */
#include "stage.h"

#include "options.h"
#include "text.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define LABEL_COLUMNS 11 /* "  server | " */

static volatile sig_atomic_t interrupted;
static const char *record_path;

static void note_signal(int number)
{
    interrupted = number;
}

bool stage_interrupted(void)
{
    return interrupted != 0;
}

/* In place of a verdict: say it, and end. */
static void tell(const struct verdict *verdict, const char *output)
{
    fflush(stdout);
    if (interrupted)
        _exit(128 + interrupted);
    print_wrapped(stderr, "", verdict->happened, 78);
    if (output[0] != '\0')
        fputs(output, stderr);
}

bool stage_prepare(void)
{
    struct sigaction action = {.sa_handler = note_signal};
    sigaction(SIGINT, &action, NULL);
    sigaction(SIGTERM, &action, NULL);
    sigaction(SIGHUP, &action, NULL);
    signal(SIGPIPE, SIG_IGN);
    play_stopped = tell;
    if (wine_problem() != NULL) {
        wrong_use("%s.", wine_problem());
        return false;
    }
    return options_settle_sandbox();
}

void stage_open(const struct sandbox_file *files, const char *label)
{
    struct sandbox_plan plan = {.director = option_director(),
                                .isolated = !option_no_sandbox(),
                                .timeout_scale = option_timeout_scale()};
    for (size_t i = 0; i < SANDBOX_FILES && files[i].path != NULL; i++)
        plan.files[i] = files[i];
    play_open(&plan, label);
}

void stage_start(struct actor *actor, const char *label, struct launch launch)
{
    bool named = false;
    size_t count = 0;
    while (count < MAX_ARGS && launch.args[count] != NULL)
        if (strcmp(launch.args[count++], "--pipe") == 0)
            named = true;
    if (!named && count + 2 <= MAX_ARGS) {
        memmove(launch.args + 2, launch.args, count * sizeof launch.args[0]);
        launch.args[0] = "--pipe";
        launch.args[1] = PIPE;
    }
    launch.record = stage_records();
    *actor = (struct actor){.label = label};
    actor->program = start_program(launch);
}

/* As much of the text as fits a line of the terminal; all of it elsewhere. */
static size_t size_of_row(const char *text, int label_columns)
{
    size_t size = strlen(text);
    int room = option_width() - label_columns;
    if (!isatty(STDOUT_FILENO) || room < 20)
        return size;
    size_t fits = 0;
    for (int columns = 0; fits < size; fits++) {
        bool starts = ((unsigned char)text[fits] & 0xC0) != 0x80;
        if (starts && columns++ == room)
            break;
    }
    return fits;
}

static void print_line(struct actor *actor)
{
    const char *colour = strcmp(actor->label, "server") == 0 ? "36" : "33";
    const char *text = actor->line;
    actor->line[actor->size] = '\0';
    clean_text(actor->line);
    do {
        size_t size = size_of_row(text, LABEL_COLUMNS);
        if (option_colour())
            printf("  \033[%sm%-6s |\033[0m %.*s\n",
                   colour,
                   actor->label,
                   (int)size,
                   text);
        else
            printf("  %-6s | %.*s\n", actor->label, (int)size, text);
        text += size;
    } while (*text != '\0');
    actor->size = 0;
}

static void print_text(struct actor *actor, struct text text)
{
    for (size_t i = 0; i < text.size; i++) {
        char c = text.bytes[i] == '\0' ? '?' : text.bytes[i];
        if (c == '\n' || actor->size == sizeof actor->line - 1)
            print_line(actor);
        if (c != '\n')
            actor->line[actor->size++] = c;
    }
}

void stage_print(struct actor *actor)
{
    print_text(actor, fresh_output(actor->program));
    print_text(actor, fresh_errors(actor->program));
    fflush(stdout);
}

bool stage_watch(struct actor *actor, uint32_t ms)
{
    if (!actor->ended) {
        struct ending ending = await_end(actor->program, ms);
        actor->ended = ending.ended;
        actor->code = ending.code;
    }
    stage_print(actor);
    return actor->ended;
}

void stage_finish(struct actor *actor)
{
    stage_print(actor);
    if (actor->size > 0)
        print_line(actor);
}

void stage_record_to(const char *path)
{
    record_path = path;
}

bool stage_records(void)
{
    return record_path != NULL;
}

bool stage_close(void)
{
    bool written = true;
    if (stage_records()) {
        const char *record = flight_record();
        FILE *file = fopen(record_path, "w");
        written = file != NULL && fputs(record, file) >= 0;
        if (file != NULL && fclose(file) != 0)
            written = false;
        if (!written)
            fprintf(stderr,
                    "The flight record %s could not be written.\n",
                    record_path);
    }
    play_close();
    return written;
}
