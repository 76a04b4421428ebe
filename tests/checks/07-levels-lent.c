/* 07-levels-lent.c - the checks of lab 07 about clients that lend nothing, less
 * than they said, or now this and then that. */
#include "07-levels.h"

#include <stdio.h>
#include <string.h>

static const lesson NOBODY = {
    .misconception = "M67",
    .why = "Anonymous is no identity: impersonating succeeds, opening the "
           "token fails with 1347 ERROR_CANT_OPEN_ANONYMOUS. It is an answer, "
           "no disaster, and no reason to look at another token.",
    .read = "README tasks 07.2 and 07.5; fact L02"};

static const lesson SILENT = {
    .misconception = "M23",
    .why = "A client may connect and say nothing, or not read its reply. Where "
           "one is served after another, a wait without an end gives the "
           "server to that one for as long as it likes.",
    .read = "README, the contract (no wait is longer); common/np_io.h"};

/* Whether others are served when one stays connected. On a busy machine the
 * next one can be too slow itself: so it tries more than once. */
static void expect_next_served(const char *pipe,
                               const char *held_up_by,
                               const lesson *because)
{
    uint32_t error = 0;
    struct reply reply = {.error = TIMED_OUT};
    char when[100];

    for (int i = 0; i < 20 && error == 0 && reply.error != 0; i++) {
        peer next = -1;
        error = try_connect(&next,
                            .pipe = pipe,
                            .messages = true,
                            .flags = SQOS_IMPERSONATION,
                            .deadline_ms = 2000);
        if (error != 0)
            break;
        reply = levels_ask(next, "READ");
        hang_up(next);
    }
    expect(error == 0,
           because,
           "a server with --timeout 60 waits for a client at most 60 ms, and "
           "then serves the next one",
           "While a client that %s is connected, another one's open fails with "
           "%s.",
           held_up_by,
           code_text(error));
    snprintf(when, sizeof when, "After a client that %s for 60 ms", held_up_by);
    expect_levels_read(reply, when, because);
}

/* Neither one that says nothing nor one that does not read its replies, more
 * of them than a pipe usually holds, is waited for longer than 60 ms. */
static void expect_nobody_holds_it_up(const char *pipe, const lesson *because)
{
    peer silent =
        connect_to(.pipe = pipe, .messages = true, .flags = SQOS_ANONYMOUS);
    expect_next_served(pipe, "says nothing", because);
    hang_up(silent);
    peer deaf =
        connect_to(.pipe = pipe, .messages = true, .flags = SQOS_ANONYMOUS);
    for (int i = 0; i < 150; i++)
        if (try_say(deaf, "PROBE", 5, 20).error != 0)
            break;
    expect_next_served(pipe, "does not read its replies", because);
}

static const lesson LAST = {
    .misconception = "M65",
    .why = "What a client at Anonymous does not tell about itself, the token "
           "of an earlier client does not tell either: that is about somebody "
           "else.",
    .read = "README, the contract (each reply); fact L02"};
static const lesson EVERYONE = {
    .misconception = "M78",
    .why = "At Anonymous there is no token that AccessCheck could be asked "
           "about. To look for Everyone in the list oneself is to decide "
           "without Windows, and without the entries that deny.",
    .read = "README, the contract (at Anonymous), question 3"};

/* Who lends nothing is refused, also after one who may read, and where
 * everyone may. */
static void expect_nobody_served(void)
{
    expect_levels_read(levels_ask_once(SELF, SQOS_IMPERSONATION, "READ"),
                       "To a client that lends Impersonation",
                       &NOBODY);
    peer client = levels_join(SELF, SQOS_ANONYMOUS);
    expect_levels_refused(levels_ask(client, "READ"),
                          "To a client at Anonymous, after one that may read",
                          &LAST);
    put_file(SECRET_FILE, SECRET, strlen(SECRET), "D:P(A;;FA;;;WD)");
    expect_levels_refused(levels_ask(client, "READ"),
                          "To a client at Anonymous, of a file that everyone "
                          "may read",
                          &EVERYONE);
    put_levels_secret();
    hang_up(client);
}

