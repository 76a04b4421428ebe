/* 03-many-clients.c - the checks of lab 03: many clients, one server. Those of
 * its client are in 03-many-clients-client.c. */
#include "check.h"

#include <stdio.h>
#include <stdlib.h>

/* From the README. */
enum { MESSAGE_MAX = 4096 };

static char *letters(size_t size)
{
    char *bytes = malloc(size);
    ck_assert_ptr_nonnull(bytes);
    for (size_t i = 0; i < size; i++)
        bytes[i] = (char)('a' + i % 26);
    return bytes;
}

static void expect_echo(peer client,
                        const char *message,
                        size_t size,
                        const lesson *because)
{
    expect_said(client, message, size, because);
    expect_bytes(hear_message(client), message, size, because);
}

static void expect_all_served(struct crowd_result result,
                              uint32_t clients,
                              const lesson *because)
{
    if (result.served == clients)
        return;
    fail(because,
         "every client gets back its own messages, and no others",
         "Of %u clients %u were served, %u got wrong bytes, %u an error "
         "(the first: %s), %u were still waiting at the end.",
         clients,
         result.served,
         result.wrong,
         result.failed,
         code_text(result.first_error),
         result.late);
}

static program start_with_instances(const char *count)
{
    program server =
        start(.exe = "server", .args = {"--pipe", PIPE, "--instances", count});
    await_pipe(server, PIPE);
    return server;
}

static const lesson CROWD = {
    .misconception = "M48",
    .why = "An operation that is under way owns its OVERLAPPED and its buffer "
           "until its completion was fetched. Two clients that share one get "
           "each other's data.",
    .read = "README task 03.2, question 1; facts P02, P39"};

SLOW_CHECK(crowd,
           "03.sixty-four-clients",
           "64 clients at once get their own messages back, five each")
{
    start_server();
    expect_all_served(
        send_crowd(.clients = 64, .rounds = 5, .messages = true, .size = 200),
        64,
        &CROWD);
}

static const lesson SLOW = {
    .misconception = "M49",
    .why = "A server that waits for one client, be it in ReadFile or in "
           "WriteFile, serves nobody else meanwhile. Start the operation, and "
           "wait for whichever ends first.",
    .read = "README tasks 03.2 and 03.3; Synchronous and Overlapped Input and "
            "Output"};

static const lesson LEAVES = {
    .misconception = "M36",
    .why = "A write that is under way when the client leaves ends with 232 "
           "ERROR_NO_DATA or 109 ERROR_BROKEN_PIPE. That is this client's "
           "end, not the server's.",
    .read = "README task 03.3, the contract (no client holds up another); fact "
            "P24"};

CHECK(slow,
      "03.slow-clients",
      "clients that stay silent or never read do not hold up the others")
{
    char *message = letters(MESSAGE_MAX);
    program server = start_server();
    peer silent = join(&SLOW, .messages = true);
    peer deaf = join(&SLOW, .messages = true);
    /* The first echo fits into the pipe, the second finds it full. */
    expect_said(deaf, message, MESSAGE_MAX, &SLOW);
    expect_said(deaf, message, MESSAGE_MAX, &SLOW);
    expect_said(deaf, message, MESSAGE_MAX, &SLOW);
    expect_all_served(
        send_crowd(.clients = 8, .rounds = 3, .messages = true, .size = 50),
        8,
        &SLOW);
    expect_echo(silent, "at last", 7, &SLOW);
    for (int i = 0; i < 3; i++)
        expect_bytes(hear_message(deaf), message, MESSAGE_MAX, &SLOW);
    /* It may leave while an echo to it is under way, too. */
    for (int i = 0; i < 3; i++)
        expect_said(deaf, message, MESSAGE_MAX, &SLOW);
    hang_up(deaf);
    expect_echo(silent, "still here", 10, &LEAVES);
    expect_running(server, &LEAVES);
    free(message);
}

static const lesson EARLY = {
    .misconception = "M50",
    .why = "When the client is there first, an overlapped ConnectNamedPipe "
           "fails with 535 ERROR_PIPE_CONNECTED: a success, but neither the "
           "event nor the completion port will ever tell of it. Go on at once.",
    .read = "README task 03.2; facts P01, P02"};

static const lesson NOT_FATAL = {
    .misconception = "M05",
    .why = "535 ERROR_PIPE_CONNECTED says that a client is there already. "
           "ConnectNamedPipe returned FALSE, and all is well.",
    .read = "README task 03.3; fact P01"};

CHECK(early,
      "03.pipe-already-connected",
      "a client that connects before ConnectNamedPipe is served")
{
    program server = start(.exe = "server",
                           .args = {"--pipe", PIPE},
                           .hold = "ConnectNamedPipe:1");
    await_pipe(server, PIPE);
    await_held(server, 500);
    peer client = join(&EARLY, .messages = true);
    release(server);
    (void)try_say(client, "early", 5, 0);
    struct reply reply = hear_message(client);
    expect_bytes(
        reply, "early", 5, reply.error == TIMED_OUT ? &EARLY : &NOT_FATAL);
}

