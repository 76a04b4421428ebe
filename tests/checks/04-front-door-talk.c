/* 04-front-door-talk.c - the checks of lab 04 about what is said at the door,
 * and about the client. */
#include "04-front-door.h"

#include <stdio.h>
#include <string.h>

/* ---- going on, and ending --------------------------------------------------
 */

static const lesson GOES_ON = {
    .misconception = "M55",
    .why = "A client that leaves, says too much or says nothing ends its own "
           "conversation and not the server. One that is refused never gets as "
           "far.",
    .read = "README, the contract (server); lab 01"};
static const lesson LEFT = {
    .misconception = "M36",
    .why = "The reply to a client that has left cannot be delivered: WriteFile "
           "fails with 232 ERROR_NO_DATA. The instance is needed for the next "
           "client all the same.",
    .read = "README, the contract (server), task 04.5; fact P24"};
static const lesson AGAIN = {
    .why = "A connection is for as many messages as its client has. That one "
           "reply has been sent is no reason to hang up.",
    .read = "README, the contract (protocol)"};
static const lesson LIMIT = {
    .misconception = "M44",
    .why = "The longest message is the protocol's to say, and not a matter of "
           "how large a buffer happens to be: 1,000 bytes are welcome, 1,001 "
           "are too many.",
    .read = "README, the contract (protocol); lab 02"};
static const lesson ROOM = {
    .misconception = "M44",
    .why = "The reply is longer than its request: with the longest one it has "
           "1,009 bytes. What is written beyond an array changes whatever lies "
           "there; on the stack the program is ended for it with 0xC0000409.",
    .read = "README, the contract (protocol); door.h; common/np_guard.c"};
static const lesson EMPTY = {
    .misconception = "M43",
    .why = "A message of no bytes is a message. ReadFile returns TRUE and 0 "
           "bytes for it; the end of the conversation is 109 "
           "ERROR_BROKEN_PIPE.",
    .read = "README, the contract (protocol); lab 02"};
static const lesson BYTES = {
    .misconception = "M20",
    .why = "A message is bytes and a count, and not a string: a 0 ends nothing "
           "in it.",
    .read = "README, the contract (protocol); lab 02"};
static const lesson SAYS_NOTHING = {
    .misconception = "M24",
    .why = "A client whose time is over has its connection ended, and that is "
           "all: the instance is his until DisconnectNamedPipe, and with "
           "ConnectNamedPipe it waits for the next one.",
    .read = "README, the contract (--timeout), task 04.5; facts P04, P29"};

/* A client that asks, and leaves before it is answered. */
static void leave_early(program server, const lesson *because)
{
    peer next;
    peer leaver = door_join(SELF, because);

    expect_said(leaver, "bye", 3, because);
    await_held(server, 500);
    hang_up(leaver);
    release(server);
    expect_error(try_connect(&next, .messages = true),
                 0,
                 "after a client that had left before its reply, the next "
                 "client's CreateFile",
                 because);
    door_welcome(next, "next", because);
    hang_up(next);
}

static void expect_thrown_out(size_t size, const lesson *because)
{
    static const char much[2000];
    peer talker = door_join(SELF, because);

    try_say(talker, much, size, 0);
    uint32_t err = hear_end(talker).error;
    expect(err == 109 || err == 233,
           because,
           "a client that sends more than 1,000 bytes has its connection ended",
           "After %zu bytes it saw %s.",
           size,
           err == TIMED_OUT ? "a connection that goes on" : code_text(err));
    hang_up(talker);
}

static void
expect_echoed(peer talker, const char *text, size_t size, const lesson *because)
{
    char want[1100] = "welcome, ";

    memcpy(want + strlen("welcome, "), text, size);
    expect_said(talker, text, size, because);
    expect_bytes(
        hear_message(talker), want, strlen("welcome, ") + size, because);
}

static bool is_welcome(const unsigned char *request,
                       size_t request_size,
                       const unsigned char *reply,
                       size_t reply_size)
{
    size_t begin = strlen("welcome, ");

    return reply_size == begin + request_size &&
           memcmp(reply, "welcome, ", begin) == 0 &&
           memcmp(reply + begin, request, request_size) == 0;
}

/* A server with one instance, for which a silent client's time is short. */
struct short_of_time {
    char pipe[200];
    program server;
    peer silent;
};

static struct short_of_time start_short_of_time(void)
{
    struct short_of_time one;

    snprintf(one.pipe, sizeof one.pipe, "%s-short", PIPE);
    one.server =
        start(.exe = "server",
              .args = {
                  "--pipe", one.pipe, "--instances", "1", "--timeout", "100"});
    await_pipe(one.server, one.pipe);
    one.silent = join(&GOES_ON, .pipe = one.pipe, .messages = true);
    return one;
}

/* Whether the server has ended the silent client's connection or not: when he
 * has left, the next one is served. On a busy machine that one may be too slow
 * for so short a time, and comes again. */
