/* 05-who-calls-client.c - the check of lab 05's client. */
#include "05-who-calls.h"

#include <string.h>

static const lesson CLIENT = {
    .misconception = "M08",
    .why = "What a client lends, any program that serves the name can use. "
           "The level bits count only with SECURITY_SQOS_PRESENT; without it "
           "the client lends Impersonation.",
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
           "results from complaints by the stream they come on.",
    .read = "README, the contract (client)"};

CHECK(client,
      "05.client",
      "the client lends what it was told to, and tells reply from refusal")
{
    static const char reply[] = "you: somebody\nserver: me\n";
    peer server = listen_on(.messages = true, .instances = 2);
    program asks = start(.exe = "client", .args = {"--pipe", PIPE});

    expect_error(accept_client(server, 0), 0, "the client's open", &CLIENT);
    expect_text(hear_message(server), "WHO", &CLIENT);
    struct reply lent = who_is(server);
    expect(lent.error == 0 && strncmp((const char *)lent.bytes,
                                      "Identification",
                                      strlen("Identification")) == 0,
           lent.error == 1347 ? &ENUM : &CLIENT,
           "without --level the client lends Identification",
           "The server got %s.",
           lent.error == 0 ? show(lent.bytes, lent.size)
                           : code_text(lent.error));
    say(server, reply, strlen(reply));
    expect_end(asks, 0, &TELLS);
    struct text printed = output_of(asks);
    expect(printed.size == strlen(reply) &&
               memcmp(printed.bytes, reply, printed.size) == 0,
           &TELLS,
           "the client prints the reply as it came",
           "It printed %s.",
           show(printed.bytes, printed.size));

    peer stern = listen_on(.messages = true, .instances = 2);
    program anonymous = start(.exe = "client",
                              .args = {"--pipe", PIPE, "--level", "anonymous"});
    accept_client(stern, 0);
    hear_message(stern);
    expect_error(who_is(stern).error,
                 1347,
                 "the server's OpenThreadToken, for --level anonymous,",
                 &CLIENT);
    say(stern, "refused: no\n", 12);
    expect_end(anonymous, 1, &TELLS);
    expect(errors_of(anonymous).size > 0 && output_of(anonymous).size == 0,
           &TELLS,
           "a refusal goes to standard error alone",
           "On standard output there is %s.",
           show(output_of(anonymous).bytes, output_of(anonymous).size));
}
