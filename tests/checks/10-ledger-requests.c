/* 10-ledger-requests.c - the check of lab 10 about requests that are sent to do
 * harm. */
#include "10-ledger.h"

#include <string.h>

static const lesson PLAIN = {.why = "The contract of the two programs.",
                             .read = "README, the contract"};
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

static const lesson EXACT = {
    .misconception = "M110",
    .why = "LIKE takes a value for a pattern, in which % and _ stand for "
           "others; NOCASE takes two names for one. The account that was "
           "decided on may then not be the one that is shown or charged. A "
           "name is its bytes, and = compares them.",
    .read = "README, the contract (requests)"};
static const lesson CONTROLS = {
    .misconception = "M112",
    .why = "An escape or a carriage return in the audit makes a terminal show "
           "something else than what was asked for. All of the control "
           "characters are refused, not only the line end.",
    .read = "README, the contract (requests: below 0x20, and 0x7F)"};
static const lesson UTF8 = {
    .misconception = "M20",
    .why = "Bytes that are no UTF-8 are no text for whoever prints them: the "
           "audit, the history, another program. They are found at once with "
           "MultiByteToWideChar and MB_ERR_INVALID_CHARS.",
    .read = "README, the contract (requests are UTF-8)"};
/* A name as long as it may be, and one byte longer. */
static void expect_words_of_64(peer client, const lesson *because)
{
    char request[8 + 65];

    memcpy(request, "BALANCE ", 8);
    memset(request + 8, 'n', 65);
    expect_word(client, request, 8 + 64, "DENIED", because);
    expect_word(client, request, 8 + 65, "BAD", because);
}

static void expect_bad(peer client, const char *request, const lesson *because)
{
    expect_word(client, request, strlen(request), "BAD", because);
}

static const lesson MEMO = {
    .why = "A memo is all that follows the id, spaces and all: what a client "
           "has written about a move is not the server's to shorten.",
    .read = "README, the contract (requests, HISTORY)"};

static void expect_memo(const char *want)
{
    struct reply reply = ask_as(SELF, "HISTORY box");
    bool cut = reply.error == 0 && reply.size < strlen(want) &&
               memcmp(reply.bytes, want, reply.size) == 0;

    expect(is_reply(reply, want),
           cut ? &MEMO : &VALUES,
           "the history shows the memo as it was sent",
           "It was %s, not %s.",
           show(reply.bytes, reply.size),
           show(want, strlen(want)));
}

SERVER_CHECK(
    hostile,
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
    expect_memo("OK\n+1 h'1 it's '); DROP TABLE accounts;--");

    expect_word(client, "BALANCE ti__", 12, "DENIED", &EXACT);
    expect_word(client, "BALANCE %", 9, "DENIED", &EXACT);
    expect_word(client, "BALANCE TILL", 12, "DENIED", &EXACT);

    expect_bad(client, "MOVE till box -5 h2", &NUMBERS);
    expect_bad(client, "MOVE till box 0 h3", &NUMBERS);
    expect_bad(client, "MOVE till box 1x h4", &NUMBERS);
    expect_bad(client, "MOVE till box 18446744073709551617 h5", &NUMBERS);
    expect_bad(client, "MOVE till box 1000000000000000 h5", &NUMBERS);
    expect_bad(client, "MOVE till till 5 h6", &NUMBERS);
    expect_word(
        client, "MOVE till box 4294967297 h6", 27, "SHORT", &LEDGER_LARGE);
    expect_word(
        client, "MOVE till box 999999999999999 h6", 32, "SHORT", &LEDGER_LARGE);

    expect_word(client, "", 0, "BAD", &BOUNDS);
    expect_word(client, "BALANCE till\0", 13, "BAD", &NULS);
    expect_word(client, "BALANCE till\0x", 14, "BAD", &NULS);
    memset(too_long, 'a', sizeof too_long);
    memcpy(too_long, "MOVE till box 1 h7 ", 19);
    expect_word(client, too_long, 513, "BAD", &BOUNDS);
    expect_word(client, too_long, sizeof too_long, "BAD", &BOUNDS);
    memcpy(longest, too_long, sizeof longest);
    expect_word(client, longest, sizeof longest, "OK", &BOUNDS);

    expect_words_of_64(client, &BOUNDS);

    expect_bad(
        client, "MOVE till box 1 h8 a\n9\tS-1-5-18\tLIST\tgranted", &FORGED);
    expect_bad(client, "BALANCE till\n", &FORGED);
    expect_bad(client, "MOVE till box 1 h8 a\rb", &CONTROLS);
    expect_bad(client, "MOVE till box 1 h8 \x1b[2J", &CONTROLS);
    expect_bad(client, "MOVE till box 1 h8 \x7f", &CONTROLS);
    expect_bad(client, "MOVE till box 1 h8 caf\xe9", &UTF8);
    expect_bad(client, "\xff\xfe", &PLAIN);
    expect_bad(client, "BALANCE", &PLAIN);
    expect_bad(client, "balance till", &PLAIN);
    expect_bad(client, "BALANCE  till", &PLAIN);
    expect_bad(client, "BALANCE till box", &PLAIN);
    expect_bad(client, "BALANCE till ", &PLAIN);
    expect_bad(client, "LIST till", &PLAIN);
    expect_bad(client, "MOVE till box 5", &PLAIN);
    expect_bad(client, "DROP TABLE accounts", &PLAIN);
    expect_running(server, &PLAIN);
    expect_answer(SELF, "BALANCE till", "OK 498", &NUMBERS);
    expect_answer(SELF, "BALANCE box", "OK 2", &NUMBERS);
}
