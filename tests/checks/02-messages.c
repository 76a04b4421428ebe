/* 02-messages.c - the checks of lab 02: requests and replies as messages. */
#include "check.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* From the README. */
enum { REQUEST_MAX = 32768 };

/* A request of this size: the verb U, then letters. */
static char *long_request(size_t size)
{
    char *bytes = malloc(size);
    ck_assert_ptr_nonnull(bytes);
    bytes[0] = 'U';
    for (size_t i = 1; i < size; i++)
        bytes[i] = (char)('a' + i % 26);
    return bytes;
}

static char *its_reply(const char *request, size_t size)
{
    char *bytes = malloc(size);
    ck_assert_ptr_nonnull(bytes);
    bytes[0] = '+';
    for (size_t i = 1; i < size; i++)
        bytes[i] = (char)(request[i] - 'a' + 'A');
    return bytes;
}

static void expect_reply(peer client,
                         const char *request,
                         size_t size,
                         const char *reply,
                         size_t reply_size,
                         const lesson *because)
{
    expect_said(client, request, size, because);
    expect_bytes(hear_message(client), reply, reply_size, because);
}

/* ---- the server ---------------------------------------------------------- */

static const lesson ANSWERS = {
    .misconception = "M20",
    .why = "A message carries bytes and its own length. Text functions, which "
           "stop at a 0 or ask the locale, answer another request.",
    .read = "README, the protocol, and task 02.3; messages.h"};

CHECK(answers,
      "02.answers",
      "each verb is answered as the protocol says, any bytes in the body")
{
    start_server();
    peer client = join(&ANSWERS, .messages = true);

    expect_reply(client, "Uhello", 6, "+HELLO", 6, &ANSWERS);
    expect_reply(client, "Rhello", 6, "+olleh", 6, &ANSWERS);
    expect_reply(client,
                 "Ra\0b\xFF",
                 5,
                 "+\xFF"
                 "b\0a",
                 5,
                 &ANSWERS);
    expect_reply(client,
                 "Uz\0"
                 "a\xE4",
                 5,
                 "+Z\0"
                 "A\xE4",
                 5,
                 &ANSWERS);
    expect_reply(client, "U", 1, "+", 1, &ANSWERS);
    expect_reply(client, "xhello", 6, "-unknown", 8, &ANSWERS);
    expect_reply(client, "Bhello", 6, "-unknown", 8, &ANSWERS);
    expect_reply(client, "Rstill here", 11, "+ereh llits", 11, &ANSWERS);
}

static const lesson APART = {
    .misconception = "M42",
    .why = "PIPE_TYPE_MESSAGE keeps messages apart when they are written; "
           "only PIPE_READMODE_MESSAGE keeps them apart when they are read. "
           "Without it two short requests that wait arrive as one.",
    .read = "README task 02.1; Named Pipe Type, Read, and Wait Modes"};

CHECK(apart,
      "02.requests-stay-apart",
      "two requests that wait together get two replies, client in byte mode")
{
    program server = start(.exe = "server",
                           .args = {"--pipe", PIPE},
                           .hold = "ConnectNamedPipe:1");
    await_pipe(server, PIPE);
    await_held(server, 500);
    peer client = connect_to(.messages = false);
    expect_said(client, "Uab", 3, &APART);
    expect_said(client, "Rcd", 3, &APART);
    release(server);
    expect_bytes(hear_exactly(client, 6), "+AB+dc", 6, &APART);
}

static const lesson EMPTY = {
    .misconception = "M43",
    .why = "On a message pipe an empty message is a message: ReadFile returns "
           "TRUE with 0 bytes. The end of the stream is FALSE with 109 "
           "ERROR_BROKEN_PIPE.",
    .read = "README tasks 02.2 and 02.3, question 1; fact P32"};

CHECK(empty,
      "02.empty-message",
      "an empty request is refused, and the conversation goes on")
{
    start_server();
    peer client = join(&EMPTY, .messages = true);
    expect_reply(client, "", 0, "-empty", 6, &EMPTY);
    expect_reply(client, "Uafter", 6, "+AFTER", 6, &EMPTY);
}

static const lesson LONG = {
    .misconception = "M19",
    .why = "A read with less room than the message needs fails with 234 "
           "ERROR_MORE_DATA and has delivered the first part. The rest comes "
           "with the next read: neither an error nor another message.",
    .read = "README task 02.2; fact P22"};

