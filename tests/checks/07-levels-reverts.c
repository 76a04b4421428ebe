/* 07-levels-reverts.c - the check of lab 07 about who the server's threads are
 * between two requests, and when a revert fails. */
#include "07-levels.h"

#include <stdio.h>
#include <string.h>

static const lesson REVERTS = {
    .misconception = "M03",
    .why = "A thread stays the client until it reverts, on every way out. "
           "Closing a handle, disconnecting the pipe or serving the next "
           "client does not end it.",
    .read = "README task 07.3; facts I11, I12, R05"};
static const lesson DIES = {
    .misconception = "M02",
    .why = "When RevertToSelf fails, the thread is still the client, and all "
           "that the server does next it does as the client. The page asks "
           "for the end of the process.",
    .read = "common/np_client.h; the RevertToSelf page (fact R00)"};

/* Fails if the flight record shows a write by a thread that was somebody
 * else: the first such line is named. */
static void expect_written_as_itself(void)
{
    const char *at = flight_record();
    struct recorded call;

    while (next_recorded(&at, &call))
        expect(was_itself(&call) || strncmp(call.call, "WriteFile", 9) != 0,
               &REVERTS,
               "the server writes its replies as itself",
               "%s(%s) was called as %s: thread %lu was still impersonating.",
               call.call,
               call.object,
               call.who,
               call.tid);
}

static const lesson LAST_WORDS = {
    .misconception = "M69",
    .why = "A message, a file, an atexit function: whatever runs between the "
           "failed revert and the end of the process runs as the client. "
           "TerminateProcess lets nothing run; exit and return let much.",
    .read = "README, the contract (at once); common/np_client.h; fact R00"};

/* The thread that could not revert opened and wrote nothing more, and its
 * process ended without a word. */
static void expect_nothing_opened_or_told(size_t since, const lesson *because)
{
    const char *at = flight_record() + since;
    struct recorded call;
    unsigned long process = 0, stuck = 0;

    while (next_recorded(&at, &call)) {
        if (strstr(call.details, "fault=") != NULL && !was_itself(&call)) {
            process = call.pid;
            stuck = call.tid;
        } else if (call.tid == stuck && was_itself(&call)) {
            stuck = 0;
        }
        expect(call.tid != stuck || (strcmp(call.call, "CreateFile") != 0 &&
                                     strncmp(call.call, "WriteFile", 9) != 0),
               because,
               "a thread that cannot revert opens and writes nothing more",
               "It called %s(%s).",
               call.call,
               call.object);
        expect(call.pid != process || strcmp(call.call, "process") != 0,
               because,
               "no atexit function runs after the revert failed",
               "The process ended by exit, or by a return from main.");
    }
}

/* Asks a server of which a revert fails meanwhile: it has to end. */
static void expect_dies(program server,
                        const char *pipe,
                        const char *request,
                        const lesson *because,
                        const lesson *last_words)
{
    size_t seen = strlen(flight_record());
    char when[40];
    await_pipe(server, pipe);
    peer client = connect_to(.pipe = pipe,
                             .as = LESSER,
                             .messages = true,
                             .flags = SQOS_IMPERSONATION);
    size_t said = errors_of(server).size;
    try_say(client, request, strlen(request), 0);
    struct reply heard = hear(client, 4096, 0);
    if (!is_stuck(seen)) {
        /* It is itself again in a way that cannot be made to fail here, such
         * as the end of a thread, or less often. */
        if (strcmp(request, "READ") == 0)
            expect_levels_refused(
                heard, "To a client that may not read", because);
        return;
    }
    snprintf(when, sizeof when, "After %s", request);
    expect_end_of_stuck(server, heard, when, because);
    expect_nothing_opened_or_told(seen, last_words);
    expect(errors_of(server).size == said,
           last_words,
           "nothing is written to standard error after the revert failed",
           "There is %s.",
           show(errors_of(server).bytes, errors_of(server).size));
}

SERVER_CHECK(reverts,
             "07.reverts",
             "after each request the server is itself again, or it ends",
             .is_slow = true)
{
    static const struct {
        identity as;
        uint32_t flags;
        const char *request;
    } requests[] = {{LESSER, SQOS_IMPERSONATION, "READ"},
                    {LESSER, SQOS_IMPERSONATION, "PROBE"},
                    {SELF, SQOS_IDENTIFICATION, "PROBE"},
                    {SELF, SQOS_ANONYMOUS, "PROBE"}};
    /* Each revert of a request has to be looked at, also the later ones. */
    static const struct {
        const char *faults, *request;
    } stuck[] = {{"Revert:+*:5", "READ"},
                 {"Revert:+2:5", "READ"},
                 {"Revert:+2:5", "PROBE"},
                 {"Revert:+3:5", "PROBE"}};
    enum { STUCK = sizeof stuck / sizeof stuck[0] };
    char pipes[STUCK][300];
    program servers[STUCK];
    char when[100];

    put_levels_secret();
    program server = start_levels();
    for (int i = 0; i < STUCK; i++) {
        snprintf(pipes[i], sizeof pipes[i], "%s-stuck-%d", PIPE, i);
        servers[i] = start(.exe = "server",
                           .args = {"--pipe", pipes[i], "--file", SECRET_FILE},
                           .faults = stuck[i].faults);
    }
    await_pipe(server, PIPE);
    for (size_t i = 0; i < sizeof requests / sizeof requests[0]; i++) {
        peer client = levels_join(requests[i].as, requests[i].flags);
        levels_ask(client, requests[i].request);
        snprintf(when, sizeof when, "After %s", requests[i].request);
        expect_itself(server, when, &REVERTS);
        hang_up(client);
    }
    expect_written_as_itself();

    for (int i = 0; i < STUCK; i++)
        expect_dies(servers[i], pipes[i], stuck[i].request, &DIES, &LAST_WORDS);
}
