/* 09-wary-client.c - the checks of lab 09 about what the client gives away. The
 * others are in 09-wary-client-trust.c (to whom), -deadline.c (how long it
 * waits) and -talk.c (the rest). */
#include "09-wary-client.h"

#include <stdio.h>
#include <string.h>

/* ---- the secret ------------------------------------------------------------
 */

static const lesson DEPOSIT = {
    .misconception = "M20",
    .why = "A secret is bytes, not a string: a 0 or a line end is a part of "
           "it, and only its size tells how long it is.",
    .read = "README, the contract (the secret); deposit.h"};

static const lesson WHOLE = {
    .misconception = "M44",
    .why = "A secret that is cut is another secret. What is too long is "
           "refused, not shortened.",
    .read = "README, the contract (a secret is 1 to 1,024 bytes)"};

static const lesson FITS = {
    .misconception = "M44",
    .why = "A reply of 256 bytes is one of the protocol. Where it is kept as a "
           "string it takes 257: the 0 at the end is not a part of it.",
    .read = "README, the contract (a reply has at most 256 bytes); deposit.h"};

static const lesson OWN_NAME = {
    .misconception = "M13",
    .why = "Who the client is stands in the client's token, and a client that "
           "lends Anonymous has none to show. The token of the server's "
           "process tells who the server is.",
    .read = "README, the contract (WHO is nobody)"};

CHECK(deposit,
      "09.deposit",
      "the true server is given the secret, as it is",
      .is_slow = true)
{
    program server = start_server();
    put_file("pin.txt", "4711", 4, NULL);
    wary_expect_kept(
        start(.exe = "client", .args = {"--pipe", PIPE, "pin.txt"}),
        wary_user(),
        &WARY_TRUE_SERVER);
    expect_stops(server, &WARY_TRUE_SERVER);

    peer keeper = listen_on(.messages = true);
    program client = start(.exe = "client",
                           .args = {"--pipe", PIPE, "-"},
                           .input = "a\0b\r\n",
                           .input_size = 5,
                           .input_ends = true);
    wary_greet(keeper, "READY", &WARY_TRUE_SERVER);
    expect_bytes(hear_message(keeper), "KEEP a\0b\r\n", 10, &DEPOSIT);
    char kept[257] = "KEPT for ";
    memset(kept + 9, '7', 247);
    say(keeper, kept, 256);
    wary_expect_kept(client, kept + 9, &FITS);
    hang_up(keeper);

    char capitals[200];
    snprintf(capitals, sizeof capitals, "\\\\.\\PIPE\\%s", PIPE + 9);
    put_file("pin.bin", "a\0b\r\n\x1a\n", 7, NULL);
    keeper = listen_on(.messages = true);
    client = start(.exe = "client", .args = {"--pipe", capitals, "pin.bin"});
    wary_greet(keeper, "READY", &WARY_TRUE_SERVER);
    expect_bytes(hear_message(keeper), "KEEP a\0b\r\n\x1a\n", 12, &DEPOSIT);
    hang_up(keeper);
    await_end(client, 0);

    /* All of it or nothing: 1,024 bytes fit, and 0 or 1,025 are no secret. */
    static char long_secret[1025];
    static const size_t sizes[] = {1024, 0, 1025};
    memset(long_secret, 'x', sizeof long_secret);
    server = start_server();
    wary_expect_kept(
        start(WARY_SECRET,
              .args = {"--pipe", PIPE, "--level", "anonymous", "-"}),
        "nobody",
        &OWN_NAME);
    for (size_t i = 0; i < 3; i++) {
        put_file("pin.txt", long_secret, sizes[i], NULL);
        client = start(.exe = "client", .args = {"--pipe", PIPE, "pin.txt"});
        if (i == 0)
            wary_expect_kept(client, wary_user(), &WHOLE);
        else
            expect_complains(client,
                             i == 1 ? "With an empty file"
                                    : "With a file of 1,025 bytes",
                             &WHOLE);
    }
}

/* ---- what is lent ----------------------------------------------------------
 */

static const lesson NO_SQOS = {
    .misconception = "M08",
    .why = "The level bits of CreateFile count only together with "
           "SECURITY_SQOS_PRESENT. Without it Windows lends its default, "
           "which is Impersonation: the server may act as the client.",
    .read = "README task 09.1, experiment 2; facts I04, R25"};
static const lesson TOO_LITTLE = {
    .misconception = "M09",
    .why = "SECURITY_SQOS_PRESENT with no level bits is Anonymous, and a "
           "server that must know whose secret it keeps learns nothing.",
    .read = "README task 09.1; fact I17"};
static const lesson TOO_MUCH = {
    .misconception = "M94",
    .why = "To know who calls takes Identification, and only for the moment of "
           "the call. With Impersonation the server may open whatever the "
           "client may; with dynamic tracking it learns whoever the client "
           "becomes.",
    .read = "README task 09.1, questions 1 and 2; facts L05, L07, I05"};

