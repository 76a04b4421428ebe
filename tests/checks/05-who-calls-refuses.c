/* 05-who-calls-refuses.c - the check of lab 05 about who is not told, or asks
 * for something else. */
#include "05-who-calls.h"

#include <stdio.h>
#include <string.h>

static const lesson ANONYMOUS = {
    .misconception = "M67",
    .why = "A client at level Anonymous does not tell who it is: impersonating "
           "it succeeds, opening the token fails with 1347 "
           "ERROR_CANT_OPEN_ANONYMOUS. That is an answer and no disaster, and "
           "no reason to look at another token.",
    .read = "README tasks 05.4 and 05.5; fact L02"};
static const lesson CLOSED = {
    .misconception = "M01",
    .why = "When ImpersonateNamedPipeClient fails the thread is still the "
           "server. Whoever goes on serves the client with the server's "
           "rights.",
    .read = "README task 05.2; the ImpersonateNamedPipeClient page (fact I14)"};
static const lesson LAST = {
    .misconception = "M65",
    .why = "What ImpersonateNamedPipeClient could not tell about this request "
           "an earlier one does not tell either: it may have come from "
           "somebody else.",
    .read = "README task 05.2, the contract (each reply), question 4"};
static const lesson BEFORE = {
    .misconception = "M65",
    .why = "A client at Anonymous does not tell who it is, and the token of a "
           "client before it tells it even less: that was another one, on the "
           "same instance of the pipe.",
    .read = "README, the contract (you:), question 1; fact L02"};
static const lesson ALL_OF_IT = {
    .misconception = "M20",
    .why = "A request is three bytes, no more and no less, and neither a "
           "string nor a prefix: what looks like it is another request.",
    .read = "README, the contract (protocol); server.c, read_request"};
static const lesson EMPTY = {
    .misconception = "M43",
    .why = "A message of no bytes is a message, of which ReadFile says TRUE. "
           "The end of the conversation is 109 ERROR_BROKEN_PIPE.",
    .read = "README, the contract (server); lab 02"};
static const lesson LONG = {
    .misconception = "M19",
    .why = "234 ERROR_MORE_DATA says that the message is longer than the "
           "buffer. The rest of it is read and thrown away; the conversation "
           "goes on.",
    .read = "README, the contract (server); lab 02"};
static const lesson EACH_LINE = {
    .misconception = "M74",
    .why = "A log tells who asked what. Whoever asks for what there is not is "
           "trying something, and the line about it is the one that is looked "
           "for later.",
    .read = "README, the contract (log)"};

static const lesson UNNAMED = {
    .misconception = "M74",
    .why = "How much it lends is the client's choice. One of whom nothing is "
           "known could ask unseen, if its requests had no line: the refusal "
           "is all there is to tell.",
    .read = "README, the contract (log: the word refused)"};

static const lesson AS_CLIENT = {
    .misconception = "M68",
    .why = "When OpenThreadToken fails the thread is still the client. A "
           "refusal, or its line in the log, that is written before the revert "
           "is written by somebody who may not.",
    .read = "README, the contract (log), task 05.5, question 1; fact R18"};

/* The server answers this as it answers no WHO. */
static void expect_unknown(peer client,
                           const char *request,
                           size_t size,
                           const lesson *because)
{
    char when[100];

    if (size > 0 && size < 10)
        snprintf(when, sizeof when, "To %s", show(request, size));
    else
        snprintf(when, sizeof when, "To a message of %zu bytes", size);
    expect_said(client, request, size, because);
    who_refused(hear_message(client), when, because);
}

static size_t lines_in_log(void)
{
    struct reply log = get_file("who.log");
    size_t lines = 0;

    for (size_t i = 0; log.error == 0 && i < log.size; i++)
        lines += log.bytes[i] == '\n';
    return lines;
}

/* Asks a server in which some calls of ImpersonateNamedPipeClient fail: who is
 * hit by none is told who it is. */
static void expect_due(peer client, const char *when, const lesson *because)
{
    size_t seen = strlen(flight_record());
    struct reply reply = who_ask(client);

    if (strstr(flight_record() + seen, "fault=") != NULL)
        who_refused(reply, when, because);
    else
        who_expect(reply, SELF, "Impersonation", because);
}

static size_t size_of_log(void)
{
    struct reply log = get_file("who.log");

    return log.error == 0 ? log.size : 0;
}

/* The log, of `before` bytes until then, has a line with the word "refused". */
static void
expect_refusal_logged(size_t before, const char *of, const lesson *because)
{
    struct reply log = get_file("who.log");
    bool is_longer = log.error == 0 && log.size > before;

    expect(is_longer &&
               memmem(log.bytes + before, log.size - before, "refused", 7) !=
                   NULL,
           because,
           "the log gets a line with the word \"refused\" for each client that "
           "cannot be known",
           "Of a client %s it got %s.",
           of,
           is_longer ? show(log.bytes + before, log.size - before) : "nothing");
}

