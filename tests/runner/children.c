/* children.c - leaving no process behind. */
#include "jobs.h"

#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#ifdef __linux__
#include <sys/prctl.h>
#endif
#include <time.h>
#include <unistd.h>

/* A killed process that takes longer is stuck in the kernel. */
#define KILL_LIMIT_S 5.0

void end_with_parent(pid_t parent)
{
#ifdef __linux__
    prctl(PR_SET_PDEATHSIG, SIGKILL);
#endif
    if (getppid() != parent)
        _exit(1); /* it died before the line above */
}

void adopt_orphans(void)
{
#ifdef __linux__
    prctl(PR_SET_CHILD_SUBREAPER, 1);
#endif
}

/* Kills those of our children that the kernel lists just now. */
static void kill_listed(void)
{
    char path[64], list[4096];
    snprintf(path, sizeof(path), "/proc/self/task/%d/children", (int)getpid());
    FILE *f = fopen(path, "re");
    size_t size = f ? fread(list, 1, sizeof(list) - 1, f) : 0;
    if (f)
        fclose(f);
    list[size] = '\0';
    char *next = list;
    for (long pid; (pid = strtol(next, &next, 10)) > 0;)
        kill((pid_t)pid, SIGKILL);
}

void kill_children(void)
{
    /* A child that dies leaves its own children to us, and the kernel's list
     * may miss one that is dying; only waitpid knows that none is left. */
    double until = engine_clock() + KILL_LIMIT_S;
    for (;;) {
        pid_t reaped = waitpid(-1, NULL, WNOHANG);
        if (reaped > 0)
            continue;
        if (reaped < 0 || engine_clock() > until)
            return;
        kill_listed();
        struct timespec pause = {.tv_nsec = 500 * 1000};
        nanosleep(&pause, NULL);
    }
}
