/* 10-ledger-client.c - the check of lab 10 about the client: what it lends, and
 * what it does when no answer comes. */
#include "10-ledger.h"

#include <string.h>

static const lesson LENDS = {
    .misconception = "M107",
    .why = "Without SECURITY_SQOS_PRESENT a client lends the server "
           "Impersonation: whoever serves the pipe may open files as the "
           "client. AccessCheck needs no more than Identification.",
    .read = "README task 10.6; facts I04, L05, R25"};
static const lesson SAME_ID = {
    .misconception = "M108",
    .why = "A server that went away may have done the request, and may not. "
           "Only the same id tells it that the second one is no other.",
    .read = "README, the contract of the client; question 5"};
static const lesson PRINTS = {
    .why = "Scripts rely on exit codes, and on standard output that holds the "
           "answer alone.",
    .read = "README, the contract of the client"};

CHECK(client_lends,
      "10.client",
      "the client lends its identity for identification only, and asks again "
      "with the same id")
{
    peer server = listen_on(.messages = true);
    program client =
        start(.exe = "client",
              .args = {"--pipe", PIPE, "move", "till", "box", "5", "for tea"});

    expect_error(accept_client(server, 0), 0, "the server's accept", &PRINTS);
    struct reply first = hear_message(server);
    expect(begins(first, "MOVE till box 5"),
           &PRINTS,
           "the request MOVE till box 5 ID for tea",
           "The client sent %s.",
           show(first.bytes, first.size));
    struct reply who = who_is(server);
    expect(who.error == 0 && who.size >= 14 &&
               memcmp(who.bytes, "Identification", 14) == 0,
           &LENDS,
           "the server may identify the client, and no more",
           "Its level is %s (%s).",
           show(who.bytes, who.size),
           code_text(who.error));

    disconnect(server);
    expect_error(
        accept_client(server, 0), 0, "the accept of a second try", &SAME_ID);
    expect_bytes(hear_message(server), first.bytes, first.size, &SAME_ID);
    say(server, "OK", 2);
    expect_end(client, 0, &PRINTS);
    hang_up(server);

    server = listen_on(.messages = true);
    client =
        start(.exe = "client", .args = {"--pipe", PIPE, "balance", "vault"});
    expect_error(accept_client(server, 0), 0, "the server's accept", &PRINTS);
    expect_text(hear_message(server), "BALANCE vault", &PRINTS);
    say(server, "DENIED", 6);
    expect_end(client, 1, &PRINTS);
    expect(output_of(client).size == 0 && errors_of(client).size > 0,
           &PRINTS,
           "a refusal goes to standard error, and nothing to standard output",
           "Standard output has %zu bytes, standard error %zu.",
           output_of(client).size,
           errors_of(client).size);
}
