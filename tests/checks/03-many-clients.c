/* 03-many-clients.c - the checks of lab 03: many clients, one server. What they
 * may cost is in 03-many-clients-limits.c, their own checks in -client.c. */
#include "03-many-clients.h"

#include <stdio.h>
#include <stdlib.h>

char *letters(size_t size)
{
    char *bytes = malloc(size);
    ck_assert_ptr_nonnull(bytes);
    for (size_t i = 0; i < size; i++)
        bytes[i] = (char)('a' + i % 26);
    return bytes;
}

void expect_echo(peer client,
                 const char *message,
                 size_t size,
                 const lesson *because)
{
    expect_said(client, message, size, because);
    expect_bytes(hear_message(client), message, size, because);
}

void expect_all_served(struct crowd_result result,
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

static const lesson CROWD = {
    .misconception = "M48",
    .why = "An operation that is under way owns its OVERLAPPED and its buffer "
           "until its completion was fetched. Two clients that share one get "
           "each other's data.",
    .read = "README task 03.2, question 1; facts P02, P39"};

static const lesson NUMBER = {
    .misconception = "M51",
    .why = "The number of instances bounds what clients can make the server "
           "hold, also for him who starts it without a word about it. One "
           "client more gets 231 ERROR_PIPE_BUSY and can wait its turn.",
    .read = "README, the contract (--instances, default 64); fact P04"};

SERVER_CHECK(crowd,
             "03.sixty-four-clients",
             "64 clients at once get their own messages back, and are the most",
             .is_slow = true)
{
    enum { MOST = 64 };
    peer next;
    start_server();
    expect_all_served(
        send_crowd(.clients = MOST, .rounds = 5, .messages = true, .size = 200),
        MOST,
        &CROWD);
    for (int i = 0; i < MOST; i++)
        (void)join(&NUMBER, .messages = true);
    expect_error(try_connect(&next, .messages = true, .once = true),
                 231,
                 "the CreateFile of client 65, without --instances,",
                 &NUMBER);
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

static const lesson HOLDS = {
    .misconception = "M40",
    .why = "A client may have 4,096 bytes under way, and as many echoes lie "
           "unread. Where the pipe holds less, or nothing, both ends soon wait "
           "in WriteFile for each other to read.",
    .read = "README, the contract (holds at least 4,096 bytes each way); "
            "nInBufferSize and nOutBufferSize of CreateNamedPipe"};

/* It says three messages and hears none: the first echo fits into the pipe,
 * the second finds it full, and the third message waits in the pipe. */
static void say_and_hear_nothing(peer deaf)
{
    char *message = letters(MESSAGE_MAX);
    for (int i = 0; i < 3; i++)
        expect_said(deaf, message, MESSAGE_MAX, &HOLDS);
    free(message);
}

SERVER_CHECK(slow,
             "03.slow-clients",
             "clients that stay silent or never read do not hold up the others")
{
    char *message = letters(MESSAGE_MAX);
    program server = start_server();
    peer deaf = join(&SLOW, .messages = true);
    say_and_hear_nothing(deaf);
    peer silent = join(&SLOW, .messages = true);
    expect_all_served(
        send_crowd(.clients = 8, .rounds = 3, .messages = true, .size = 50),
        8,
        &SLOW);
    expect_echo(silent, "at last", 7, &SLOW);
    for (int i = 0; i < 3; i++)
        expect_bytes(hear_message(deaf), message, MESSAGE_MAX, &SLOW);
    /* It may leave while an echo to it is under way, too. */
    say_and_hear_nothing(deaf);
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

SERVER_CHECK(early,
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

static const lesson LEFT_UNREAD = {
    .misconception = "M24",
    .why = "When the client has left, WriteFile fails with 232 ERROR_NO_DATA, "
           "and a write that is under way ends with it or with 109 "
           "ERROR_BROKEN_PIPE. The instance is still that client's: without "
           "DisconnectNamedPipe there is one instance less, for good.",
    .read = "README task 03.3, the contract (when a client has left, another "
            "can come); facts P04, P24"};

/* Two instances: one client leaves before its echo is written, another while
 * an echo is under way. Neither may take its instance with it. */
static void expect_leavers_cost_nothing(program server, const char *pipe)
{
    await_pipe(server, pipe);
    peer hasty = join(&LEFT_UNREAD, .pipe = pipe, .messages = true);
    expect_said(hasty, "hasty", 5, &LEFT_UNREAD);
    await_held(server, 500);
    hang_up(hasty);
    release(server);
    peer friend = join(&LEFT_UNREAD, .pipe = pipe, .messages = true);
    expect_echo(friend, "friend", 6, &LEFT_UNREAD);
    peer deaf = join(&LEFT_UNREAD, .pipe = pipe, .messages = true);
    say_and_hear_nothing(deaf);
    /* Once it is answered, the deaf one's second echo has been begun. */
    expect_echo(friend, "still here", 10, &LEFT_UNREAD);
    hang_up(deaf);
    peer next = join(&LEFT_UNREAD, .pipe = pipe, .messages = true);
    expect_echo(next, "next", 4, &LEFT_UNREAD);
}

SERVER_CHECK(came_and_left,
             "03.client-came-and-left",
             "a client that left, before ConnectNamedPipe or before its echo, "
             "costs no instance")
{
    char leavers[200];
    snprintf(leavers, sizeof leavers, "%s-leavers", PIPE);
    program other = start(.exe = "server",
                          .args = {"--pipe", leavers, "--instances", "2"},
                          .hold = "WriteFile:1");
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
    expect_leavers_cost_nothing(other, leavers);
}

static const lesson TAKEN = {
    .misconception = "M25",
    .why = "FILE_FLAG_FIRST_PIPE_INSTANCE belongs to the first of your "
           "instances. Left out, because the second one would fail with it, "
           "the server joins whoever serves the name already.",
    .read = "README task 03.1; fact P11"};

SERVER_CHECK(taken,
             "03.name-already-served",
             "the server refuses a name that another process serves")
{
    program plain = start(.exe = "server");
    program server = start_too_late(
        (struct launch){.exe = "server", .args = {"--pipe", PIPE}},
        (struct listening){.messages = true, .instances = 200});
    expect_end(server, 1, &TAKEN);
    expect(errors_of(server).size > 0,
           &TAKEN,
           "a line on standard error says why the server ended",
           "Standard error is empty.");
    await_pipe(plain, "\\\\.\\pipe\\nplab-03-many-clients");
}

static const lesson STOP = {
    .misconception = "M52",
    .why = "To end in order means: begin nothing new, cancel what is under "
           "way, fetch the completions, close. Waiting for the clients to "
           "leave puts the end into their hands.",
    .read = "README task 03.4; common/np_stop.h"};

static const lesson IDLE = {
    .misconception = "M30",
    .why = "The stop ends the waits for clients that have not come, with 995 "
           "ERROR_OPERATION_ABORTED. That is the request to end, and no "
           "failure of the server.",
    .read = "README task 03.4, the contract (exit code 0); common/np_stop.h"};

SERVER_CHECK(
    stop,
    "03.stop-while-connected",
    "asked to stop, the server ends with 0, and its clients see the end")
{
    char idle_name[200];
    snprintf(idle_name, sizeof idle_name, "%s-idle", PIPE);
    program idle = start(.exe = "server", .args = {"--pipe", idle_name});
    program server = start_server();
    await_pipe(idle, idle_name);
    expect_stops(idle, &IDLE);
    peer clients[3];
    for (int i = 0; i < 3; i++) {
        clients[i] = join(&STOP, .messages = true);
        expect_echo(clients[i], "hello", 5, &CROWD);
    }
    /* An echo that nobody reads is no reason to stay. */
    say_and_hear_nothing(join(&STOP, .messages = true));
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

SERVER_CHECK(last_word,
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
