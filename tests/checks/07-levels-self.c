/* 07-levels-self.c - the checks of lab 07 about the server when something
 * fails, and when nobody is being served. */
#include "07-levels.h"

#include <stdio.h>
#include <string.h>

static const lesson CLOSED = {
    .misconception = "M01",
    .why = "When ImpersonateNamedPipeClient fails the thread is still the "
           "server. Whoever goes on serves the client with the server's "
           "rights.",
    .read = "README task 07.3; the ImpersonateNamedPipeClient page (fact I14)"};
static const lesson NO_ANSWER = {
    .misconception = "M75",
    .why = "When AccessCheck fails there is no answer, and a variable that was "
           "to hold it holds what it held before. No answer is no.",
    .read = "README task 07.4; the AccessCheck page"};

/* A server that cannot wear a token may refuse, or end; it may not serve. */
static void expect_nothing(struct reply reply, const lesson *because)
{
    expect(reply.size < 5 || memcmp(reply.bytes, "text:", 5) != 0,
           because,
           "a lesser client that cannot be impersonated does not get the text",
           "When SetThreadToken had failed with 5 it got %s.",
           levels_told(reply));
}

CHECK(closed,
      "07.fails-closed",
      "when a call fails nobody is served with the server's rights")
{
    char other[300];

    put_levels_secret();
    snprintf(other, sizeof other, "%s-bare", PIPE);
    program server = start_levels(.faults = "ImpersonateNamedPipeClient:2:1368,"
                                            "ImpersonateLoggedOnUser:1:5,"
                                            "AccessCheck:1:1338");
    program bare = start(.exe = "server",
                         .args = {"--pipe", other, "--file", SECRET_FILE},
                         .faults = "SetThreadToken:1:5,OpenThreadToken:2:8");

    await_pipe(server, PIPE);
    peer client = levels_join(LESSER, SQOS_IMPERSONATION);
    expect_levels_refused(levels_ask(client, "READ"),
                          "When impersonating failed for a lesser client",
                          &CLOSED);
    expect_levels_refused(
        levels_ask(client, "READ"), "To the same client once more", &CLOSED);
    hang_up(client);
    expect_levels_refused(levels_ask_once(LESSER, SQOS_IDENTIFICATION, "READ"),
                          "When AccessCheck failed for a lesser client",
                          &NO_ANSWER);
    expect_levels_read(levels_ask_once(SELF, SQOS_IDENTIFICATION, "READ"),
                       "To the next client, with nothing failing",
                       &CLOSED);

    await_pipe(bare, other);
    client = connect_to(.pipe = other,
                        .as = LESSER,
                        .messages = true,
                        .flags = SQOS_IMPERSONATION);
    try_say(client, "READ", 4, 0);
    expect_nothing(hear(client, 4096, 0), &CLOSED);
}

/* ---- who a thread is -------------------------------------------------------
 */

static const lesson REVERTS = {
    .misconception = "M03",
    .why = "A thread stays the client until it reverts, on every way out. "
           "Closing a handle, disconnecting the pipe or serving the next "
           "client does not end it.",
    .read = "README task 07.3; facts I11, I12, R05"};
static const lesson DIES = {
    .misconception = "M02",
    .why = "When RevertToSelf fails, the thread is still the client, and all "
           "that the server does next it does as the client. The page asks "
           "for the end of the process.",
    .read = "common/np_client.h; the RevertToSelf page (fact R00)"};

/* Fails unless no thread of the server wears a token. */
static void expect_bare(program server, const char *when)
{
    const char *threads = identities_of(server);
    char line[1100];

    for (const char *at = threads; *at != '\0'; at += *at == '\n') {
        size_t size = strcspn(at, "\n");
        unsigned thread = 0;
        int words = 0;

        snprintf(line, sizeof line, "%.*s", (int)size, at);
        at += size;
        sscanf(line, "%u %n", &thread, &words);
        expect(strcmp(line + words, "self") == 0,
               &REVERTS,
               "between two requests every thread of the server is the server",
               "%s, thread %u was still somebody else: %s.",
               when,
               thread,
               line + words);
    }
}

/* Fails if the flight record shows a write by a thread that was somebody
 * else: the first such line is named. */