static void expect_next_is_served(struct short_of_time one)
{
    struct crowd_result result = {0};

    (void)hear(one.silent, 1, 400);
    hang_up(one.silent);
    for (int i = 0; i < 3 && result.served == 0 && result.late == 0; i++)
        result = send_crowd(.pipe = one.pipe,
                            .clients = 1,
                            .messages = true,
                            .size = 20,
                            .is_right = is_welcome);
    expect_running(one.server, &GOES_ON);
    expect(result.served == 1,
           &SAYS_NOTHING,
           "with --instances 1 and --timeout 100 a client is served after one "
           "who said nothing for that long",
           result.late > 0 ? "It was still waiting after all that time."
                           : "It got a wrong reply or error %s.",
           code_text(result.first_error));
}

SERVER_CHECK(goes_on,
             "04.goes-on",
             "no client ends the server, and the end of its input does")
{
    char longest[1000];
    struct short_of_time one = start_short_of_time();
    program server =
        start(.exe = "server",
              .args = {"--pipe", PIPE, "--admit", "group", "--instances", "1"},
              .hold = "WriteFile:1");

    await_pipe(server, PIPE);
    door_knock(LESSER, READ_WRITE);
    hang_up(door_join(SELF, &GOES_ON));
    leave_early(server, &LEFT);
    expect_thrown_out(2000, &GOES_ON);
    peer talker = door_join(SELF, &GOES_ON);
    door_welcome(talker, "next", &GOES_ON);
    door_welcome(talker, "once more", &AGAIN);
    memset(longest, 'x', sizeof longest);
    expect_echoed(talker, longest, sizeof longest, &LIMIT);
    door_welcome(talker, "after the longest", &ROOM);
    expect_echoed(talker, "", 0, &EMPTY);
    expect_echoed(talker, "a\0b", 3, &BYTES);
    hang_up(talker);
    expect_thrown_out(1001, &LIMIT);
    expect_running(server, &GOES_ON);
    door_stop(server);
    expect_next_is_served(one);
}

/* ---- the client ------------------------------------------------------------
 */

static const lesson ASKS = {
    .misconception = "M24",
    .why = "231 ERROR_PIPE_BUSY says: later. 5 ERROR_ACCESS_DENIED says: no. "
           "A client waits for the first within its deadline, and takes the "
           "second for an answer.",
    .read = "README task 04.6; common/np_pipe.h (facts P04, P06)"};
static const lesson IN_TIME = {
    .misconception = "M54",
    .why = "A pipe can stay busy. WaitNamedPipe and the repeated CreateFile "
           "have to end with the deadline.",
    .read = "README, the contract (client); common/np_pipe.h (fact P06)"};
static const lesson NO_REPLY = {
    .misconception = "M41",
    .why = "Whoever serves the name may never answer. A read without a "
           "deadline waits for as long as it likes.",
    .read = "README, the contract (client); common/np_io.h"};
static const lesson LENDS = {
    .misconception = "M08",
    .why = "SECURITY_ANONYMOUS is 0. Without SECURITY_SQOS_PRESENT it is no "
           "flag at all, and Windows lends the server its default level, "
           "Impersonation: a squatter who has taken the name could act as the "
           "client. The flags belong to each CreateFile, also to the one after "
           "a wait.",
    .read = "README task 04.6; common/np_pipe.h (facts I04, I17)"};

/* After a client's first message. */
static void
expect_lends_little(peer server, const char *who, const lesson *because)
{
    struct reply lent = who_is(server);
    const char *level = (const char *)lent.bytes;

    expect(
        lent.error == 0 || lent.error == 1347,
        because,
        "a server can ask who the client is, or is told that it is anonymous",
        "It failed with %s.",
        code_text(lent.error));
    expect(strncmp(level, "Anonymous", 9) == 0 ||
               strncmp(level, "Identification", 14) == 0,
           because,
           "the client lends no more than the level Identification",
           "The server that %s met could act as the client: %s.",
           who,
           show(lent.bytes, lent.size));
}

static void
expect_gives_up(program client, const char *when, const lesson *because)
{
    struct ending ending = await_end(client, 2000);

    expect(ending.ended && ending.code == 1,
           because,
           "the client ends with exit code 1",
           "%s, %s.",
           when,
           ending.ended ? door_words("it ended with %s", code_text(ending.code))
                        : "it had not ended two seconds later");
    expect(errors_of(client).size > 0,
           because,
           "a line on standard error says why",
           "%s, standard error is empty.",
           when);
}

static const lesson ALONE = {
    .misconception = "M41",
    .why = "A client depends on another process, which may not be there, or go "
           "away: CreateFile fails with 2 ERROR_FILE_NOT_FOUND, ReadFile with "
           "109 ERROR_BROKEN_PIPE. Without the reply that is a failure, and "
           "there is nothing to wait for.",
    .read = "README, the contract (client); common/np_io.h; facts P05, P24"};
