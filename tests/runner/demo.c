/*
 * demo.c - `runner demo`: plays the labs' solutions as annotated transcripts.
 *
 * runner demo --labs DIR --programs DIR --lab NN-topic... [--record FILE]
 *
 * Each lab's DIR/NN-topic/demo.txt (see demo_script.h) is played in a private
 * Windows of its own with the programs that were built. What the programs
 * print is what is shown.
 */
#include "demo_script.h"
#include "engine.h"
#include "options.h"
#include "commands.h"
#include "stage.h"
#include "text.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define BESIDE_MAX 16
#define WIDTH 78
#define LABS_MAX 32

struct demo {
    struct actor server;
    bool has_server;
    struct actor beside[BESIDE_MAX]; /* clients that run on */
    size_t beside_count;
};

static struct {
    size_t labs, programs;
} played;

/* ---- steps
 * ------------------------------------------------------------------------ */

/* "client as lesser a b": the identity and the arguments. */
static struct launch read_launch(const struct step *step)
{
    struct launch launch = {.exe = step->words[0]};
    size_t from = 1;
    if (step->words[1] != NULL && strcmp(step->words[1], "as") == 0 &&
        step->words[2] != NULL) {
        launch.as = step->words[2];
        from = 3;
    }
    for (size_t i = 0; i < MAX_ARGS && step->words[from + i] != NULL; i++)
        launch.args[i] = step->words[from + i];
    return launch;
}

static void print_command(const struct step *step)
{
    if (option_colour())
        printf("\n  \033[1m> %s\033[0m\n", step->text);
    else
        printf("\n  > %s\n", step->text);
}

static void print_ending(struct actor *actor)
{
    stage_finish(actor);
    if (actor->code != 0)
        printf(
            "  %-6s | (ended with %s)\n", actor->label, exit_text(actor->code));
}

static void print_server(struct demo *demo)
{
    if (demo->has_server)
        stage_print(&demo->server);
}

static void run_client(struct demo *demo, const struct step *step)
{
    struct actor client;
    if (step->beside && demo->beside_count < BESIDE_MAX) {
        stage_start(
            &demo->beside[demo->beside_count++], "client", read_launch(step));
        return;
    }
    stage_start(&client, "client", read_launch(step));
    for (uint32_t waited = 0; waited < scaled(10000); waited += 5) {
        print_server(demo);
        if (stage_watch(&client, 5) || stage_interrupted())
            break;
    }
    if (!client.ended)
        printf("  client | (still running after %u ms; it is ended)\n",
               scaled(10000));
    else
        print_ending(&client);
    /* The server learns of the client's end a moment later. */
    if (demo->has_server)
        stage_watch(&demo->server, 20);
}

static void await_beside(struct demo *demo)
{
    for (size_t i = 0; i < demo->beside_count; i++) {
        struct actor *client = &demo->beside[i];
        for (uint32_t waited = 0; waited < scaled(10000); waited += 5) {
            print_server(demo);
            if (stage_watch(client, 5) || stage_interrupted())
                break;
        }
        print_ending(client);
    }
    demo->beside_count = 0;
}

static void start_demo_server(struct demo *demo, const struct step *step)
{
    struct launch launch = read_launch(step);
    const char *pipe = PIPE;
    for (size_t i = 0; i + 1 < MAX_ARGS && launch.args[i + 1] != NULL; i++)
        if (strcmp(launch.args[i], "--pipe") == 0)
            pipe = launch.args[i + 1];
    stage_start(&demo->server, "server", launch);
    demo->has_server = true;
    await_pipe(demo->server.program, pipe);
    stage_watch(&demo->server, 20);
}

static void stop_server(struct demo *demo, bool kill)
{
    if (!demo->has_server)
        return;
    if (kill)
        kill_program(demo->server.program);
    else
        end_input(demo->server.program);
    stage_watch(&demo->server, 0);
    if (!demo->server.ended)
        stage_watch(&demo->server, 4000);
    stage_finish(&demo->server);
    if (demo->server.ended)
        printf("  server | (ended with %s)\n", exit_text(demo->server.code));
    else
        printf("  server | (still running)\n");
    demo->has_server = false;
}