/* What the server is lent: the level after it has read the first message.
 * Static tracking shows in that the server knows it before, too. */
struct lent {
    uint32_t before; /* the code of impersonating before anything was read */
    char level[100];
};

static struct lent ask_lent(peer server)
{
    struct lent lent;
    wary_join(server);
    lent.before = who_is(server).error;
    wary_expect_said(server, "HELLO", &WARY_TRUE_SERVER);
    struct reply who = who_is(server);
    snprintf(lent.level,
             sizeof lent.level,
             "%.*s",
             (int)who.size,
             (const char *)who.bytes);
    return lent;
}

CLIENT_CHECK(level, "09.level", "the server is lent what it needs, and no more")
{
    peer server = listen_on(.messages = true);
    program client = start_wary();
    struct lent lent = ask_lent(server);
    expect(strncmp(lent.level, "Identification", 14) == 0,
           strncmp(lent.level, "Anon", 4) == 0 ? &TOO_LITTLE
           : lent.before == 1368               ? &NO_SQOS
                                               : &TOO_MUCH,
           "the server is lent Identification",
           "It was lent %s.",
           lent.level);
    wary_part(server, client);

    server = listen_on(.messages = true);
    client = start(WARY_SECRET,
                   .args = {"--pipe", PIPE, "--level", "anonymous", "-"});
    lent = ask_lent(server);
    expect(strncmp(lent.level, "Anonymous", 9) == 0,
           &TOO_MUCH,
           "with --level anonymous the server is lent nothing",
           "It was lent %s.",
           lent.level);
    expect(lent.before != 1368,
           &TOO_MUCH,
           "with --level anonymous, too, the tracking is static",
           "Before the first message there was no identity (%s): the client "
           "asked for dynamic tracking.",
           code_text(lent.before));
    wary_part(server, client);

    server = listen_on(.messages = true);
    start_queued(server, WARY_LAUNCH);
    lent = ask_lent(server);
    expect(strncmp(lent.level, "Identification", 14) == 0 &&
               lent.before != 1368,
           &NO_SQOS,
           "a client that had to wait for its turn lends Identification, too",
           "It was lent %s.",
           lent.level);
}

CLIENT_CHECK(is_static,
             "09.static",
             "the server is lent the identity of the open, not each later one")
{
    peer server = listen_on(.messages = true);
    start_wary();
    struct lent lent = ask_lent(server);
    expect(lent.before != 1368,
           &TOO_MUCH,
           "the client's identity is fixed when it opens the pipe (static)",
           "Before the first message there was none (%s): the client asked for "
           "dynamic tracking, or gave no SECURITY_SQOS_PRESENT.",
           code_text(lent.before));
}

static const lesson USAGE = {
    .misconception = "M38",
    .why = "Scripts and people tell wrong use (2) from failed work (1) by the "
           "exit code. A name that is no local pipe is wrong use: CreateFile "
           "would open a file, or a pipe of another machine, all the same.",
    .read = "README, the contract (client); fact P44"};

CLIENT_CHECK(usage,
             "09.usage",
             "what cannot be meant ends with 2, before any open")
{
    static const struct {
        const char *args[5];
        const char *what;
    } wrong[] = {
        {{"--level", "impersonation", "-"}, "a level that lends too much"},
        {{"--level", "delegation", "-"}, "a level that lends still more"},
        {{"--pipe", "C:\\work\\notes.txt", "-"}, "a file for --pipe"},
        {{"--pipe", "\\\\.\\pipe\\..\\C:\\work\\notes.txt", "-"},
         "a file behind a pipe's name for --pipe"},
        {{"--pipe", "\\\\elsewhere\\pipe\\x", "-"},
         "another machine's pipe for --pipe"},
        {{"--pipe", "\\\\.\\pipe\\a/b", "-"}, "a name with a slash"},
        {{"--pipe", "\\\\.\\pipe\\x"}, "no operand"}};
    enum { CASES = sizeof wrong / sizeof wrong[0] };
    program clients[CASES];

    put_file("notes.txt", "notes", 5, NULL);
    for (size_t i = 0; i < CASES; i++)
        clients[i] = start(
            WARY_SECRET,
            .args = {wrong[i].args[0], wrong[i].args[1], wrong[i].args[2]});
    for (size_t i = 0; i < CASES; i++) {
        struct ending ending = await_end(clients[i], 0);
        expect(ending.ended && ending.code == 2,
               &USAGE,
               "wrong use ends with exit code 2",
               ending.ended ? "With %s, the client ended with %u."
                            : "With %s, the client did not end (%u).",
               wrong[i].what,
               ending.code);
    }
    expect_text(get_file("notes.txt"), "notes", &USAGE);
}
