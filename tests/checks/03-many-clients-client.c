/* 03-many-clients-client.c - the checks of lab 03's client. */
#include "03-many-clients.h"

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

static const lesson WHOLE = {
    .misconception = "M19",
    .why = "An echo may have 4,096 bytes. With less room a read gives its "
           "first part: in message read mode 234 ERROR_MORE_DATA tells, in the "
           "byte mode that a client's handle begins in nothing does.",
    .read = "README, the contract (client); common/np_io.h; facts P21, P22"};

static const lesson ALL_FIRST = {
    .misconception = "M40",
    .why = "A client that sends all its messages before it reads an echo fills "
           "the pipe: the server waits in WriteFile for the client to read, "
           "and the client in WriteFile for the server. It only shows with "
           "more than the pipe holds.",
    .read =
        "README, the contract (4,096 bytes each way; beyond that the server "
        "may stop reading); lab 01, question 1"};

/* Two of these are more than the pipe holds. */
static const char *long_text(void)
{
    static char text[3000 + 1];
    return memset(text, 't', sizeof text - 1);
}

/* The client's texts are answered: with a 0 in the echo, with all that an echo
 * may have, and twice with one byte. */
static void expect_echoes_printed(peer server, program client)
{
    static char printed[9 + MESSAGE_MAX + 5] = "PATI\0NCE\n";
    char *longest = memset(printed + 9, 'e', MESSAGE_MAX);

    expect_said(server, "PATI\0NCE", 8, &QUEUE);
    expect_text(hear_message(server), "", &QUEUE);
    expect_said(server, longest, MESSAGE_MAX, &ALL_FIRST);
    for (int i = 0; i < 2; i++) {
        expect_text(hear_message(server), long_text(), &WHOLE);
        expect_said(server, "!", 1, &WHOLE);
    }
    expect_end(client, 0, &WHOLE);
    memcpy(longest + MESSAGE_MAX, "\n!\n!\n", 5);
    expect_printed(client,
                   printed,
                   sizeof printed,
                   "the client prints the echoes \"PATI\\0NCE\", one of 4,096 "
                   "letters, \"!\" and \"!\", with a line end after each",
                   &WHOLE);
}

/* The client's first text, in which letters are not ASCII. */
static void expect_utf8(struct reply said)
{
    expect(said.size < 4 || memcmp(said.bytes, "gr\xC3\xBC", 4) == 0,
           &UTF8,
           "the client sends g, r and u umlaut as UTF-8: 67 72 c3 bc",
           "It sent %s.",
           show(said.bytes, said.size));
    expect_text(said,
                "gr\xC3\xBC\xC3\x9F"
                "e",
                &QUEUE);
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
                                    "",
                                    long_text(),
                                    long_text()},
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
    expect_utf8(hear_message(turn));
    expect_echoes_printed(turn, client);
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

static const lesson ALONE = {
    .misconception = "M41",
    .why = "A client depends on another process, which may not be there, or go "
           "away: CreateFile fails with 2 ERROR_FILE_NOT_FOUND, ReadFile with "
           "109 ERROR_BROKEN_PIPE. Without the echo that is a failure, and "
           "there is nothing to wait for.",
    .read = "README, the contract (client); common/np_io.h; facts P05, P24"};

static const lesson STUCK = {
    .misconception = "M41",
    .why = "A write waits too: a server that does not read leaves the pipe "
           "full, and WriteFile waits for room. A client without a deadline "
           "for it waits for ever.",
    .read = "README, the contract (client); common/np_io.h (np_write_all)"};

static const lesson USAGE = {
    .misconception = "M38",
    .why = "Scripts and people tell wrong use (2) from failed work (1) by the "
           "exit code.",
    .read = "README, the contract (both); common/np_args.h"};

/* Clients without a server that is any use to them; they are started together.
 * The one whose server leaves takes the default name. */
struct forsaken {
    program nobody, stuck, left, no_text;
    peer leaving;
};

static struct forsaken start_forsaken(void)
{
    static char stuck_name[200], no_name[200];
    struct forsaken clients;
    snprintf(stuck_name, sizeof stuck_name, "%s-stuck", PIPE);
    snprintf(no_name, sizeof no_name, "%s-nobody", PIPE);
    listen_on(.pipe = stuck_name, .messages = true, .buffer = 1);
    clients.leaving = listen_on(.pipe = "\\\\.\\pipe\\nplab-03-many-clients",
                                .messages = true);
    clients.stuck =
        start(.exe = "client",
              .args = {"--pipe", stuck_name, "--timeout", "60", "hello"});
    clients.nobody =
        start(.exe = "client", .args = {"--pipe", no_name, "hello"});
    clients.left = start(.exe = "client",
                         .args = {"--timeout", "60000", "hello", "again"});
    clients.no_text = start(.exe = "client", .args = {"--pipe", no_name});
    return clients;
}

static void expect_failures(struct forsaken clients)
{
    expect_error(accept_client(clients.leaving, 0),
                 0,
                 "the connection of a client without --pipe, to the default "
                 "name,",
                 &ALONE);
    (void)hear_message(clients.leaving);
    (void)try_say(clients.leaving, "hello", 5, 0);
    (void)hear_message(clients.leaving);
    hang_up(clients.leaving);
    expect_end(clients.nobody, 1, &ALONE);
    expect_end(clients.left, 1, &ALONE);
    expect(errors_of(clients.left).size > 0,
           &ALONE,
           "the client says on standard error that an echo did not come",
           "Standard error is empty.");
    expect_end(clients.no_text, 2, &USAGE);
    expect_end(clients.stuck, 1, &STUCK);
}

CLIENT_CHECK(in_time,
             "03.client-gives-up",
             "a client gives up: no server, no instance or no answer in time",
             .waits = true)
{
    struct forsaken forsaken = start_forsaken();
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
    expect_failures(forsaken);
    expect_gives_up(late);
}
