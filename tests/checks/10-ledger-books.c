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
           "the ledger has already is no longer the file's affair; one that it "
           "has not is opened, at any start. Here the second start's file has "
           "another box, and a new account, late.",
    .read = "README, the contract of --accounts"};
static const lesson PLAIN = {.why = "The contract of the two programs.",
                             .read = "README, the contract"};

static void
expect_client(const char *const *words, const char *want, const lesson *because)
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
    expect_end(client, 0, because);
    expect_printed(client, want, strlen(want), expected, because);
}
#define EXPECT_CLIENT(want, ...)                                               \
    expect_client((const char *const[]){__VA_ARGS__, NULL}, want, &PLAIN)

static const lesson OWN_ID = {
    .why = "purse has 30, and two moves of 1 from it, by clients without --id, "
           "leave 28. A process begins as the one before it did: a counter at "
           "1, and "
           "rand without srand with the same number. An id that an earlier "
           "move had makes the ledger take this move for that one.",
    .read = "README, the contract of the client (a new id); question 5"};
static const lesson NEWEST = {
    .why = "LIMIT takes the first rows of the order that it is given. For the "
           "newest, the order has to begin with them, and is turned round "
           "afterwards.",
    .read = "README, the contract (HISTORY)"};
static const lesson ALL_OR_NONE = {
    .misconception = "M116",
    .why = "The file of the first start has an account, fine, and after it a "
           "line that cannot be used. Half a file is not what somebody wrote: "
           "all of its accounts are opened in one transaction, or none.",
    .read = "README, the contract of --accounts"};

static const lesson NOT_CLOSED = {
    .misconception = "M61",
    .why = "An account whose descriptor cannot be made is not to be opened "
           "with another one, nor left out: whoever wrote the line believes "
           "that it is there, and closed.",
    .read = "README, the contract of --accounts"};

/* A file of accounts that begins well. */
static void expect_accounts_refused(const char *second,
                                    const char *mistake,
                                    const lesson *because)
{
    char text[200];
    int size = snprintf(
        text, sizeof text, "fine 1 O:SYG:SYD:P(A;;0x7;;;WD)\n%s\n", second);

    put_file("accounts.txt", text, (size_t)size, NULL);
    struct ending ending = await_end(start_ledger(), 0);
    expect(ending.ended && ending.code == 1,
           because,
           "the server ends with 1 if any line of --accounts cannot be used",
           ending.ended ? "The second line has %s. The server ended with %u."
                        : "The second line has %s. The server goes on (%u).",
           mistake,
           ending.code);
}

static const lesson DEAF = {
    .misconception = "M23",
    .why = "What a client does not read stays in the pipe until it is full, "
           "and then the server's write waits for that client. The others "
           "must not wait with it.",
    .read = "README, the contract (whatever a client does)"};
static const lesson BY_BYTES = {
    .misconception = "M20",
    .why = "The order of a language, or one that takes a for A, is not that of "
           "the bytes: there every capital comes before every small letter.",
    .read = "README, the contract (LIST)"};

/* More entries than HISTORY shows, each as long as it may be, nearly. */
static void expect_newest_entries(const lesson *because)
{
    enum { ENTRIES = 22, SHOWN = 20, MEMO = 400 };
    static char want[SHOWN * (MEMO + 20)] = "OK";
    char memo[MEMO + 1] = "";
    peer client = connect_as(SELF);

    memset(memo, 'm', MEMO);

    for (int i = 1; i <= ENTRIES; i++) {
        char move[MEMO + 60];
        snprintf(move, sizeof move, "MOVE vault slot %d n%d %s", i, i, memo);
        ask(client, move);
        if (i > ENTRIES - SHOWN)
            sprintf(want + strlen(want), "\n+%d n%d %s", i, i, memo);
    }
    struct reply reply = ask(client, "HISTORY slot");
    expect(is_reply(reply, want),
           because,
           "of 22 entries n1 to n22, HISTORY shows n3 to n22, the newest last",
           "The reply was %s.",
           show(reply.bytes, reply.size));
    hang_up(client);
}

/* After expect_newest_entries: a client asks for more than the pipe holds, and
 * reads none of it. */
static void expect_others_served(const lesson *because)
{
    peer deaf = connect_as(SELF);

    for (int i = 0; i < 4; i++)
        try_say(deaf, "HISTORY slot", 12, 100);
    for (int i = 0; i < 4; i++)
        expect_answer(SELF, "BALANCE board", "OK 70", because);
    hang_up(deaf);
}

