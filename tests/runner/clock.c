/* clock.c - the time since the runner began. */
#include "jobs.h"

#include <time.h>

double engine_clock(void)
{
    static double first;
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    double t = (double)now.tv_sec + (double)now.tv_nsec / 1e9;
    if (first == 0)
        first = t;
    return t - first;
}
