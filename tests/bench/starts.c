/*
 * starts.c - starts a program in sandbox after sandbox, and nothing else.
 *
 *     starts NOP.exe COUNT SLOTS
 *
 * The floor of a grading: as many private Windows as it has checks, started
 * and torn down by as many pinned slots, with a program in them that ends at
 * once. The exit status is 0 if all of them ran.
 */
#include "jobs.h"
#include "sandbox.h"

#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

static int run_slot(const char *nop, int slot, int count, int slots)
{
    struct sandbox_plan plan = {
        .director = nop, .isolated = true, .timeout_scale = 1};

    cpu_pin(slot);
    for (int i = slot; i < count; i += slots) {
        struct sandbox box = {0};
        char said[16];
        const char *problem = sandbox_start(&box, &plan);
        if (problem != NULL) {
            fprintf(stderr, "starts: %s\n", problem);
            return 1;
        }
        /* It says one line and ends; its output is then at its end. */
        while (read(box.from, said, sizeof said) > 0)
            ;
        sandbox_stop(&box);
    }
    return 0;
}

int main(int argc, char **argv)
{
    int status = 0, one;

    if (argc != 4) {
        fputs("usage: starts NOP.exe COUNT SLOTS\n", stderr);
        return 2;
    }
    int count = atoi(argv[2]), slots = atoi(argv[3]);
    for (int slot = 0; slot < slots; slot++)
        if (fork() == 0)
            _exit(run_slot(argv[1], slot, count, slots));
    while (wait(&one) > 0)
        if (one != 0)
            status = 1;
    return status;
}
