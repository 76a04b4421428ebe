/* 10-ledger.c - the checks of lab 10 about whose rights decide. The others are
 * in 10-ledger-books.c, -requests.c, -disk.c, -audit.c and -client.c. */
#include "10-ledger.h"

#include <stdio.h>
#include <string.h>

/* ---- the decision ----------------------------------------------------------
 */

static const lesson BY_TOKEN = {
    .misconception = "M101",
    .why = "AccessCheck has two results. It returns TRUE when it could judge; "
           "its judgement is in AccessStatus, and may be no. And it judges "
           "the token it is given: the client's, not the server's own.",
    .read = "README task 10.3, question 1; the AccessCheck page (fact L05)"};
static const lesson DENY_ONLY = {
    .misconception = "M122",
    .why = "A group that is deny-only grants nothing and still denies. "
           "CheckTokenMembership says that the client is no member; "
           "AccessCheck knows both sides.",
    .read = "README task 10.3; SID Attributes in an Access Token (fact W01)"};
static const lesson AS_SELF = {
    .misconception = "M12",
    .why = "If even those who may are refused, no token was got. A thread at "
           "Identification can open nothing as the client, not even its own "
           "token: OpenAsSelf has to be TRUE.",
    .read = "README task 10.2; facts L03, R16"};
static const lesson EVERY_RIGHT = {
    .misconception = "M102",
    .why = "Reading, depositing and withdrawing are three rights, and a MOVE "
           "touches two accounts. Each of them is asked for its own right; a "
           "yes from one says nothing about the other.",
    .read = "README task 10.4, the rights"};
static const lesson HIDDEN = {
    .misconception = "M103",
    .why = "A list that shows every name, or a \"no such account\" that "
           "differs from a \"you may not\", tells everyone which accounts "
           "there are.",
    .read = "README, the contract (DENIED, LIST); question 3"};

static const lesson DECIDE_FIRST = {
    .misconception = "M102",
    .why = "SHORT tells what is in an account, and that the other one is "
           "there. Only a client whose request was granted on both accounts is "
           "told so: first the whole decision, then the look at the balance.",
    .read = "README task 10.4, the contract (DENIED)"};

SERVER_CHECK(
    by_right,
    "10.each-right",
    "each account gives each client the rights of its descriptor, and no "
    "others")
{
    open_ledger();
    expect_answer(SELF, "BALANCE vault", "OK 1000", &AS_SELF);
    expect_answer(LESSER, "BALANCE vault", "DENIED", &BY_TOKEN);
    expect_answer(LESSER, "BALANCE trap", "DENIED", &DENY_ONLY);
    expect_answer(LESSER, "HISTORY vault", "DENIED", &BY_TOKEN);
    expect_answer(LESSER, "BALANCE board", "OK 70", &BY_TOKEN);
    expect_answer(LESSER, "HISTORY slot", "DENIED", &EVERY_RIGHT);
    expect_answer(LESSER, "HISTORY purse", "DENIED", &EVERY_RIGHT);

    expect_answer(LESSER, "BALANCE slot", "DENIED", &EVERY_RIGHT);
    expect_answer(LESSER, "BALANCE purse", "DENIED", &EVERY_RIGHT);
    expect_answer(LESSER, "MOVE till slot 5 r1", "OK", &EVERY_RIGHT);
    expect_answer(LESSER, "MOVE purse till 5 r2", "OK", &EVERY_RIGHT);
    expect_answer(LESSER, "MOVE slot till 1 r3", "DENIED", &EVERY_RIGHT);
    expect_answer(LESSER, "MOVE board till 1 r4", "DENIED", &EVERY_RIGHT);
    expect_answer(LESSER, "MOVE till purse 1 r5", "DENIED", &EVERY_RIGHT);
    expect_answer(LESSER, "MOVE till vault 1 r6", "DENIED", &EVERY_RIGHT);
    expect_answer(LESSER, "MOVE vault till 1 r7", "DENIED", &EVERY_RIGHT);
    expect_answer(SELF, "BALANCE till", "OK 500", &EVERY_RIGHT);
    expect_answer(SELF, "BALANCE vault", "OK 1000", &EVERY_RIGHT);
    expect_answer(SELF, "MOVE vault slot 100 r9", "OK", &EVERY_RIGHT);
    expect_answer(SELF, "BALANCE slot", "OK 105", &EVERY_RIGHT);

    expect_answer(LESSER, "BALANCE nowhere", "DENIED", &HIDDEN);
    expect_answer(SELF, "BALANCE nowhere", "DENIED", &HIDDEN);
    expect_answer(LESSER, "LIST", "OK\nboard\nbox\ntill", &HIDDEN);
    expect_answer(
        SELF, "LIST", "OK\nboard\nbox\npurse\nslot\ntill\nvault", &HIDDEN);
    expect_answer(LESSER, "MOVE till nowhere 1 r8", "DENIED", &HIDDEN);
    expect_answer(LESSER, "MOVE till vault 501 r10", "DENIED", &DECIDE_FIRST);
    expect_answer(LESSER, "MOVE till nowhere 501 r11", "DENIED", &DECIDE_FIRST);
}

