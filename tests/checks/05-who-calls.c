/* 05-who-calls.c - the checks of lab 05 about what the server says to those
 * whom it knows. The others are in 05-who-calls-refuses.c (no answer), -self.c
 * (who the server is), -log.c and -client.c. */
#include "05-who-calls.h"

#include <stdio.h>
#include <string.h>

/* ---- who -------------------------------------------------------------------
 */

static const lesson WHO = {
    .misconception = "M13",
    .why = "While a thread impersonates, its own token is the client's, and "
           "the token of its process is still the server's. Each is opened "
           "by a call of its own. A group that is deny-only is in the token "
           "and grants nothing: its attributes tell.",
    .read = "README tasks 05.4 and 05.1; caller.h"};

static const lesson WORN = {
    .misconception = "M14",
    .why = "The client's token is on one thread, from its "
           "ImpersonateNamedPipeClient to its next RevertToSelf, whoever calls "
           "that. Another thread, or the same one afterwards, has none to "
           "open: 1008 ERROR_NO_TOKEN.",
    .read = "README task 05.5, experiment 1; facts I12, I13"};

static const lesson AS_SELF = {
    .misconception = "M12",
    .why = "With OpenAsSelf FALSE the client has to open the token. At "
           "Identification it can open nothing, and the call fails with 1346 "
           "ERROR_BAD_IMPERSONATION_LEVEL.",
    .read = "README task 05.4; the OpenThreadToken page (fact L03)"};
static const lesson SILENT = {
    .misconception = "M49",
    .why = "A server that waits for one client's next request serves nobody "
           "else meanwhile.",
    .read = "README, the contract (several at once); lab 03"};
static const lesson GROUPS = {
    .why = "Any number of a token's groups can be deny-only: filtered tokens "
           "of administrators lack several. Each is a reason why its user is "
           "refused something, and readers of the reply tell them apart by the "
           "blank.",
    .read = "README, the contract (protocol); caller.c, add_lacks"};

/* Whether this SID is one of the words with a blank between. */
static bool lists(const char *words, const char *sid)
{
    size_t size = strlen(sid);

    for (; *words != '\0'; words += strspn(words, " ")) {
        size_t length = strcspn(words, " ");
        if (length == size && memcmp(words, sid, size) == 0)
            return true;
        words += length;
    }
    return false;
}

/* A client that lacks two groups. */
static void expect_all_groups(const lesson *because)
{
    static const char *const other = "S-1-5-11";
    char as[400];

    snprintf(as, sizeof as, "lacks:%s,%s", lab_group(), other);
    struct reply reply = who_ask(who_join(as, SQOS_IDENTIFICATION));
    const char *lacks = strstr(reply_line(reply, "you: "), "lacks ");
    expect(lacks != NULL && lists(lacks, lab_group()) && lists(lacks, other),
           because,
           "a client is told all groups that it lacks, with a blank between",
           "One that lacks %s and %s was told: %s.",
           lab_group(),
           other,
           reply_line(reply, "you: "));
}

/* Whether an OpenThreadToken of the server failed with 1346. */
static bool was_opened_as_client(void)
{
    return strstr(flight_record(), "\tOpenThreadToken\t-\tFALSE\t1346\t") !=
           NULL;
}

static const lesson OWN_AS_CLIENT = {
    .misconception = "M12",
    .why = "OpenProcessToken opens an object like any other call: made while "
           "the thread is the client, it is the client who asks. One that "
           "lends Identification can open nothing, 1346 "
           "ERROR_BAD_IMPERSONATION_LEVEL, and its request fails.",
    .read = "README question 6; fact L07"};

/* The server may look at its own token whenever no client's rights count. */
static void expect_own_token_opened_as_itself(const lesson *because)
{
    const char *at = flight_record();
    struct recorded call;

    while (next_recorded_end(&at, &call))
        expect(strcmp(call.call, "OpenProcessToken") != 0 || was_itself(&call),
               because,
               "the server opens the token of its process as itself",
               "Thread %lu called OpenProcessToken as %s.",
               call.tid,
               call.who);
}

SERVER_CHECK(
    who,
    "05.who",
    "each client is told its own user and what it lacks, and who the server "
    "is")
{
    char server_line[4096];
    char you[4096];

    start_server();
    peer self = who_join(SELF, SQOS_IDENTIFICATION);
    peer lesser = who_join(LESSER, SQOS_IDENTIFICATION);
    struct reply reply = who_ask(self);

    expect(reply_line(reply, "you: ")[0] != '\0',
           was_opened_as_client() ? &AS_SELF : &WORN,
           "a client that lends Identification is told who it is",
           "The reply was %s.",
           reply_shown(reply));
    who_expect(reply, SELF, "Identification", &WHO);
    snprintf(
        server_line, sizeof server_line, "%s", reply_line(reply, "server: "));
    reply = who_ask(lesser);
    expect(reply.error != TIMED_OUT,
           &SILENT,
           "a client is served while another one is connected and silent",
           "There was no reply.");
    who_expect(reply, LESSER, "Identification", &WHO);
    expect(strcmp(reply_line(reply, "server: "), server_line) == 0 &&
               strstr(server_line, ", primary, ") != NULL,
           &WHO,
           "both replies have the same line \"server: USER, primary, ...\"",
           "The second reply was %s.",
           show(reply.bytes, reply.size));
    /* The lesser self is the same user. */
    snprintf(you, sizeof you, "%s", reply_line(reply, "you: "));
    expect(strncmp(you, "S-1-", 4) == 0 &&
               strcspn(you, ",") == strcspn(server_line, ",") &&
               strncmp(you, server_line, strcspn(you, ",")) == 0,
           &WHO,
           "client and server are the same user, so both lines begin with the "
           "same SID",
           "The reply was %s.",
           show(reply.bytes, reply.size));
    expect_all_groups(&GROUPS);
    expect_own_token_opened_as_itself(&OWN_AS_CLIENT);
}