static const lesson CAME_AND_LEFT = {
    .misconception = "M35",
    .why = "A client that came and left before ConnectNamedPipe makes the call "
           "fail with 232 ERROR_NO_DATA. That is this client's end: the "
           "instance has to be disconnected and used again.",
    .read = "README task 03.3; fact P29"};

CHECK(came_and_left,
      "03.client-came-and-left",
      "a client that left before ConnectNamedPipe costs no instance")
{
    program server = start(.exe = "server",
                           .args = {"--pipe", PIPE, "--instances", "1"},
                           .hold = "ConnectNamedPipe:1");
    await_pipe(server, PIPE);
    await_held(server, 500);
    peer client = join(&CAME_AND_LEFT, .messages = true);
    hang_up(client);
    release(server);
    peer next = join(&CAME_AND_LEFT, .messages = true);
    expect_echo(next, "next", 4, &CAME_AND_LEFT);
}

static const lesson BOUNDED = {
    .misconception = "M51",
    .why = "nMaxInstances is what bounds a pipe server: one client more gets "
           "231 ERROR_PIPE_BUSY and can wait its turn. 255 means no limit. And "
           "an instance is free again only after DisconnectNamedPipe.",
    .read = "README task 03.1 and the contract (--instances); facts P04, P08"};

static const lesson FREED = {
    .misconception = "M24",
    .why = "An instance belongs to its client, even one that has left, until "
           "the server calls DisconnectNamedPipe or closes it. Until then the "
           "next client gets 231 ERROR_PIPE_BUSY.",
    .read = "README task 03.3; facts P04, P29"};

static const lesson LIMITS = {
    .misconception = "M51",
    .why = "255 is PIPE_UNLIMITED_INSTANCES: as nMaxInstances it means that "
           "there is no limit. 254 is the largest number of instances.",
    .read = "README, the contract (--instances, wrong arguments); fact P08"};

static const lesson ROOM = {
    .misconception = "M51",
    .why = "--instances says how many clients there may be. Who waits for them "
           "by one WaitForMultipleObjects has a limit of his own, 64 handles "
           "(MAXIMUM_WAIT_OBJECTS); a completion port has none.",
    .read = "README, the contract (up to N clients at once), question 2"};

/* More than one WaitForMultipleObjects takes, and than the default. */
enum { MANY = 66 };

static peer come_as_number(int number, const lesson *because)
{
    char who[60];
    peer client;
    uint32_t err = try_connect(&client, .messages = true);
    snprintf(
        who, sizeof who, "the CreateFile of client %d of %d", number, MANY);
    expect_error(err, 0, who, because);
    return client;
}

CHECK(bounded,
      "03.bounded-instances",
      "--instances 66 admits 66 clients; one more when one has left")
{
    peer clients[MANY];
    peer next;
    start_with_instances("66");
    for (int i = 0; i < MANY; i++)
        clients[i] = come_as_number(i + 1, &ROOM);
    expect_echo(clients[MANY - 1], "last", 4, &BOUNDED);
    expect_error(try_connect(&next, .messages = true, .once = true),
                 231,
                 "the CreateFile of client 67, with --instances 66,",
                 &BOUNDED);
    hang_up(clients[0]);
    next = join(&FREED, .messages = true);
    expect_echo(next, "next", 4, &FREED);
    expect_echo(clients[1], "two", 3, &BOUNDED);
    program server =
        start(.exe = "server", .args = {"--pipe", PIPE, "--instances", "255"});
    struct ending ending = await_end(server, 0);
    expect(ending.ended && ending.code == 2,
           &LIMITS,
           "--instances 255 ends with 2, as wrong usage does",
           ending.ended ? "It ended with %u." : "It did not end (%u).",
           ending.code);
}

static const lesson LEAK = {
    .misconception = "M37",
    .why = "What is made for a client has to go with it: its event, its "
           "thread, its instance. Windows takes them back only when the "
           "process ends, and a server is meant not to.",
    .read = "README, the contract (handles); common/np_handle.h"};

SLOW_CHECK(leak,
           "03.no-leak",
           "after 120 more clients no more handles or threads are there")
{
    program server = start_with_instances("4");
    struct crowd_result few = send_crowd(.clients = 8,
                                         .rounds = 5,
                                         .reconnect = true,
                                         .messages = true);
    uint32_t handles = handles_of(server);
    uint32_t threads = threads_of(server);
    struct crowd_result many = send_crowd(.clients = 8,
                                          .rounds = 15,
                                          .reconnect = true,
                                          .messages = true,
                                          .size = 100);

    expect_all_served(few, 8, &FREED);
    expect_all_served(many, 8, &FREED);
    uint32_t handles_after = handles_settled(server, handles + 8);
    uint32_t threads_after = threads_settled(server, threads + 4);
    expect(handles_after <= handles + 8,
           &LEAK,
           "no more handles than before, give or take what 4 clients hold",
           "%u were open after 40 clients, %u after 160.",
           handles,
           handles_after);
    expect(threads_after <= threads + 4,
           &LEAK,
           "no more threads than before, give or take one for each instance",
           "%u ran after 40 clients, %u after 160.",
           threads,
           threads_after);
}

