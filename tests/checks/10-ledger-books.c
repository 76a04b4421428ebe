/* 10-ledger-books.c - the checks of lab 10 about the books: right whoever
 * asks, whatever is sent, and however many come and leave. */
#include "10-ledger.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* ---- the everyday ----------------------------------------------------------
 */

static const lesson KEPT = {
    .misconception = "M109",
    .why = "The file of accounts says what they begin with. An account that "
           "the ledger has already is no longer the file's affair.",
    .read = "README, the contract of --accounts"};
static const lesson PLAIN = {.why = "The contract of the two programs.",
                             .read = "README, the contract"};

static void expect_printed(const char *const *words, const char *want)
{
    struct launch launch = {.exe = "client", .args = {"--pipe", PIPE}};
    size_t count = 2;
    char expected[200];

    while (*words != NULL)
        launch.args[count++] = *words++;
    snprintf(expected,
             sizeof expected,
             "client %s %s prints %s",
             launch.args[2],
             launch.args[3] != NULL ? launch.args[3] : "",
             show(want, strlen(want)));
    program client = start_program(launch);
    expect_end(client, 0, &PLAIN);
    struct text printed = output_of(client);
    expect(printed.size == strlen(want) &&
               memcmp(printed.bytes, want, printed.size) == 0,
           &PLAIN,
           expected,
           "It printed %s.",
           show(printed.bytes, printed.size));
}
#define EXPECT_PRINTED(want, ...)                                              \
    expect_printed((const char *const[]){__VA_ARGS__, NULL}, want)

CHECK(keeps,
      "10.keeps-the-ledger",
      "moves, balances and histories are right, and still there after a "
      "restart")
{
    program server = open_ledger();

    EXPECT_PRINTED("500\n", "balance", "till");
    EXPECT_PRINTED("", "--id", "k1", "move", "till", "box", "40", "it's; rent");
    EXPECT_PRINTED("", "--id", "k2", "move", "box", "till", "15");
    EXPECT_PRINTED("+40 k1 it's; rent\n-15 k2\n", "history", "box");
    EXPECT_PRINTED("board\nbox\npurse\nslot\ntill\nvault\n", "list");
    expect_answer(SELF, "MOVE box till 26 k3", "SHORT", &PLAIN);
    expect_stops(server, &PLAIN);

    server = start_ledger();
    await_pipe(server, PIPE);
    expect_answer(SELF, "BALANCE till", "OK 475", &KEPT);
    expect_answer(SELF, "BALANCE box", "OK 25", &KEPT);
    expect_answer(SELF, "HISTORY till", "OK\n-40 k1 it's; rent\n+15 k2", &KEPT);
    expect_stops(server, &PLAIN);

    static const char WRONG[] = "fine 1 O:SYG:SYD:P\nwrong -1 O:SYG:SYD:P\n";
    put_file("accounts.txt", WRONG, sizeof WRONG - 1, NULL);
    server = start_ledger();
    expect_end(server, 1, &PLAIN);
}

/* ---- hostile requests ------------------------------------------------------
 */

static const lesson VALUES = {
    .misconception = "M110",
    .why = "What a client sends is a value. Pasted into the text of a "
           "statement it becomes a part of the statement, quotes and all; "
           "bound to a parameter it stays a value.",
    .read = "README question 6; Binding Values to Prepared Statements"};
static const lesson NUMBERS = {
    .misconception = "M111",
    .why = "A move of -5 from you to me is a move of 5 from me to you, "
           "without my right. An amount is digits and nothing else, more "
           "than 0, and no more of them than the number can hold.",
    .read = "README, the contract (MOVE)"};
static const lesson BOUNDS = {
    .misconception = "M19",
    .why = "A message may be longer than any buffer (234 ERROR_MORE_DATA), or "
           "empty. A part of a request is not the request.",
    .read = "README, the contract (requests); facts P22, P32"};
static const lesson NULS = {
    .misconception = "M20",
    .why = "A message is bytes, and its size is what the read reported. Up to "
           "its first NUL it may look like a request that was never sent.",
    .read = "README, the contract (requests)"};
static const lesson FORGED = {
    .misconception = "M112",
    .why = "A line end in a request begins a new line where the request is "
           "printed: a line of the audit that no server wrote.",
    .read = "README, the contract (requests, audit)"};

static void expect_bad(peer client, const char *request, const lesson *because)
{
    expect_word(client, request, strlen(request), "BAD", because);
}

