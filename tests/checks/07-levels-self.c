/* 07-levels-self.c - the checks of lab 07 about the server when something
 * fails, and what it leaves behind. */
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

static const lesson NO_TOKEN = {
    .misconception = "M70",
    .why = "Without the client's token nothing is known of its rights. The "
           "server's own token is no stand-in: it may read the file.",
    .read = "README task 07.2, the contract (whenever a call fails)"};
static const lesson NO_DESCRIPTOR = {
    .misconception = "M75",
    .why = "Without the file's descriptor there is nothing that AccessCheck "
           "could be asked about. No question is no answer, and no answer is "
           "no.",
    .read = "README task 07.4, the contract (whenever a call fails)"};
static const lesson TAKEN = {
    .misconception = "M25",
    .why = "If somebody has made the pipe before, a further instance of it "
           "shares the clients with him. FILE_FLAG_FIRST_PIPE_INSTANCE makes "
           "CreateNamedPipe fail instead.",
    .read = "README, the contract (server); common/np_pipe.h; fact P11"};

/* A server that lacks what it needs may refuse, or end; it may not serve. */
static void
expect_nothing(struct reply reply, const char *when, const lesson *because)
{
    expect(reply.size < 5 || memcmp(reply.bytes, "text:", 5) != 0,
           because,
           "a lesser client does not get the text when a call fails that the "
           "server needs for its decision",
           "%s it got %s.",
           when,
           reply_shown(reply));
}

/* Asks PROBE of a server that cannot become its client again for it. */
static void expect_probe_as_nobody_else(const char *pipe, const lesson *because)
{
    size_t seen = strlen(flight_record());
    peer client = -1;

    if (try_connect(&client,
                    .pipe = pipe,
                    .as = LESSER,
                    .messages = true,
                    .flags = SQOS_IMPERSONATION,
                    .deadline_ms = 500) != 0)
        return;
    try_say(client, "PROBE", 5, 0);
    struct reply reply = hear(client, 4096, 0);
    hang_up(client);
    const char *line = reply_line(reply, "open: ");
    expect(line[0] == '\0' || (line[0] >= '1' && line[0] <= '9'),
           because,
           "the line \"open: \" begins with an error code, for a client that "
           "may not read the file",
           "When ImpersonateNamedPipeClient had failed, the reply was %s.",
           reply_shown(reply));
    const char *at = flight_record() + seen;
    struct recorded call;
    while (next_recorded_end(&at, &call))
        expect(strcmp(call.call, "CreateProcess") != 0 || !was_itself(&call),
               because,
               "PROBE starts the program while the thread is the client",
               "When ImpersonateNamedPipeClient had failed, the server called "
               "CreateProcess as itself.");
}

/* Asks a server from which SetThreadToken, then OpenThreadToken, and always
 * the file's descriptor are kept. */
static void expect_bare_refuses(program server,
                                const char *pipe,
                                const lesson *no_token,
                                const lesson *no_descriptor)
{
    peer client = connect_to(.pipe = pipe,
                             .as = LESSER,
                             .messages = true,
                             .flags = SQOS_IMPERSONATION);
    try_say(client, "READ", 4, 0);
    expect_nothing(hear(client, 4096, 0),
                   "When SetThreadToken had failed with 5,",
                   no_token);
    hang_up(client);
    for (int i = 0; i < 2 && is_running(server); i++) {
        if (try_connect(&client,
                        .pipe = pipe,
                        .as = LESSER,
                        .messages = true,
                        .flags = SQOS_IDENTIFICATION,
                        .deadline_ms = 500) != 0)
            return;
        try_say(client, "READ", 4, 0);
        expect_nothing(hear(client, 4096, 0),
                       "At Identification, when GetSecurityInfo and its like "
                       "had failed with 5,",
                       no_descriptor);
        hang_up(client);
    }
}