CHECK(keeps,
      "10.keeps-the-ledger",
      "moves, balances and histories are right, and still there after a "
      "restart",
      .is_slow = true)
{
    expect_accounts_refused(
        "wrong -1 O:SYG:SYD:P(A;;0x7;;;WD)", "the balance -1", &ALL_OR_NONE);
    expect_accounts_refused("wrong 1 O:SYG:SYD:P(A;;0x7;;;nobody)",
                            "a descriptor with no such SID as nobody",
                            &NOT_CLOSED);
    program server = open_ledger();
    expect_answer(SELF, "BALANCE fine", "DENIED", &ALL_OR_NONE);

    EXPECT_CLIENT("", "--id", "k1", "move", "till", "box", "40", "it's; rent");
    expect_answer(SELF, "MOVE box till 15 k2", "OK", &PLAIN);
    EXPECT_CLIENT("+40 k1 it's; rent\n-15 k2\n", "history", "box");
    expect_answer(SELF, "MOVE box till 26 k3", "SHORT", &PLAIN);
    EXPECT_CLIENT("", "move", "purse", "till", "1");
    EXPECT_CLIENT("", "move", "purse", "till", "1");
    expect_client(
        (const char *const[]){"balance", "purse", NULL}, "28\n", &OWN_ID);
    expect_newest_entries(&NEWEST);
    expect_others_served(&DEAF);
    expect_stops(server, &PLAIN);

    static const char OTHERS[] =
        "box 9 O:SYG:SYD:P\n"
        "Zoo 7 O:SYG:SYD:P(A;;0x7;;;WD)\n"
        "late 999999999999999 O:SYG:SYD:P(A;;0x7;;;WD)\n";
    put_file("accounts.txt", OTHERS, sizeof OTHERS - 1, NULL);
    server = start_ledger();
    await_pipe(server, PIPE);
    expect_answer(SELF, "BALANCE Zoo", "OK 7", &KEPT);
    expect_answer(SELF, "BALANCE late", "OK 999999999999999", &LEDGER_LARGE);
    expect_answer(SELF, "BALANCE till", "OK 477", &KEPT);
    expect_answer(SELF, "BALANCE box", "OK 25", &KEPT);
    expect_answer(SELF, "HISTORY box", "OK\n+40 k1 it's; rent\n-15 k2", &KEPT);
    expect_answer(SELF,
                  "LIST",
                  "OK\nZoo\nboard\nbox\nlate\npurse\nslot\ntill\nvault",
                  &BY_BYTES);
    expect_stops(server, &PLAIN);
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
           "was got for its request, the token too, is given back, whatever "
           "became of the request.",
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

/* One of four is granted its request, one is denied it, and of two it is BAD.
 */
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
        const char *request = i / 2 % 2 == 0 ? "BALANCE vault" : "nonsense";
        try_say(client, request, strlen(request), 1000);
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

static const lesson ROOM = {
    .misconception = "M24",
    .why = "A pipe has room for as many clients as it has instances; the next "
           "one gets 231 ERROR_PIPE_BUSY until one of them has left. Clients "
           "that keep their connection must not keep out the others.",
    .read = "README, the contract (at least 60 clients at once)"};

/* Sixty clients that stay until the last one has been served; then all leave,
 * with a request under way. */
static void come_together(const lesson *because)
{
    enum { CLIENTS = 60 };
    peer clients[CLIENTS];

    for (size_t i = 0; i < CLIENTS; i++) {
        uint32_t error = try_connect(&clients[i],
                                     .messages = true,
                                     .flags = SQOS_IDENTIFICATION,
                                     .deadline_ms = 500);
        expect(error == 0,
               because,
               "60 clients can be connected at once",
               "With %zu connected, the next one's CreateFile failed with %s.",
               i,
               code_text(error));
    }
    struct reply reply = ask(clients[CLIENTS - 1], "BALANCE vault");
    expect(is_reply(reply, "OK 1000"),
           because,
           "the last of 60 clients is served while the others stay connected",
           "Its reply was %s (%s).",
           show(reply.bytes, reply.size),
           reply.error == 0 ? "no error" : code_text(reply.error));
    for (size_t i = 0; i < CLIENTS; i++) {
        try_say(clients[i], "BALANCE vault", 13, 1000);
        hang_up(clients[i]);
    }
}

CHECK(crowd,
      "10.many-at-once",
      "many clients at once, and many that leave, lose and leave nothing",
      .is_slow = true)
{
    program server = open_ledger();

    struct crowd_result result = send_crowd(.clients = 24,
                                            .rounds = 3,
                                            .messages = true,
                                            .prefix = "MOVE board box 1 ",
                                            .size = 16,
                                            .flags = SQOS_IDENTIFICATION,
                                            .is_right = ok_or_short);
    expect(result.served == 24,
           &RACE,
           "each of 72 moves is answered with OK or SHORT",
           "Of 24 clients %u were served, %u got something else, %u an error "
           "(the first: %s), %u no answer in time.",
           result.served,
           result.wrong,
           result.failed,
           code_text(result.first_error),
           result.late);
    expect_answer(SELF, "BALANCE board", "OK 0", &RACE);
    expect_answer(SELF, "BALANCE box", "OK 70", &RACE);

    come_together(&ROOM);
    ask_and_die();
    expect_running(server, &LEAVERS);
    expect_answer(SELF, "MOVE till box 1 dead", "OK", &LEAVERS);
    expect_answer(SELF, "BALANCE till", "OK 499", &LEAVERS);
    uint32_t before = handles_when_quiet(server, 0);
    come_and_leave(LEAVING);
    expect_running(server, &LEAVERS);
    expect_answer(SELF, "BALANCE till", "OK 499", &LEAVERS);
    uint32_t after = handles_when_quiet(server, before);
    expect(after <= before + LEAVING / 4,
           &LEAVERS,
           "no more handles after 40 clients that asked and left than before "
           "them, whether they were told OK, DENIED or BAD",
           "%u handles before, %u after.",
           before,
           after);
}
