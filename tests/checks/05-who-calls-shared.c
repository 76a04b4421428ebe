/* 05-who-calls-shared.c - what the checks of lab 05 share: see 05-who-calls.h.
 */
#include "05-who-calls.h"

#include <stdio.h>
#include <string.h>

static const lesson JOIN = {
    .why = "Everybody may ask who they are, so everybody may connect.",
    .read = "README, the contract (server)"};

peer who_join(identity as, uint32_t flags)
{
    return join(&JOIN, .as = as, .messages = true, .flags = flags);
}

struct reply who_ask(peer client)
{
    expect_error(
        try_say(client, "WHO", 3, 0).error, 0, "the client's WriteFile", &JOIN);
    return hear_message(client);
}

static const lesson ASKED = {
    .misconception = "M66",
    .why = "The level is a fact about the token, not about the call that "
           "put it on the thread: ImpersonateNamedPipeClient returns TRUE "
           "also when Windows has lowered it. Only TokenImpersonationLevel "
           "tells.",
    .read = "README task 05.1, question 3; common/np_token.h (fact S02)"};
static const lesson WRONG_TOKEN = {
    .misconception = "M13",
    .why = "A process has a primary token, and a thread may wear another one "
           "over it. OpenProcessToken opens the server's; the client's is "
           "opened with OpenThreadToken, by the thread that impersonates, "
           "before it reverts.",
    .read = "README tasks 05.4 and 05.5, experiment 1; fact I13"};

static const lesson FORM = {
    .misconception = "M20",
    .why = "A message is as long as WriteFile is told. A buffer that is sent "
           "whole, or with the 0 of its string, tells the client what was in "
           "the server's memory; without its line end a line has none.",
    .read = "README, the contract (protocol); server.c, send_reply"};

/* Fails unless the reply is text that ends with a line, and short enough. */
static void expect_whole_lines(struct reply reply)
{
    expect(reply.bytes[reply.size - 1] == '\n' && reply.size < 4096 &&
               memchr(reply.bytes, 0, reply.size) == NULL,
           &FORM,
           "a reply is shorter than 4,096 bytes, ends with \"\\n\" and has no "
           "bytes behind its text",
           "It has %zu bytes, and is %s.",
           reply.size,
           show(reply.bytes, reply.size));
}

void who_expect(struct reply reply,
                identity as,
                const char *level,
                const lesson *because)
{
    char expected[400];
    char word[200];
    const char *you = reply_line(reply, "you: ");
    const char *lacks = strstr(you, "lacks ");
    bool lesser = as != SELF;

    snprintf(expected,
             sizeof expected,
             "a client that acts at level %s and lacks %s is told \"you: USER, "
             "%s, lacks %s\"",
             level,
             lesser ? lab_group() : "no group",
             level,
             lesser ? lab_group() : "nothing");
    expect(you[0] != '\0',
           because,
           expected,
           "The reply was %s.",
           reply_shown(reply));
    expect(strstr(you, ", primary, ") == NULL,
           &WRONG_TOKEN,
           expected,
           "It was told %s: that is a process's token.",
           reply_shown(reply));
    expect(lacks != NULL && (strstr(lacks, lab_group()) != NULL) == lesser,
           because,
           expected,
           "It was told %s: that is somebody else.",
           reply_shown(reply));
    snprintf(word, sizeof word, ", %s, ", level);
    expect(strstr(you, word) != NULL,
           &ASKED,
           expected,
           "It was told %s: another level.",
           reply_shown(reply));
    expect_whole_lines(reply);
}

void who_refused(struct reply reply, const char *when, const lesson *because)
{
    expect(reply_begins(reply, "refused: ") && reply.size > 9,
           because,
           "the server answers \"refused: REASON\"",
           "%s, the reply was %s.",
           when,
           reply_shown(reply));
    expect_whole_lines(reply);
}
