/* 02-messages.c - the checks of lab 02: requests and replies as messages.
 * Those of its client are in 02-messages-client.c, those of its server's
 * deadlines in 02-messages-deadlines.c. */
#include "02-messages.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

char *long_request(size_t size)
{
    char *bytes = malloc(size);
    ck_assert_ptr_nonnull(bytes);
    bytes[0] = 'U';
    for (size_t i = 1; i < size; i++)
        bytes[i] = (char)('a' + i % 26);
    return bytes;
}

char *its_reply(const char *request, size_t size)
{
    char *bytes = malloc(size);
    ck_assert_ptr_nonnull(bytes);
    bytes[0] = '+';
    for (size_t i = 1; i < size; i++)
        bytes[i] = (char)(request[i] - 'a' + 'A');
    return bytes;
}

static bool is(struct reply reply, const char *bytes, size_t size)
{
    return reply.size == size && memcmp(reply.bytes, bytes, size) == 0;
}

static void expect_reply(peer client,
                         const char *request,
                         size_t size,
                         const char *reply,
                         size_t reply_size,
                         const lesson *because)
{
    enum { SHORT = 20 };
    char expected[400] = "";

    expect_said(client, request, size, because);
    struct reply got = hear_message(client);
    if (size <= SHORT) {
        snprintf(expected,
                 sizeof expected,
                 "the reply to %s is %s",
                 show(request, size),
                 show(reply, reply_size));
        expect(got.error != 0 || is(got, reply, reply_size),
               because,
               expected,
               "It is %s.",
               show(got.bytes, got.size));
    }
    expect_bytes(got, reply, reply_size, because);
}

static const lesson ANSWERS = {
    .misconception = "M20",
    .why = "A message carries bytes and its own length. Text functions, which "
           "stop at a 0 or ask the locale, answer another request.",
    .read = "README, the protocol, and task 02.3; messages.h"};

static const lesson VERBS = {
    .misconception = "M20",
    .why = "The verb is one byte, and every byte after it is body: u is "
           "another byte than U, and B with a line end or a 0 is B with a "
           "body.",
    .read = "README, the protocol, and task 02.3; messages.h"};

static const lesson NO_BODY = {
    .misconception = "M20",
    .why = "A body may have no bytes. The last of 0 bytes is not there: where "
           "the size is unsigned, size - 1 is not -1 then, but 4,294,967,295.",
    .read = "README, the protocol, and task 02.3; messages.h"};

static const lesson LETTERS = {
    .misconception = "M20",
    .why = "U is for the 26 letters from a to z. What lies below a or above z "
           "is another byte and stays as it is: a bit mask changes it too, and "
           "so does a comparison with a alone.",
    .read = "README, the protocol, and task 02.3; messages.h"};

SERVER_CHECK(
    answers,
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
    expect_reply(client, "U @[`{|}~\x7F", 10, "+ @[`{|}~\x7F", 10, &LETTERS);
    expect_reply(client, "U", 1, "+", 1, &NO_BODY);
    expect_reply(client, "R", 1, "+", 1, &NO_BODY);
    expect_reply(client, "xhello", 6, "-unknown", 8, &VERBS);
    expect_reply(client, "uhello", 6, "-unknown", 8, &VERBS);
    expect_reply(client, "B\n", 2, "-unknown", 8, &VERBS);
    expect_reply(client, "Bhello", 6, "-unknown", 8, &VERBS);
    expect_reply(client, "B\0", 2, "-unknown", 8, &VERBS);
    expect_reply(client, "Rstill here", 11, "+ereh llits", 11, &ANSWERS);
}

static const lesson APART = {
    .misconception = "M42",
    .why = "PIPE_TYPE_MESSAGE keeps messages apart when they are written; "
           "only PIPE_READMODE_MESSAGE keeps them apart when they are read. "
           "Without it two short requests that wait arrive as one.",
    .read = "README task 02.1; Named Pipe Type, Read, and Wait Modes"};

static const lesson HOLDS = {
    .misconception = "M40",
    .why = "A client may send the next request before it has read a reply. "
           "Where the pipe holds less than 4,096 bytes, it waits in WriteFile "
           "for a server that waits in WriteFile for the client to read.",
    .read = "README, the contract (holds at least 4,096 bytes each way); "
            "nInBufferSize and nOutBufferSize of CreateNamedPipe"};

