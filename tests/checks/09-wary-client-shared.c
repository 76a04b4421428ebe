/* 09-wary-client-shared.c - what the checks of lab 09 share: see
 * 09-wary-client.h. */
#include "09-wary-client.h"

#include <stdio.h>
#include <string.h>

const lesson WARY_TRUE_SERVER = {
    .why = "The pipe belongs to the user and a process with all of his rights "
           "serves it: that is the server the client is for.",
    .read = "README, the contract (client)"};

static const lesson ONE_HANDLE = {
    .misconception = "M71",
    .why = "The client has closed this connection without a word. Either it "
           "does not trust a server that its own user runs with all rights, or "
           "it looks at one connection and talks over another. The next open "
           "can lead to another server: what it looks at and what it talks to "
           "must be one handle.",
    .read = "README task 09.5, the contract (client)"};
static const lesson ONE_MESSAGE = {
    .misconception = "M45",
    .why = "On a message pipe each write is a message of its own. A request in "
           "two writes is two requests, and the server knows neither.",
    .read = "README, the contract (protocol)"};
static const lesson BYTE_MODE = {
    .misconception = "M47",
    .why = "A client's handle begins in byte mode, also on a pipe of messages: "
           "replies run together, and a long one is not told from two. "
           "SetNamedPipeHandleState with PIPE_READMODE_MESSAGE changes it.",
    .read = "README, the contract (protocol); fact P21"};

const lesson *wary_or_byte_mode(const lesson *because)
{
    return strstr(flight_record(), "\tSetNamedPipeHandleState\t") == NULL &&
                   strstr(flight_record(), "\tCallNamedPipe\t") == NULL
               ? &BYTE_MODE
               : because;
}

void wary_part(peer server, program client)
{
    hang_up(server);
    await_end(client, 0);
}

static bool is(struct reply reply, const char *text)
{
    return reply.error == 0 && reply.size == strlen(text) &&
           memcmp(reply.bytes, text, reply.size) == 0;
}

static const char *what_came(struct reply reply)
{
    return reply.error == 0 ? show(reply.bytes, reply.size)
                            : code_text(reply.error);
}

void wary_join(peer server)
{
    /* 232: it came, looked at the pipe, and left again before we asked. */
    uint32_t err = accept_client(server, 0);
    expect_error(
        err == 232 ? 0 : err, 0, "the client's connection", &WARY_TRUE_SERVER);
}

void wary_expect_said(peer server, const char *want, const lesson *because)
{
    struct reply said = hear_message(server);
    char expected[100];
    snprintf(expected, sizeof expected, "the client sends \"%s\"", want);
    if (said.error == 109 && strcmp(want, "HELLO") == 0)
        because = &ONE_HANDLE;
    else if (said.error == 0 && said.size > 0 && said.size < strlen(want) &&
             memcmp(said.bytes, want, said.size) == 0)
        because = &ONE_MESSAGE;
    expect(is(said, want), because, expected, "It was %s.", what_came(said));
}

void wary_greet(peer server, const char *reply, const lesson *because)
{
    wary_join(server);
    wary_expect_said(server, "HELLO", because);
    say(server, reply, strlen(reply));
}

void wary_expect_silence(peer server, const char *when, const lesson *because)
{
    struct reply said = hear(server, 2000, 0);
    expect(said.error != 0,
           because,
           "the client sends nothing more, and leaves",
           "%s, it sent %s.",
           when,
           show(said.bytes, said.size));
}

void wary_expect_kept(program client, const char *whom, const lesson *because)
{
    char want[300];
    snprintf(want, sizeof want, "KEPT for %s\n", whom);
    expect_end(client, 0, because);
    expect_printed(client, want, strlen(want), NULL, because);
}

const char *wary_user(void)
{
    static char sid[200];
    put_file("mine.txt", "", 0, NULL);
    if (sscanf(security_of("mine.txt"), "O:%199[-S0-9]", sid) != 1)
        sid[0] = '\0';
    return sid;
}