static const lesson UNASKED = {
    .misconception = "M93",
    .why = "A GetTokenInformation that failed has told nothing, and leaves its "
           "buffer as it was. Whoever takes that for \"no groups\", or any "
           "failure for the 87 that a process's token gives, tells the client "
           "something about nobody.",
    .read = "README task 05.1, the contract (cannot be known, for whatever "
            "reason); caller.c, caller_describe"};

/* A server of which each query of a request's fails in its turn, and then one
 * more. */
static program start_unasked(const char *pipe)
{
    return start(.exe = "server",
                 .args = {"--pipe", pipe},
                 .faults = "GetTokenInformation:+1:8,GetTokenInformation:+3:8,"
                           "GetTokenInformation:+6:8,GetTokenInformation:+10:8,"
                           "GetTokenInformation:+15:8,"
                           "GetTokenInformation:+21:8");
}

static void expect_unasked_refused(const char *pipe, const lesson *because)
{
    static const char when[] =
        "When GetTokenInformation had failed with 8 ERROR_NOT_ENOUGH_MEMORY";
    peer client = connect_to(.pipe = pipe,
                             .as = LESSER,
                             .messages = true,
                             .flags = SQOS_IMPERSONATION);

    for (int i = 0; i < 7; i++) {
        struct reply reply = who_ask(client);
        const char *told = (const char *)reply.bytes;
        if (reply.error != 0 || strstr(told, ", Impersonation, ") == NULL ||
            strstr(told, lab_group()) == NULL)
            who_refused(reply, when, because);
    }
}

/* Somebody is told who he is by several instances of the pipe, before an
 * anonymous client gets one of them. */
static void tell_all_instances(void)
{
    for (int i = 0; i < 5; i++) {
        peer client = who_join(SELF, SQOS_IDENTIFICATION);
        who_ask(client);
        hang_up(client);
    }
}

static void expect_not_the_one_before(struct reply reply, const lesson *because)
{
    expect(reply.error != 0 || reply.size < 5 ||
               memcmp(reply.bytes, "you: ", 5) != 0 ||
               strstr((const char *)reply.bytes, ", Identification, ") == NULL,
           because,
           "a client at Anonymous is not told to be a client before it",
           "The reply was %s.",
           show(reply.bytes, reply.size));
}

/* What is no WHO is refused and logged, and the client is served on. */
static void expect_others_refused(peer client)
{
    static const char longest[300] = "WHO and much more";
    size_t before = lines_in_log();
    expect_unknown(client, "WHAT", 4, &ALL_OF_IT);
    expect_unknown(client, "WHOM", 4, &ALL_OF_IT);
    expect_unknown(client, "WHO", 4, &ALL_OF_IT); /* with its 0 */
    expect_unknown(client, "who", 3, &ALL_OF_IT);
    expect_unknown(client, "WH", 2, &ALL_OF_IT);
    expect_unknown(client, "", 0, &EMPTY);
    expect_unknown(client, longest, sizeof longest, &LONG);
    who_expect(who_ask(client), SELF, "Impersonation", &LONG);
    size_t after = lines_in_log();
    expect(after >= before + 7,
           &EACH_LINE,
           "the log gets a line for each request, also for another one than "
           "WHO",
           "It got %zu for seven of them.",
           after - before);
}

SERVER_CHECK(
    refuses,
    "05.refuses",
    "who cannot be known, or asks something else, is refused, and may go on",
    .is_slow = true)
{
    char other[300];
    snprintf(other, sizeof other, "%s-unasked", PIPE);
    program unasked = start_unasked(other);
    program server = start_who(.faults = "ImpersonateNamedPipeClient:1:1368,"
                                         "ImpersonateNamedPipeClient:3:1368");
    await_pipe(server, PIPE);
    peer client = who_join(SELF, SQOS_IMPERSONATION);
    who_refused(who_ask(client),
                "When ImpersonateNamedPipeClient failed with 1368",
                &CLOSED);
    expect_refusal_logged(
        0, "for whom ImpersonateNamedPipeClient had failed", &UNNAMED);
    expect_due(client, "When it had failed once more", &CLOSED);
    expect_due(client, "When it had failed after a request", &LAST);
    expect_due(client, "When nothing failed", &CLOSED);

    tell_all_instances();
    peer anonymous = who_join(SELF, SQOS_ANONYMOUS);
    size_t before = size_of_log();
    struct reply reply = who_ask(anonymous);
    expect_not_the_one_before(reply, &BEFORE);
    who_refused(reply, "To a client at Anonymous", &ANONYMOUS);
    who_expect_written_as_itself(&AS_CLIENT);
    expect_refusal_logged(before, "at Anonymous", &UNNAMED);
    who_refused(who_ask(anonymous),
                "To its second request, which may be made",
                &ANONYMOUS);
    who_expect(who_ask(who_join(LESSER, SQOS_IDENTIFICATION)),
               LESSER,
               "Identification",
               &ANONYMOUS);

    expect_others_refused(client);
    who_expect_written_as_itself(&AS_CLIENT);
    expect_running(server, &ANONYMOUS);
    await_pipe(unasked, other);
    expect_unasked_refused(other, &UNASKED);
}
