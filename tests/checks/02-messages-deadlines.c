/* 02-messages-deadlines.c - the checks of lab 02 about clients that its server
 * must not wait for without end. */
#include "02-messages.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>

static bool is_upper(const unsigned char *request,
                     size_t request_size,
                     const unsigned char *reply,
                     size_t reply_size)
{
    if (request_size != reply_size || reply[0] != '+')
        return false;
    for (size_t i = 1; i < request_size; i++)
        if (reply[i] != toupper(request[i]))
            return false;
    return true;
}

/* One good client comes, a few times over if need be: with the short deadline
 * of these checks a busy machine may lose one. */

static void expect_good_client_served(const char *pipe,
                                      const char *after,
                                      const lesson *because)
{
    char expected[200];
    struct crowd_result result = {0};
    for (int i = 0; i < 3 && result.served == 0 && result.late == 0; i++)
        result = send_crowd(.pipe = pipe,
                            .clients = 1,
                            .messages = true,
                            .prefix = "U",
                            .size = 20,
                            .is_right = is_upper);
    snprintf(expected,
             sizeof expected,
             "a client is served once the time of one that %s is over",
             after);
    expect(result.served == 1,
           because,
           expected,
           result.late > 0 ? "It was still waiting after all that time."
                           : "It got a wrong reply or error %s.",
           code_text(result.first_error));
}

static const lesson DEAF = {
    .misconception = "M23",
    .why = "A write waits while the pipe is full, and FlushFileBuffers waits "
           "until everything is read. With a client that never reads, both "
           "wait for ever, and the server with them.",
    .read = "README task 02.4, question 2; facts P28, P40"};

static const lesson SILENT = {
    .misconception = "M23",
    .why = "A read waits for as long as the client says nothing. A server "
           "without a deadline for it belongs to its first silent client.",
    .read = "README, the contract (--timeout); common/np_io.h"};

static const lesson VANISHED = {
    .misconception = "M36",
    .why = "When the client has left, WriteFile fails with 232 ERROR_NO_DATA. "
           "That ends this conversation, not the server.",
    .read = "README, the contract (whatever a client does); fact P24"};

static const lesson CAME_AND_LEFT = {
    .misconception = "M35",
    .why = "A client may open the pipe and close it again before "
           "ConnectNamedPipe is called. The call then fails with 232 "
           "ERROR_NO_DATA. A server that ends for this can be ended by "
           "anybody.",
    .read = "README, the contract (whatever a client does); common/np_pipe.h "
            "(np_accept); fact P29"};

/* A server with a short --timeout; its pipe is PIPE and this ending. */
struct short_of_time {
    char pipe[200];
    program server;
};

static struct short_of_time start_short_of_time(const char *ending,
                                                const char *hold)
{
    struct short_of_time one;
    snprintf(one.pipe, sizeof one.pipe, "%s%s", PIPE, ending);
    one.server = start(.exe = "server",
                       .args = {"--pipe", one.pipe, "--timeout", "100"},
                       .hold = hold);
    await_pipe(one.server, one.pipe);
    return one;
}

/* One client comes and leaves before ConnectNamedPipe, the next one is served
 * once and says nothing more. */
static struct short_of_time start_with_silent_client(void)
{
    struct short_of_time one =
        start_short_of_time("-silent", "ConnectNamedPipe:1");
    await_held(one.server, 500);
    hang_up(join(&CAME_AND_LEFT, .pipe = one.pipe, .messages = true));
    release(one.server);
    peer silent = join(&CAME_AND_LEFT, .pipe = one.pipe, .messages = true);
    (void)try_say(silent, "Ux", 2, 0);
    return one;
}

static const lesson EACH_WAIT = {
    .misconception = "M54",
    .why = "A deadline is for one wait. One for the whole conversation cuts "
           "off a client that never lets the server wait, only because it has "
           "much to say.",
    .read = "README, the contract (--timeout); common/np_io.h (np_deadline)"};

