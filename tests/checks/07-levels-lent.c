/* 07-levels-lent.c - the checks of lab 07 about clients that lend nothing, less
 * than they said, or now this and then that. */
#include "07-levels.h"

#include <stdio.h>
#include <string.h>

static const lesson NOBODY = {
    .misconception = "M67",
    .why = "Anonymous is no identity: impersonating succeeds, opening the "
           "token fails with 1347 ERROR_CANT_OPEN_ANONYMOUS. It is an answer, "
           "no disaster, and no reason to look at another token.",
    .read = "README tasks 07.2 and 07.5; fact L02"};

static const lesson SILENT = {
    .misconception = "M23",
    .why = "A client may connect and say nothing, or not read its reply. Where "
           "one is served after another, a wait without an end gives the "
           "server to that one for as long as it likes.",
    .read = "README, the contract (no wait is longer); common/np_io.h"};

/* Whether one that says nothing is left after 60 ms. On a busy machine the
 * next one can be too slow itself: so it tries more than once. */
static void expect_silent_left(const char *pipe, const lesson *because)
{
    uint32_t error = 0;
    struct reply reply = {.error = TIMED_OUT};

    connect_to(.pipe = pipe, .messages = true, .flags = SQOS_ANONYMOUS);
    for (int i = 0; i < 20 && error == 0 && reply.error != 0; i++) {
        peer next = -1;
        error = try_connect(&next,
                            .pipe = pipe,
                            .messages = true,
                            .flags = SQOS_IMPERSONATION,
                            .deadline_ms = 2000);
        if (error != 0)
            break;
        reply = levels_ask(next, "READ");
        hang_up(next);
    }
    expect(error == 0,
           because,
           "a server with --timeout 60 waits for a client at most 60 ms, and "
           "then serves the next one",
           "While a client that says nothing is connected, another one's open "
           "fails with %s.",
           code_text(error));
    expect_levels_read(
        reply, "After a client that said nothing for 60 ms", because);
}

SERVER_CHECK(
    anonymous,
    "07.anonymous",
    "who lends nothing is refused, who says nothing is not waited for, and "
    "the next one is served")
{
    char other[300];
    snprintf(other, sizeof other, "%s-patient", PIPE);
    program server = start_levels_ready();
    program patient =
        start(.exe = "server",
              .args = {
                  "--pipe", other, "--file", SECRET_FILE, "--timeout", "60"});
    peer client = levels_join(SELF, SQOS_ANONYMOUS);

    expect_levels_refused(
        levels_ask(client, "READ"), "To a client at Anonymous", &NOBODY);
    expect_levels_refused(levels_ask(client, "READ"),
                          "To its second request, which may be made",
                          &NOBODY);
    hang_up(client);
    expect_running(server, &NOBODY);
    expect_levels_read(levels_ask_once(SELF, SQOS_IMPERSONATION, "READ"),
                       "To the next client, which lends Impersonation",
                       &NOBODY);
    await_pipe(patient, other);
    expect_silent_left(other, &SILENT);
}

static const lesson TOO_MUCH = {
    .misconception = "M70",
    .why = "What the server opens as itself is opened with the server's "
           "rights, whoever asks. The client's rights count while the thread "
           "is the client, or when AccessCheck is asked.",
    .read = "README tasks 07.3 and 07.5; facts I14, L07"};
static const lesson CUT = {
    .misconception = "M66",
    .why = "ImpersonateNamedPipeClient returns TRUE also when Windows does not "
           "trust the server with the client: the token is then cut to "
           "Identification, and every open fails with 1346. Only the token's "
           "level tells.",
    .read = "README task 07.2, experiment 2; facts S01 to S03"};

SERVER_CHECK(cut,
             "07.cut",
             "a server that Windows does not trust decides by AccessCheck")
{
    put_levels_secret();
    program server = start_levels(.lacks_impersonate = true);
    await_pipe(server, PIPE);
    peer client = levels_join(SELF, SQOS_IMPERSONATION);
    struct reply reply = levels_ask(client, "PROBE");

    expect(strcmp(levels_line(reply, "level: "), "Identification") == 0,
           &CUT,
           "a client that lends Impersonation to a server without the right to "
           "it is told \"level: Identification\"",
           "The reply was %s.",
           levels_told(reply));
    expect_levels_read(
        levels_ask(client, "READ"), "When the level was cut", &CUT);
    hang_up(client);
    expect_levels_refused(
        levels_ask_once(LESSER, SQOS_IMPERSONATION, "READ"),
        "To a client that may not read the file, its level cut",
        &TOO_MUCH);
}

static const lesson FOLLOWS = {
    .misconception = "M65",
    .why = "With dynamic tracking, and without any SQOS flags, the identity is "
           "that of whoever wrote the message that was read last. What was "
           "found out for an earlier one is about an earlier writer.",
    .read = "README, the contract (each reply), question 2; facts I04 to I06"};
static const lesson READ_FIRST = {
    .misconception = "M06",
    .why = "A client that is tracked dynamically has no identity before the "
           "server has read something of it: 1368 ERROR_CANNOT_IMPERSONATE.",
    .read = "README, the contract (each reply), experiment 1; fact I01"};

SERVER_CHECK(tracking,
             "07.tracking",
             "a client that changes on the way is served as its tracking says")
{
    start_levels_ready();
    peer client = levels_join(SELF, SQOS_IDENTIFICATION | SQOS_DYNAMIC);
    expect_levels_read(levels_ask(client, "READ"),
                       "To a client tracked dynamically",
                       &READ_FIRST);
    become(client, LESSER);
    expect_levels_refused(
        levels_ask(client, "READ"),
        "When it had become a lesser one, to its second request",
        &FOLLOWS);
    become(client, SELF);
    expect_levels_read(
        levels_ask(client, "READ"), "When it was itself again", &FOLLOWS);
    hang_up(client);

    client = levels_join(SELF, 0);
    expect_levels_read(levels_ask(client, "READ"),
                       "To a client without SQOS flags",
                       &READ_FIRST);
    become(client, LESSER);
    expect_levels_refused(
        levels_ask(client, "READ"),
        "When it had become a lesser one, to its second request",
        &FOLLOWS);
    hang_up(client);

    client = levels_join(SELF, SQOS_IMPERSONATION);
    become(client, LESSER);
    expect_levels_read(
        levels_ask(client, "READ"),
        "To a client that was itself when it opened the pipe, with "
        "static tracking",
        &FOLLOWS);
}
