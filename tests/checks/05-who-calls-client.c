/* 05-who-calls-client.c - the check of lab 05's client. */
#include "05-who-calls.h"

#include <stdio.h>
#include <string.h>

static const lesson CLIENT = {
    .misconception = "M08",
    .why = "What a client lends, any program that serves the name can use. "
           "The level bits count only with SECURITY_SQOS_PRESENT; without it "
           "the client lends Impersonation. That holds for each CreateFile, "
           "also for the one after a wait.",
    .read = "README, the contract (client); common/np_pipe.h; fact I04"};
static const lesson ENUM = {
    .misconception = "M10",
    .why = "SecurityIdentification is 1, a value of an enumeration; as an open "
           "flag it means something else. The flags are "
           "SECURITY_IDENTIFICATION and its like; with SECURITY_SQOS_PRESENT "
           "and none of them the client lends Anonymous.",
    .read = "README, the contract (client); facts I04, I17"};
static const lesson TELLS = {
    .misconception = "M46",
    .why = "Scripts tell a refusal from an answer by the exit code, and "
           "results from complaints by the stream they come on. Whatever is "
           "not an answer is none.",
    .read = "README, the contract (client)"};
static const lesson CHOSEN = {
    .why = "Whoever asks for a level needs it: a server that is to act as the "
           "client can do nothing with Identification.",
    .read = "README, the contract (client); client.c, flags_of"};
static const lesson USAGE = {
    .misconception = "M38",
    .why = "How much is lent is not to be guessed: a word that was mistyped "
           "would silently mean another level.",
    .read = "README, the contract (client, wrong arguments)"};
static const lesson IN_TIME = {
    .misconception = "M41",
    .why = "Whoever serves the name may never answer. A read without a "
           "deadline waits for as long as it likes.",
    .read = "README, the contract (client); common/np_io.h"};

/* The client's request, and what its server gets of it: "Anonymous" too. */
static struct reply ask_lent(peer server)
{
    expect_error(accept_client(server, 0), 0, "the client's open", &CLIENT);
    expect_text(hear_message(server), "WHO", &CLIENT);
    return who_is(server);
}

static const lesson LONG = {
    .misconception = "M19",
    .why = "A token can lack many groups. A ReadFile into a buffer that is too "
           "small for the message gives its first part, and 234 "
           "ERROR_MORE_DATA: the rest is there to be read.",
    .read = "README, the contract (a reply's length); lab 02"};

static const lesson ALONE = {
    .misconception = "M41",
    .why = "A client depends on another process, which may not be there, or go "
           "away: CreateFile fails with 2 ERROR_FILE_NOT_FOUND, ReadFile with "
           "109 ERROR_BROKEN_PIPE. Neither is an answer.",
    .read = "README, the contract (client); common/np_io.h"};

/* A client that finds no server, and one that is left alone. */
static void expect_no_answer_told(const lesson *alone)
{
    program asks = start(.exe = "client", .args = {"--pipe", PIPE});
    expect_complains(asks, "without a server", alone);
    peer server = listen_on(.messages = true);
    asks = start(.exe = "client", .args = {"--pipe", PIPE});
    ask_lent(server);
    hang_up(server);
    expect_complains(asks, "whose server leaves before the reply,", alone);
}

/* A reply of nearly the length that it may have. */
static void expect_prints_long_reply(const lesson *because)
{
    static char reply[4000];
    peer server = listen_on(.messages = true);
    program asks = start(.exe = "client", .args = {"--pipe", PIPE});

    snprintf(reply, sizeof reply, "you: %03950d\nserver: somebody else\n", 0);
    ask_lent(server);
    say(server, reply, strlen(reply));
    expect_end(asks, 0, because);
    expect_printed(asks,
                   reply,
                   strlen(reply),
                   "the client prints a reply of nearly 4,000 bytes as it came",
                   because);
    hang_up(server);
}

CLIENT_CHECK(
    client,
    "05.client",
    "the client lends what it was told to, and tells reply from refusal",
    .is_slow = true)
{
    static const char reply[] = "you: somebody\nserver: me\n";
    peer server = listen_on(.messages = true);
    program asks = start(.exe = "client", .args = {"--pipe", PIPE});
    struct reply lent = ask_lent(server);
    expect_lent_level(lent,
                      "Identification",
                      "without --level",
                      lent.error == 1347 ? &ENUM : &CLIENT);
    say(server, reply, strlen(reply));
    expect_end(asks, 0, &TELLS);
    expect_printed(asks, reply, strlen(reply), NULL, &TELLS);
    hang_up(server);

    server = listen_on(.messages = true);
    program queues =
        start_queued(server,
                     .exe = "client",
                     .args = {"--pipe", PIPE, "--level", "anonymous"});
    expect_lent_level(ask_lent(server),
                      "Anonymous",
                      "with --level anonymous, and also after it has waited,",
                      &CLIENT);
    say(server, "refused: none for you: no\n", 26);
    expect_complains(queues, "refused,", &TELLS);
    hang_up(server);

    server = listen_on(.messages = true);
    program trusts =
        start(.exe = "client",
              .args = {"--pipe", PIPE, "--level", "impersonation"});
    expect_lent_level(ask_lent(server),
                      "Impersonation",
                      "with --level impersonation",
                      &CHOSEN);
    say(server, "your own words\n", 15);
    expect_complains(
        trusts, "with a reply that is neither an answer nor a refusal", &TELLS);
    hang_up(server);

    server = listen_on(.messages = true);
    program waits =
        start(.exe = "client", .args = {"--pipe", PIPE, "--timeout", "40"});
    accept_client(server, 0);
    expect_complains(
        waits, "with --timeout 40, and without a reply,", &IN_TIME);
    hang_up(server);

    program guesses =
        start(.exe = "client", .args = {"--pipe", PIPE, "--level", "anybody"});
    struct ending ending = await_end(guesses, 0);
    expect(ending.ended && ending.code == 2,
           &USAGE,
           "with --level anybody the client ends with 2",
           "It ended with %u.",
           ending.code);
    expect_prints_long_reply(&LONG);
    expect_no_answer_told(&ALONE);
}