static void put_demo_file(const struct step *step)
{
    if (step->words[1] != NULL && step->words[2] != NULL)
        put_file(step->words[1],
                 step->words[2],
                 strlen(step->words[2]),
                 step->words[3]);
}

static void play_step(struct demo *demo, const struct step *step)
{
    if (step->kind == NARRATE) {
        putchar('\n');
        print_wrapped(stdout, "", step->text, WIDTH);
        return;
    }
    print_command(step);
    switch (step->kind) {
    case SERVER:
        start_demo_server(demo, step);
        played.programs++;
        break;
    case CLIENT:
        run_client(demo, step);
        played.programs++;
        break;
    case WAIT:
        await_beside(demo);
        break;
    case STOP:
    case KILL:
        stop_server(demo, step->kind == KILL);
        break;
    case PUT_FILE:
        put_demo_file(step);
        break;
    case NARRATE:
        break;
    }
}

/* ---- labs
 * ---------------------------------------------------------------------------
 */

static void
play_lab(const struct script *script, const char *name, const char *programs)
{
    char server[4096], client[4096];
    struct demo demo = {0};
    snprintf(server, sizeof server, "%s/%s/server.exe", programs, name);
    snprintf(client, sizeof client, "%s/%s/client.exe", programs, name);
    printf("\n---- %s ", name);
    for (size_t i = strlen(name) + 6; i < WIDTH; i++)
        putchar('-');
    putchar('\n');
    fflush(stdout);
    const struct sandbox_file files[SANDBOX_FILES] = {{server, "server.exe"},
                                                      {client, "client.exe"}};
    stage_open(files, name);
    for (size_t i = 0; i < script->count && !stage_interrupted(); i++)
        play_step(&demo, &script->steps[i]);
    await_beside(&demo);
    stage_close();
    played.labs++;
}

static bool
play_folder(const char *labs, const char *name, const char *programs)
{
    char path[4096];
    struct script script;
    snprintf(path, sizeof path, "%s/%s/demo.txt", labs, name);
    if (!script_read(path, &script))
        return false;
    play_lab(&script, name, programs);
    script_free(&script);
    return true;
}

static int
play_labs(const char *labs, const char *programs, const char *const *names)
{
    bool ok = true;
    for (; ok && *names != NULL && !stage_interrupted(); names++)
        ok = play_folder(labs, *names, programs);
    if (stage_interrupted())
        return 130;
    return ok ? 0 : 2;
}

int demo_main(int argc, char **argv)
{
    const char *labs = "solutions", *programs = NULL, *record = NULL;
    const char *names[LABS_MAX + 1] = {NULL};
    size_t count = 0;
    for (int i = 1; i < argc; i++) {
        const char *name = NULL;
        const char **value = strcmp(argv[i], "--labs") == 0       ? &labs
                             : strcmp(argv[i], "--programs") == 0 ? &programs
                             : strcmp(argv[i], "--lab") == 0      ? &name
                             : strcmp(argv[i], "--record") == 0   ? &record
                                                                  : NULL;
        if (value == NULL)
            return wrong_use("runner demo knows no option %s.", argv[i]);
        if ((*value = option_value(argc, argv, &i)) == NULL)
            return 2;
        if (name != NULL && count < LABS_MAX)
            names[count++] = name;
    }
    if (programs == NULL || count == 0)
        return wrong_use("runner demo needs --programs DIR and --lab NAME.");
    if (record != NULL && count != 1)
        return wrong_use("runner demo records one lab at a time.");
    stage_record_to(record);
    if (!stage_prepare())
        return 2;
    int status = play_labs(labs, programs, names);
    if (status != 0)
        return status;
    printf("\n%zu %s, %zu programs, each lab in a private Windows of its own "
           "that is gone now.\n",
           played.labs,
           played.labs == 1 ? "lab" : "labs",
           played.programs);
    return 0;
}
