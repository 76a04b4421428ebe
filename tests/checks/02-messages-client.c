/* 02-messages-client.c - the checks of lab 02's client. */
#include "02-messages.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const lesson REPLY = {
    .misconception = "M46",
    .why = "The first byte of a reply says whether it is one. A program that "
           "prints a refusal as a result, or ends with 0 for it, misleads "
           "whoever uses it.",
    .read = "README, the contract (client)"};

static const lesson EMPTY = {
    .misconception = "M43",
    .why = "An empty message is a message: WriteFile with 0 bytes sends one. "
           "The reader gets TRUE and 0 bytes.",
    .read = "README, the contract (client); fact P32"};

static const lesson UTF8 = {
    .misconception = "M20",
    .why = "Windows gives the arguments as UTF-16. In the ANSI code page, "
           "which argv of main has them in, the same letters are other bytes "
           "on another machine, and some are not there at all.",
    .read = "README, the contract (sends REQUEST as UTF-8); np_utf8 in "
            "common/np_args.h"};

CLIENT_CHECK(client_reply,
             "02.client-reply",
             "the client sends the request as one message and tells + from -")
{
    peer good = listen_on(.messages = true, .instances = 3);
    program client =
        start(.exe = "client", .args = {"--pipe", PIPE, "Uz\xC3\xBCrich"});
    accept_client(good, 0);
    struct reply asked = hear_message(good);
    expect(asked.size < 4 || memcmp(asked.bytes, "Uz\xC3\xBC", 4) == 0,
           &UTF8,
           "the client sends U, z and u umlaut as UTF-8: 55 7a c3 bc",
           "It sent %s.",
           show(asked.bytes, asked.size));
    expect_text(asked, "Uz\xC3\xBCrich", &REPLY);
    expect_said(good, "+HO\0LA", 6, &REPLY);
    expect_end(client, 0, &REPLY);
    expect_printed(client,
                   "HO\0LA\n",
                   6,
                   "the client prints \"HO\\0LA\\n\" for the reply "
                   "\"+HO\\0LA\"",
                   &REPLY);

    peer refusing = listen_on(.messages = true, .instances = 3);
    hang_up(good);
    program refused = start(.exe = "client", .args = {"--pipe", PIPE, ""});
    accept_client(refusing, 0);
    struct reply request = hear_message(refusing);
    expect(request.error == 0 && request.size == 0,
           &EMPTY,
           "an empty operand is sent as an empty message",
           "The server's read got %zu bytes and error %s.",
           request.size,
           code_text(request.error));
    expect_said(refusing, "-no, thanks", 11, &REPLY);
    expect_end(refused, 1, &REPLY);
    expect_errors_mention(refused, "no, thanks", &REPLY);
    expect_printed(refused,
                   "",
                   0,
                   "nothing is printed on standard output for a refusal",
                   &REPLY);
}

static const lesson READ_MODE = {
    .misconception = "M47",
    .why = "A client's handle begins in byte read mode, whatever the pipe's "
           "type: it never says 234 ERROR_MORE_DATA, and TransactNamedPipe "
           "refuses it with 230 ERROR_BAD_PIPE. Message mode has to be set.",
    .read = "README tasks 02.5 and 02.6; facts P21, P22, P34"};

static const lesson PART = {
    .misconception = "M19",
    .why = "A reply that is longer than the room for it comes in parts. In "
           "message read mode 234 ERROR_MORE_DATA says that there is more; in "
           "byte read mode nothing does.",
    .read = "README tasks 02.5 and 02.6; facts P21, P22"};

static const lesson INPUT = {
    .misconception = "M20",
    .why = "A request is bytes, not a string: a 0, a line end or 0x1A is a "
           "part of it, and only its size tells how long it is.",
    .read = "README, the contract (with - it sends standard input, as it is "
            "and as one message)"};

/* A client with more on standard input than a request may have. It may send as
 * much of it as the server needs to refuse it, or nothing. */
struct talker {
    peer server;
    program client;
};

static struct talker start_talker(void)
{
    static const char much[REQUEST_MAX + 5000] = "U";
    static char name[200];
    struct talker talker;
    snprintf(name, sizeof name, "%s-much", PIPE);
    talker.server = listen_on(.pipe = name, .messages = true, .buffer = 65536);
    talker.client = start(.exe = "client",
                          .args = {"--pipe", name, "-"},
                          .input = much,
                          .input_size = sizeof much,
                          .input_ends = true);
    return talker;
}

static void expect_not_cut(struct talker talker)
{
    if (accept_client(talker.server, 1000) == 0) {
        struct reply asked = hear_message(talker.server);
        expect(asked.error != 0 || asked.size > REQUEST_MAX,
               &INPUT,
               "input of 37,768 bytes is not cut to a request that is short "
               "enough",
               "Of its standard input the client sent %zu bytes.",
               asked.size);
        hang_up(talker.server);
    }
    expect_end(talker.client, 1, &INPUT);
}