static const lesson CLOSED = {
    .misconception = "M01",
    .why = "When ImpersonateNamedPipeClient or OpenThreadToken fails, nobody "
           "is known to ask. What goes on then goes on as the server, which "
           "may do everything, or with the token of whoever asked before.",
    .read = "README task 10.2; facts I14, L02"};
static const lesson NO_ANSWER = {
    .misconception = "M104",
    .why = "AccessCheck fails with 1338 ERROR_INVALID_SECURITY_DESCR on a "
           "descriptor without owner and group, and does not touch "
           "AccessStatus. Without an answer, the answer is no.",
    .read = "README task 10.3, the contract (accounts); fact L05"};

static const lesson INSTANCES = {
    .misconception = "M60",
    .why = "Who may create an instance of the pipe gets some of its clients, "
           "and all that they ask for. GENERIC_WRITE holds that right, too "
           "(FILE_CREATE_PIPE_INSTANCE).",
    .read = "README, the contract (server); lab 04"};

/* One impersonation fails, after another one of the same client went well. */
static void expect_one_denied(void)
{
    program server =
        start_ledger(.faults = "ImpersonateNamedPipeClient:2:1368");
    await_pipe(server, PIPE);
    peer client = connect_as(SELF), thief;
    unsigned denied = 0;

    for (int i = 0; i < 3; i++) {
        struct reply reply = ask(client, "BALANCE till");
        denied += is_reply(reply, "DENIED");
        expect(is_reply(reply, "DENIED") || is_reply(reply, "OK 500"),
               &CLOSED,
               "a request whose sender cannot be impersonated is told DENIED, "
               "any other one OK 500",
               "The reply was %s.",
               show(reply.bytes, reply.size));
    }
    expect(denied > 0,
           &CLOSED,
           "a request whose sender cannot be impersonated is told DENIED",
           "Of three requests of one client, one could not be impersonated "
           "(1368 ERROR_CANNOT_IMPERSONATE), and all were told OK 500.");
    expect_error(
        try_listen(&thief, .messages = true, .instances = 255, .as = LESSER),
        5,
        "the CreateNamedPipe of a process without the lab group",
        &INSTANCES);
}

SERVER_CHECK(
    fails_closed,
    "10.unknown-is-denied",
    "without an identity, or without a usable descriptor, nothing is granted")
{
    program server = open_ledger();
    peer nobody = connect_to(.messages = true, .flags = SQOS_ANONYMOUS);
    const char *const requests[] = {
        "BALANCE till", "LIST", "HISTORY till", "MOVE till box 1 a1"};

    for (size_t i = 0; i < 4; i++) {
        struct reply reply = ask(nobody, requests[i]);
        expect(is_reply(reply, "DENIED"),
               &CLOSED,
               "a client that lends no identity (Anonymous) is told DENIED",
               "\"%s\" was answered with %s.",
               requests[i],
               show(reply.bytes, reply.size));
    }
    expect_answer(SELF, "BALANCE loose", "DENIED", &NO_ANSWER);
    expect_answer(SELF, "BALANCE till", "OK 500", &CLOSED);
    end_input(server);
    expect_end(server, 0, &CLOSED);

    expect_one_denied();
}

static const lesson EACH = {
    .misconception = "M105",
    .why = "A client that connects with dynamic tracking is, for each "
           "request, who it was when it wrote it. An identity that the "
           "server keeps for the connection is that of an earlier request.",
    .read = "README task 10.2, question 2; facts I05, I06"};
static const lesson MIXED = {
    .misconception = "M106",
    .why = "With several requests in work, an identity kept in one place for "
           "all is that of whoever came last.",
    .read = "README task 10.2; fact I13"};

static void expect_in_flight(program server, const lesson *because)
{
    enum { CLIENTS = 6 };
    peer clients[CLIENTS];

    for (size_t i = 0; i < CLIENTS; i++)
        clients[i] = connect_as(i % 2 == 0 ? LESSER : SELF);
    say(clients[0], "BALANCE vault", 13);
    await_held(server, 1000);
    for (size_t i = 1; i < CLIENTS; i++)
        say(clients[i], "BALANCE vault", 13);
    release(server);
    for (size_t i = 0; i < CLIENTS; i++) {
        struct reply reply = hear_message(clients[i]);
        expect(is_reply(reply, i % 2 == 0 ? "DENIED" : "OK 1000"),
               because,
               i % 2 == 0 ? "the client without the group is told DENIED"
                          : "the client with the group is told OK 1000",
               "Client %zu of %d was answered with %s.",
               i + 1,
               CLIENTS,
               show(reply.bytes, reply.size));
    }
}

