/* play_await.c - waiting for what a program does: its pipe, or a held call. */
#include "play_internal.h"

#include <string.h>

static const lesson SERVING = {
    .why = "A client can open a pipe only while the server process lives and "
           "has made an instance of that name with CreateNamedPipe.",
    .read = "README, the part on arguments and the name of the pipe; the "
            "CreateNamedPipe page"};
/* The outcomes of the director's await_pipe. */
enum { PIPE_IS_THERE, PROGRAM_ENDED };

/* code: with which it ended, or the last error of the wait. */
static uint64_t
wait_for_pipe(program server, const char *pipe, uint32_t ms, uint32_t *code)
{
    begin_for("await_pipe", server);
    put_text(pipe);
    put_number(ms);
    perform_surely(ms, "wait for a pipe");
    uint64_t outcome = get_number();
    *code = outcome == PIPE_IS_THERE ? 0 : (uint32_t)get_number();
    return outcome;
}

/* The pipe is not there in time, or the program has ended too early. */
static void fail_for_no_pipe(program server,
                             const char *pipe,
                             uint32_t ms,
                             uint64_t outcome,
                             uint32_t code)
{
    const char *expected =
        keep_text("%s creates %s and keeps serving it", name_of(server), pipe);
    struct verdict verdict = {.kind = "failed",
                              .expected = expected,
                              .why = SERVING.why,
                              .read = SERVING.read};
    if (outcome == PROGRAM_ENDED) {
        if (code == 0)
            verdict.kind = "silent-exit";
        verdict.happened =
            keep_text("%s ended before a client could open the pipe.",
                      name_first(server));
    } else if (code == 2) {
        verdict.kind = "hang";
        verdict.happened =
            keep_text("%s runs, but after %u ms there was no such pipe (2 "
                      "ERROR_FILE_NOT_FOUND).",
                      name_first(server),
                      ms);
    } else {
        verdict.kind = "hang";
        verdict.happened =
            keep_text("%s runs, but for %u ms no instance of the pipe was "
                      "free for a client (%s).",
                      name_first(server),
                      ms,
                      code_text(code));
    }
    play_stop(&verdict);
}

void await_pipe(program server, const char *pipe)
{
    uint32_t ms = scaled(0), code;
    uint64_t outcome = wait_for_pipe(server, pipe, ms, &code);
    if (outcome != PIPE_IS_THERE)
        fail_for_no_pipe(server, pipe, ms, outcome, code);
}

bool await_pipe_or_end(program server, const char *pipe)
{
    uint32_t ms = scaled(0), code;
    uint64_t outcome = wait_for_pipe(server, pipe, ms, &code);
    if (outcome != PIPE_IS_THERE && outcome != PROGRAM_ENDED)
        fail_for_no_pipe(server, pipe, ms, outcome, code);
    return outcome == PIPE_IS_THERE;
}

bool await_held(program p, uint32_t deadline_ms)
{
    uint32_t ms = scaled(deadline_ms);
    begin_for("await_held", p);
    put_number(ms);
    perform_surely(ms, "wait for a held call");
    return get_number() != 0;
}

void release(program p)
{
    begin_for("release", p);
    perform_surely(0, "release a held call");
}

program start_queued_program(peer server, struct launch launch)
{
    peer other = connect_to(.messages = true);

    accept_client(server, 0);
    launch.hold = "WaitNamedPipe:1";
    program client = start_program(launch);
    await_held(client, 500); /* there are other ways to wait */
    hang_up(other);
    disconnect(server);
    release(client);
    return client;
}

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
