/* 10-ledger-books.c - the checks of lab 10 about the books: right after a
 * restart, and however many come and leave. */
#include "10-ledger.h"

#include <stdio.h>
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