static void expect_long_reply(peer client, size_t size)
{
    char *request = long_request(size);
    char *reply = its_reply(request, size);
    expect_reply(client, request, size, reply, size, &LONG);
    free(request);
    free(reply);
}

CHECK(long_requests,
      "02.long-request",
      "requests of up to 32,768 bytes are answered whole")
{
    start_server();
    peer client = join(&LONG, .messages = true);
    expect_long_reply(client, 5000);
    expect_long_reply(client, REQUEST_MAX);
    expect_long_reply(client, 10);
}

static const lesson TOO_LONG = {
    .misconception = "M44",
    .why = "Who lets a client decide how much memory a message takes lets it "
           "take all. A message over the limit has to be read to its end and "
           "dropped, or its rest is taken for the next request.",
    .read = "README task 02.2, question 3; facts P22, P23"};

CHECK(too_long,
      "02.too-long",
      "a longer request is refused, and the next one is answered")
{
    enum { FAR_TOO_LONG = 1000000 };
    char *request = long_request(FAR_TOO_LONG);

    start_server();
    peer client = join(&TOO_LONG, .messages = true);
    expect_reply(client, request, REQUEST_MAX + 1, "-too long", 9, &TOO_LONG);
    expect_reply(client, "Unext", 5, "+NEXT", 5, &TOO_LONG);
    expect_reply(client, request, FAR_TOO_LONG, "-too long", 9, &TOO_LONG);
    expect_reply(client, "Ulast", 5, "+LAST", 5, &TOO_LONG);
    free(request);
}

static const lesson WHOLE = {
    .misconception = "M45",
    .why = "Each WriteFile on a message pipe makes one message. "
           "TransactNamedPipe reads exactly one: a reply written in two parts "
           "is half a reply, and its rest makes the next transaction fail with "
           "231 ERROR_PIPE_BUSY.",
    .read = "README, the protocol; fact P34"};

CHECK(whole,
      "02.reply-is-one-message",
      "TransactNamedPipe gets the whole reply, again and again")
{
    start_server();
    peer client = join(&WHOLE, .messages = true);
    expect_bytes(transact(client, "Uone", 4), "+ONE", 4, &WHOLE);
    expect_bytes(transact(client, "Rtwo", 4), "+owt", 4, &WHOLE);
    expect_bytes(transact(client, "B", 1), "+bye", 4, &WHOLE);
}

static const lesson SURVIVES = {
    .misconception = "M22",
    .why = "DisconnectNamedPipe throws away what the client has not read yet; "
           "it fails then with 233 ERROR_PIPE_NOT_CONNECTED. Closing the "
           "handle leaves the data where they are.",
    .read = "README task 02.4, experiment 1; facts P27, P28"};

CHECK(survives,
      "02.reply-survives",
      "a reply is not taken back, even if the server ends before it is read")
{
    program server = start_server();
    peer client = join(&SURVIVES, .messages = true);
    expect_said(client, "B", 1, &SURVIVES);
    /* One byte of it proves that the reply was written; the rest is unread. */
    struct reply first = hear(client, 1, 0);
    expect(first.size == 1 && first.bytes[0] == '+',
           first.error == 0 ? &ANSWERS : &SURVIVES,
           "the reply to B begins with +",
           "The client got %s and error %s.",
           show(first.bytes, first.size),
           code_text(first.error));
    expect_stops(server, &SURVIVES);
    expect_text(hear_message(client), "bye", &SURVIVES);
}

/* One good client comes, a few times over if need be: with the short deadline
 * of these checks a busy machine may lose one. */
static bool is_upper(const unsigned char *request,
                     size_t request_size,
                     const unsigned char *reply,
                     size_t reply_size)
{
    return request_size == reply_size && request[0] == 'U' && reply[0] == '+';
}

