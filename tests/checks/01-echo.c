/* 01-echo.c - the checks of lab 01: a byte-mode echo, one client at a time.
 * Those of its client are in 01-echo-client.c. */
#include "01-echo.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

char *every_byte(size_t size)
{
    char *bytes = malloc(size);
    ck_assert_ptr_nonnull(bytes);
    for (size_t i = 0; i < size; i++)
        bytes[i] = (char)(i * 7 + i / 251);
    return bytes;
}

/* One client from its coming to its leaving. */
static void expect_echo(const char *text, const lesson *because)
{
    peer client = join(because, .pipe = PIPE);
    expect_said(client, text, strlen(text), because);
    expect_text(hear_exactly(client, strlen(text)), text, because);
    hang_up(client);
}

static const lesson BYTES = {
    .misconception = "M20",
    .why = "A pipe carries bytes, not strings: a 0 is a byte like any other, "
           "and only the count that ReadFile gives tells how many came.",
    .read = "README task 01.3 and 01.4; the ReadFile page"};

static const lesson HOLDS = {
    .misconception = "M40",
    .why = "A client may have 4,096 bytes under way, in as many writes as it "
           "likes. Where the pipe holds less, it waits in WriteFile for a "
           "server that waits in WriteFile for the client to read.",
    .read = "README, the contract (a pipe that holds 4,096 bytes each way); "
            "nInBufferSize and nOutBufferSize of CreateNamedPipe"};

static const lesson TYPE = {
    .why =
        "In a pipe of messages each write stays one for the reader, with 234 "
        "ERROR_MORE_DATA where his room is too small, and a write of no "
        "bytes arrives too. A pipe of bytes can be read as bytes only: it "
        "refuses PIPE_READMODE_MESSAGE with 87 ERROR_INVALID_PARAMETER.",
    .read = "README, the contract (a pipe of bytes); Named Pipe Type, Read, "
            "and Wait Modes"};

/* Only a pipe of messages lets a client choose the message read mode. */
static void expect_byte_type(void)
{
    peer client;
    uint32_t err = try_connect(&client, .pipe = PIPE, .messages = true);
    expect(err != 0,
           &TYPE,
           "the server creates a pipe of bytes, PIPE_TYPE_BYTE",
           "A client could set the message read mode of its end.");
}

SERVER_CHECK(echo,
             "01.echo",
             "every byte comes back, whatever its value, in order")
{
    char *data = every_byte(UNDER_WAY);
    start_server();
    peer client = join(&BYTES, .pipe = PIPE);

    expect_said(client, "hello", 5, &BYTES);
    expect_bytes(hear_exactly(client, 5), "hello", 5, &BYTES);
    expect_said(client, "a\0b\0", 4, &BYTES);
    expect_bytes(hear_exactly(client, 4), "a\0b\0", 4, &BYTES);
    expect_said(client, data, UNDER_WAY, &BYTES);
    expect_bytes(hear_exactly(client, UNDER_WAY), data, UNDER_WAY, &BYTES);
    expect_said(client, data, UNDER_WAY / 2, &HOLDS);
    expect_said(client, data + UNDER_WAY / 2, UNDER_WAY / 2, &HOLDS);
    expect_bytes(hear_exactly(client, UNDER_WAY), data, UNDER_WAY, &HOLDS);
    expect_said(client, "one", 3, &BYTES);
    expect_said(client, "two", 3, &BYTES);
    expect_bytes(hear_exactly(client, 6), "onetwo", 6, &BYTES);
    free(data);
    hang_up(client);
    expect_byte_type();
}

static const lesson END = {
    .misconception = "M55",
    .why = "When a client has left, ReadFile fails with 109 ERROR_BROKEN_PIPE. "
           "That is the end of the stream: this client is done, the server is "
           "not.",
    .read = "README task 01.3; fact P24"};

static const lesson NEXT = {
    .misconception = "M24",
    .why = "An instance belongs to its client, even one that has left, until "
           "DisconnectNamedPipe. Only then does ConnectNamedPipe wait for the "
           "next client; all others get 231 ERROR_PIPE_BUSY.",
    .read = "README task 01.5, experiment 2; facts P04, P29"};

SERVER_CHECK(next_client,
             "01.next-client",
             "the next client is served like the first")
{
    program server = start_server();
    peer second;

    expect_echo("first", &NEXT);
    uint32_t err = try_connect(&second, .pipe = PIPE);
    expect_error(err,
                 0,
                 "the next client's CreateFile",
                 is_running(server) ? &NEXT : &END);
    hang_up(second);
    expect_echo("third", &NEXT);
    expect_running(server, &END);
}