static const lesson ALL_OF_IT = {
    .misconception = "M20",
    .why = "A request is its bytes, no more and no less, and neither a string "
           "nor a prefix: what looks like READ is another request, which is "
           "refused.",
    .read = "README, the contract (protocol); server.c, read_request"};
static const lesson EMPTY = {
    .misconception = "M43",
    .why = "A message of no bytes is a message, of which ReadFile says TRUE. "
           "The end of the conversation is 109 ERROR_BROKEN_PIPE.",
    .read = "README, the contract (protocol); lab 02"};
static const lesson LONG = {
    .misconception = "M19",
    .why = "234 ERROR_MORE_DATA says that the message is longer than the "
           "buffer. The rest of it is read and thrown away; the conversation "
           "goes on.",
    .read = "README, the contract (protocol); lab 02"};

/* What is neither READ nor PROBE is refused, and the client is served on. */
static void expect_others_refused(void)
{
    static const char longest[300] = "READ and much more";
    static const struct {
        const char *bytes;
        size_t size;
        const lesson *because;
    } others[] = {{"READY", 5, &ALL_OF_IT},
                  {"READ", 5, &ALL_OF_IT}, /* with its 0 */
                  {"PROB", 4, &ALL_OF_IT},
                  {"read", 4, &ALL_OF_IT},
                  {"", 0, &EMPTY},
                  {longest, sizeof longest, &LONG}};
    peer client = levels_join(SELF, SQOS_IMPERSONATION);
    char when[100];

    for (size_t i = 0; i < sizeof others / sizeof others[0]; i++) {
        size_t size = others[i].size;
        snprintf(when,
                 sizeof when,
                 "To %s, a request of %zu bytes",
                 size < 10 ? show(others[i].bytes, size) : "READ and more",
                 size);
        expect_said(client, others[i].bytes, size, others[i].because);
        expect_levels_refused(hear_message(client), when, others[i].because);
    }
    expect_levels_read(
        levels_ask(client, "READ"), "To READ after these", &LONG);
    hang_up(client);
}

static const lesson GONE = {
    .misconception = "M36",
    .why = "The reply to a client that has left cannot be delivered: WriteFile "
           "fails with 232 ERROR_NO_DATA. That is this client's loss alone.",
    .read = "README, the contract (server); fact P24"};

/* A client leaves before its reply, which takes a while to make. */
static void expect_gone_is_harmless(const lesson *because)
{
    peer client = levels_join(SELF, SQOS_IMPERSONATION);
    say(client, "PROBE", 5);
    hang_up(client);
    peer next = join(because, .messages = true, .flags = SQOS_IMPERSONATION);
    expect_levels_read(levels_ask(next, "READ"),
                       "To the client after one that left without its reply",
                       because);
    hang_up(next);
}

SERVER_CHECK(
    anonymous,
    "07.anonymous",
    "who lends nothing is refused, who says nothing is not waited for, and "
    "the next one is served",
    .is_slow = true)
{
    char other[300];
    snprintf(other, sizeof other, "%s-patient", PIPE);
    program server = start_levels_ready();
    program patient =
        start(.exe = "server",
              .args = {
                  "--pipe", other, "--file", SECRET_FILE, "--timeout", "60"});
    peer client = levels_join(SELF, SQOS_ANONYMOUS);

    expect_levels_refused(
        levels_ask(client, "READ"), "To a client at Anonymous", &NOBODY);
    expect_levels_refused(levels_ask(client, "READ"),
                          "To its second request, which may be made",
                          &NOBODY);
    hang_up(client);
    expect_running(server, &NOBODY);
    expect_levels_read(levels_ask_once(SELF, SQOS_IMPERSONATION, "READ"),
                       "To the next client, which lends Impersonation",
                       &NOBODY);
    expect_nobody_served();
    expect_others_refused();
    expect_gone_is_harmless(&GONE);
    await_pipe(patient, other);
    expect_nobody_holds_it_up(other, &SILENT);
}

