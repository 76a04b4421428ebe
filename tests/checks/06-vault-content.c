/* 06-vault-content.c - the checks of lab 06 about what goes in and out, and
 * about the client. */
#include "06-vault.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { CONTENT_MAX = 65536 };

/* ---- content ---- */

static const lesson CONTENT = {
    .misconception = "M20",
    .why = "Content is bytes, of any value and none, up to the limit; and "
           "what was there before is replaced, also when it was longer.",
    .read = "README, the contract (protocol)"};
static const lesson GOES_ON = {
    .misconception = "M33",
    .why = "Requests come from outside: any bytes, any length. What is not "
           "understood is answered with BAD, and the server goes on.",
    .read = "README, the contract (protocol, server)"};
static const lesson TAKEN = {
    .misconception = "M25",
    .why = "A second server of a name shares the clients of the first, and "
           "gets to act as them.",
    .read = "README, the contract (server); fact P11"};

static void round_trip(peer client, const char *content, size_t size)
{
    char *request = malloc(size + 20);
    ck_assert_ptr_nonnull(request);
    memcpy(request, "PUT new.bin\n", 12);
    memcpy(request + 12, content, size);
    struct reply put = vault_ask_bytes(client, request, size + 12);
    struct reply got = vault_ask(client, "GET new.bin");
    free(request);
    expect(vault_gives(put, "", 0),
           &CONTENT,
           "PUT is answered with OK and nothing more",
           "PUT of %zu bytes was answered with %s.",
           size,
           vault_shown(put));
    expect(vault_gives(got, content, size),
           &CONTENT,
           "GET gives the bytes that were PUT",
           "%zu bytes were put; the reply has %zu in all, and is %s.",
           size,
           got.size,
           vault_shown(got));
}

CHECK(contents,
      "06.content",
      "content comes back as it was put, names are listed, and what is no "
      "request is refused")
{
    program server = open_vault();
    peer client = vault_client(SELF);
    char *most = malloc(CONTENT_MAX + 200);
    ck_assert_ptr_nonnull(most);
    for (size_t i = 0; i < CONTENT_MAX + 200; i++)
        most[i] = (char)(i * 7 + i / 251);

    round_trip(client, most, CONTENT_MAX);
    round_trip(client, "a\0b\r\n\nc", 7);
    round_trip(client, "", 0);
    expect_vault_word(client, "GET absent.txt", "ABSENT", &CONTENT);
    struct reply list = vault_ask(client, "LIST");
    expect(vault_says(list, "OK"),
           &CONTENT,
           "LIST is answered with OK",
           "The reply was %s.",
           vault_shown(list));
    static const char *const names[] = {"open.txt\n",
                                        "notice.txt\n",
                                        "secret.txt\n",
                                        "drop.txt\n",
                                        "new.bin\n"};
    size_t length = 0;
    for (size_t i = 0; i < 5; i++) {
        expect(memmem(list.bytes, list.size, names[i], strlen(names[i])) !=
                   NULL,
               &CONTENT,
               "LIST names each file, with a line end",
               "%s is missing in %s.",
               show(names[i], strlen(names[i])),
               vault_shown(list));
        length += strlen(names[i]);
    }
    expect(list.size == length + 1 +
                            (size_t)((const unsigned char *)memchr(
                                         list.bytes, '\n', list.size) -
                                     list.bytes),
           &CONTENT,
           "LIST names the five files and nothing else",
           "The reply was %s.",
           vault_shown(list));

    memcpy(most, "PUT new.bin\n", 12);
    struct reply too_long = vault_ask_bytes(client, most, CONTENT_MAX + 200);
    expect(vault_says(too_long, "BAD"),
           &GOES_ON,
           "more content than a file may have is answered with BAD",
           "The reply was %s.",
           vault_shown(too_long));
    free(most);
    static const char *const bad[] = {
        "", "GET", "PUT open.txt", "DEL open.txt", "GETopen.txt", "\n"};
    for (size_t i = 0; i < 6; i++)
        expect_vault_word(client, bad[i], "BAD", &GOES_ON);
    expect(vault_gives(vault_ask(client, "GET new.bin"), "", 0),
           &GOES_ON,
           "new.bin is still empty, and the connection still served",
           "It is not.");
    hang_up(client);
    expect_end(start(.exe = "server",
                     .args = {"--pipe",
                              PIPE,
                              "--vault",
                              "vault",
                              "--audit",
                              "another.log"}),
               1,
               &TAKEN);
    expect_stops(server, &GOES_ON);
}

