/* 04-front-door-talk.c - the checks of lab 04 about what is said at the door.
 */
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
static const lesson INPUT = {
    .misconception = "M30",
    .why =
        "The request to end is the end of standard input, and not what "
        "stands in it: ReadFile succeeds for a line that somebody types, and "
        "tells the end with 109 ERROR_BROKEN_PIPE or 0 bytes.",
    .read = "README, the contract (server); common/np_stop.h"};
static const lesson EACH_WAIT = {
    .misconception = "M54",
    .why = "A deadline is for one wait. One for the whole conversation cuts "
           "off a client that never lets the server wait, only because it has "
           "much to say.",
    .read = "README, the contract (protocol, --timeout); common/np_io.h "
            "(np_deadline)"};
static const lesson KEPT = {
    .misconception = "M64",
    .why = "Whoever closes the last instance to be rid of its client gives up "
           "the name: until another is created, clients get 2 "
           "ERROR_FILE_NOT_FOUND, and somebody else may be the first. "
           "DisconnectNamedPipe ends the connection, and keeps the instance.",
    .read = "README task 04.5, question 3; fact P43"};
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

/* For a server that is there no more. Who ends with 0 believes that he was
 * asked to. */
static const lesson *why_it_ended(program server)
{
    struct ending ending = await_end(server, 1);
    return ending.ended && ending.code == 0 ? &INPUT : &GOES_ON;
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
              .args =
                  {"--pipe", one.pipe, "--instances", "1", "--timeout", "100"},
              .input = "not the end\n",
              .hold = "CreateNamedPipe:2");
    expect(await_pipe_or_end(one.server, one.pipe) && is_running(one.server),
           &INPUT,
           "the server serves while its standard input goes on",
           "It ended after one line of input.");
    uint32_t err = try_connect(&one.silent, .pipe = one.pipe, .messages = true);
    expect_error(err, 0, "the client's CreateFile", why_it_ended(one.server));
    return one;
}

/* Whether the server has ended the silent client's connection or not: when he
 * has left, the next one is served. On a busy machine that one may be too slow
 * for so short a time, and comes again. */
static void expect_next_is_served(struct short_of_time one)
{
    struct crowd_result result = {0};

    peer next;
    (void)hear(one.silent, 1, 400);
    hang_up(one.silent);
    uint32_t err = try_connect(&next, .pipe = one.pipe, .deadline_ms = 1000);
    expect(err != 2 || !is_running(one.server),
           &KEPT,
           "the next client finds the pipe",
           "After one who said nothing for --timeout 100, no pipe of this name "
           "was there for a moment.");
    if (err == 0)
        hang_up(next);
    release(one.server);
    for (int i = 0; i < 3 && result.served == 0 && result.late == 0; i++)
        result = send_crowd(.pipe = one.pipe,
                            .clients = 1,
                            .messages = true,
                            .size = 20,
                            .is_right = is_welcome);
    expect_running(one.server, why_it_ended(one.server));
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
             "no client ends the server, and the end of its input does",
             .waits = true)
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
    program patient = start_door("--timeout", "100");
    expect_talker_kept(patient, PIPE, "more", 100, &EACH_WAIT);
    expect_next_is_served(one);
}