static const lesson TOO_MUCH = {
    .misconception = "M70",
    .why = "What the server opens as itself is opened with the server's "
           "rights, whoever asks. The client's rights count while the thread "
           "is the client, or when AccessCheck is asked.",
    .read = "README tasks 07.3 and 07.5; facts I14, L07"};
static const lesson CUT = {
    .misconception = "M66",
    .why = "ImpersonateNamedPipeClient returns TRUE also when Windows does not "
           "trust the server with the client: the token is then cut to "
           "Identification, and every open fails with 1346. Only the token's "
           "level tells.",
    .read = "README task 07.2, experiment 2; facts S01 to S03"};

SERVER_CHECK(cut,
             "07.cut",
             "a server that Windows does not trust decides by AccessCheck")
{
    put_levels_secret();
    program server = start_levels(.lacks_impersonate = true);
    await_pipe(server, PIPE);
    peer client = levels_join(SELF, SQOS_IMPERSONATION);
    struct reply reply = levels_ask(client, "PROBE");

    expect(strcmp(reply_line(reply, "level: "), "Identification") == 0,
           &CUT,
           "a client that lends Impersonation to a server without the right to "
           "it is told \"level: Identification\"",
           "The reply was %s.",
           reply_shown(reply));
    expect_levels_read(
        levels_ask(client, "READ"), "When the level was cut", &CUT);
    hang_up(client);
    expect_levels_refused(
        levels_ask_once(LESSER, SQOS_IMPERSONATION, "READ"),
        "To a client that may not read the file, its level cut",
        &TOO_MUCH);
}

static const lesson FOLLOWS = {
    .misconception = "M65",
    .why = "With dynamic tracking, and without any SQOS flags, the identity is "
           "that of whoever wrote the message that was read last. What was "
           "found out for an earlier one is about an earlier writer.",
    .read = "README, the contract (each reply), question 2; facts I04 to I06"};
static const lesson READ_FIRST = {
    .misconception = "M06",
    .why = "A client that is tracked dynamically has no identity before the "
           "server has read something of it: 1368 ERROR_CANNOT_IMPERSONATE.",
    .read = "README, the contract (each reply), experiment 1; fact I01"};

static const lesson STOPS = {
    .misconception = "M31",
    .why = "The stop cancels the wait that the server is in: 995 "
           "ERROR_OPERATION_ABORTED is then what it was asked for, and no "
           "failure. A client that stays connected is no reason to stay.",
    .read = "README, the contract (server: ends); common/np_stop.h"};

SERVER_CHECK(tracking,
             "07.tracking",
             "a client that changes on the way is served as its tracking says")
{
    program server = start_levels_ready();
    peer client = levels_join(SELF, SQOS_IDENTIFICATION | SQOS_DYNAMIC);
    expect_levels_read(levels_ask(client, "READ"),
                       "To a client tracked dynamically",
                       &READ_FIRST);
    become(client, LESSER);
    expect_levels_refused(
        levels_ask(client, "READ"),
        "When it had become a lesser one, to its second request",
        &FOLLOWS);
    become(client, SELF);
    expect_levels_read(
        levels_ask(client, "READ"), "When it was itself again", &FOLLOWS);
    hang_up(client);

    client = levels_join(SELF, 0);
    expect_levels_read(levels_ask(client, "READ"),
                       "To a client without SQOS flags",
                       &READ_FIRST);
    become(client, LESSER);
    expect_levels_refused(
        levels_ask(client, "READ"),
        "When it had become a lesser one, to its second request",
        &FOLLOWS);
    hang_up(client);

    client = levels_join(SELF, SQOS_IMPERSONATION);
    become(client, LESSER);
    expect_levels_read(
        levels_ask(client, "READ"),
        "To a client that was itself when it opened the pipe, with "
        "static tracking",
        &FOLLOWS);
    expect_stops(server, &STOPS);
}
