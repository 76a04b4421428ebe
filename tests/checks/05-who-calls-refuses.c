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

SERVER_CHECK(
    refuses,
    "05.refuses",
    "who cannot be known, or asks something else, is refused, and may go on")
{
    static const char longest[300] = "WHO and much more";
    program server = start_who(.faults = "ImpersonateNamedPipeClient:1:1368");
    await_pipe(server, PIPE);
    peer client = who_join(SELF, SQOS_IMPERSONATION);
    who_refused(who_ask(client),
                "When ImpersonateNamedPipeClient failed with 1368",
                &CLOSED);
    who_expect(who_ask(client), SELF, "Impersonation", &CLOSED);

    peer anonymous = who_join(SELF, SQOS_ANONYMOUS);
    who_refused(who_ask(anonymous), "To a client at Anonymous", &ANONYMOUS);
    who_refused(who_ask(anonymous),
                "To its second request, which may be made",
                &ANONYMOUS);
    who_expect(who_ask(who_join(LESSER, SQOS_IDENTIFICATION)),
               LESSER,
               "Identification",
               &ANONYMOUS);
    struct reply log = get_file("who.log");
    expect(log.error == 0 && strstr((const char *)log.bytes, "refused") != NULL,
           &ANONYMOUS,
           "the log says that a request was refused",
           "It says %s.",
           log.error == 0 ? show(log.bytes, log.size) : code_text(log.error));

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
    expect_running(server, &ANONYMOUS);
}