SERVER_CHECK(closed,
             "07.fails-closed",
             "when a call fails nobody is served with the server's rights")
{
    char other[300], taken[300];

    put_levels_secret();
    snprintf(other, sizeof other, "%s-bare", PIPE);
    snprintf(taken, sizeof taken, "%s-taken", PIPE);
    program server = start_levels(.faults = "ImpersonateNamedPipeClient:1:1368,"
                                            "OpenThreadToken:1:8,"
                                            "ImpersonateNamedPipeClient:4:1368,"
                                            "ImpersonateLoggedOnUser:1:5,"
                                            "AccessCheck:2:1338");
    program bare = start(.exe = "server",
                         .args = {"--pipe", other, "--file", SECRET_FILE},
                         .faults = "SetThreadToken:1:5,OpenThreadToken:2:8,"
                                   "ImpersonateNamedPipeClient:6:1368,"
                                   "ImpersonateNamedPipeClient:7:1368,"
                                   "GetSecurityInfo:+*:5,"
                                   "GetNamedSecurityInfo:+*:5,"
                                   "GetKernelObjectSecurity:+*:5,"
                                   "GetFileSecurity:+*:5");

    listen_on(.pipe = taken, .messages = true, .instances = 200);
    program second = start(.exe = "server",
                           .args = {"--pipe", taken, "--file", SECRET_FILE});
    await_pipe(server, PIPE);
    peer client = levels_join(LESSER, SQOS_IMPERSONATION);
    expect_levels_refused(levels_ask(client, "READ"),
                          "When impersonating failed for a lesser client",
                          &CLOSED);
    expect_levels_refused(levels_ask(client, "READ"),
                          "When OpenThreadToken failed for a lesser client",
                          &NO_TOKEN);
    expect_levels_refused(levels_ask(client, "READ"),
                          "When impersonating failed again for a lesser client",
                          &CLOSED);
    expect_levels_refused(
        levels_ask(client, "READ"), "To the same client once more", &CLOSED);
    hang_up(client);
    for (int i = 0; i < 2; i++)
        expect_levels_refused(
            levels_ask_once(LESSER, SQOS_IDENTIFICATION, "READ"),
            "When AccessCheck failed for a lesser client, or said no,",
            &NO_ANSWER);
    expect_levels_read(levels_ask_once(SELF, SQOS_IDENTIFICATION, "READ"),
                       "To the next client, with nothing failing",
                       &CLOSED);

    await_pipe(bare, other);
    expect_bare_refuses(bare, other, &CLOSED, &NO_DESCRIPTOR);
    if (is_running(bare))
        expect_probe_as_nobody_else(other, &CLOSED);
    expect_levels_end(
        second, 1, "a server whose pipe somebody else has made", &TAKEN);
}

static const lesson LEAK = {
    .misconception = "M37",
    .why = "A token, a file, a process, a thread: each is a handle that this "
           "request has opened, and Windows takes it back only when the server "
           "ends.",
    .read = "README, the contract (handles); common/np_handle.h"};

static const lesson ORPHAN = {
    .misconception = "M37",
    .why = "A handle is a way to a process, not its life: CloseHandle ends "
           "nothing. A child that was made with CREATE_SUSPENDED waits for "
           "ever, also when nobody knows of it any more. TerminateProcess "
           "ends it.",
    .read = "README task 07.6, the contract (a child is ended); the "
            "TerminateProcess page"};

/* The token is taken before it is known that nothing is to be done with it. */
static void expect_others_leave_nothing(program server,
                                        uint32_t before,
                                        const lesson *because)
{
    for (int i = 0; i < 8; i++)
        levels_ask_once(SELF, SQOS_IMPERSONATION, "WRITE");
    uint32_t after = handles_settled(server, before + 3);
    expect(after <= before + 3,
           because,
           "no more handles are open after 8 clients that asked for something "
           "else",
           "%u were open after the first, and %u after those.",
           before,
           after);
}

SERVER_CHECK(leak,
             "07.no-leak",
             "requests leave no handles and no processes behind")
{
    static const struct {
        identity as;
        uint32_t flags;
        const char *what;
    } askers[] = {
        {SELF, SQOS_IMPERSONATION, "who may, at Impersonation"},
        {SELF, SQOS_IDENTIFICATION, "who may, at Identification"},
        {LESSER, SQOS_IMPERSONATION, "who may not, at Impersonation"},
        {LESSER, SQOS_IDENTIFICATION, "who may not, at Identification"},
        {SELF, SQOS_ANONYMOUS, "who lends nothing"}};
    program server = start_levels_ready();
    peer client = levels_join(SELF, SQOS_IMPERSONATION);

    expect_levels_read(
        levels_ask(client, "READ"), "To the first request", &LEAK);
    uint32_t children = children_settled(server, UINT32_MAX);
    levels_ask(client, "PROBE");
    uint32_t before = handles_of(server);
    for (int i = 0; i < 4; i++)
        levels_ask(client, "PROBE");
    uint32_t after = handles_settled(server, before + 3);
    expect(after <= before + 3,
           &LEAK,
           "no more handles are open after 4 more PROBE",
           "%u were open before, %u after.",
           before,
           after);
    uint32_t left = children_settled(server, children);
    expect(left <= children,
           &ORPHAN,
           "a child that PROBE started is ended before the reply",
           "After 5 PROBE %u processes more than before had not ended.",
           left - children);
    for (size_t i = 0; i < sizeof askers / sizeof askers[0]; i++) {
        hang_up(client);
        client = levels_join(askers[i].as, askers[i].flags);
        for (int n = 0; n < 5; n++)
            levels_ask(client, "READ");
        after = handles_settled(server, before + 3);
        expect(after <= before + 3,
               &LEAK,
               "no more handles are open after 5 more READ of each client",
               "%u were open after the first, and %u after those of one %s.",
               before,
               after,
               askers[i].what);
    }
    hang_up(client);
    expect_others_leave_nothing(server, before, &LEAK);
}
