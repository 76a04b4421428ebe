/* 04-front-door-talk.c - the checks of lab 04 about what is said at the door,
 * and about the client. */
#include "04-front-door.h"

#include <string.h>

/* ---- going on, and ending --------------------------------------------------
 */

static const lesson GOES_ON = {
    .misconception = "M55",
    .why = "A client that leaves, or says too much, ends its own conversation "
           "and not the server. One that is refused never gets as far.",
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
static const lesson STOP = {
    .misconception = "M30",
    .why = "The end of standard input is the request to end: the wait for the "
           "next client has to notice it.",
    .read = "README, the contract (server); common/np_stop.h"};

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

SERVER_CHECK(goes_on,
             "04.goes-on",
             "no client ends the server, and the end of its input does")
{
    char longest[1000];
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
    expect_echoed(talker, "", 0, &EMPTY);
    expect_echoed(talker, "a\0b", 3, &BYTES);
    hang_up(talker);
    expect_thrown_out(1001, &LIMIT);
    expect_running(server, &GOES_ON);
    expect_stops(server, &STOP);
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

CLIENT_CHECK(
    client_asks,
    "04.client-asks",
    "the client waits while the pipe is busy, and not when it is refused")
{
    peer server = listen_on(.messages = true);
    program client = start_queued(
        server, .exe = "client", .args = {"--pipe", PIPE, "hello"});
    expect_error(accept_client(server, 0), 0, "the client's connection", &ASKS);
    expect_text(hear_message(server), "hello", &ASKS);
    expect_lends_little(server, "a client who had waited", &LENDS);
    say(server, "welcome, hello", 14);
    expect_end(client, 0, &ASKS);
    expect_output(client, "welcome, hello\n", &ASKS);
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
