/*
 * run.c - `runner run`: programs in a fresh private Windows, live.
 *
 * runner run --exe FILE.exe [-- ARGS]     one program, on this terminal
 * runner run --pair DIR [-- CLIENT ARGS]  DIR's server and client, side by
 *                                         side; the server is asked to stop
 *                                         when the client has ended
 * --with FILE.exe puts another program beside FILE.exe (three at most),
 * --record FILE writes the flight record of all of them there, and --plain-wine
 * runs FILE.exe without the platform layer.
 * The exit status is 0 if every program ended with 0, else 1; 2 is wrong use.
 */
#include "engine.h"
#include "options.h"
#include "commands.h"
#include "stage.h"

#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define TICK_MS 10

static void write_all(int file, struct text text)
{
    while (text.size > 0) {
        ssize_t done = write(file, text.bytes, text.size);
        if (done <= 0)
            return;
        text.bytes += done;
        text.size -= (size_t)done;
    }
}

/* Hands on what was typed; false at the end of input. */
static bool pass_input(program p)
{
    char bytes[4096];
    struct pollfd ready = {.fd = STDIN_FILENO, .events = POLLIN};
    if (poll(&ready, 1, 0) <= 0)
        return true;
    ssize_t got = read(STDIN_FILENO, bytes, sizeof bytes);
    if (got <= 0) {
        end_input(p);
        return false;
    }
    write_input(p, bytes, (size_t)got);
    return true;
}

static int tell_ending(const char *name, uint32_t code)
{
    fprintf(stderr,
            "%s ended with %s%s.\n",
            name,
            exit_text(code),
            is_crash(code) ? ": it crashed" : "");
    return code == 0 ? 0 : 1;
}

static int
run_one(const struct sandbox_file *files, bool plain_wine, char **args)
{
    const char *name = files[0].name;
    struct launch launch = {
        .exe = name, .record = stage_records(), .plain_wine = plain_wine};
    struct ending ending = {0};
    bool input = true;
    for (size_t i = 0; args[i] != NULL; i++) {
        if (i == MAX_ARGS)
            return wrong_use("At most %d arguments can be given.", MAX_ARGS);
        launch.args[i] = args[i];
    }
    stage_open(files, "run");
    program p = start_file(name, &launch);
    lift_output_limit(p);
    while (!ending.ended && !stage_interrupted()) {
        if (input)
            input = pass_input(p);
        ending = await_end(p, TICK_MS);
        write_all(STDOUT_FILENO, fresh_output(p));
        write_all(STDERR_FILENO, fresh_errors(p));
    }
    int status = 130;
    if (ending.ended)
        status = tell_ending(name, ending.code);
    return stage_close() ? status : 2;
}

static int run_pair(const char *folder, char **args)
{
    char server_path[4096], client_path[4096];
    struct actor server, client;
    struct launch launch = {.exe = "client"};
    snprintf(server_path, sizeof server_path, "%s/server.exe", folder);
    snprintf(client_path, sizeof client_path, "%s/client.exe", folder);
    const char *const paths[] = {server_path, client_path};
    for (int i = 0; i < 2; i++)
        if (access(paths[i], R_OK) != 0)
            return wrong_use("There is no %s: was it built?", paths[i]);
    for (size_t i = 0; args[i] != NULL; i++) {
        if (i == MAX_ARGS - 2)
            return wrong_use("At most %d arguments can be given.",
                             MAX_ARGS - 2);
        launch.args[i] = args[i];
    }
    const struct sandbox_file files[SANDBOX_FILES] = {
        {server_path, "server.exe"}, {client_path, "client.exe"}};
    stage_open(files, "pair");
    stage_start(&server, "server", (struct launch){.exe = "server"});
    lift_output_limit(server.program);
    await_pipe(server.program, PIPE);
    stage_print(&server);
    stage_start(&client, "client", launch);
    lift_output_limit(client.program);
    while (!stage_interrupted()) {
        stage_print(&server);
        if (stage_watch(&client, TICK_MS))
            break;
    }
    stage_finish(&client);
    int status = client.ended ? tell_ending("client", client.code) : 130;
    end_input(server.program);
    stage_watch(&server, 4000);
    stage_finish(&server);
    if (server.ended)
        status |= tell_ending("server", server.code);
    else
        fprintf(stderr,
                "server did not stop within %u ms after its standard input "
                "ended: %s.\n",
                scaled(4000),
                blocked_in(server.program));
    if (!stage_close())
        return 2;
    return server.ended ? status : 1;
}

/* Adds a program to those of the sandbox. False: the reason has been said. */
static bool add_file(struct sandbox_file *files, const char *path)
{
    const char *slash = strrchr(path, '/');
    size_t count = 0;
    while (count < SANDBOX_FILES && files[count].path != NULL)
        count++;
    if (count == SANDBOX_FILES)
        return wrong_use("At most %d programs fit.", SANDBOX_FILES), false;
    if (access(path, R_OK) != 0)
        return wrong_use("There is no program %s: was it built?", path), false;
    files[count].path = path;
    files[count].name = slash == NULL ? path : slash + 1;
    return true;
}

int run_main(int argc, char **argv)
{
    const char *exe = NULL, *pair = NULL, *record = NULL, *with = NULL;
    struct sandbox_file files[SANDBOX_FILES] = {{NULL, NULL}};
    bool plain_wine = false;
    int i = 1;
    for (; i < argc && strcmp(argv[i], "--") != 0; i++) {
        if (strcmp(argv[i], "--plain-wine") == 0) {
            plain_wine = true;
            continue;
        }
        const char **value = strcmp(argv[i], "--exe") == 0      ? &exe
                             : strcmp(argv[i], "--pair") == 0   ? &pair
                             : strcmp(argv[i], "--with") == 0   ? &with
                             : strcmp(argv[i], "--record") == 0 ? &record
                                                                : NULL;
        if (value == NULL)
            return wrong_use("runner run knows no option %s.", argv[i]);
        if ((*value = option_value(argc, argv, &i)) == NULL ||
            (value == &exe && !add_file(files, exe)) ||
            (value == &with && !add_file(files, with)))
            return 2;
    }
    char **args = argv + (i < argc ? i + 1 : argc);
    if ((exe == NULL) == (pair == NULL))
        return wrong_use("runner run needs --exe FILE.exe or --pair DIR.");
    stage_record_to(record);
    if (!stage_prepare())
        return 2;
    return exe != NULL ? run_one(files, plain_wine, args)
                       : run_pair(pair, args);
}