static const lesson EARLY = {
    .misconception = "M05",
    .why = "A client may open the pipe before ConnectNamedPipe is called. The "
           "call then returns FALSE with 535 ERROR_PIPE_CONNECTED, and the "
           "connection is good.",
    .read = "README task 01.2; the ConnectNamedPipe page (fact P01)"};

static const lesson HOLDS_EARLY = {
    .misconception = "M40",
    .why = "What a client writes waits in the pipe until the server reads it. "
           "Where nInBufferSize is less than the 4,096 bytes, its WriteFile "
           "waits for a server that has other things to do.",
    .read = "README, the contract (a pipe that holds 4,096 bytes each way); "
            "nInBufferSize of CreateNamedPipe"};

SERVER_CHECK(
    early_client,
    "01.pipe-already-connected",
    "a client that opens the pipe before ConnectNamedPipe gets its echo")
{
    program server = start(.exe = "server",
                           .args = {"--pipe", PIPE},
                           .hold = "ConnectNamedPipe:1");
    await_pipe(server, PIPE);
    await_held(server, 500);
    char *data = every_byte(UNDER_WAY);
    peer client = join(&EARLY, .pipe = PIPE);
    expect_said(client, data, UNDER_WAY, &HOLDS_EARLY);
    release(server);
    expect_bytes(hear_exactly(client, UNDER_WAY), data, UNDER_WAY, &EARLY);
    free(data);
}

static const lesson CAME_AND_LEFT = {
    .misconception = "M35",
    .why =
        "A client may open the pipe and close it again before "
        "ConnectNamedPipe is called. The call then fails with 232 "
        "ERROR_NO_DATA. A server that ends for this can be ended by anybody.",
    .read = "README task 01.2, experiment 1; fact P29"};

SERVER_CHECK(
    came_and_left,
    "01.client-came-and-left",
    "a client that has left before ConnectNamedPipe does not end the server")
{
    program server = start(.exe = "server",
                           .args = {"--pipe", PIPE},
                           .hold = "ConnectNamedPipe:1");
    await_pipe(server, PIPE);
    await_held(server, 500);
    peer client = join(&CAME_AND_LEFT, .pipe = PIPE);
    expect_said(client, "never mind", 10, &CAME_AND_LEFT);
    hang_up(client);
    release(server);
    expect_echo("next", &CAME_AND_LEFT);
    expect_running(server, &CAME_AND_LEFT);
}

static const lesson VANISHED = {
    .misconception = "M36",
    .why = "When the client has closed its end, WriteFile fails with 232 "
           "ERROR_NO_DATA. That ends this conversation, not the server.",
    .read = "README, the contract (whatever a client does); fact P24"};

SERVER_CHECK(
    vanished,
    "01.client-vanishes",
    "a client that leaves without reading its echo does not end the server")
{
    program server =
        start(.exe = "server", .args = {"--pipe", PIPE}, .hold = "WriteFile:1");
    await_pipe(server, PIPE);
    peer client = join(&VANISHED, .pipe = PIPE);
    expect_said(client, "request", 7, &VANISHED);
    await_held(server, 500);
    hang_up(client);
    release(server);
    expect_echo("next", &VANISHED);
    expect_running(server, &VANISHED);
}

static const lesson TAKEN = {
    .misconception = "M25",
    .why =
        "Without FILE_FLAG_FIRST_PIPE_INSTANCE, CreateNamedPipe quietly adds "
        "an instance to a pipe that another process already serves: clients "
        "are then shared between the two. To look first leaves him the moment "
        "in between.",
    .read =
        "README task 01.1, question 4; the CreateNamedPipe page (fact P11)"};

SERVER_CHECK(taken,
             "01.name-already-served",
             "the server refuses a name that another process serves")
{
    program plain = start(.exe = "server");
    program server = start_too_late(
        (struct launch){.exe = "server", .args = {"--pipe", PIPE}},
        (struct listening){.instances = 10});
    expect_end(server, 1, &TAKEN);
    expect(errors_of(server).size > 0,
           &TAKEN,
           "a line on standard error says why the server ended",
           "Standard error is empty.");
    await_pipe(plain, ECHO_PIPE);
}

static const lesson LEAK = {
    .misconception = "M37",
    .why = "Whatever is opened or created for a client has to be closed for "
           "each client. Windows takes it back only when the process ends, and "
           "a server is meant not to.",
    .read = "README, the contract (handles); common/np_handle.h"};

/* Says more than its echo has room for, and reads none of it: when the third
 * write has gone through, the server is about to write the second's echo. */
static void say_and_hear_nothing(peer deaf)
{
    char *data = every_byte(UNDER_WAY);
    (void)try_say(deaf, data, UNDER_WAY, 0);
    (void)try_say(deaf, data, UNDER_WAY, 0);
    (void)try_say(deaf, "x", 1, 0);
    free(data);
}

