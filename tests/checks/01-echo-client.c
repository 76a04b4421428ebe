/* 01-echo-client.c - the checks of lab 01's client. */
#include "01-echo.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const lesson PIECES = {
    .misconception = "M39",
    .why = "A pipe of bytes keeps no boundaries: what was written at once may "
           "arrive in several reads, and more than belongs to it in one. The "
           "reader counts until it has it all, and asks for no more.",
    .read = "README, the contract (client); common/np_io.h"};

static const lesson UTF8 = {
    .misconception = "M20",
    .why = "Windows gives the arguments as UTF-16. In the ANSI code page, "
           "which argv of main has them in, the same letters are other bytes "
           "on another machine, and some are not there at all.",
    .read = "README, the contract (sends TEXT as UTF-8); np_utf8 in "
            "common/np_args.h"};

CLIENT_CHECK(pieces,
             "01.client-prints-echo",
             "the client prints what comes back, even when it comes in pieces")
{
    /* With room for one byte a piece is written when it has been read: no two
     * of them can be read at once. */
    peer server = listen_on(.pipe = PIPE, .buffer = 1);
    program client =
        start(.exe = "client", .args = {"--pipe", PIPE, "z\xC3\xBCrich, pipe"});
    expect_error(
        accept_client(server, 0), 0, "the client's connection", &PIECES);
    struct reply begin = hear_exactly(server, 3);
    expect(begin.error != 0 || memcmp(begin.bytes, "z\xC3\xBC", 3) == 0,
           &UTF8,
           "the client sends the letters z and u umlaut as UTF-8: 7a c3 bc",
           "It sent %s.",
           show(begin.bytes, begin.size));
    expect_text(begin, "z\xC3\xBC", &PIECES);
    expect_text(hear_exactly(server, 10), "rich, pipe", &PIECES);
    expect_said(server, "H\0\xFF", 3, &PIECES);
    expect_said(server, "LO, ", 4, &PIECES);
    /* What is more than it has sent is no echo of it. */
    (void)try_say(server, "PIECES AND MORE", 15, 0);
    expect_end(client, 0, &PIECES);
    expect_printed(client,
                   "H\0\xFF"
                   "LO, PIECES\n",
                   14,
                   "the client prints \"H\\0\\xFFLO, PIECES\\n\", and no more",
                   &PIECES);
}

static const lesson DEADLOCK = {
    .misconception = "M40",
    .why = "If the client writes everything before it reads, the server's echo "
           "fills the pipe, the server stops reading, and both wait in "
           "WriteFile for ever. It only shows with more data than the pipe "
           "holds.",
    .read = "README task 01.6, question 1; fact P40"};

static const lesson BYTES = {
    .misconception = "M20",
    .why = "Standard input is bytes like what the pipe carries: a 0 is one of "
           "them, and only their count tells how many there are.",
    .read = "README, the contract (client); common/np_args.h"};

static const lesson LONG_TEXT = {
    .misconception = "M40",
    .why = "An argument has up to 32,766 characters, and TEXT is sent like any "
           "other data: all of it, and never more than 4,096 bytes before "
           "their echo is read.",
    .read = "README, the contract (client), task 01.6; fact P40"};

/* More than may be under way, with a blank at its end. */
static void expect_long_text_echoed(void)
{
    enum { SIZE = 9000 };
    static char text[SIZE + 1];
    for (size_t i = 0; i < SIZE; i++)
        text[i] = (char)('a' + i % 26);
    text[SIZE - 1] = ' ';
    program client = start(.exe = "client", .args = {"--pipe", PIPE, text});
    expect_end(client, 0, &LONG_TEXT);
    text[SIZE] = '\n';
    expect_printed(client,
                   text,
                   sizeof text,
                   "the client prints a TEXT of 9,000 bytes and a line end",
                   &LONG_TEXT);
}

static const lesson NOTHING = {
    .misconception = "M43",
    .why = "To send nothing is a use like any other: the whole echo of no "
           "bytes is there at once. A script whose input happens to be empty "
           "must not learn that its client has failed.",
    .read = "README, the contract (client: of any size; exit code 0)"};

/* TEXT is empty, and so is standard input. */
static void expect_nothing_is_echoed(void)
{
    program text = start(.exe = "client", .args = {"--pipe", PIPE, ""});
    expect_end(text, 0, &NOTHING);
    expect_printed(text,
                   "\n",
                   1,
                   "the client prints a line end, and no more, for an empty "
                   "TEXT",
                   &NOTHING);
    program input = start(.exe = "client",
                          .args = {"--pipe", PIPE, "-"},
                          .input_ends = true);
    expect_end(input, 0, &NOTHING);
    expect_printed(input,
                   "",
                   0,
                   "the client prints nothing for an empty standard input",
                   &NOTHING);
}

