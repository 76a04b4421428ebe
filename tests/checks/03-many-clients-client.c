/* 03-many-clients-client.c - the checks of lab 03's client. */
#include "check.h"

#include <stdio.h>
#include <string.h>

static const lesson QUEUE = {
    .misconception = "M53",
    .why = "231 ERROR_PIPE_BUSY means: wait. WaitNamedPipe returns when an "
           "instance is free, but does not reserve it: another client may be "
           "quicker, and the next CreateFile fails with 231 again.",
    .read = "README task 03.5; facts P04, P06"};

static const lesson BUSY = {
    .misconception = "M24",
    .why = "231 ERROR_PIPE_BUSY is a queue and no failure: all instances have "
           "their clients, and sooner or later one of them leaves. "
           "WaitNamedPipe waits for that.",
    .read = "README task 03.5; fact P04"};

static const lesson UTF8 = {
    .misconception = "M20",
    .why = "Windows gives the arguments as UTF-16. In the ANSI code page, "
           "which argv of main has them in, the same letters are other bytes "
           "on another machine, and some are not there at all.",
    .read = "README, the contract (sends each TEXT as UTF-8); np_utf8 in "
            "common/np_args.h"};

static bool met_busy(int times)
{
    const char *at = flight_record();
    while (times > 0 && (at = strstr(at, "\t231\t")) != NULL) {
        at++;
        times--;
    }
    return at != NULL;
}

/* Until the record shows that the client met 231 so often, or for a moment. */
static void await_busy(program client, int times)
{
    for (int i = 0; i < 100 && !met_busy(times); i++)
        if (await_end(client, 5).ended)
            break;
}

CLIENT_CHECK(queue,
             "03.client-waits-its-turn",
             "a client that finds the pipe busy waits, as often as it must")
{
    peer first = listen_on(.messages = true, .instances = 3);
    connect_to(.messages = true);
    accept_client(first, 0);
    program client = start(.exe = "client",
                           .args = {"--pipe",
                                    PIPE,
                                    "gr\xC3\xBC\xC3\x9F"
                                    "e",
                                    ""},
                           .hold = "CreateFile:2",
                           .record = true);
    await_busy(client, 1);
    /* A second instance becomes free, but another client takes it between
     * this client's WaitNamedPipe and its CreateFile. A client that opens the
     * pipe in another way than by CreateFile has its turn at once. */
    peer turn = listen_on(.messages = true, .instances = 3);
    if (await_held(client, 500)) {
        connect_to(.messages = true);
        release(client);
        turn = listen_on(.messages = true, .instances = 3);
    } else {
        expect(!await_end(client, 1).ended,
               &BUSY,
               "the client waits while the pipe is busy",
               "It ended.");
    }
    expect_error(accept_client(turn, 0), 0, "the client's turn", &QUEUE);
    struct reply said = hear_message(turn);
    expect(said.size < 4 || memcmp(said.bytes, "gr\xC3\xBC", 4) == 0,
           &UTF8,
           "the client sends g, r and u umlaut as UTF-8: 67 72 c3 bc",
           "It sent %s.",
           show(said.bytes, said.size));
    expect_text(said,
                "gr\xC3\xBC\xC3\x9F"
                "e",
                &QUEUE);
    expect_said(turn, "PATIENCE", 8, &QUEUE);
    expect_text(hear_message(turn), "", &QUEUE);
    expect_said(turn, "!", 1, &QUEUE);
    expect_end(client, 0, &QUEUE);
    expect_printed(client, "PATIENCE\n!\n", 11, NULL, &QUEUE);
}

static const lesson IN_TIME = {
    .misconception = "M54",
    .why = "A deadline is for the whole wait. Who gives WaitNamedPipe the full "
           "time in every round, or for ever, may wait for ever; and a "
           "time-out of 0 means the server's default, not zero.",
    .read = "README task 03.5; fact P06; the WaitNamedPipe page"};

static const lesson SILENT = {
    .misconception = "M41",
    .why = "A server that accepts and never answers is a possibility like any "
           "other. A read without a deadline hands it your program.",
    .read = "README, the contract (client); common/np_io.h"};

/* A client that is held before its second CreateFile until its time is over,
 * while the pipe is always busy. */
struct latecomer {
    char pipe[200];
    program client;
    bool held; /* it opens the pipe by CreateFile */
};

static struct latecomer start_latecomer(void)
{
    struct latecomer late;
    snprintf(late.pipe, sizeof late.pipe, "%s-late", PIPE);
    peer busy = listen_on(.pipe = late.pipe, .messages = true, .instances = 3);
    connect_to(.pipe = late.pipe);
    accept_client(busy, 0);
    late.client =
        start(.exe = "client",
              .args = {"--pipe", late.pipe, "--timeout", "150", "hello"},
              .hold = "CreateFile:2",
              .record = true);
    await_busy(late.client, 1);
    listen_on(.pipe = late.pipe, .messages = true, .instances = 3);
    late.held = await_held(late.client, 500);
    if (late.held)
        connect_to(.pipe = late.pipe);
    return late;
}

static void expect_gives_up(struct latecomer late)
{
    if (!late.held)
        return;
    await_end(late.client, 150);
    release(late.client);
    await_busy(late.client, 2);
    peer turn = listen_on(.pipe = late.pipe, .messages = true, .instances = 3);
    expect_end(late.client, 1, &IN_TIME);
    expect(accept_client(turn, 1) == TIMED_OUT,
           &IN_TIME,
           "when its --timeout 150 is over the client does not wait once more",
           "It opened an instance that became free after that.");
}

CLIENT_CHECK(in_time,
             "03.client-gives-up",
             "a client gives up at its --timeout: no instance, or no answer",
             .is_slow = true)
{
    struct latecomer late = start_latecomer();
    peer server = listen_on(.messages = true, .instances = 2);
    connect_to(.messages = true);
    accept_client(server, 0);
    program queueing =
        start(.exe = "client",
              .args = {"--pipe", PIPE, "--timeout", "60", "hello"});
    expect_end(queueing, 1, &IN_TIME);
    expect(errors_of(queueing).size > 0,
           &IN_TIME,
           "the client says on standard error what went wrong",
           "Standard error is empty.");

    peer silent = listen_on(.messages = true, .instances = 2);
    program unanswered =
        start(.exe = "client",
              .args = {"--pipe", PIPE, "--timeout", "60", "hello", "again"});
    accept_client(silent, 0);
    /* One echo, and none for the second. On a busy machine the client may have
     * given up before, as it should. */
    (void)hear_message(silent);
    (void)try_say(silent, "hello", 5, 0);
    expect_end(unanswered, 1, &SILENT);
    expect_gives_up(late);
}
