/* server.c - reads what one client sends. */
#include "pair.h"

static DWORD read_pair(HANDLE pipe, char *buffer, DWORD size)
{
    DWORD filled = 0;

    /* One read brings what one write sent, or less: the end is known only
     * when the read itself reports it. */
    // BEGIN SOLUTION 02.1
    // STUB: /* TODO 02.1: read until the client has hung up. */
    // STUB: (void)filled;
    // STUB: return NP_TODO("02.1");
    while (filled < size) {
        DWORD got = 0;
        if (!ReadFile(pipe, buffer + filled, size - filled, &got, NULL))
            break;
        filled += got;
    }
    return filled;
    // END SOLUTION 02.1
}

static int serve(HANDLE pipe)
{
    char buffer[64];
    DWORD filled = read_pair(pipe, buffer, sizeof(buffer));

    // The pipe came from the caller, who forgets it now.
    // BEGIN SOLUTION 02.2
    // STUB: /* TODO 02.2: close the handle. */
    np_hang_up_on(&pipe);
    // END SOLUTION 02.2
    return filled > 0;
}