static const lesson TOO_LONG = {
    .misconception = "M19",
    .why = "234 ERROR_MORE_DATA says that a message is longer than the buffer. "
           "Taking that for success echoes half a message, taking it for a "
           "fault of the server ends it, and ignoring it may leave the "
           "connection with nothing under way.",
    .read = "README task 03.2 and the protocol; facts P22, P23"};

CHECK(too_long,
      "03.too-long",
      "a message of 4,097 bytes ends its connection, and nothing else")
{
    enum { OFFENDERS = 8 };
    char *message = letters(MESSAGE_MAX + 1);
    program server = start_with_instances("1");
    peer client = join(&TOO_LONG, .messages = true);
    /* The write itself may fail: the server need not read it to its end. */
    (void)try_say(client, message, MESSAGE_MAX + 1, 0);
    struct reply end = hear_end(client);
    expect(end.size == 0 && (end.error == 109 || end.error == 233),
           &TOO_LONG,
           "the client's read ends with 109 ERROR_BROKEN_PIPE or 233 "
           "ERROR_PIPE_NOT_CONNECTED, and no echo",
           "It got %zu bytes, then %s.",
           end.size,
           end.error == TIMED_OUT ? "nothing any more" : code_text(end.error));
    hang_up(client);
    peer next = join(&TOO_LONG, .messages = true);
    expect_echo(next, message, MESSAGE_MAX, &TOO_LONG);
    expect_echo(next, "", 0, &TOO_LONG);
    uint32_t handles = handles_of(server);
    for (int i = 0; i < OFFENDERS; i++) {
        hang_up(next);
        next = join(&TOO_LONG, .messages = true);
        (void)try_say(next, message, MESSAGE_MAX + 1, 0);
        (void)hear_end(next);
    }
    uint32_t handles_after = handles_settled(server, handles + 4);
    expect(handles_after <= handles + 4,
           &LEAK,
           "no more handles are open after 8 clients that said too much",
           "%u were open before, %u after.",
           handles,
           handles_after);
    free(message);
}

static const lesson TAKEN = {
    .misconception = "M25",
    .why = "FILE_FLAG_FIRST_PIPE_INSTANCE belongs to the first of your "
           "instances. Left out, because the second one would fail with it, "
           "the server joins whoever serves the name already.",
    .read = "README task 03.1; fact P11"};

CHECK(taken,
      "03.name-already-served",
      "the server refuses a name that another process serves")
{
    listen_on(.messages = true, .instances = 200);
    program server = start(.exe = "server", .args = {"--pipe", PIPE});
    expect_end(server, 1, &TAKEN);
    expect(errors_of(server).size > 0,
           &TAKEN,
           "a line on standard error says why the server ended",
           "Standard error is empty.");
}

static const lesson STOP = {
    .misconception = "M52",
    .why = "To end in order means: begin nothing new, cancel what is under "
           "way, fetch the completions, close. Waiting for the clients to "
           "leave puts the end into their hands.",
    .read = "README task 03.4; common/np_stop.h"};

CHECK(stop,
      "03.stop-while-connected",
      "asked to stop, the server ends with 0, and its clients see the end")
{
    program server = start_server();
    peer clients[3];
    for (int i = 0; i < 3; i++) {
        clients[i] = join(&STOP, .messages = true);
        expect_echo(clients[i], "hello", 5, &CROWD);
    }
    /* An echo that nobody reads is no reason to stay. */
    char *message = letters(MESSAGE_MAX);
    peer deaf = join(&STOP, .messages = true);
    for (int i = 0; i < 3; i++)
        expect_said(deaf, message, MESSAGE_MAX, &STOP);
    free(message);
    expect_stops(server, &STOP);
    for (int i = 0; i < 3; i++) {
        struct reply end = hear_end(clients[i]);
        expect(end.error == 109 || end.error == 233,
               &STOP,
               "a connected client's read ends with 109 ERROR_BROKEN_PIPE or "
               "233 ERROR_PIPE_NOT_CONNECTED",
               "It ended with %s.",
               code_text(end.error));
    }
}

static const lesson LAST_WORD = {
    .misconception = "M22",
    .why = "DisconnectNamedPipe destroys what the client has not read; ending "
           "the process in the middle of an answer destroys it before it is "
           "written. Closing the handle keeps what was written.",
    .read = "README task 03.4 and the contract (stop); facts P24, P27, P28"};

CHECK(last_word,
      "03.stop-keeps-answers",
      "a request that is being answered when the stop comes is answered")
{
    program server =
        start(.exe = "server", .args = {"--pipe", PIPE}, .hold = "WriteFile:1");
    await_pipe(server, PIPE);
    peer client = join(&LAST_WORD, .messages = true);
    expect_said(client, "last word", 9, &LAST_WORD);
    await_held(server, 500);
    end_input(server);
    release(server);
    expect_end(server, 0, &STOP);
    expect_bytes(hear_message(client), "last word", 9, &LAST_WORD);
}
