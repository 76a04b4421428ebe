/* 09-wary-client-talk.c - the checks of lab 09 about what the server says. */
#include "09-wary-client.h"

#include <stdio.h>
#include <string.h>

static const lesson GREETING = {
    .misconception = "M92",
    .why = "The right user can serve the wrong program under this name, or an "
           "older one. Only READY says that this server keeps secrets.",
    .read = "README task 09.5, the contract (protocol); deposit.h"};

CLIENT_CHECK(greeting,
             "09.greeting",
             "the secret comes after READY, never first")
{
    static const char *const answers[] = {
        "READY or not", "REFUSED no room", "", "ready"};
    for (size_t i = 0; i < sizeof answers / sizeof *answers; i++) {
        char when[60];
        snprintf(
            when, sizeof when, "When HELLO is answered \"%s\"", answers[i]);
        peer server = listen_on(.messages = true);
        program client = start_wary();
        wary_greet(server, answers[i], &GREETING);
        wary_expect_silence(server, when, &GREETING);
        expect_complains(client, when, &GREETING);
        hang_up(server);
    }
}

static const lesson LONG = {
    .misconception = "M44",
    .why = "A message can be longer than the buffer: 234 ERROR_MORE_DATA says "
           "that this was a part. What begins like a good reply is not one, "
           "and how much is read is the client's decision.",
    .read = "README task 09.6; common/np_io.h; fact P22"};

CLIENT_CHECK(too_long, "09.too-long", "a reply that is too long is no reply")
{
    static char reply[50000];
    memset(reply, 'x', sizeof reply);
    peer server = listen_on(.messages = true, .buffer = 65536);
    program client = start_wary();
    wary_join(server);
    wary_expect_said(server, "HELLO", &WARY_TRUE_SERVER);
    memcpy(reply, "READY", 5);
    try_say(server, reply, sizeof reply, 0);
    wary_expect_silence(server, "With READY and 49,995 bytes more", &LONG);
    expect_complains(
        client, "With a reply of 50,000 bytes", wary_or_byte_mode(&LONG));
    hang_up(server);

    server = listen_on(.messages = true, .buffer = 65536);
    client = start_wary();
    wary_greet(server, "READY", &WARY_TRUE_SERVER);
    wary_expect_said(server, "KEEP 4711", &WARY_TRUE_SERVER);
    memcpy(reply, "KEPT for ", 9);
    try_say(server, reply, 257, 0);
    expect_complains(
        client, "With KEPT in 257 bytes", wary_or_byte_mode(&LONG));
}

static const lesson TERMINAL = {
    .misconception = "M20",
    .why = "A terminal obeys some bytes: it can be made to hide what it shows, "
           "or to show what nobody said. What another program sends is data, "
           "and is looked at before it is printed.",
    .read = "README task 09.6, the contract (protocol)"};

/* The answer to HELLO is a reply like the other one. */
static void expect_greeting_as_text(void)
{
    static const char answer[] = "REFUSED \x1B[2J";
    const char *when = "With a byte 0x1B in the REFUSED of HELLO";
    peer server = listen_on(.messages = true);
    program client = start_wary();

    wary_greet(server, answer, &WARY_TRUE_SERVER);
    wary_expect_silence(server, when, &TERMINAL);
    expect_complains(client, when, &TERMINAL);
    struct text errors = errors_of(client);
    expect(memchr(errors.bytes, 0x1B, errors.size) == NULL,
           &TERMINAL,
           "the byte does not reach the terminal by standard error either",
           "%s, the client printed there %s.",
           when,
           show(errors.bytes, errors.size));
    hang_up(server);

    /* READY, and a byte more that a string does not see. */
    server = listen_on(.messages = true);
    client = start_wary();
    wary_join(server);
    wary_expect_said(server, "HELLO", &WARY_TRUE_SERVER);
    say(server, "READY", 6);
    when = "With HELLO answered by READY and a byte 0";
    wary_expect_silence(server, when, &TERMINAL);
    expect_complains(client, when, &TERMINAL);
    hang_up(server);
}

