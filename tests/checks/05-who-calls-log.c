/* 05-who-calls-log.c - the checks of lab 05 about the server's log: who writes
 * it, and what stands in it when. */
#include "05-who-calls.h"

#include <stdio.h>
#include <string.h>

/* ---- the flight record -----------------------------------------------------
 */

void who_expect_written_as_itself(const lesson *because)
{
    const char *at = flight_record();
    struct recorded call;

    while (next_recorded(&at, &call))
        expect(was_itself(&call) ||
                   (strcmp(call.call, "WriteFile") != 0 &&
                    strcmp(call.call, "WriteFileEx") != 0 &&
                    strcmp(call.call, "TransactNamedPipe") != 0 &&
                    strcmp(call.call, "CreateFile") != 0),
               because,
               "the server opens and writes its log, and writes its replies, "
               "as itself",
               "%s(%s) was called as %s: thread %lu was still impersonating.",
               call.call,
               call.object,
               call.who,
               call.tid);
}

/* Fails if the record shows a reply before the first write to this file. A
 * file that the C library writes is not in the record. */
static void expect_logged_first(const char *file, const lesson *because)
{
    static const char pipe[] = "\\\\.\\pipe\\";
    const char *at = flight_record();
    struct recorded call;
    bool replied = false;

    while (next_recorded(&at, &call)) {
        if (strncmp(call.call, "WriteFile", strlen("WriteFile")) != 0)
            continue;
        if (strncmp(call.object, pipe, strlen(pipe)) == 0)
            replied = true;
        if (strstr(call.object, file) == NULL)
            continue;
        expect(!replied,
               because,
               "a request is in the log before its reply is sent",
               "Thread %lu wrote the reply first.",
               call.tid);
        return;
    }
}

/* ---- the checks
 * -------------------------------------------------------------- */

static const lesson AS_ITSELF = {
    .misconception = "M68",
    .why = "The log is the server's: a client need not have the right to open "
           "it, and must not. What a thread opens while it impersonates is "
           "opened with the client's rights, 5 ERROR_ACCESS_DENIED here, 1346 "
           "for one that lent Identification.",
    .read = "README, the contract (log), task 05.6; facts L07, R18"};

static const lesson ADDS = {
    .misconception = "M74",
    .why = "A log that begins anew with each start forgets what it was kept "
           "for, and a crash is followed by a start. OPEN_ALWAYS with "
           "FILE_APPEND_DATA alone only ever adds.",
    .read = "README, the contract (log); journal.c"};
static const lesson NAMES = {
    .misconception = "M74",
    .why = "A line that does not say which user it is about is of no use when "
           "the question comes who it was.",
    .read = "README, the contract (log)"};
static const lesson LOG_FIRST = {
    .misconception = "M74",
    .why = "A process can end between two calls. A line that is to be written "
           "after the reply may never be, and then somebody has an answer that "
           "nobody knows of.",
    .read = "README, the contract (log); server.c, send_reply"};

static bool log_names_client(void)
{
    struct reply log = get_file("private\\who.log");

    return log.error == 0 &&
           strstr((const char *)log.bytes, lab_group()) != NULL &&
           strstr((const char *)log.bytes, "Impersonation") != NULL;
}

/* What was in the log at the start is in it, and what the client was told. */
static void expect_line_added(const char *old,
                              struct reply reply,
                              const lesson *adds,
                              const lesson *names)
{
    const char *you = (const char *)reply.bytes + strlen("you: ");
    struct reply log = get_file("private\\who.log");

    expect(log.size > strlen(old) && memcmp(log.bytes, old, strlen(old)) == 0,
           adds,
           "a line that was in the log when the server started stays in it",
           "Before the start it was \"an old line\", and now it is %s.",
           reply_shown(log));
    expect(memmem(log.bytes, log.size, you, strcspn(you, "\n")) != NULL,
           names,
           "the log has a line with what the reply has after \"you: \"",
           "The reply was %s, the log has %s.",
           reply_shown(reply),
           reply_shown(log));
}

