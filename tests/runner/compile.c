/*
 * compile.c - compiles what make found out of date, beside the checks.
 *
 * A compiler has the writing end of a pipe that nobody writes to. When it and
 * all it started are gone, the reading end is at its end, which any process
 * of the runner can see and wait for.
 */
#include "compile.h"

#include "jobs.h"

#include <fcntl.h>
#include <poll.h>
#include <string.h>
#include <unistd.h>

enum { PROGRAMS = 2 };
static const char *const NAMES[PROGRAMS] = {"server", "client"};

static const char *commands[PROGRAMS];
static int ends[PROGRAMS] = {-1, -1}; /* -1: nothing to wait for */

bool compile_later(const char *name, const char *command)
{
    for (int i = 0; i < PROGRAMS; i++) {
        if (strcmp(name, NAMES[i]) != 0)
            continue;
        commands[i] = command;
        return true;
    }
    return false;
}

int compile_count(void)
{
    return (commands[0] != NULL) + (commands[1] != NULL);
}

static void start_compiler(const char *command, int slot, int *end)
{
    pid_t runner = getpid();
    int both[2];
    if (pipe2(both, O_CLOEXEC) != 0)
        return;
    pid_t pid = fork();
    if (pid == 0) {
        end_with_parent(runner);
        fcntl(both[1], F_SETFD, 0);
        cpu_pin(slot);
        execl("/bin/sh", "sh", "-c", command, (char *)NULL);
        _exit(127);
    }
    close(both[1]);
    if (pid < 0)
        close(both[0]);
    else
        *end = both[0];
}

void compile_begin(void)
{
    int slot = 0;
    for (int i = 0; i < PROGRAMS; i++)
        if (commands[i])
            start_compiler(commands[i], slot++, &ends[i]);
}

/* Whether a compiler is left after so many milliseconds; -1: as it takes. */
static bool is_left(const struct check *check, int ms)
{
    for (int i = 0; i < PROGRAMS; i++) {
        struct pollfd end = {.fd = ends[i]};
        bool concerns =
            !check || !check->only || strcmp(check->only, NAMES[i]) == 0;
        if (concerns && end.fd >= 0)
            while (poll(&end, 1, ms) < 1)
                if (ms >= 0)
                    return true;
    }
    return false;
}

void compile_wait(const struct check *check)
{
    is_left(check, -1);
}

bool compile_goes_on(const struct check *check)
{
    return is_left(check, 0);
}
