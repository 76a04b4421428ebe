/* 07-levels-shared.c - what the checks of lab 07 share: see 07-levels.h. */
#include "07-levels.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void put_levels_secret(void)
{
    char sddl[100];

    snprintf(sddl, sizeof sddl, "D:P(A;;FA;;;%s)", lab_group());
    put_file(SECRET_FILE, SECRET, strlen(SECRET), sddl);
}

program start_levels_ready(void)
{
    put_levels_secret();
    program server = start_levels(.input = NULL);
    await_pipe(server, PIPE);
    return server;
}

static const lesson JOIN = {
    .why = "Everyone may ask, whatever he lends and may read, so everyone may "
           "connect.",
    .read = "README, the contract (server)"};

peer levels_join(identity as, uint32_t flags)
{
    return join(&JOIN, .as = as, .messages = true, .flags = flags);
}

struct reply levels_ask(peer client, const char *request)
{
    return reply_to(client, request, strlen(request));
}

struct reply levels_ask_once(identity as, uint32_t flags, const char *request)
{
    peer client = levels_join(as, flags);
    struct reply reply = levels_ask(client, request);

    hang_up(client);
    return reply;
}

static const lesson CHECK_FAILED = {
    .why = "When AccessCheck fails it has said neither yes nor no. It wants a "
           "descriptor with owner and group (1338 without), an impersonation "
           "token (1309), rights without generic bits (1360) and room for the "
           "privileges that it used (122).",
    .read = "README task 07.4, question 6; the AccessCheck page"};

/* With which code an AccessCheck of the server has failed by itself; 0: with
 * none. */
static uint32_t failed_access_check(void)
{
    const char *at = flight_record();
    struct recorded call;

    while (next_recorded(&at, &call))
        if (strcmp(call.call, "AccessCheck") == 0 &&
            strcmp(call.error, "0") != 0 &&
            strstr(call.details, "fault=") == NULL)
            return (uint32_t)strtoul(call.error, NULL, 10);
    return 0;
}

void expect_levels_check_works(struct reply reply, const char *when)
{
    uint32_t code = failed_access_check();

    expect(code == 0,
           &CHECK_FAILED,
           "AccessCheck is asked so that it can answer",
           "%s, the reply was %s: AccessCheck had failed with %s.",
           when,
           reply_shown(reply),
           code_text(code));
}

void expect_levels_read(struct reply reply,
                        const char *when,
                        const lesson *because)
{
    static const char text[] = "text: " SECRET;
    bool is_read = reply_begins(reply, text) && reply.size == strlen(text);

    if (!is_read)
        expect_levels_check_works(reply, when);
    expect(is_read,
           because,
           "READ is answered with \"text: \" and what is in the file",
           "%s, the reply was %s.",
           when,
           reply_shown(reply));
}

void expect_levels_refused(struct reply reply,
                           const char *when,
                           const lesson *because)
{
    expect(reply_begins(reply, "refused: "),
           because,
           "the server answers \"refused: REASON\"",
           "%s, the reply was %s.",
           when,
           reply_shown(reply));
}

void expect_levels_end(program p,
                       uint32_t code,
                       const char *which,
                       const lesson *because)
{
    char expected[200];
    struct ending ending = await_end(p, 0);

    snprintf(
        expected, sizeof expected, "%s ends with exit code %u", which, code);
    expect(ending.ended, because, expected, "It has not ended.");
    expect(ending.code == code,
           because,
           expected,
           "It ended with %u.",
           ending.code);
}
