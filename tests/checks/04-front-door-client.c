/* 04-front-door-client.c - the checks of lab 04's client. */
#include "04-front-door.h"

#include <string.h>

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
    "the client waits while the pipe is busy, and not when it is refused",
    .is_slow = true)
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