SERVER_CHECK(
    never_reads,
    "02.client-never-reads",
    "a client that lets the server wait is dropped after --timeout, and no "
    "other one",
    .waits = true)
{
    char *request = long_request(20000);
    /* Three that wait at the same time: for a request, with a short reply for
     * a full pipe, and with a reply that is longer than the pipe. A client
     * that is so late here that it is dropped before it speaks proves less,
     * but is no fault of the server's. */
    struct short_of_time asks = start_with_silent_client();
    struct short_of_time refuses = start_short_of_time("-full", NULL);
    peer full = join(&DEAF, .pipe = refuses.pipe, .messages = true);
    (void)try_say(full, request, 4096, 0);
    (void)try_say(full, "x", 1, 0);

    struct short_of_time replies = start_short_of_time("", "WriteFile:1");
    peer leaving = join(&VANISHED, .messages = true);
    (void)try_say(leaving, "Uhello", 6, 0);
    await_held(replies.server, 500);
    hang_up(leaving);
    release(replies.server);
    peer deaf = join(&VANISHED, .messages = true);
    (void)try_say(deaf, request, 20000, 0);

    /* While these wait. */
    struct short_of_time talks = start_short_of_time("-talk", NULL);
    expect_talker_kept(talks.server, talks.pipe, "Umore", 100, &EACH_WAIT);

    expect_good_client_served(
        replies.pipe, "reads no part of a long reply", &DEAF);
    expect_good_client_served(
        refuses.pipe, "reads neither reply nor refusal", &DEAF);
    expect_good_client_served(asks.pipe, "says nothing", &SILENT);
    free(request);
}

static const lesson ANEW = {
    .misconception = "M54",
    .why = "A deadline that begins anew with each read is none for a client "
           "that always has something to say.",
    .read = "README task 02.4; common/np_io.h (np_deadline)"};

static const lesson TOO_SOON = {
    .misconception = "M22",
    .why = "The reply lies in the pipe until the client reads it, and "
           "DisconnectNamedPipe throws it away. Neither a short pause nor "
           "another message, also one of which a read gives only a part (234 "
           "ERROR_MORE_DATA), says that the client has read it.",
    .read = "README task 02.4, the contract (up to MS milliseconds); fact P27"};

SERVER_CHECK(never_leaves,
             "02.client-never-leaves",
             "after B a client is waited for until --timeout, whatever it does",
             .waits = true)
{
    /* This one has a minute, and takes a moment while another is dropped. */
    char patient[200];
    snprintf(patient, sizeof patient, "%s-patient", PIPE);
    program server = start(.exe = "server",
                           .args = {"--pipe", patient, "--timeout", "60000"});
    await_pipe(server, patient);
    peer slow = join(&TOO_SOON, .pipe = patient, .messages = true);
    expect_said(slow, "B", 1, &TOO_SOON);
    static const char more[3000] = "Umore";
    (void)try_say(slow, more, sizeof more, 0);

    struct short_of_time one = start_short_of_time("", NULL);
    peer talker = join(&DEAF, .messages = true);
    (void)try_say(talker, "B", 1, 0);
    bool held = true;
    for (int i = 0; i < 60 && held; i++) {
        held = try_say(talker, "x", 1, 0).error == 0;
        await_end(one.server, 15);
    }
    expect_good_client_served(one.pipe, "stays after B", &DEAF);
    expect(!held,
           &ANEW,
           "a client that talks on after B is dropped after --timeout 100",
           "It was still there after 60 messages, 15 ms apart.");
    struct reply bye = hear_message(slow);
    expect(bye.error == 0,
           &TOO_SOON,
           "a client that has said B, and something more, finds +bye later",
           "With --timeout 60000 its read, a moment after B, failed with %s.",
           code_text(bye.error));
    expect_text(bye, "+bye", &TOO_SOON);
}