CHECK(hostile,
      "10.hostile-requests",
      "SQL, wrong numbers, over-long, malformed and empty requests do no harm")
{
    static char longest[512], too_long[5000];
    program server = open_ledger();
    peer client = connect_as(SELF);

    expect_word(client, "BALANCE till'--", 15, "DENIED", &VALUES);
    expect_word(
        client, "BALANCE x'UNION/**/SELECT/**/1,2,3--", 36, "DENIED", &VALUES);
    struct reply reply =
        ask(client, "MOVE till box 1 h'1 it's '); DROP TABLE accounts;--");
    expect(is_reply(reply, "OK"),
           &VALUES,
           "any text may be a memo",
           "The reply was %s.",
           show(reply.bytes, reply.size));
    expect_answer(SELF,
                  "HISTORY box",
                  "OK\n+1 h'1 it's '); DROP TABLE accounts;--",
                  &VALUES);

    expect_bad(client, "MOVE till box -5 h2", &NUMBERS);
    expect_bad(client, "MOVE till box 0 h3", &NUMBERS);
    expect_bad(client, "MOVE till box 1x h4", &NUMBERS);
    expect_bad(client, "MOVE till box 18446744073709551617 h5", &NUMBERS);
    expect_bad(client, "MOVE till till 5 h6", &NUMBERS);

    expect_word(client, "", 0, "BAD", &BOUNDS);
    expect_word(client, "BALANCE till\0", 13, "BAD", &NULS);
    expect_word(client, "BALANCE till\0x", 14, "BAD", &NULS);
    memset(too_long, 'a', sizeof too_long);
    memcpy(too_long, "MOVE till box 1 h7 ", 19);
    expect_word(client, too_long, 513, "BAD", &BOUNDS);
    expect_word(client, too_long, sizeof too_long, "BAD", &BOUNDS);
    memcpy(longest, too_long, sizeof longest);
    expect_word(client, longest, sizeof longest, "OK", &BOUNDS);

    expect_bad(
        client, "MOVE till box 1 h8 a\n9\tS-1-5-18\tLIST\tgranted", &FORGED);
    expect_bad(client, "BALANCE till\n", &FORGED);
    expect_bad(client, "\xff\xfe", &PLAIN);
    expect_bad(client, "BALANCE", &PLAIN);
    expect_bad(client, "balance till", &PLAIN);
    expect_bad(client, "BALANCE  till", &PLAIN);
    expect_bad(client, "BALANCE till box", &PLAIN);
    expect_bad(client, "MOVE till box 5", &PLAIN);
    expect_bad(client, "DROP TABLE accounts", &PLAIN);
    expect_running(server, &PLAIN);
    expect_answer(SELF, "BALANCE till", "OK 498", &NUMBERS);
    expect_answer(SELF, "BALANCE box", "OK 2", &NUMBERS);
}

/* ---- many, and those that leave --------------------------------------------
 */

static const lesson RACE = {
    .why = "Between reading a balance and writing it another request may "
           "change it. Test and change belong into one statement, or into one "
           "transaction that began before the reading.",
    .read = "README task 10.5"};
static const lesson LEAVERS = {
    .misconception = "M114",
    .why = "A client that leaves ends its connection and nothing else. What "
           "was got for its request, the token too, is given back.",
    .read = "README, the contract (whatever a client does)"};

static bool ok_or_short(const unsigned char *request,
                        size_t request_size,
                        const unsigned char *reply,
                        size_t reply_size)
{
    (void)request, (void)request_size;
    return (reply_size == 2 && memcmp(reply, "OK", 2) == 0) ||
           (reply_size == 5 && memcmp(reply, "SHORT", 5) == 0);
}

static void come_and_leave(unsigned clients)
{
    for (unsigned i = 0; i < clients; i++) {
        peer client;
        if (try_connect(&client,
                        .as = i % 2 == 0 ? SELF : LESSER,
                        .messages = true,
                        .flags = SQOS_IDENTIFICATION,
                        .deadline_ms = 1000) != 0)
            return;
        try_say(client, "BALANCE vault", 13, 1000);
        hang_up(client);
    }
}

enum { LEAVING = 40 };

/* The server's handles when it has done with those that left. Each request
 * gives it time for that; it has had enough when the number is low, or stays
 * the same. */
static uint32_t handles_when_quiet(program server, uint32_t enough)
{
    uint32_t now = handles_of(server), last = 0;

    for (int i = 0; i < 40 && now > enough && now != last; i++) {
        for (int requests = 0; requests < 5; requests++)
            ask_as(SELF, "BALANCE till");
        last = now;
        now = handles_of(server);
    }
    return now;
}

/* A client that is killed when it has asked and has not got the answer. */
static void ask_and_die(void)
{
    program client =
        start(.exe = "client",
              .args =
                  {"--pipe", PIPE, "--id", "dead", "move", "till", "box", "1"},
              .hold = "ReadFile:1");
    await_held(client, 1000);
    kill_program(client);
}

SLOW_CHECK(crowd,
           "10.many-at-once",
           "many clients at once, and many that leave, lose and leave nothing")
{
    program server = open_ledger();

    struct crowd_result result = send_crowd(.clients = 32,
                                            .rounds = 4,
                                            .messages = true,
                                            .prefix = "MOVE board box 1 ",
                                            .size = 16,
                                            .flags = SQOS_IDENTIFICATION,
                                            .is_right = ok_or_short);
    expect(result.served == 32,
           &RACE,
           "each of 128 moves is answered with OK or SHORT",
           "Of 32 clients %u were served, %u got something else, %u an error "
           "(the first: %s), %u no answer in time.",
           result.served,
           result.wrong,
           result.failed,
           code_text(result.first_error),
           result.late);
    expect_answer(SELF, "BALANCE board", "OK 0", &RACE);
    expect_answer(SELF, "BALANCE box", "OK 70", &RACE);

    ask_and_die();
    come_and_leave(LEAVING);
    expect_running(server, &LEAVERS);
    expect_answer(SELF, "MOVE till box 1 dead", "OK", &LEAVERS);
    expect_answer(SELF, "BALANCE till", "OK 499", &LEAVERS);
    uint32_t before = handles_when_quiet(server, 0);
    come_and_leave(LEAVING);
    expect_running(server, &LEAVERS);
    expect_answer(SELF, "BALANCE till", "OK 499", &LEAVERS);
    uint32_t after = handles_when_quiet(server, before);
    expect(after <= before + LEAVING / 2,
           &LEAVERS,
           "no more handles after 40 clients that left than before them",
           "%u handles before, %u after.",
           before,
           after);
}