static void expect_each_request(const lesson *because)
{
    const identity identities[] = {SELF, LESSER, SELF};
    peer changing = connect_to(.messages = true,
                               .flags = SQOS_IDENTIFICATION | SQOS_DYNAMIC);

    for (size_t i = 0; i < 3; i++) {
        become(changing, identities[i]);
        struct reply reply = ask(changing, "BALANCE vault");
        expect(is_reply(reply, i == 1 ? "DENIED" : "OK 1000"),
               because,
               i == 1 ? "a client that has given up the group is told DENIED"
                      : "while the client has the group, it is told OK 1000",
               "Request %zu of the connection was answered with %s.",
               i + 1,
               show(reply.bytes, reply.size));
    }
}

SERVER_CHECK(
    each_request,
    "10.identity-of-each-request",
    "each request is decided by the identity of its own sender, whoever "
    "else asks")
{
    put_accounts();
    program server = start_ledger(.hold = "AccessCheck:+1");
    await_pipe(server, PIPE);
    expect_in_flight(server, &MIXED);
    expect_each_request(&EACH);
}

/* ---- and itself again ------------------------------------------------------
 */

static const lesson REVERTS = {
    .misconception = "M03",
    .why = "A way out between ImpersonateNamedPipeClient and RevertToSelf "
           "leaves the thread as the client, for whatever it does next.",
    .read = "README task 10.2; fact R05"};
static const lesson FATAL = {
    .misconception = "M02",
    .why = "If RevertToSelf fails, the thread is still the client, and so "
           "would be everything it does from now on, even an error message. "
           "All that is left is to end the process at once.",
    .read = "README task 10.2, question 4; fact R00, the RevertToSelf page"};

static const lesson AS_CLIENT = {
    .misconception = "M121",
    .why = "Only the token is taken as the client. Decisions, database and "
           "audit come after the revert: done before, they are the client's "
           "doing, and they have happened when the revert fails.",
    .read = "README task 10.2; facts R18, R19"};

static const lesson LAST_WORDS = {
    .misconception = "M80",
    .why = "After a failed revert all that the thread does is done by the "
           "client: an error message, a log line, what exit calls. "
           "TerminateProcess ends the process without any of it.",
    .read = "README, the contract (at once), question 4; fact R00"};

/* A server in which every revert fails, and a request of this client. A server
 * that is silent when all goes well says nothing now. */
static void expect_end_at_request(const char *who,
                                  uint32_t flags,
                                  bool is_silent,
                                  const lesson *because)
{
    size_t seen = strlen(flight_record());
    program server = start_ledger(.faults = "Revert:+*:5");
    await_pipe(server, PIPE);
    peer client = connect_to(.messages = true, .flags = flags);
    size_t said = errors_of(server).size;
    struct reply reply = ask(client, "BALANCE purse");
    char when[120];
    hang_up(client);

    /* Who lends nothing may be refused without becoming the client. */
    if (flags == SQOS_ANONYMOUS && !is_stuck(seen)) {
        kill_program(server);
        return;
    }
    snprintf(when, sizeof when, "After a request of %s", who);
    expect_end_of_stuck(server, reply, when, because);
    if (is_silent)
        expect_silence(errors_of(server), said, &LAST_WORDS);
    expect_no_last_words(seen, &LAST_WORDS);
}

SERVER_CHECK(
    reverts,
    "10.itself-again",
    "the server is itself between requests, and ends at once if it cannot be",
    .is_slow = true)
{
    program server = open_ledger();
    peer nobody = connect_to(.messages = true, .flags = SQOS_ANONYMOUS);

    ask_as(SELF, "BALANCE vault");
    expect_itself(server, "After a granted request", &REVERTS);
    bool is_silent = errors_of(server).size == 0;
    ask_as(LESSER, "BALANCE vault");
    expect_itself(server, "After a denied request", &REVERTS);
    ask(nobody, "BALANCE till");
    expect_itself(server, "After a request of an anonymous client", &REVERTS);
    ask_as(SELF, "nonsense");
    expect_itself(server, "After a request that was none", &REVERTS);
    end_input(server);
    expect_end(server, 0, &REVERTS);

    expect_end_at_request("a client that lends its identity",
                          SQOS_IDENTIFICATION,
                          is_silent,
                          &FATAL);
    expect_end_at_request(
        "a client at Anonymous, which has no token to open",
        SQOS_ANONYMOUS,
        /* is_silent: that it has no token may be said */ false,
        &FATAL);
    struct audit_line line;
    expect(!find_in_audit(audit_text(), "BALANCE purse", &line),
           &AS_CLIENT,
           "nothing was written while the thread was the client",
           "The audit has a line for that request.");
}
