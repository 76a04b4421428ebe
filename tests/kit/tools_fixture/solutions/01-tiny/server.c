/* server.c - reads what one client sends. */
#include "tiny.h"

static DWORD read_all(HANDLE pipe, char *buffer, DWORD size)
{
    DWORD used = 0;

    /* One read brings what one write sent, or less: the end is known only
     * when the read itself reports it. */
    // BEGIN SOLUTION 01.1
    // STUB: /* TODO 01.1: read until the client has hung up. */
    // STUB: (void)used;
    // STUB: return NP_TODO("01.1");
    while (used < size) {
        DWORD got = 0;
        if (!ReadFile(pipe, buffer + used, size - used, &got, NULL))
            break;
        used += got;
    }
    return used;
    // END SOLUTION 01.1
}

static int serve(HANDLE pipe)
{
    char buffer[64];
    DWORD used = read_all(pipe, buffer, sizeof(buffer));

    // The pipe came from the caller, who forgets it now.
    // BEGIN SOLUTION 01.2
    // STUB: /* TODO 01.2: close the handle. */
    np_close_for_the_caller(&pipe);
    // END SOLUTION 01.2
    return used > 0;
}