static void send_leavers(int count)
{
    for (int i = 0; i < count; i++) {
        peer leaver = join(&NEXT, .pipe = PIPE);
        say_and_hear_nothing(leaver);
        hang_up(leaver);
    }
}

SERVER_CHECK(leak,
             "01.no-leak",
             "a hundred clients, polite or not, leave no handles behind",
             .is_slow = true)
{
    program server = start_server();
    struct crowd_result few =
        send_crowd(.clients = 1, .rounds = 5, .reconnect = true, .size = 50);
    uint32_t before = handles_of(server);
    send_leavers(6);
    struct crowd_result many =
        send_crowd(.clients = 1, .rounds = 100, .reconnect = true, .size = 50);
    uint32_t after = handles_settled(server, before + 2);

    expect(few.served == 1 && many.served == 1,
           &NEXT,
           "each of 105 clients, one after another, gets its echo",
           "Not all of them did (first error %s).",
           code_text(many.first_error));
    expect(after <= before + 2,
           &LEAK,
           "no more handles are open after 100 more clients",
           "%u were open after 5 clients, %u after 106 more; 6 of these left "
           "without reading their echo.",
           before,
           after);
}

static const lesson STOP = {
    .misconception = "M30",
    .why = "A server that waits in a blocking call cannot see that it should "
           "end. Somebody has to cancel the call, which then fails with 995 "
           "ERROR_OPERATION_ABORTED: that is the request, not an error.",
    .read = "README, the contract (ends with exit code 0); common/np_stop.h"};

static const lesson INPUT = {
    .misconception = "M30",
    .why =
        "The request to end is the end of standard input, and not what "
        "stands in it: ReadFile succeeds for a line that somebody types, and "
        "tells the end with 109 ERROR_BROKEN_PIPE or 0 bytes.",
    .read = "README, the contract (ends with exit code 0); common/np_stop.h"};

SERVER_CHECK(
    stop,
    "01.stop-on-request",
    "the server ends with 0 when its standard input ends, idle or busy",
    .is_slow = true)
{
    char idle_name[200], deaf_name[200];
    snprintf(idle_name, sizeof idle_name, "%s-idle", PIPE);
    snprintf(deaf_name, sizeof deaf_name, "%s-deaf", PIPE);
    program idle = start(.exe = "server", .args = {"--pipe", idle_name});
    program writing = start(.exe = "server", .args = {"--pipe", deaf_name});
    program busy = start(.exe = "server",
                         .args = {"--pipe", PIPE},
                         .input = "not the end\n");
    expect(await_pipe_or_end(busy, PIPE),
           &INPUT,
           "the server serves while its standard input goes on",
           "It ended after one line of input.");
    await_pipe(idle, idle_name);
    expect_stops(idle, &STOP);

    await_pipe(writing, deaf_name);
    say_and_hear_nothing(join(&STOP, .pipe = deaf_name));
    expect_stops(writing, &STOP);

    expect_running(busy, &INPUT);
    peer silent = join(&INPUT, .pipe = PIPE);
    expect_said(silent, "hello", 5, &STOP);
    expect_bytes(hear_exactly(silent, 5), "hello", 5, &BYTES);
    expect_stops(busy, &STOP);
}

static const lesson USAGE = {
    .misconception = "M38",
    .why = "Scripts and people tell wrong use (2) from failed work (1) by the "
           "exit code, and look for help on standard output.",
    .read = "README, the contract (both programs); common/np_args.h"};

CHECK(usage,
      "01.usage",
      "wrong arguments end with 2, --help with 0",
      .is_slow = true)
{
    program no_operand = start(.exe = "client", .args = {"--pipe", PIPE});
    program unknown = start(.exe = "server", .args = {"--no-such-option"});
    program help = start(.exe = "server", .args = {"--help"});
    program no_option = start(.exe = "client", .args = {"--no-such-option"});
    program no_echo = start(.exe = "client", .args = {"--help"});

    expect_end(no_operand, 2, &USAGE);
    expect(errors_of(no_operand).size > 0,
           &USAGE,
           "the client says on standard error what is missing",
           "Standard error is empty.");
    expect_end(unknown, 2, &USAGE);
    expect_end(no_option, 2, &USAGE);
    expect(errors_of(unknown).size > 0 && errors_of(no_option).size > 0,
           &USAGE,
           "an unknown option is named on standard error",
           "The standard error of the %s is empty.",
           errors_of(unknown).size > 0 ? "client" : "server");
    expect_end(no_echo, 0, &USAGE);
    expect_end(help, 0, &USAGE);
    expect(output_of(help).size > 0 && output_of(no_echo).size > 0,
           &USAGE,
           "--help prints the usage on standard output",
           "The standard output of the %s is empty.",
           output_of(help).size > 0 ? "client" : "server");
}
