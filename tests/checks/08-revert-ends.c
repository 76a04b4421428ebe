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

static const lesson LOG_ANEW = {
    .misconception = "M74",
    .why = "A log that begins anew with each start has forgotten what led to "
           "the last end. It is opened with OPEN_ALWAYS, and to add to it "
           "(FILE_APPEND_DATA).",
    .read = "README, the contract (the server adds to FILE)"};

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
    lesser = join_broker(LESSER);
    bool answered = ask_broker(lesser, "GET unseen.txt").error == 0;
    if (answered)
        expect_in_broker_log("unseen.txt",
                             "A client that cannot be impersonated was "
                             "refused unseen.txt",
                             &BROKER_UNLOGGED);
    hang_up(lesser);
    expect_stops(server, &UNCHECKED);
    start_broker(NULL, "4");
    if (answered)
        expect_in_broker_log(
            "unseen.txt", "The server was started again", &LOG_ANEW);
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

/* A server in which a later revert fails. A request may take several, in places
 * of their own. */
struct later {
    program server;
    struct reply reply;
    size_t seen; /* of the flight record, before its start */
    size_t said; /* on standard error, before the request */
    bool stuck;
};

/* Asked twice, for a server that needs one revert for a request; then its
 * client leaves, which may take one too. A server in which none has failed is
 * ended here. */
static struct later fail_later(const char *fault, const char *request)
{
    size_t seen = strlen(flight_record());
    struct later later = {.server = start_broker(fault, "1"), .seen = seen};
    peer lesser = join_broker(LESSER);

    for (int i = 0; i < 2 && !later.stuck; i++) {
        later.said = errors_of(later.server).size;
        later.reply = ask_broker(lesser, request);
        later.stuck = is_stuck(seen);
    }
    hang_up(lesser);
    if (!later.stuck) {
        /* The only instance: it is there again after the goodbye. */
        await_pipe_or_end(later.server, PIPE);
        later.reply = (struct reply){.error = TIMED_OUT};
        later.stuck = is_stuck(seen);
    }
    if (!later.stuck)
        kill_program(later.server);
    return later;
}

static void expect_ends_with(const char *request)
{
    struct later later = fail_later("Revert:+2:5", request);
    char when[80];

    snprintf(when, sizeof when, "After '%s', in a later revert", request);
    if (later.stuck)
        expect_end_of_stuck(later.server, later.reply, when, &GOES_ON);
}

static void expect_fresh_start(const lesson *because)
{
    start_broker(NULL, "4");
    expect_broker_serves(join_broker(SELF), because);
}

/* In the reference the second revert is that of the request's work. */
static const char *const LATER[] = {"GET secret.txt",
                                    "PUT public.txt x",
                                    "PUT rules.txt x",
                                    "COPY public.txt copy.txt",
                                    "COPY public.txt rules.txt",
                                    "SUM public.txt",
                                    "COUNT public.txt"};

SERVER_CHECK(
    failed_revert,
    "08.failed-revert-ends",
    "a server that cannot revert ends, and serves when it is started again",
    .is_slow = true)
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
    for (size_t i = 0; i < sizeof LATER / sizeof *LATER; i++)
        expect_ends_with(LATER[i]);
    expect_fresh_start(&GOES_ON);
}

static void expect_quiet_end(const char *fault, const char *request)
{
    struct later later = fail_later(fault, request);

    if (!later.stuck)
        return;
    await_end(later.server, 500);
    expect_silence(errors_of(later.server), later.said, &LAST_WORDS);
    expect_no_last_words(later.seen, &LAST_WORDS);
}

SERVER_CHECK(
    last_words,
    "08.failed-revert-at-once",
    "a server that cannot revert ends at once: no log line, no exit code of "
    "its own way out, no reply",
    .is_slow = true)
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

    expect_silence(errors_of(server), before.size, &LAST_WORDS);
    expect_no_last_words(0, &LAST_WORDS);
    expect_quiet_end("Revert:+2:5", "GET public.txt");
    expect_quiet_end("Revert:+2:5", "COPY public.txt copy.txt");
    /* Two GETs take four in the reference; the fifth is that of the goodbye. */
    expect_quiet_end("Revert:+5:5", "GET public.txt");
    expect_fresh_start(&LAST_WORDS);
}
