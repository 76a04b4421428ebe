/* play_talk.c - one client that talks on. */
#include "jobs.h"
#include "play_internal.h"

#include <string.h>

/* How long the server can have waited at most when it dropped the client. 0: it
 * did not. */
static double waited_when_dropped(program server,
                                  const char *pipe,
                                  const char *says,
                                  double talk_s,
                                  const lesson *because)
{
    double begun = engine_clock();
    double before = begun, said = begun;
    uint32_t err = 0;
    peer talker = join(because, .pipe = pipe, .messages = true);

    while (err == 0 && engine_clock() - begun < talk_s) {
        before = said; /* the server has begun its wait after this */
        said = engine_clock();
        err = try_say(talker, says, strlen(says), 0).error;
        if (err == 0)
            err = hear_message(talker).error;
        if (err == 0)
            await_end(server, 10); /* a moment */
    }
    hang_up(talker);
    return err == 0 ? 0 : engine_clock() - before;
}

void expect_talker_kept(program server,
                        const char *pipe,
                        const char *says,
                        uint32_t timeout_ms,
                        const lesson *because)
{
    const double timeout_s = timeout_ms / 1e3;
    const double enough = timeout_s * 0.8; /* clocks have ticks */
    double waited = timeout_s;

    for (int i = 0; i < 10 && waited > enough; i++)
        waited =
            waited_when_dropped(server, pipe, says, timeout_s * 1.5, because);
    expect(waited == 0 || waited > enough,
           because,
           "a client that asks every 10 ms is served for as long as it likes",
           "With --timeout %u it was dropped, when no wait for it can have "
           "been longer than %.0f ms.",
           timeout_ms,
           waited * 1e3);
}
