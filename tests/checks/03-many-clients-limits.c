/* 03-many-clients-limits.c - the checks of lab 03 about what clients can make
 * its server use. */
#include "03-many-clients.h"

#include <stdio.h>
#include <stdlib.h>

static program start_with_instances(const char *count)
{
    program server =
        start(.exe = "server", .args = {"--pipe", PIPE, "--instances", count});
    await_pipe(server, PIPE);
    return server;
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

static const lesson OUT_OF_RANGE = {
    .misconception = "M38",
    .why = "CreateNamedPipe takes 1 to 255 for nMaxInstances, and refuses all "
           "else with 87 ERROR_INVALID_PARAMETER; a loop that creates no "
           "instance refuses nothing. A number out of range is wrong use (2), "
           "which is known before any work is begun.",
    .read = "README, the contract (--instances, wrong arguments); "
            "common/np_args.h"};

/* Servers that are told a number that is not one from 1 to 254. */
enum { NO_COUNTS = 3 };
static const char *const NO_COUNT[NO_COUNTS] = {"0", "255", "256"};

static void start_out_of_range(program *servers)
{
    static char names[NO_COUNTS][200];
    for (int i = 0; i < NO_COUNTS; i++) {
        snprintf(names[i], sizeof names[i], "%s-%s", PIPE, NO_COUNT[i]);
        servers[i] =
            start(.exe = "server",
                  .args = {"--pipe", names[i], "--instances", NO_COUNT[i]});
    }
}

static void expect_wrong_usage(const program *servers)
{
    char expected[100];
    for (int i = 0; i < NO_COUNTS; i++) {
        struct ending ending = await_end(servers[i], 0);
        snprintf(expected,
                 sizeof expected,
                 "--instances %s ends with 2, as wrong usage does",
                 NO_COUNT[i]);
        expect(ending.ended && ending.code == 2,
               i == 1 ? &LIMITS : &OUT_OF_RANGE,
               expected,
               ending.ended ? "It ended with %u." : "It did not end (%u).",
               ending.code);
    }
}

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

SERVER_CHECK(bounded,
             "03.bounded-instances",
             "--instances 66 admits 66 clients; one more when one has left")
{
    peer clients[MANY];
    peer next;
    program out_of_range[NO_COUNTS];
    start_out_of_range(out_of_range);
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
    expect_wrong_usage(out_of_range);
}

static const lesson LEAK = {
    .misconception = "M37",
    .why = "What is made for a client has to go with it: its event, its "
           "thread, its instance. Windows takes them back only when the "
           "process ends, and a server is meant not to.",
    .read = "README, the contract (handles); common/np_handle.h"};

/* Clients that leave while an echo to them is under way. */
static void send_leavers(int count)
{
    char *message = letters(MESSAGE_MAX);
    for (int i = 0; i < count; i++) {
        peer leaver = join(&FREED, .messages = true);
        for (int j = 0; j < 3; j++)
            (void)try_say(leaver, message, MESSAGE_MAX, 0);
        hang_up(leaver);
    }
    free(message);
}

SERVER_CHECK(leak,
             "03.no-leak",
             "after 132 more clients no more handles or threads are there",
             .is_slow = true)
{
    program server = start_with_instances("4");
    struct crowd_result few = send_crowd(.clients = 8,
                                         .rounds = 5,
                                         .reconnect = true,
                                         .messages = true);
    uint32_t handles = handles_of(server);
    uint32_t threads = threads_of(server);
    send_leavers(12);
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
           "%u were open after 40 clients, %u after 172.",
           handles,
           handles_after);
    expect(threads_after <= threads + 4,
           &LEAK,
           "no more threads than before, give or take one for each instance",
           "%u ran after 40 clients, %u after 172.",
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

SERVER_CHECK(too_long,
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
