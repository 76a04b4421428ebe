/* 10-ledger-disk.c - the checks of lab 10 about what is on the disk when the
 * server is killed, and who can read it there. */
#include "10-ledger.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* ---- once, and whole --------------------------------------------------------
 */

static const lesson ONCE = {
    .misconception = "M115",
    .why = "A client that got no answer asks again, because it cannot know. "
           "The id is how the ledger knows: it is kept with the entry, as "
           "lasting as the entry, and a second time does nothing.",
    .read = "README task 10.5, question 5"};
static const lesson NOT_YOURS = {
    .misconception = "M102",
    .why = "That somebody else's request was granted is no reason to grant "
           "this one. First the decision, then the look at the id.",
    .read = "README task 10.4"};

static const lesson NOT_MADE = {
    .misconception = "M115",
    .why = "An id is used when its move is made. A move that was answered with "
           "SHORT was not: asked for again, it is decided on again.",
    .read = "README, the contract (MOVE with the id of an earlier move)"};

SERVER_CHECK(
    once,
    "10.once-only",
    "a move that is asked for again is not made again, even after a restart")
{
    program server = open_ledger();

    expect_answer(SELF, "MOVE till box 10 o1 tea", "OK", &ONCE);
    expect_answer(SELF, "MOVE till box 10 o1 tea", "OK", &ONCE);
    expect_answer(SELF, "BALANCE till", "OK 490", &ONCE);
    expect_word(connect_as(SELF), "MOVE till box 11 o1 tea", 23, "BAD", &ONCE);
    expect_word(connect_as(SELF), "MOVE till slot 10 o1 tea", 24, "BAD", &ONCE);
    expect_word(
        connect_as(SELF), "MOVE till box 10 o1 coffee", 26, "BAD", &ONCE);
    expect_answer(SELF, "MOVE box till 1 o1", "OK", &ONCE);
    expect_answer(SELF, "MOVE vault box 5 o2", "OK", &ONCE);
    expect_answer(LESSER, "MOVE vault box 5 o2", "DENIED", &NOT_YOURS);
    expect_answer(LESSER, "MOVE till vault 10 o1 tea", "DENIED", &NOT_YOURS);
    kill_program(server);

    server = start_ledger();
    await_pipe(server, PIPE);
    expect_answer(SELF, "MOVE till box 10 o1 tea", "OK", &ONCE);
    expect_answer(SELF, "BALANCE till", "OK 491", &ONCE);
    expect_answer(SELF, "BALANCE box", "OK 14", &ONCE);
    /* Made, and not possible a second time: still no SHORT. */
    expect_answer(SELF, "MOVE till box 491 o3", "OK", &ONCE);
    expect_answer(SELF, "MOVE till box 491 o3", "OK", &ONCE);
    /* Not possible, and then made. */
    expect_answer(SELF, "MOVE till box 1 o4", "SHORT", &ONCE);
    expect_answer(SELF, "MOVE box till 1 o5", "OK", &ONCE);
    expect_answer(SELF, "MOVE till box 1 o4", "OK", &NOT_MADE);
    expect_answer(SELF, "BALANCE till", "OK 0", &NOT_MADE);
}

static const lesson WHOLE = {
    .misconception = "M116",
    .why = "Statements outside of a transaction are each one of their own. A "
           "server that ends between two of them has taken money from one "
           "account and given it to none.",
    .read = "README task 10.5; BEGIN, SAVEPOINT"};
static const lesson LASTING = {
    .misconception = "M117",
    .why = "OK is a promise. It may leave the server only when what it "
           "promises is on the disk: after the commit, not before it.",
    .read = "README, the contract (server killed)"};

static long long balance_of(const char *account)
{
    char request[64];
    snprintf(request, sizeof request, "BALANCE %s", account);
    struct reply reply = ask_as(SELF, request);
    expect(begins(reply, "OK") && reply.size > 3,
           &WHOLE,
           "the balance after a restart",
           "\"%s\" was answered with %s.",
           request,
           show(reply.bytes, reply.size));
    return strtoll((const char *)reply.bytes + 3, NULL, 10);
}

/* Waits until the server is held, or has answered; true: with OK. */
static bool is_answered_first(program server, peer client)
{
    struct reply reply = {.error = TIMED_OUT};

    for (int i = 0; i < 50 && reply.error == TIMED_OUT; i++) {
        if (await_held(server, 2))
            return false;
        reply = hear(client, 64, 3);
    }
    return is_reply(reply, "OK");
}

/* One move, with the server killed before its n-th write. */
static void kill_before_write(unsigned n, long long *till)
{
    char hold[32], move[64];
    peer client;
    bool promised = false;

    snprintf(hold, sizeof hold, "WriteFile:%u", n);
    snprintf(move, sizeof move, "MOVE till box 10 w%u", n);
    program server = start_ledger(.hold = hold);
    if (try_connect(&client,
                    .messages = true,
                    .flags = SQOS_IDENTIFICATION,
                    .deadline_ms = 1000) == 0) {
        try_say(client, move, strlen(move), 1000);
        promised = is_answered_first(server, client);
        kill_program(server);
        /* What it sent before it was killed can still be read. */
        promised = promised || is_reply(hear(client, 64, 1000), "OK");
    } else {
        kill_program(server);
    }

    server = start_ledger();
    await_pipe(server, PIPE);
    long long left = balance_of("till");
    long long there = balance_of("box");
    expect(left + there == 500,
           &WHOLE,
           "after a restart till and box have 500 together, as before",
           "Killed before its write number %u, the server has %lld in till and "
           "%lld in box.",
           n,
           left,
           there);
    expect(!promised || left == *till - 10,
           &LASTING,
           "a move that was answered with OK is there after a restart",
           "Killed after its answer, the server has %lld in till.",
           left);
    expect_answer(SELF, move, "OK", &ONCE);
    *till -= 10;
    left = balance_of("till");
    expect(left == *till,
           &ONCE,
           "asked for again after the restart, the move was made once",
           "%lld are missing in till instead of 10.",
           *till + 10 - left);
    kill_program(server);
}