static const lesson LEAK = {
    .misconception = "M37",
    .why = "A token and a file are opened for each request, and have to be "
           "closed for each, also when it is refused.",
    .read = "README, the contract (server); common/np_handle.h"};

SLOW_CHECK(leak, "06.no-leak", "a hundred requests leave no handles behind")
{
    static const char *const requests[] = {
        "GET open.txt", "GET secret.txt", "PUT open.txt\nx", "GET ..", "LIST"};
    uint32_t before = 0;
    put_vault();
    program server = start_vault(.record = false);
    await_pipe(server, PIPE);
    peer lesser = vault_client(LESSER);

    for (int i = 0; i < 105; i++) {
        if (i == 5)
            before = handles_of(server);
        struct reply reply = vault_ask(lesser, requests[i % 5]);
        expect(vault_says(reply, i % 5 == 0 || i % 5 == 2 ? "OK" : "DENIED") ||
                   i % 5 == 3,
               &LEAK,
               "the hundredth request is answered like the first",
               "Request %d, %s, was answered with %s.",
               i + 1,
               show(requests[i % 5], strlen(requests[i % 5])),
               vault_shown(reply));
    }
    uint32_t after = handles_settled(server, before + 2);
    expect(after <= before + 2,
           &LEAK,
           "no more handles are open after 100 more requests",
           "%u were open after 5 requests, %u after 105.",
           before,
           after);
}

/* ---- the client ---- */

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

/* A client whose request is given this reply. */
static program serve_once(peer server,
                          struct launch launch,
                          const char *request,
                          const char *reply,
                          size_t size)
{
    program client = start_program(launch);

    expect_error(accept_client(server, 0), 0, "the client's open", &ALONE);
    expect_text(hear_message(server), request, &RESULT);
    struct reply who = who_is(server);
    expect(who.error == 0 && who.size >= 13 &&
               memcmp(who.bytes, "Impersonation", 13) == 0,
           &LENDS,
           "the client lends its identity at the level Impersonation",
           "The server sees it at %s.",
           vault_shown(who));
    say(server, reply, size);
    return client;
}

static void
expect_printed(program client, uint32_t code, const char *text, size_t size)
{
    expect_end(client, code, &RESULT);
    struct text out = output_of(client);
    expect(out.size == size && memcmp(out.bytes, text, size) == 0,
           &RESULT,
           "the client prints the reply's body, as it is, and nothing else",
           "It printed %s.",
           show(out.bytes, out.size));
    expect(code == 0 || errors_of(client).size > 0,
           &RESULT,
           "the client says on standard error why it failed",
           "Standard error is empty.");
}

CHECK(client,
      "06.client",
      "the client lends what is needed, prints content only, and tells refusal "
      "from success")
{
    peer server = listen_on(.messages = true);
    expect_printed(
        serve_once(server,
                   (struct launch){.exe = "client",
                                   .args = {"--pipe", PIPE, "get", "a.txt"}},
                   "GET a.txt",
                   "OK\nx\0y\nz",
                   8),
        0,
        "x\0y\nz",
        5);
    disconnect(server);
    expect_printed(serve_once(server,
                              (struct launch){
                                  .exe = "client",
                                  .args = {"--pipe", PIPE, "put", "b.txt", "-"},
                                  .input = "one\ntwo",
                                  .input_ends = true},
                              "PUT b.txt\none\ntwo",
                              "DENIED 5\n",
                              9),
                   1,
                   "",
                   0);
    hang_up(server);
    listen_on(.messages = true); /* which never answers */
    program list = start(.exe = "client",
                         .args = {"--pipe", PIPE, "--timeout", "40", "list"});
    expect_end(list, 1, &ALONE);
    expect(errors_of(list).size > 0,
           &ALONE,
           "after 40 ms without a reply the client says so on standard error",
           "Standard error is empty.");
    expect_end(
        start(.exe = "client", .args = {"--pipe", PIPE, "get"}), 2, &USAGE);
}
