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

static const lesson ONCE_MORE = {
    .misconception = "M108",
    .why = "A server that goes away twice will do so a third time. A client "
           "that asks again and again holds up the script that waits for it.",
    .read = "README, the contract of the client (once more)"};
static const lesson TIME_OUT = {
    .misconception = "M41",
    .why = "A server that is stuck keeps the connection, or its only "
           "instance, and says nothing. A client that waits without end, to "
           "be let in, to write or to read, waits with it.",
    .read = "README, the contract of the client (--timeout)"};

/* Clients whose server is there and of no use: it says nothing, reads nothing,
 * or has no time for them. They wait while others are looked at. */
struct hopeless {
    program silent, deaf, busy;
};

static program start_impatient(const char *pipe)
{
    return start(.exe = "client",
                 .args = {
                     "--pipe", pipe, "--timeout", "100", "balance", "vault"});
}

static struct hopeless start_hopeless(void)
{
    static const char silent[] = "\\\\.\\pipe\\nplab-silent",
                      deaf[] = "\\\\.\\pipe\\nplab-deaf",
                      busy[] = "\\\\.\\pipe\\nplab-busy";

    listen_on(.pipe = silent, .messages = true);
    listen_on(.pipe = deaf, .messages = true, .buffer = 1);
    listen_on(.pipe = busy, .messages = true);
    connect_to(.pipe = busy);
    return (struct hopeless){
        start_impatient(silent), start_impatient(deaf), start_impatient(busy)};
}

static void
expect_time_out(program client, const char *server, const lesson *because)
{
    struct ending ending = await_end(client, 1000);

    expect(ending.ended,
           because,
           "a client with --timeout 100 ends when there is no reply",
           "The server %s, and more than a second later the client is still "
           "waiting.",
           server);
    expect(ending.code == 1,
           because,
           "a client that gets no reply ends with 1",
           "The server %s, and the client ended with %u.",
           server,
           ending.code);
}

static const lesson NOT_OK = {
    .misconception = "M41",
    .why = "Only OK says that it was done. A word that begins with the same "
           "letters is another word.",
    .read = "README, the contract of the client (any other reply)"};

static void expect_only_ok(void)
{
    peer server = listen_on(.messages = true);
    program client =
        start(.exe = "client", .args = {"--pipe", PIPE, "balance", "vault"});

    expect_error(accept_client(server, 0), 0, "the server's accept", &PRINTS);
    hear_message(server);
    say(server, "OKAY 5", 6);
    struct ending ending = await_end(client, 0);
    expect(ending.ended && ending.code == 1 && output_of(client).size == 0,
           &NOT_OK,
           "a reply of OKAY 5 is not OK: exit code 1, and nothing on standard "
           "output",
           "It ended with %u, and printed %s.",
           ending.code,
           show(output_of(client).bytes, output_of(client).size));
    hang_up(server);
}

/* Its server goes away each time; a third one is there. */
static void expect_two_tries(const lesson *because)
{
    peer first = listen_on(.messages = true, .instances = 3);
    program client = start(.exe = "client", .args = {"--pipe", PIPE, "list"});

    expect_error(accept_client(first, 0), 0, "the server's accept", because);
    expect_text(hear_message(first), "LIST", &PRINTS);
    peer second = listen_on(.messages = true, .instances = 3);
    hang_up(first);
    expect_error(
        accept_client(second, 0), 0, "the accept of a second try", because);
    hear_message(second);
    peer third = listen_on(.messages = true, .instances = 3);
    hang_up(second);
    struct ending ending = await_end(client, 1000);
    expect(ending.ended,
           because,
           "the client sends its message once more, and not again",
           "The server went away for a second time, and the client goes on.");
    expect(
        ending.code == 1,
        because,
        "a client that got no reply, and none to its second try, ends with 1",
        "It ended with %u.",
        ending.code);
    hang_up(third);
}

CLIENT_CHECK(
    client_lends,
    "10.client",
    "the client lends its identity for identification only, and asks again "
    "with the same id",
    .is_slow = true)
{
    struct hopeless hopeless = start_hopeless();
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
    expect_lent_level(
        who_is(server), "Identification", "for the first time", &LENDS);

    disconnect(server);
    expect_error(
        accept_client(server, 0), 0, "the accept of a second try", &SAME_ID);
    expect_bytes(hear_message(server), first.bytes, first.size, &SAME_ID);
    expect_lent_level(who_is(server),
                      "Identification",
                      "again, after the server went away,",
                      &LENDS);
    say(server, "OK", 2);
    expect_end(client, 0, &PRINTS);
    hang_up(server);

    server = listen_on(.messages = true);
    client = start_queued(
        server, .exe = "client", .args = {"--pipe", PIPE, "balance", "vault"});
    expect_error(accept_client(server, 0),
                 0,
                 "the accept of a client that had to wait for its turn",
                 &PRINTS);
    expect_text(hear_message(server), "BALANCE vault", &PRINTS);
    expect_lent_level(who_is(server),
                      "Identification",
                      "after it had to wait for its turn,",
                      &LENDS);
    say(server, "SHORT", 5);
    expect_end(client, 1, &PRINTS);
    expect(output_of(client).size == 0 && errors_of(client).size > 0,
           &PRINTS,
           "a refusal goes to standard error, and nothing to standard output",
           "Standard output has %zu bytes, standard error %zu.",
           output_of(client).size,
           errors_of(client).size);
    hang_up(server);

    expect_two_tries(&ONCE_MORE);
    expect_only_ok();
    expect_time_out(hopeless.silent, "says nothing", &TIME_OUT);
    expect_time_out(hopeless.deaf, "does not read", &TIME_OUT);
    expect_time_out(hopeless.busy, "has no instance free", &TIME_OUT);
}
