/* 06-vault-client.c - the check of lab 06 about the client. */
#include "06-vault.h"

#include <stdlib.h>
#include <string.h>

static const lesson LENDS = {
    .misconception = "M09",
    .why = "The server opens the file as its client. That takes the level "
           "Impersonation; with less it can only look at who asks.",
    .read = "README, the contract (client); common/np_pipe.h; fact L07"};
static const lesson RESULT = {
    .misconception = "M46",
    .why = "What a script reads from standard output must be content and "
           "nothing else, and a refusal must be seen in the exit code.",
    .read = "README, the contract (client)"};
static const lesson ALONE = {
    .misconception = "M41",
    .why = "A server may be absent, silent or gone. Each of these ends in exit "
           "code 1 and a line on standard error.",
    .read = "README, the contract (client)"};
static const lesson USAGE = {
    .misconception = "M38",
    .why = "Scripts and people tell wrong use (2) from failed work (1) by the "
           "exit code.",
    .read = "README, the contract (both programs)"};

static const lesson WHOLE = {
    .misconception = "M20",
    .why = "Standard input is bytes: any value, and as many as there are. "
           "Content that is stored without its end, and reported as stored, "
           "is lost.",
    .read = "README, the contract (content, client)"};

static const lesson WORD = {
    .misconception = "M46",
    .why = "The word of a reply ends with the line or at a blank: what only "
           "begins like it is another word, and OK is one also when nothing "
           "follows it.",
    .read = "README, the contract (protocol, words); client.c, show"};

struct message {
    const char *bytes;
    size_t size;
};

/* A client whose request is given this reply. */
static program serve_once(peer server,
                          struct launch launch,
                          struct message request,
                          struct message reply)
{
    program client = start_program(launch);

    expect_error(accept_client(server, 0), 0, "the client's open", &ALONE);
    expect_bytes(hear_message(server), request.bytes, request.size, &WHOLE);
    expect_lent_level(
        who_is(server), "Impersonation", "at each request", &LENDS);
    say(server, reply.bytes, reply.size);
    return client;
}

static void
expect_result(program client, uint32_t code, const char *text, size_t size)
{
    expect_end(client, code, &RESULT);
    expect_printed(
        client,
        text,
        size,
        "the client prints the reply's body, as it is, and nothing else",
        &RESULT);
    expect(code == 0 || errors_of(client).size > 0,
           &RESULT,
           "the client says on standard error why it failed",
           "Standard error is empty.");
}

/* Replies that nearly say OK, and one that says no more. */
static void expect_words_told_apart(peer server, const lesson *because)
{
    program asks = serve_once(
        server,
        (struct launch){.exe = "client",
                        .args = {"--pipe", PIPE, "put", "c.txt", "two words"}},
        (struct message){"PUT c.txt\ntwo words", 19},
        (struct message){"OK\n", 3});
    expect_end(asks, 0, because);
    disconnect(server);
    asks = serve_once(
        server,
        (struct launch){.exe = "client", .args = {"--pipe", PIPE, "list"}},
        (struct message){"LIST", 4},
        (struct message){"OKAY\nx\n", 7});
    expect_complains(asks, "with a reply that begins with \"OKAY\"", because);
}

CLIENT_CHECK(
    client,
    "06.client",
    "the client lends what is needed, prints content only, and tells refusal "
    "from success",
    .is_slow = true)
{
    enum { MOST = 65536 };
    static char put[12 + MOST] = "PUT b.txt\n";
    const struct message all = {put, 10 + MOST};
    peer server = listen_on(.messages = true);
    expect_result(
        serve_once(server,
                   (struct launch){.exe = "client",
                                   .args = {"--pipe", PIPE, "get", "a.txt"}},
                   (struct message){"GET a.txt", 9},
                   (struct message){"OK 5 bytes\nx\0y\nz", 16}),
        0,
        "x\0y\nz",
        5);
    disconnect(server);
    for (size_t i = 0; i < MOST; i++)
        put[10 + i] = (char)(i * 7 + i / 251);
    expect_result(serve_once(server,
                             (struct launch){
                                 .exe = "client",
                                 .args = {"--pipe", PIPE, "put", "b.txt", "-"},
                                 .input = put + 10,
                                 .input_size = MOST,
                                 .input_ends = true},
                             all,
                             (struct message){"DENIED 5\n", 9}),
                  1,
                  "",
                  0);
    disconnect(server);
    expect_words_told_apart(server, &WORD);
    hang_up(server);
    expect_complains(start(.exe = "client", .args = {"--pipe", PIPE, "list"}),
                     "without a server",
                     &ALONE);
    server = listen_on(.messages = true);
    program cut_off =
        start(.exe = "client", .args = {"--pipe", PIPE, "get", "a.txt"});
    accept_client(server, 0);
    hear_message(server);
    hang_up(server);
    expect_complains(cut_off, "whose server ends before the reply,", &ALONE);
    listen_on(.messages = true); /* which never answers */
    program list = start(.exe = "client",
                         .args = {"--pipe", PIPE, "--timeout", "40", "list"});
    expect_complains(list, "with --timeout 40, and without a reply,", &ALONE);
    expect_end(
        start(.exe = "client", .args = {"--pipe", PIPE, "get"}), 2, &USAGE);
}