static const lesson USAGE = {
    .misconception = "M38",
    .why = "Scripts and people tell wrong use (2) from failed work (1) by the "
           "exit code.",
    .read = "README, the contract (both); common/np_args.h"};
static const lesson UTF8 = {
    .misconception = "M20",
    .why = "Windows gives the arguments as UTF-16. In the ANSI code page, "
           "which argv of main has them in, the same letters are other bytes "
           "on another machine, and some are not there at all.",
    .read = "README, the contract (sends TEXT as UTF-8); np_utf8 in "
            "common/np_args.h"};
static const lesson AS_IT_IS = {
    .why = "What a client prints is read by other programs too: the reply and "
           "a line end, and nothing beside it.",
    .read = "README, the contract (client)"};
static const lesson WHOLE = {
    .misconception = "M19",
    .why = "The longest reply has 1,009 bytes. With less room a read gives its "
           "first part: in message read mode 234 ERROR_MORE_DATA tells, in the "
           "byte mode that a client's handle begins in nothing does.",
    .read = "README, the contract (protocol, client); common/np_io.h; facts "
            "P21, P22"};

/* The longest reply, with a 0 in it. */
static void expect_reply_printed(peer server, program client)
{
    enum { LONGEST = 9 + 1000 };
    static char reply[LONGEST + 1] = "welcome, a\0b";

    memset(reply + 12, 'x', LONGEST - 12);
    say(server, reply, LONGEST);
    expect_end(client, 0, &WHOLE);
    reply[LONGEST] = '\n';
    struct text got = output_of(client);
    expect_printed(client,
                   reply,
                   sizeof reply,
                   "the client prints the 1,009 bytes of the reply \"welcome, "
                   "a\\0bxxx...\" and a line end",
                   strncmp(got.bytes, reply, 10) != 0 ? &AS_IT_IS : &WHOLE);
}

/* Clients without a server that is any use to them; they are started together.
 * The one whose server leaves takes the default name. */
struct forsaken {
    program nobody, left, no_text;
    peer leaving;
};

static struct forsaken start_forsaken(void)
{
    const char *no_name = door_words("%s-nobody", PIPE);
    struct forsaken clients = {
        .leaving = listen_on(.pipe = DEFAULT_DOOR, .messages = true)};

    clients.nobody =
        start(.exe = "client", .args = {"--pipe", no_name, "hello"});
    clients.left =
        start(.exe = "client", .args = {"--timeout", "60000", "hello"});
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
    hang_up(clients.leaving);
    expect_gives_up(clients.nobody, "With no server", &ALONE);
    expect_gives_up(
        clients.left, "With a server that leaves without a reply", &ALONE);
    expect_end(clients.no_text, 2, &USAGE);
}

CLIENT_CHECK(
    client_asks,
    "04.client-asks",
    "the client waits while the pipe is busy, and not when it is refused")
{
    struct forsaken forsaken = start_forsaken();
    peer server = listen_on(.messages = true);
    program client = start_queued(
        server, .exe = "client", .args = {"--pipe", PIPE, "z\xC3\xBCrich"});
    expect_error(accept_client(server, 0), 0, "the client's connection", &ASKS);
    struct reply asked = hear_message(server);
    expect(asked.size < 3 || memcmp(asked.bytes, "z\xC3\xBC", 3) == 0,
           &UTF8,
           "the client sends the letters z and u umlaut as UTF-8: 7a c3 bc",
           "It sent %s.",
           show(asked.bytes, asked.size));
    expect_text(asked, "z\xC3\xBCrich", &ASKS);
    expect_lends_little(server, "a client who had waited", &LENDS);
    expect_reply_printed(server, client);
    hang_up(server);

    /* One has the only instance and no reply, one has not even that. */
    peer silent = listen_on(.messages = true);
    program heard = start(.exe = "client",
                          .args = {"--pipe", PIPE, "--timeout", "40", "hello"});
    accept_client(silent, 0);
    program queued =
        start(.exe = "client",
              .args = {"--pipe", PIPE, "--timeout", "40", "hello"});
    expect_gives_up(heard, "With --timeout 40 and without a reply", &NO_REPLY);
    expect_gives_up(
        queued, "With --timeout 40, while the pipe stays busy", &IN_TIME);
    hang_up(silent);

    listen_on(.messages = true,
              .sddl = door_words("D:P(A;;GA;;;%s)", lab_group()));
    expect_gives_up(
        start(.exe = "client", .args = {"--pipe", PIPE, "hello"}, .as = LESSER),
        "Refused with 5",
        &ASKS);
    expect_failures(forsaken);
}

CLIENT_CHECK(client_lends,
             "04.client-lends",
             "whoever serves the name cannot act with the client's rights")
{
    peer thief = listen_on(.messages = true);
    start(.exe = "client", .args = {"--pipe", PIPE, "hello"});
    expect_error(accept_client(thief, 0), 0, "the client's connection", &LENDS);
    hear_message(thief);
    expect_lends_little(thief, "a client", &LENDS);
}
