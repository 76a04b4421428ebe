/* 08-revert-ends.c - the checks of lab 08 about calls that fail: becoming the
 * client, and becoming the server again. */
#include "08-revert.h"

#include <stdio.h>
#include <string.h>

/* ---- 08.1 -------------------------------------------------------------------
 */

static const lesson UNCHECKED = {
    .misconception = "M01",
    .why = "If ImpersonateNamedPipeClient fails, the thread stays what it was: "
           "the server. Whatever is then done for the client is done with the "
           "server's rights.",
    .read = "README task 08.1; the ImpersonateNamedPipeClient page (fact I14)"};

SERVER_CHECK(no_identity,
             "08.no-identity",
             "a client that cannot be impersonated is not served as the server")
{
    put_broker_files();
    program server = start_broker("ImpersonateNamedPipeClient:*:1368", "4");
    peer lesser = join_broker(LESSER);

    expect_broker_no(lesser, "the lesser client", "GET secret.txt", &UNCHECKED);
    static const char *const others[] = {"SUM secret.txt",
                                         "COUNT secret.txt",
                                         "COPY secret.txt got.txt",
                                         "PUT rules.txt none"};
    for (size_t i = 0; i < 4; i++) {
        /* A new connection: the server may have ended the one before. */
        hang_up(lesser);
        lesser = join_broker(LESSER);
        expect_broker_no(lesser, "the lesser client", others[i], &UNCHECKED);
    }
    expect(get_file("shared\\got.txt").error == 2,
           &UNCHECKED,
           "nothing is done for a client that cannot be impersonated",
           "The refused 'COPY secret.txt got.txt' has made got.txt.");
    expect_text(get_file("shared\\rules.txt"), RULES, &UNCHECKED);
    hang_up(lesser);
    expect_stops(server, &UNCHECKED);
    start_broker(NULL, "4");
    expect_broker_serves(join_broker(SELF), &UNCHECKED);
}

/* ---- 08.2, 08.3 -------------------------------------------------------------
 */

static const lesson GOES_ON = {
    .misconception = "M02",
    .why = "A thread whose RevertToSelf failed is still the client, and does "
           "for the next client what this one may. There is no way to go on: "
           "the page says to shut the process down.",
    .read = "README task 08.2; the RevertToSelf page (fact R00)"};
static const lesson LAST_WORDS = {
    .misconception = "M80",
    .why = "After a failed revert all that the thread does is done by the "
           "client: log lines, and what exit calls (atexit, destructors). "
           "TerminateProcess ends the process without any of it.",
    .read = "README task 08.3, question 2; the TerminateProcess page (fact "
            "R00)"};

/* A broker whose first revert fails; tells what the client got. */
static program fail_to_revert(struct reply *reply, struct text *errors)
{
    put_broker_files();
    program server = start_broker("Revert:+1:5", "4");
    peer lesser = join_broker(LESSER);

    *errors = errors_of(server);
    *reply = ask_broker(lesser, "GET public.txt");
    hang_up(lesser);
    expect(is_stuck(0),
           &UNCHECKED,
           "the server becomes the client for a GET, and itself again",
           "The flight record shows no call that reverts.");
    return server;
}

/* A request may take several reverts, in places of their own: here the second
 * one fails. Asked twice, for a server that needs only one. */
static void expect_ends_with(const char *request)
{
    size_t seen = strlen(flight_record());
    program server = start_broker("Revert:+2:5", "4");
    peer lesser = join_broker(LESSER);
    struct reply reply = ask_broker(lesser, request);
    char when[80];

    if (!is_stuck(seen))
        reply = ask_broker(lesser, request);
    hang_up(lesser);
    snprintf(when, sizeof when, "After '%s', in its second revert", request);
    if (is_stuck(seen))
        expect_end_of_stuck(server, reply, when, &GOES_ON);
}

static void expect_fresh_start(const lesson *because)
{
    start_broker(NULL, "4");
    expect_broker_serves(join_broker(SELF), because);
}

SERVER_CHECK(
    failed_revert,
    "08.failed-revert-ends",
    "a server that cannot revert ends, and serves when it is started again")
{
    struct reply reply;
    struct text errors;
    program server = fail_to_revert(&reply, &errors);
    struct ending ending = await_end(server, 500);

    expect(ending.ended,
           &GOES_ON,
           "the process ends when RevertToSelf fails",
           "It runs on. The client's 'GET public.txt' was answered with %s.",
           said_by_broker(reply));
    expect(ending.code != 0,
           &GOES_ON,
           "the exit code tells that it failed",
           "It ended with 0.");
    expect_ends_with("GET secret.txt");
    expect_ends_with("PUT public.txt x");
    expect_ends_with("COPY public.txt copy.txt");
    expect_fresh_start(&GOES_ON);
}

/* Nothing by the thread whose call was made to fail, but the end. */
static void expect_no_last_words(void)
{
    const char *at = flight_record();
    struct recorded call;
    unsigned long failed = 0; /* the thread */

    while (next_recorded(&at, &call)) {
        if (failed == 0) {
            if (strstr(call.details, "fault=5") != NULL)
                failed = call.tid;
            continue;
        }
        expect(call.tid != failed ||
                   strcmp(call.call, "TerminateProcess") == 0 ||
                   strcmp(call.call, "RevertToSelf") == 0 ||
                   strcmp(call.call, "SetThreadToken") == 0,
               &LAST_WORDS,
               "after the failed revert the process ends, and nothing else",
               "The thread went on, as %s, with %s %s.",
               call.who,
               call.call,
               call.object);
    }
}

/* Nothing on standard error since then, but what a starter says of itself. */
static void expect_silence(struct text errors, size_t since)
{
    for (const char *line = errors.bytes + since; *line != '\0';) {
        size_t length = strcspn(line, "\n");
        expect(memcmp(line, "TODO ", 5) == 0,
               &LAST_WORDS,
               "after the failed revert nothing is written to standard error",
               "It says %s.",
               show(line, length));
        line += length + (line[length] == '\n');
    }
}

SERVER_CHECK(
    last_words,
    "08.failed-revert-at-once",
    "a server that cannot revert ends at once: no log line, no exit code of "
    "its own way out, no reply")
{
    struct reply reply;
    struct text before;
    program server = fail_to_revert(&reply, &before);

    expect(!is_ok_reply(reply),
           &LAST_WORDS,
           "the client's connection ends without a reply",
           "The client got %s.",
           said_by_broker(reply));
    await_end(server, 500);

    expect_silence(errors_of(server), before.size);
    expect_no_last_words();
    expect_fresh_start(&LAST_WORDS);
}