static const lesson ANY_LEVEL = {
    .misconception = "M66",
    .why = "Who the client is does not depend on how much it lends: from "
           "Identification on its token can be opened and described, also "
           "when Windows has lowered it. Each level is told as the token "
           "tells it.",
    .read = "README task 05.1, question 3; common/np_token.h (fact S02)"};

SERVER_CHECK(level,
             "05.level",
             "the level that is told is the one that the thread really got")
{
    /* Without options: its pipe's name is the default. */
    static const char other[] = "\\\\.\\pipe\\nplab-05-who-calls";
    start_server();
    program lowered = start(.exe = "server", .lacks_impersonate = true);
    who_expect(who_ask(who_join(LESSER, SQOS_IDENTIFICATION)),
               LESSER,
               "Identification",
               &AS_SELF);
    who_expect(who_ask(who_join(LESSER, SQOS_IMPERSONATION)),
               LESSER,
               "Impersonation",
               &ANY_LEVEL);
    who_expect(who_ask(who_join(SELF, SQOS_DELEGATION)),
               SELF,
               "Delegation",
               &ANY_LEVEL);

    /* It lends Impersonation, to a server that Windows does not trust. */
    await_pipe(lowered, other);
    peer client = connect_to(.pipe = other,
                             .messages = true,
                             .flags = SQOS_IMPERSONATION);
    who_expect(who_ask(client), SELF, "Identification", &ANY_LEVEL);
}

static const lesson READ_FIRST = {
    .misconception = "M06",
    .why = "A client that gives no SQOS flags is tracked dynamically: its "
           "identity comes with what it writes, and counts from when the "
           "server has read it. Before the first read the call fails with "
           "1368 ERROR_CANNOT_IMPERSONATE.",
    .read = "README task 05.6, experiment 2; fact I01"};

SERVER_CHECK(
    read_first,
    "05.read-first",
    "a client that opens the pipe without SQOS flags is told who it is")
{
    start_server();
    who_expect(
        who_ask(who_join(LESSER, 0)), LESSER, "Impersonation", &READ_FIRST);
}

static const lesson EACH = {
    .misconception = "M65",
    .why = "With dynamic tracking the identity is that of whoever wrote the "
           "message that was read last. What was found out for an earlier "
           "request is about an earlier writer.",
    .read = "README, the contract (each reply), question 4; facts I05, I06"};

SERVER_CHECK(each_request,
             "05.each-request",
             "a client that changes between two requests is told so")
{
    start_server();
    peer client = who_join(SELF, SQOS_IDENTIFICATION | SQOS_DYNAMIC);

    who_expect(who_ask(client), SELF, "Identification", &EACH);
    become(client, LESSER);
    who_expect(who_ask(client), LESSER, "Identification", &EACH);
    become(client, SELF);
    who_expect(who_ask(client), SELF, "Identification", &EACH);
}

/* ---- several at once -------------------------------------------------------
 */

static const lesson OWN_REPLY = {
    .misconception = "M48",
    .why = "Impersonation belongs to a thread, and so must all that is made "
           "of it. A token or a text that threads share is overwritten by "
           "the next client's before the first client has its reply.",
    .read = "README, the contract (several at once); fact I13"};

SERVER_CHECK(at_once,
             "05.at-once",
             "of several clients at once, each is told about itself")
{
    program server =
        start(.exe = "server", .args = {"--pipe", PIPE}, .hold = "WriteFile:1");
    await_pipe(server, PIPE);
    who_join(SELF, SQOS_IDENTIFICATION); /* stays, and says nothing */
    peer first = who_join(LESSER, SQOS_IDENTIFICATION);
    peer second = who_join(SELF, SQOS_IMPERSONATION);

    say(first, "WHO", 3);
    /* The first reply is made, and not yet written, or its log line is not. */
    await_held(server, 1000);
    say(second, "WHO", 3);
    /* A server that serves all its clients with one thread is held, and
     * answers after the release. */
    struct reply reply = hear(second, 4096, 300);
    release(server);
    if (reply.error == TIMED_OUT)
        reply = hear(second, 4096, 2000);
    struct reply other = hear(first, 4096, 2000);
    expect(reply.error != TIMED_OUT && other.error != TIMED_OUT,
           &SILENT,
           "a client is served while another one is connected and silent",
           "There was no reply within 2 seconds.");
    who_expect(reply, SELF, "Impersonation", &OWN_REPLY);
    who_expect(other, LESSER, "Identification", &OWN_REPLY);
}