static void expect_good_client_served(const lesson *because)
{
    struct crowd_result result = {0};
    for (int i = 0; i < 3 && result.served == 0 && result.late == 0; i++)
        result = send_crowd(.clients = 1,
                            .messages = true,
                            .prefix = "U",
                            .size = 20,
                            .is_right = is_upper);
    expect(result.served == 1,
           because,
           "the next client is served once the first one's time is over",
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

SLOW_CHECK(never_reads,
           "02.client-never-reads",
           "a client that never reads its replies is dropped after --timeout")
{
    char *request = long_request(20000);
    program server =
        start(.exe = "server", .args = {"--pipe", PIPE, "--timeout", "100"});
    await_pipe(server, PIPE);
    peer deaf = join(&DEAF, .messages = true);
    expect_said(deaf, request, 20000, &DEAF);
    expect_good_client_served(&DEAF);
    free(request);
}

SLOW_CHECK(never_leaves,
           "02.client-never-leaves",
           "a client that says B and neither reads nor leaves is dropped, too")
{
    program server =
        start(.exe = "server", .args = {"--pipe", PIPE, "--timeout", "100"});
    await_pipe(server, PIPE);
    peer deaf = join(&DEAF, .messages = true);
    expect_said(deaf, "B", 1, &DEAF);
    expect_good_client_served(&DEAF);
}

/* ---- the client ---------------------------------------------------------- */

static const lesson REPLY = {
    .misconception = "M46",
    .why = "The first byte of a reply says whether it is one. A program that "
           "prints a refusal as a result, or ends with 0 for it, misleads "
           "whoever uses it.",
    .read = "README, the contract (client)"};

CHECK(client_reply,
      "02.client-reply",
      "the client sends the request as one message and tells + from -")
{
    peer good = listen_on(.messages = true, .instances = 3);
    program client = start(.exe = "client", .args = {"--pipe", PIPE, "Uhello"});
    accept_client(good, 0);
    expect_text(hear_message(good), "Uhello", &REPLY);
    expect_said(good, "+HOLA", 5, &REPLY);
    expect_end(client, 0, &REPLY);
    struct text printed = output_of(client);
    expect(printed.size == 5 && memcmp(printed.bytes, "HOLA\n", 5) == 0,
           &REPLY,
           "the client prints \"HOLA\\n\" for the reply \"+HOLA\"",
           "It printed %s.",
           show(printed.bytes, printed.size));

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
    expect(output_of(refused).size == 0,
           &REPLY,
           "nothing is printed on standard output for a refusal",
           "There is %s.",
           show(output_of(refused).bytes, output_of(refused).size));
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

CHECK(client_long_reply,
      "02.client-long-reply",
      "the client prints a reply of 32,768 bytes whole")
{
    char *request = long_request(REQUEST_MAX);
    char *reply = its_reply(request, REQUEST_MAX);
    peer server = listen_on(.messages = true);
    program client = start(.exe = "client", .args = {"--pipe", PIPE, "Ulong"});
    accept_client(server, 0);
    hear_message(server);
    /* Whether it takes all of it shows in what it prints. */
    (void)try_say(server, reply, REQUEST_MAX, 0);
    expect_end(client, 0, &READ_MODE);
    struct text printed = output_of(client);
    expect(printed.size == REQUEST_MAX &&
               memcmp(printed.bytes, reply + 1, REQUEST_MAX - 1) == 0,
           &PART,
           "the client prints the 32,767 bytes of the body and a line end",
           "It printed %zu bytes: %s.",
           printed.size,
           show(printed.bytes, printed.size));
    free(request);
    free(reply);
}

static const lesson ALONE = {
    .misconception = "M41",
    .why = "A client depends on another process, which may not be there, go "
           "away, or hang. Each of these must end in exit code 1, not in "
           "success and not in waiting for ever.",
    .read = "README, the contract (client); common/np_io.h; facts P05, P24"};

CHECK(client_alone,
      "02.client-fails-cleanly",
      "without a reply the client ends with 1, in time")
{
    /* This one takes its time while the others are at work. */
    char silent_name[200];
    snprintf(silent_name, sizeof silent_name, "%s-silent", PIPE);
    peer silent = listen_on(.pipe = silent_name, .messages = true);
    program waits =
        start(.exe = "client",
              .args = {"--pipe", silent_name, "--timeout", "25", "U"});
    accept_client(silent, 0);

    program nobody = start(.exe = "client", .args = {"--pipe", PIPE, "U"});
    expect_end(nobody, 1, &ALONE);

    peer leaving = listen_on(.messages = true);
    program left = start(.exe = "client", .args = {"--pipe", PIPE, "Uhello"});
    accept_client(leaving, 0);
    hear_message(leaving);
    hang_up(leaving);
    expect_end(left, 1, &ALONE);
    expect_end(waits, 1, &ALONE);
    expect(errors_of(waits).size > 0,
           &ALONE,
           "the client says on standard error what went wrong",
           "Standard error is empty.");
}
