/* 06-vault-names.c - the check of lab 06 about names. */
#include "06-vault.h"

#include <stdio.h>
#include <string.h>

static const lesson PATHS = {
    .misconception = "M72",
    .why = "A name from a client is text, until CreateFile reads it: as a "
           "path that may climb out of the folder, begin at a drive, or name "
           "a stream or another spelling of a file. Say what is allowed, "
           "before anything is opened; all else is refused.",
    .read = "README task 06.2, question 1; \"Naming Files, Paths, and "
            "Namespaces\""};
static const lesson DEVICES = {
    .misconception = "M72",
    .why = "NUL, CON, COM1 and their like are devices in every folder, with "
           "any extension and in any case. What is written to them is lost, "
           "and a read may wait for ever.",
    .read = "README task 06.2; \"Naming Files, Paths, and Namespaces\""};
static const lesson PIPES = {
    .misconception = "M72",
    .why = "A server that opens a pipe whose name it was given becomes the "
           "client of whoever serves it, and lends him its identity.",
    .read = "README task 06.2, question 1; facts I04, R25"};

static void
expect_bad(peer client, const char *name, size_t size, const lesson *because)
{
    char request[300] = "GET ";

    memcpy(request + 4, name, size);
    struct reply got = vault_ask_bytes(client, request, size + 4);
    expect(vault_says(got, "BAD"),
           because,
           "a name that is not allowed is answered with BAD",
           "GET of the name %s was answered with %s.",
           show(name, size),
           reply_shown(got));
    memcpy(request, "PUT ", 4);
    memcpy(request + 4 + size, "\nx", 2);
    struct reply put = vault_ask_bytes(client, request, size + 6);
    expect(vault_says(put, "BAD"),
           because,
           "a name that is not allowed is answered with BAD",
           "PUT of the name %s was answered with %s.",
           show(name, size),
           reply_shown(put));
}

/* The vault's folder is no client's name. */
static void expect_nothing_opened(const lesson *because)
{
    const char *at = flight_record();
    struct recorded event;

    while (next_recorded_end(&at, &event))
        expect(strcmp(event.call, "CreateFile") != 0 || was_itself(&event) ||
                   path_ends_with(event.object, "\\vault"),
               because,
               "nothing is opened for a name that is not allowed",
               "The server called %s(%s) as %s.",
               event.call,
               event.object,
               event.who);
}

SERVER_CHECK(names,
             "06.names",
             "only the name of a file in the folder is ever opened",
             .is_slow = true)
{
    static const char *const paths[] = {
        "..\\outside.txt",
        "../outside.txt",
        "..",
        ".",
        "C:outside.txt",
        "\\work\\outside.txt",
        "/work/outside.txt",
        "sub\\x",
        "sub/x",
        "open.txt:hidden",
        "open.txt::$DATA",
        "open.txt.",
        "open.txt ",
        " open.txt",
        "open*",
        "op?n.txt",
        "",
        ".hidden",
        "-x",
        "_x",
        "..\\vault\\open.txt",
        "\xc3\xa4.txt",
        "\\\\?\\C:\\work\\outside.txt",
        "0123456789012345678901234567890123456789012345678901234567890.txt"};
    static const char *const devices[] = {"NUL",
                                          "nul",
                                          "NUL.txt",
                                          "nul.tar.gz",
                                          "CON",
                                          "prn.h",
                                          "Aux",
                                          "COM1",
                                          "com9.log",
                                          "com0",
                                          "LPT1",
                                          "lpt3.x",
                                          "LPT0.txt"};
    static const char *const honest[] = {
        "a",
        "console.txt",
        "COM10",
        "com",
        "x.nul",
        "1-2_3..4",
        "null.h",
        "012345678901234567890123456789012345678901234567890123456789.txt"};
    char text[200], lure[160];

    open_vault();
    snprintf(lure, sizeof lure, "%s-lure", PIPE);
    listen_on(.pipe = lure);
    peer client = vault_client(SELF);
    for (size_t i = 0; i < sizeof paths / sizeof paths[0]; i++)
        expect_bad(client, paths[i], strlen(paths[i]), &PATHS);
    expect_bad(client, "open.txt\0", 9, &PATHS);
    expect_bad(client, "a\tb", 3, &PATHS);
    snprintf(text, sizeof text, "%s\\outside.txt", work_folder());
    expect_bad(client, text, strlen(text), &PATHS);
    expect_vault_content("outside.txt", OUTSIDE_TEXT, &PATHS);
    for (size_t i = 0; i < sizeof devices / sizeof devices[0]; i++)
        expect_bad(client, devices[i], strlen(devices[i]), &DEVICES);
    expect_bad(client, lure, strlen(lure), &PIPES);
    peer nobody;
    expect_error(try_connect(&nobody, .pipe = lure, .once = true),
                 0,
                 "the first client of the pipe that the request named",
                 &PIPES);
    expect_nothing_opened(&PATHS);
    for (size_t i = 0; i < sizeof honest / sizeof honest[0]; i++) {
        snprintf(text, sizeof text, "PUT %s\nx", honest[i]);
        expect_vault_word(client, text, "OK", &PATHS);
    }
}