CLIENT_CHECK(
    client_long_reply,
    "02.client-long-reply",
    "a request of 5,000 bytes goes whole, and a reply of 32,768 is printed")
{
    static const char input[5000] = "Ra\0b\r\n\x1A";
    struct talker talker = start_talker();
    char *request = long_request(REQUEST_MAX);
    char *reply = its_reply(request, REQUEST_MAX);
    peer server = listen_on(.messages = true);
    program client = start(.exe = "client",
                           .args = {"--pipe", PIPE, "-"},
                           .input = input,
                           .input_size = sizeof input,
                           .input_ends = true);
    accept_client(server, 0);
    struct reply asked = hear_message(server);
    expect(asked.error != 0 || (asked.size == sizeof input &&
                                memcmp(asked.bytes, input, asked.size) == 0),
           &INPUT,
           "the client sends the 5,000 bytes of standard input in one message",
           "It sent %zu: %s.",
           asked.size,
           show(asked.bytes, asked.size));
    expect_error(asked.error, 0, "the server's read", &READ_MODE);
    /* Whether it takes all of it shows in what it prints. */
    (void)try_say(server, reply, REQUEST_MAX, 0);
    expect_end(client, 0, &READ_MODE);
    /* Its body and a line end. */
    memmove(reply, reply + 1, REQUEST_MAX - 1);
    reply[REQUEST_MAX - 1] = '\n';
    expect_printed(client,
                   reply,
                   REQUEST_MAX,
                   "the client prints the 32,767 bytes of the body and a line "
                   "end",
                   &PART);
    free(request);
    free(reply);
    expect_not_cut(talker);
}

static const lesson ALONE = {
    .misconception = "M41",
    .why = "A client depends on another process, which may not be there, go "
           "away, or hang. Each of these must end in exit code 1, not in "
           "success and not in waiting for ever.",
    .read = "README, the contract (client); common/np_io.h; facts P05, P24"};

static const lesson USAGE = {
    .misconception = "M38",
    .why = "Scripts and people tell wrong use (2) from failed work (1) by the "
           "exit code.",
    .read = "README, the contract (both); common/np_args.h"};

static const lesson NO_REPLY = {
    .misconception = "M46",
    .why =
        "Only a reply that begins with + is a result. One that begins "
        "otherwise is from a server that speaks another protocol, and one of "
        "no bytes has no first byte to look at.",
    .read =
        "README, the contract (client: exit code 1), task 02.6; messages.h"};

/* Clients whose servers leave, or say what is no reply; they are started
 * together. */
enum { LEAVES, DISCONNECTS, SAYS_NOTHING, SAYS_HELLO, ODD_SERVERS };

struct odd {
    peer server;
    program client;
};

static void start_odd(struct odd *odd)
{
    static char names[ODD_SERVERS][200];
    for (int i = 0; i < ODD_SERVERS; i++) {
        snprintf(names[i], sizeof names[i], "%s-odd-%d", PIPE, i);
        odd[i].server =
            listen_on(.pipe = i == LEAVES ? MESSAGES_PIPE : names[i],
                      .messages = true);
        odd[i].client = i == LEAVES
                            ? start(.exe = "client",
                                    .args = {"--timeout", "60000", "Uhello"})
                            : start(.exe = "client",
                                    .args = {"--pipe",
                                             names[i],
                                             "--timeout",
                                             "60000",
                                             "Uhello"});
    }
}

static void expect_failure(program client, const lesson *because)
{
    expect_end(client, 1, because);
    expect(errors_of(client).size > 0,
           because,
           "the client says on standard error what went wrong",
           "Standard error is empty.");
}

static void expect_no_reply(struct odd *odd)
{
    for (int i = 0; i < ODD_SERVERS; i++) {
        peer server = odd[i].server;
        expect_error(accept_client(server, 0),
                     0,
                     i == LEAVES ? "the connection of a client without --pipe, "
                                   "to the default name,"
                                 : "the client's connection",
                     &ALONE);
        (void)hear_message(server);
        if (i == LEAVES)
            hang_up(server);
        else if (i == DISCONNECTS)
            disconnect(server);
        else
            (void)try_say(server, "hello", i == SAYS_HELLO ? 5 : 0, 0);
    }
    for (int i = 0; i < ODD_SERVERS; i++)
        expect_failure(odd[i].client, i < SAYS_NOTHING ? &ALONE : &NO_REPLY);
}

CLIENT_CHECK(
    client_alone,
    "02.client-fails-cleanly",
    "without a reply the client ends with 1, in time; without REQUEST with 2",
    .is_slow = true)
{
    /* These two take their time while the others are at work. */
    char silent_name[200], busy_name[200];
    snprintf(silent_name, sizeof silent_name, "%s-silent", PIPE);
    snprintf(busy_name, sizeof busy_name, "%s-busy", PIPE);
    listen_on(.pipe = busy_name, .messages = true);
    connect_to(.pipe = busy_name);
    program queues =
        start(.exe = "client",
              .args = {"--pipe", busy_name, "--timeout", "25", "U"});
    peer silent = listen_on(.pipe = silent_name, .messages = true);
    program waits =
        start(.exe = "client",
              .args = {"--pipe", silent_name, "--timeout", "25", "U"});
    accept_client(silent, 0);

    program nobody = start(.exe = "client", .args = {"--pipe", PIPE, "U"});
    program no_request = start(.exe = "client", .args = {"--pipe", PIPE});
    struct odd odd[ODD_SERVERS];
    start_odd(odd);
    expect_failure(nobody, &ALONE);
    expect_end(no_request, 2, &USAGE);
    expect_no_reply(odd);
    expect_failure(waits, &ALONE);
    expect_failure(queues, &ALONE);
}