static const lesson TAKEN = {
    .misconception = "M25",
    .why = "Without FILE_FLAG_FIRST_PIPE_INSTANCE, CreateNamedPipe quietly "
           "adds an instance to a pipe that another process serves: clients "
           "are then shared between the two. To look first leaves him the "
           "moment in between.",
    .read = "README task 02.1 and the contract (server); fact P11"};

SERVER_CHECK(
    apart,
    "02.requests-stay-apart",
    "requests that wait together get a reply each, from a pipe of one server")
{
    char *request = long_request(4000);
    char *reply = its_reply(request, 4000);
    program server = start(.exe = "server",
                           .args = {"--pipe", PIPE},
                           .hold = "ConnectNamedPipe:1");
    await_pipe(server, PIPE);
    await_held(server, 500);
    peer client = connect_to(.messages = false);
    expect_said(client, "Uab", 3, &APART);
    expect_said(client, "Rcd", 3, &APART);
    expect_said(client, request, 4000, &HOLDS);
    release(server);
    expect_bytes(hear_exactly(client, 6), "+AB+dc", 6, &APART);
    expect_bytes(hear_exactly(client, 4000), reply, 4000, &APART);
    /* Two replies fill the way back, and three requests have gone out. */
    expect_said(client, request, 2000, &HOLDS);
    expect_said(client, request, 2000, &HOLDS);
    expect_said(client, request, 4000, &HOLDS);
    free(request);
    free(reply);

    char taken[200];
    snprintf(taken, sizeof taken, "%s-taken", PIPE);
    program plain = start(.exe = "server");
    program late = start_too_late(
        (struct launch){.exe = "server", .args = {"--pipe", taken}},
        (struct listening){.pipe = taken, .messages = true, .instances = 10});
    expect_end(late, 1, &TAKEN);
    await_pipe(plain, MESSAGES_PIPE);
}

static const lesson EMPTY = {
    .misconception = "M43",
    .why = "On a message pipe an empty message is a message: ReadFile returns "
           "TRUE with 0 bytes. The end of the stream is FALSE with 109 "
           "ERROR_BROKEN_PIPE.",
    .read = "README tasks 02.2 and 02.3, question 1; fact P32"};