static void expect_written_as_itself(void)
{
    char line[4096];

    for (const char *at = flight_record(); *at != '\0'; at += *at == '\n') {
        size_t size = strcspn(at, "\n");
        char call[64] = "", object[1024] = "", who[128] = "";
        unsigned thread = 0;

        snprintf(line, sizeof line, "%.*s", (int)size, at);
        at += size;
        if (sscanf(line,
                   "%*s %*s %*s %u %63s %1023s %*s %*s %127s",
                   &thread,
                   call,
                   object,
                   who) != 4 ||
            strncmp(call, "WriteFile", 9) != 0)
            continue;
        expect(strcmp(who, "self") == 0,
               &REVERTS,
               "the server writes its replies as itself",
               "%s(%s) was called as %s: thread %u was still impersonating.",
               call,
               object,
               who,
               thread);
    }
}

CHECK(reverts,
      "07.reverts",
      "after each request the server is itself again, or it ends")
{
    static const struct {
        identity as;
        uint32_t flags;
        const char *request;
    } requests[] = {{LESSER, SQOS_IMPERSONATION, "READ"},
                    {LESSER, SQOS_IMPERSONATION, "PROBE"},
                    {SELF, SQOS_IDENTIFICATION, "PROBE"},
                    {SELF, SQOS_ANONYMOUS, "PROBE"}};
    char other[300];
    char when[100];

    put_levels_secret();
    snprintf(other, sizeof other, "%s-stuck", PIPE);
    program server = start_levels(.record = true);
    program stuck = start(.exe = "server",
                          .args = {"--pipe", other, "--file", SECRET_FILE},
                          .faults = "Revert:+*:5",
                          .record = true);
    await_pipe(server, PIPE);
    for (size_t i = 0; i < sizeof requests / sizeof requests[0]; i++) {
        peer client = levels_join(requests[i].as, requests[i].flags);
        levels_ask(client, requests[i].request);
        snprintf(when, sizeof when, "After %s", requests[i].request);
        expect_bare(server, when);
        hang_up(client);
    }
    expect_written_as_itself();

    await_pipe(stuck, other);
    peer client = connect_to(.pipe = other,
                             .as = LESSER,
                             .messages = true,
                             .flags = SQOS_IMPERSONATION);
    try_say(client, "READ", 4, 0);
    struct reply heard = hear(client, 4096, 0);
    if (strstr(flight_record(), "fault=") == NULL) {
        /* It ends being the client in a way that cannot be made to fail here:
         * by the end of a thread. */
        expect_levels_refused(heard, "To a client that may not read", &DIES);
        return;
    }
    expect(heard.size == 0,
           &DIES,
           "nobody gets a reply any more",
           "The client still got %s.",
           show(heard.bytes, heard.size));
    struct ending ending = await_end(stuck, 0);
    expect(ending.ended && ending.code != 0,
           &DIES,
           "the server's process ends, with another exit code than 0",
           ending.ended ? "When its revert had failed it ended with 0."
                        : "It goes on after its revert has failed.");
}

static const lesson LEAK = {
    .misconception = "M37",
    .why = "A token, a file, a process, a thread: each is a handle that this "
           "request has opened, and Windows takes it back only when the server "
           "ends.",
    .read = "README, the contract (handles); common/np_handle.h"};

CHECK(leak, "07.no-leak", "requests leave no handles behind")
{
    program server = start_levels_ready();
    peer client = levels_join(SELF, SQOS_IMPERSONATION);

    expect_levels_read(
        levels_ask(client, "READ"), "To the first request", &LEAK);
    levels_ask(client, "PROBE");
    uint32_t before = handles_of(server);
    for (int i = 0; i < 5; i++)
        levels_ask(client, "READ");
    for (int i = 0; i < 4; i++)
        levels_ask(client, "PROBE");
    hang_up(client);
    client = levels_join(SELF, SQOS_IDENTIFICATION);
    for (int i = 0; i < 5; i++)
        levels_ask(client, "READ");
    uint32_t after = handles_settled(server, before + 3);

    expect(after <= before + 3,
           &LEAK,
           "no more handles are open after 14 more requests",
           "%u were open after 2 requests, %u after 16.",
           before,
           after);
}