SERVER_CHECK(as_itself,
             "05.as-itself",
             "log and reply are written by the server, not by the client")
{
    static const char old[] = "an old line\n";
    char sddl[200];
    snprintf(
        sddl, sizeof sddl, "D:P(A;OICI;FA;;;SY)(A;OICI;FA;;;%s)", lab_group());
    make_folder("private", sddl);
    put_file("private\\who.log", old, strlen(old), NULL);
    program server =
        start(.exe = "server",
              .args = {"--pipe", PIPE, "--log", "private\\who.log"},
              .hold = "WriteFile:1");
    await_pipe(server, PIPE);
    peer client = who_join(LESSER, SQOS_IMPERSONATION);

    say(client, "WHO", 3);
    if (await_held(server, 500)) {
        expect_itself(server, "When the server began to write", &AS_ITSELF);
        get_file("private\\who.log"); /* in the middle of a write, perhaps */
    }
    release(server);
    struct reply reply = hear_message(client);
    who_expect(reply, LESSER, "Impersonation", &AS_ITSELF);
    who_expect_written_as_itself(&AS_ITSELF);
    bool in_time = log_names_client();
    end_input(server);
    await_end(server, 0);
    expect(log_names_client(),
           &AS_ITSELF,
           "the log has a line that names the client, in a folder that the "
           "client may not open",
           "It has %s.",
           reply_shown(get_file("private\\who.log")));
    expect(in_time,
           &LOG_FIRST,
           "a request is in the log before its reply is sent",
           "The client had its reply, and the log no line about it yet.");
    expect_line_added(old, reply, &ADDS, &NAMES);
    expect_logged_first("who.log", &LOG_FIRST);
}

static const lesson GONE = {
    .misconception = "M36",
    .why = "The reply to a client that has left cannot be delivered: WriteFile "
           "fails with 232 ERROR_NO_DATA. That is this client's loss alone.",
    .read = "README, the contract (server); fact P24"};
static const lesson STILL_KNOWN = {
    .misconception = "M65",
    .why = "A client's identity outlives the client: while the server has not "
           "disconnected, ImpersonateNamedPipeClient still works. Who leaves "
           "quickly enough would otherwise stay unnamed.",
    .read = "README, the contract (log), question 5; fact I09"};

static const lesson AT_STOP = {
    .misconception = "M31",
    .why = "When the wait for the stop returns other threads may be in the "
           "middle of a request, and the end of the process ends them there. "
           "Who asked at the right moment would be in no log.",
    .read = "README, the contract (stop); server.c, serve"};

/* A server that is asked to stop when it has read a request and not looked at
 * it yet. */
static program stop_in_request(bool *held)
{
    char other[300];

    snprintf(other, sizeof other, "%s-stopped", PIPE);
    program server = start(.exe = "server",
                           .args = {"--pipe", other, "--log", "last.log"},
                           .hold = "ImpersonateNamedPipeClient:1");
    await_pipe(server, other);
    peer client = connect_to(.pipe = other,
                             .as = LESSER,
                             .messages = true,
                             .flags = SQOS_IMPERSONATION);
    say(client, "WHO", 3);
    *held = await_held(server, 500);
    end_input(server);
    return server;
}

static void
expect_last_request_logged(program server, bool held, const lesson *because)
{
    await_end(server, 20); /* for one that does not wait for its threads */
    release(server);
    expect_end(server, 0, because);
    struct reply log = get_file("last.log");
    /* What was not held may not have been read, either. */
    expect(!held || (log.error == 0 &&
                     strstr((const char *)log.bytes, lab_group()) != NULL),
           because,
           "a request that was read before the stop is logged before the end",
           "The log has %s.",
           reply_shown(log));
}

SERVER_CHECK(
    gone,
    "05.client-gone",
    "a client that has left before it is looked at is logged, and harmless",
    .is_slow = true)
{
    bool held;
    program stopped = stop_in_request(&held);
    program server = start_who(.hold = "ImpersonateNamedPipeClient:1");
    await_pipe(server, PIPE);
    peer client = who_join(LESSER, SQOS_IMPERSONATION);

    say(client, "WHO", 3);
    await_held(server, 500);
    hang_up(client);
    release(server);
    who_expect(who_ask(who_join(SELF, SQOS_IDENTIFICATION)),
               SELF,
               "Identification",
               &GONE);
    expect_stops(server, &GONE);
    struct reply log = get_file("who.log");
    expect(log.error == 0 &&
               strstr((const char *)log.bytes, lab_group()) != NULL,
           &STILL_KNOWN,
           "the log names the client that has left",
           "It says %s.",
           reply_shown(log));
    expect_last_request_logged(stopped, held, &AT_STOP);
}
