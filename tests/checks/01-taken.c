/* 01-taken.c - see 01-taken.h. */
#include "01-taken.h"

program start_too_late(struct launch server, struct listening other)
{
    server.hold = "CreateNamedPipe:1";
    program late = start_program(server);
    bool is_held = await_held(late, 500);

    if (!is_held && is_running(late)) {
        kill_program(late);
        await_end(late, 0);
    }
    listen_peer(other);
    if (is_held) {
        release(late);
        return late;
    }
    server.hold = NULL;
    return start_program(server);
}