static const lesson FAILED_IS_UNDONE = {
    .misconception = "M116",
    .why = "The move and its line of the audit belong into one transaction. "
           "When the line fails after the move was committed, the client is "
           "told FAILED of something that has been done.",
    .read = "README, the contract (FAILED: nothing was done), task 10.5"};

/* The disk fails in the middle of a move, and is well again. */
static void expect_failed_is_undone(unsigned n, long long *till)
{
    char faults[32], move[40];

    snprintf(faults, sizeof faults, "WriteFile:+%u:112", n);
    snprintf(move, sizeof move, "MOVE till box 10 q%u", n);
    program server = start_ledger(.faults = faults);
    await_pipe(server, PIPE);
    bool failed = begins(ask_as(SELF, move), "FAILED");
    struct reply left = ask_as(SELF, "BALANCE till");
    char want[40];
    snprintf(want, sizeof want, "OK %lld", *till);
    expect(!failed || !begins(left, "OK") || is_reply(left, want),
           &FAILED_IS_UNDONE,
           "nothing was done of what was answered with FAILED",
           "Its write number %u failed (112 ERROR_DISK_FULL). \"%s\" was "
           "answered with FAILED, and then \"BALANCE till\" with %s, not %s.",
           n,
           move,
           show(left.bytes, left.size),
           want);
    kill_program(server);
}

SERVER_CHECK(
    sudden_end,
    "10.killed-server",
    "a server that is killed at any moment has moved the money or has not",
    .is_slow = true)
{
    /* Within a move of most ledgers, and at last after its answer. */
    static const unsigned writes[] = {3, 6, 10, 40};
    long long till = 500;

    kill_program(open_ledger());
    for (size_t i = 0; i < sizeof writes / sizeof *writes; i++)
        kill_before_write(writes[i], &till);
    expect_failed_is_undone(10, &till);
}

/* ---- the files --------------------------------------------------------------
 */

static const lesson FILES = {
    .misconception = "M120",
    .why = "Who can open the file needs to ask no server. That holds for each "
           "file of the database, its journal too: what is created in a "
           "folder inherits from it, and the folder must have been closed "
           "before.",
    .read = "README task 10.1, question 7"};
static const lesson ALONE = {
    .misconception = "M25",
    .why = "Two servers of one pipe share its clients, two of one database "
           "its money, and neither knows of the other.",
    .read = "README, the contract; fact P11"};

static void expect_closed(const char *folder)
{
    char *names = strdup(list_folder(folder));
    ck_assert_ptr_nonnull(names);
    expect(*names != '\0',
           &FILES,
           "the database is in the folder that --database names",
           "There is nothing in %s.",
           folder);
    for (char *name = strtok(names, "\n"); name; name = strtok(NULL, "\n")) {
        char path[300];
        snprintf(path, sizeof path, "%s\\%s", folder, name);
        uint32_t read = try_file_as(LESSER, path, READ_ONLY);
        uint32_t write = try_file_as(LESSER, path, WRITE_ONLY);
        expect(read != 0 && write != 0,
               &FILES,
               "a client without the lab group can open no file of the "
               "database",
               "It could open %s to %s.",
               path,
               read == 0 ? "read" : "write");
    }
    free(names);
}

SERVER_CHECK(
    files,
    "10.closed-folder",
    "only the server gets at the files of the database, and only one server",
    .is_slow = true)
{
    make_folder("ledger2", "D:P(A;OICI;FA;;;WD)");
    put_file("ledger2\\ledger.db", "", 0, "D:P(A;;FA;;;WD)");
    program server = open_ledger();
    ask_as(SELF, "MOVE vault box 5 f0");
    expect_closed("ledger"); /* before another start could mend it */
    program second =
        start(.exe = "server", .args = {"--pipe", PIPE, "--database", "other"});
    expect_end(second, 1, &ALONE);
    second = start(.exe = "server",
                   .args = {"--pipe",
                            "\\\\.\\pipe\\nplab-second",
                            "--database",
                            "ledger"});
    expect_end(second, 1, &ALONE);
    ask_as(SELF, "MOVE vault box 5 f1");
    kill_program(server);
    expect_closed("ledger");

    /* A folder that was there, open, with a file that is open by a list of its
     * own: closed now, both, or not used. */
    server = start(.exe = "server",
                   .args = {"--pipe",
                            PIPE,
                            "--database",
                            "ledger2",
                            "--accounts",
                            "accounts.txt"});
    if (await_pipe_or_end(server, PIPE)) {
        ask_as(SELF, "MOVE vault box 5 f2");
        kill_program(server);
        expect_closed("ledger2");
    }
}