CLIENT_CHECK(printable,
             "09.printable",
             "what does not belong into a reply is not printed")
{
    static const struct {
        const char *reply;
        size_t size;
        unsigned char byte;
    } cases[] = {{"KEPT for \x1B[2Jyou", 16, 0x1B},
                 {"KEPT for \0you", 13, 0},
                 {"KEPT for \x7Fyou", 13, 0x7F},
                 {"REFUSED \x9B"
                  "2Jyou",
                  14,
                  0x9B}};
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        char when[60];
        snprintf(when,
                 sizeof when,
                 "With a byte 0x%02X in %.*s",
                 cases[i].byte,
                 (int)strcspn(cases[i].reply, " "),
                 cases[i].reply);
        peer server = listen_on(.messages = true);
        program client = start_wary();
        wary_greet(server, "READY", &WARY_TRUE_SERVER);
        wary_expect_said(server, "KEEP 4711", &WARY_TRUE_SERVER);
        say(server, cases[i].reply, cases[i].size);
        expect_complains(client, when, &TERMINAL);
        struct text errors = errors_of(client);
        expect(cases[i].byte == 0 ||
                   memchr(errors.bytes, cases[i].byte, errors.size) == NULL,
               &TERMINAL,
               "the byte does not reach the terminal by standard error either",
               "%s, the client printed there %s.",
               when,
               show(errors.bytes, errors.size));
        hang_up(server);
    }
    expect_greeting_as_text();
}

static const lesson NO_ANSWER = {
    .misconception = "M41",
    .why = "Only KEPT says that the secret is kept. A server that goes, or "
           "answers anything else, has not said so.",
    .read = "README, the contract (protocol and client)"};

static const lesson KEPT_TOO_EARLY = {
    .misconception = "M41",
    .why = "The client has kept its secret to itself, and says that the server "
           "keeps it. KEPT is an answer to KEEP alone.",
    .read = "README, the contract (protocol and client)"};
static const lesson SECRET_TOLD = {
    .why = "What a program writes to standard error is shown, saved and sent "
           "around. A secret goes to the one whom it is for, and nowhere else.",
    .read = "README, the contract (client)"};

/* A client whose server goes when it has been given the secret. */
static void expect_silence_on_secret(void)
{
    peer server = listen_on(.messages = true);
    program client = start(.exe = "client",
                           .args = {"--pipe", PIPE, "-"},
                           .input = "open sesame",
                           .input_ends = true);

    wary_greet(server, "READY", &NO_ANSWER);
    wary_expect_said(server, "KEEP open sesame", &NO_ANSWER);
    disconnect(server);
    expect_complains(client, "With a server that vanishes", &NO_ANSWER);
    struct text errors = errors_of(client);
    expect(memmem(errors.bytes, errors.size, "open sesame", 11) == NULL,
           &SECRET_TOLD,
           "the secret is not written to standard error",
           "The client printed there %s.",
           show(errors.bytes, errors.size));
    hang_up(server);
}

CLIENT_CHECK(no_answer, "09.no-answer", "only KEPT is success")
{
    static const char *const answers[] = {
        "REFUSED full", "KEPT4 you", "WAITING"};
    const char *too_early = "When HELLO is answered \"KEPT for you\"";
    peer early = listen_on(.messages = true);
    program hasty = start_wary();

    wary_greet(early, "KEPT for you", &NO_ANSWER);
    expect_complains(hasty, too_early, &KEPT_TOO_EARLY);
    hang_up(early);
    expect_silence_on_secret();
    for (size_t i = 0; i < sizeof answers / sizeof answers[0]; i++) {
        char when[60];
        snprintf(when, sizeof when, "When KEEP is answered \"%s\"", answers[i]);
        peer server = listen_on(.messages = true);
        program client = start_wary();
        wary_greet(server, "READY", &NO_ANSWER);
        wary_expect_said(server, "KEEP 4711", &NO_ANSWER);
        say(server, answers[i], strlen(answers[i]));
        expect_complains(client, when, &NO_ANSWER);
        hang_up(server);
    }
}