CHECK(large_input,
      "01.client-large-input",
      "200,003 bytes of any value, and none, go through client and server",
      .is_slow = true)
{
    enum { SIZE = 200003 };
    char *data = every_byte(SIZE);
    start_server();
    program client = start(.exe = "client",
                           .args = {"--pipe", PIPE, "-"},
                           .input = data,
                           .input_size = SIZE,
                           .input_ends = true);

    expect_end(client, 0, &DEADLOCK);
    struct text printed = output_of(client);
    expect(printed.size >= SIZE,
           &DEADLOCK,
           "the client prints as many bytes as it was given, 200,003",
           "It printed %zu.",
           printed.size);
    expect_printed(client,
                   data,
                   SIZE,
                   "the client prints the 200,003 bytes that it was given",
                   &BYTES);
    free(data);
    expect_long_text_echoed();
    expect_nothing_is_echoed();
}

static const lesson ALONE = {
    .misconception = "M41",
    .why = "A client depends on another process, which may not be there, go "
           "away, or hang. Each of these must end in exit code 1 and a line on "
           "standard error, not in success and not in waiting for ever.",
    .read = "README, the contract (client); common/np_io.h; facts P05, P24"};

static const lesson UNASKED = {
    .misconception = "M40",
    .why = "The server promises room for 4,096 bytes each way. A client that "
           "sends more before it has read their echo waits for a server that "
           "waits for it: it only shows when the pipe is full.",
    .read = "README, the contract (client), question 1; fact P40"};

static const lesson STUCK = {
    .misconception = "M41",
    .why = "A write waits too: a server that does not read leaves the pipe "
           "full, and WriteFile waits for room. A client without a deadline "
           "for it waits for ever.",
    .read = "README, the contract (no single wait is longer than MS); "
            "common/np_io.h (np_write_all)"};

static const lesson BUSY = {
    .misconception = "M54",
    .why = "A pipe can stay busy. The waits for a free instance, and the tries "
           "to open it, have to end with the deadline.",
    .read = "README, the contract (no single wait is longer than MS); "
            "common/np_pipe.h"};

/* Clients that wait for a busy instance, and for room in a pipe of one byte;
 * they take their time while the others are at work. */
struct waiting {
    program queues, stuck;
};

static struct waiting start_waiting(void)
{
    static char busy_name[200], stuck_name[200];
    struct waiting clients;
    snprintf(busy_name, sizeof busy_name, "%s-busy", PIPE);
    snprintf(stuck_name, sizeof stuck_name, "%s-stuck", PIPE);
    listen_on(.pipe = busy_name);
    connect_to(.pipe = busy_name);
    clients.queues =
        start(.exe = "client",
              .args = {"--pipe", busy_name, "--timeout", "25", "hello"});
    listen_on(.pipe = stuck_name, .buffer = 1);
    clients.stuck =
        start(.exe = "client",
              .args = {"--pipe", stuck_name, "--timeout", "25", "hello"});
    return clients;
}

static void
expect_failure(program client, const char *when, const lesson *because)
{
    struct ending ending = await_end(client, 0);
    expect(ending.ended && ending.code == 1,
           because,
           "the client ends with exit code 1",
           ending.ended ? "%s, it ended with another code."
                        : "%s, it did not end.",
           when);
    expect(errors_of(client).size > 0,
           because,
           "the client says on standard error what went wrong",
           "%s, standard error is empty.",
           when);
}

CLIENT_CHECK(
    alone,
    "01.client-fails-cleanly",
    "without a server, or with a bad one, the client ends with 1 in time",
    .is_slow = true)
{
    /* This one takes its time while the others are at work. */
    char silent_name[200];
    snprintf(silent_name, sizeof silent_name, "%s-silent", PIPE);
    static const char much[UNDER_WAY + 1000];
    peer silent = listen_on(.pipe = silent_name, .buffer = 65536);
    program waits =
        start(.exe = "client",
              .args = {"--pipe", silent_name, "--timeout", "25", "-"},
              .input = much,
              .input_size = sizeof much,
              .input_ends = true);
    accept_client(silent, 0);

    program nobody = start(.exe = "client", .args = {"--pipe", PIPE, "hello"});
    static char text[UNDER_WAY + 1000];
    memset(text, 'x', sizeof text - 1);
    peer leaving = listen_on(.pipe = ECHO_PIPE, .buffer = 65536);
    program left = start(.exe = "client", .args = {text});
    struct waiting waiting = start_waiting();
    expect_failure(nobody, "With no server", &ALONE);

    expect_error(accept_client(leaving, 0),
                 0,
                 "the connection of a client without --pipe, to the default "
                 "name,",
                 &ALONE);
    size_t began = hear(leaving, sizeof text, 0).size;
    expect(began <= UNDER_WAY,
           &UNASKED,
           "the client sends up to 4,096 bytes of TEXT before it waits for "
           "their echo",
           "It sent %zu at once.",
           began);
    expect_said(leaving, "he", 2, &ALONE);
    hang_up(leaving);
    expect_failure(
        left, "With a server that leaves after 2 bytes of the echo", &ALONE);
    expect_failure(
        waits, "With a server that never answers and --timeout 25", &ALONE);
    expect_failure(
        waiting.queues, "With a pipe that stays busy and --timeout 25", &BUSY);
    expect_failure(waiting.stuck,
                   "With a server that never reads and --timeout 25",
                   &STUCK);
    size_t sent = hear_end(silent).size;
    expect(sent <= UNDER_WAY,
           &UNASKED,
           "the client sends up to 4,096 bytes before it waits for their echo",
           "It sent %zu to a server that never answers.",
           sent);
}