SERVER_CHECK(empty,
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

static const lesson LONG_WORK = {
    .misconception = "M19",
    .why =
        "All of a request is worked on, not the part that fits into a buffer "
        "of some usual size: a body has up to 32,767 bytes here.",
    .read = "README, the protocol, and task 02.3; messages.h"};

static void expect_long_reply(peer client, size_t size)
{
    char *request = long_request(size);
    char *reply = its_reply(request, size);
    expect_reply(client, request, size, reply, size, &LONG);
    free(request);
    free(reply);
}

/* A body of this size, backwards. */
static void expect_long_reversed(peer client, size_t size)
{
    char *request = long_request(size);
    char *reply = long_request(size);
    request[0] = 'R';
    reply[0] = '+';
    for (size_t i = 1; i < size; i++)
        reply[i] = request[size - i];
    expect_reply(client, request, size, reply, size, &LONG_WORK);
    free(request);
    free(reply);
}

SERVER_CHECK(long_requests,
             "02.long-request",
             "requests of up to 32,768 bytes are answered whole")
{
    start_server();
    peer client = join(&LONG, .messages = true);
    expect_long_reply(client, 5000);
    expect_long_reply(client, REQUEST_MAX);
    expect_long_reversed(client, REQUEST_MAX);
    expect_long_reply(client, 10);
}

static const lesson TOO_LONG = {
    .misconception = "M44",
    .why = "Who lets a client decide how much memory a message takes lets it "
           "take all. A message over the limit has to be read to its end and "
           "dropped, or its rest is taken for the next request.",
    .read = "README task 02.2, question 3; facts P22, P23"};

SERVER_CHECK(too_long,
             "02.too-long",
             "a longer request is refused, and the next one is answered")
{
    enum { FAR_TOO_LONG = 1000000 };
    char *request = long_request(FAR_TOO_LONG);

    request[REQUEST_MAX] = 'B'; /* what is left over, alone, is a request */
    start_server();
    peer client = join(&TOO_LONG, .messages = true);
    expect_reply(client, request, REQUEST_MAX + 1, "-too long", 9, &TOO_LONG);
    expect_reply(client, "Unext", 5, "+NEXT", 5, &TOO_LONG);
    expect_reply(client, request, FAR_TOO_LONG, "-too long", 9, &TOO_LONG);
    expect_reply(client, "Ulast", 5, "+LAST", 5, &TOO_LONG);
    request[0] = 'x'; /* no verb, and too long all the same */
    expect_reply(client, request, REQUEST_MAX + 1, "-too long", 9, &TOO_LONG);
    free(request);
}

static const lesson WHOLE = {
    .misconception = "M45",
    .why = "Each WriteFile on a message pipe makes one message. "
           "TransactNamedPipe reads exactly one: a reply written in two parts "
           "is half a reply, and its rest makes the next transaction fail with "
           "231 ERROR_PIPE_BUSY.",
    .read = "README, the protocol; fact P34"};

SERVER_CHECK(whole,
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

static const lesson STOP = {
    .misconception = "M30",
    .why = "The request to stop may come while the server waits for a client, "
           "for a request, or for a client to read. Each of these waits has to "
           "end with it, with 995 ERROR_OPERATION_ABORTED, which is no failure "
           "then.",
    .read = "README, the contract (ends with exit code 0); common/np_stop.h"};

static const lesson INPUT = {
    .misconception = "M30",
    .why =
        "The request to end is the end of standard input, and not what "
        "stands in it: ReadFile succeeds for a line that somebody types, and "
        "tells the end with 109 ERROR_BROKEN_PIPE or 0 bytes.",
    .read = "README, the contract (ends with exit code 0); common/np_stop.h"};

/* One that waits for a client, one for a request, and one that writes to a
 * client who has read the first byte of a long reply. */
struct waiting {
    char idle_name[200], asking_name[200], writing_name[200];
    program idle, asking, writing;
};

static void start_waiting(struct waiting *servers)
{
    snprintf(servers->idle_name, sizeof servers->idle_name, "%s-idle", PIPE);
    snprintf(
        servers->asking_name, sizeof servers->asking_name, "%s-asking", PIPE);
    snprintf(servers->writing_name,
             sizeof servers->writing_name,
             "%s-writing",
             PIPE);
    servers->idle = start(.exe = "server",
                          .args = {"--pipe", servers->idle_name},
                          .input = "not the end\n");
    servers->asking =
        start(.exe = "server",
              .args = {"--pipe", servers->asking_name, "--timeout", "60000"});
    servers->writing =
        start(.exe = "server",
              .args = {"--pipe", servers->writing_name, "--timeout", "60000"});
}

static void expect_waiting_stop(const struct waiting *servers)
{
    char *request = long_request(REQUEST_MAX);
    expect(await_pipe_or_end(servers->idle, servers->idle_name) &&
               is_running(servers->idle),
           &INPUT,
           "the server serves while its standard input goes on",
           "It ended after one line of input.");
    expect_stops(servers->idle, &STOP);
    await_pipe(servers->asking, servers->asking_name);
    peer silent = join(&STOP, .pipe = servers->asking_name, .messages = true);
    expect_reply(silent, "Ufirst", 6, "+FIRST", 6, &STOP);
    expect_stops(servers->asking, &STOP);
    await_pipe(servers->writing, servers->writing_name);
    peer deaf = join(&STOP, .pipe = servers->writing_name, .messages = true);
    expect_said(deaf, request, REQUEST_MAX, &LONG);
    (void)hear(deaf, 1, 0);
    expect_stops(servers->writing, &STOP);
    free(request);
}

SERVER_CHECK(
    survives,
    "02.reply-survives",
    "a reply is not taken back, even if the server ends before it is read",
    .is_slow = true)
{
    struct waiting servers;
    start_waiting(&servers);
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
    expect_stops(server, &STOP);
    expect_text(hear_message(client), "bye", &SURVIVES);
    expect_waiting_stop(&servers);
}
