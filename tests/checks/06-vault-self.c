/* 06-vault-self.c - the checks of lab 06 about who the server acts as, and
 * when. */
#include "06-vault.h"

#include <stdio.h>
#include <string.h>

/* ---- who the client is ---- */

static const lesson LENT = {
    .misconception = "M70",
    .why = "A client can lend its identity to be looked at only "
           "(Identification), or not at all (Anonymous), and Windows itself "
           "lends a server that it does not trust no more than a look, while "
           "ImpersonateNamedPipeClient returns TRUE. To open a file as such a "
           "client fails with 1346, and that is a no.",
    .read = "README task 06.4, question 3; facts L02, L07, S02"};

static const lesson ENOUGH = {
    .misconception = "M29",
    .why = "The levels are in an order: Anonymous, Identification, "
           "Impersonation, Delegation. Who lends the last one lends more than "
           "is needed, and that is not less.",
    .read = "README, the contract (less than the level Impersonation)"};
static const lesson LAST = {
    .misconception = "M65",
    .why = "A client at Anonymous tells nothing about itself "
           "(OpenThreadToken: 1347), and an earlier client's token tells "
           "nothing about it either.",
    .read = "README, the contract (the rights are those of the client that "
            "sent this request); fact L02"};

/* What is due to a client that lent too little. */
static void expect_refused(peer client, const char *what, const lesson *because)
{
    static const char *const requests[] = {
        "GET open.txt", "PUT open.txt\nx", "LIST"};

    for (size_t i = 0; i < 3; i++) {
        struct reply reply = vault_ask(client, requests[i]);
        expect(vault_says(reply, "DENIED"),
               because,
               "who lends too little of its identity is told DENIED",
               "%s, %s was answered with %s.",
               what,
               show(requests[i], strlen(requests[i])),
               reply_shown(reply));
    }
    hang_up(client);
    expect_vault_content("vault\\open.txt", OPEN_TEXT, because);
}

SERVER_CHECK(levels,
             "06.lent-too-little",
             "a client that does not lend its identity to act with is refused")
{
    program server = open_vault();

    expect_refused(connect_to(.messages = true, .flags = SQOS_IDENTIFICATION),
                   "From a client at Identification",
                   &LENT);
    expect_refused(connect_to(.messages = true, .flags = SQOS_ANONYMOUS),
                   "From a client at Anonymous",
                   &LENT);
    peer plain = connect_to(.messages = true);
    expect_vault_word(plain, "GET open.txt", "OK", &LENT);
    hang_up(plain);
    peer trusting = connect_to(.messages = true, .flags = SQOS_DELEGATION);
    expect_vault_word(trusting, "GET open.txt", "OK", &ENOUGH);
    hang_up(trusting);
    expect_refused(connect_to(.messages = true, .flags = SQOS_ANONYMOUS),
                   "From a client at Anonymous that comes after others",
                   &LAST);
    end_input(server);
    expect_end(server, 0, &LENT);

    server = start_vault(.lacks_impersonate = true);
    await_pipe(server, PIPE);
    expect_refused(vault_client(SELF),
                   "By a server that Windows lets identify its clients only",
                   &LENT);
}

static const lesson EACH = {
    .misconception = "M06",
    .why = "A client that connects with dynamic tracking is, for each "
           "request, who it was when it wrote it. An identity that was taken "
           "before the request was read is that of an earlier one, or of an "
           "earlier client.",
    .read = "README task 06.1, question 2; facts I05, I06, R14"};

static const lesson NAMED = {
    .misconception = "M65",
    .why = "The audit is about requests, and not about connections: who wrote "
           "this one is in the token that came with it.",
    .read = "README, the contract (audit, identity), question 2; fact I06"};

/* The last line of the audit names a client that has the group for denial only,
 * or one that has not. */
static void expect_named(bool lacks, const lesson *because)
{
    struct reply audit = get_file("audit.log");
    const char *line = (const char *)audit.bytes;
    const char *next;

    while (audit.error == 0 && (next = strchr(line, '\n')) != NULL &&
           next[1] != '\0')
        line = next + 1;
    const char *who_ends = audit.error == 0 ? strchr(line, '\t') : NULL;
    const char *named = audit.error == 0 ? strstr(line, lab_group()) : NULL;
    expect(who_ends != NULL && (named != NULL && named < who_ends) == lacks,
           because,
           "the line of each request names who sent this one",
           "Of a client %s %s it is %s.",
           lacks ? "without" : "with",
           lab_group(),
           audit.error == 0 ? show(line, strcspn(line, "\n"))
                            : code_text(audit.error));
}

SERVER_CHECK(each_request,
             "06.identity-of-each-request",
             "each request is decided by the identity with which it was sent")
{
    open_vault();
    peer changing = connect_to(.messages = true,
                               .flags = SQOS_IMPERSONATION | SQOS_DYNAMIC);
    const identity identities[] = {SELF, LESSER, SELF};

    for (size_t i = 0; i < 3; i++) {
        become(changing, identities[i]);
        struct reply reply = vault_ask(changing, "GET secret.txt");
        expect(vault_says(reply, i == 1 ? "DENIED" : "OK"),
               &EACH,
               i == 1 ? "a client that has given up the group is told DENIED"
                      : "while the client has the group, it is told OK",
               "Request %zu of the connection was answered with %s.",
               i + 1,
               reply_shown(reply));
        expect_named(i == 1, &NAMED);
    }
}

static const lesson CLOSED = {
    .misconception = "M01",
    .why = "When the server cannot become its client, the thread stays what "
           "it was: the server. What goes on then goes on with the server's "
           "rights.",
    .read = "README task 06.1; fact I14"};

static const lesson AS_ITSELF = {
    .misconception = "M70",
    .why = "Without the client's token there is nobody to open a file as. The "
           "server's own token is no stand-in: it opens every file.",
    .read = "README, the contract (cannot become its client), question 3"};
static const lesson NO_LINE = {
    .misconception = "M74",
    .why = "Whoever makes a call fail by what he sends or lends would go "
           "unseen, if his requests had no line. It says then that nothing is "
           "known of him.",
    .read = "README, the contract (audit: for each request)"};

static void expect_audit_longer(size_t than, const lesson *because)
{
    struct reply audit = get_file("audit.log");

    expect(audit.error == 0 && audit.size > than,
           because,
           "a request whose client cannot be impersonated has its line in the "
           "audit",
           "After its reply the audit is as it was before, of %zu bytes.",
           than);
}

static const lesson BEFORE = {
    .misconception = "M65",
    .why = "What ImpersonateNamedPipeClient could not tell about this request, "
           "an earlier one does not tell either: it came from somebody else.",
    .read = "README, the contract (the client that sent this request), "
            "question 2"};

static void
expect_undone(struct reply reply, const char *failed, const lesson *because)
{
    char expected[200];

    snprintf(
        expected, sizeof expected, "the request is refused, for %s", failed);
    expect(!vault_says(reply, "OK"),
           because,
           expected,
           "It was answered with %s.",
           reply_shown(reply));
}

/* What may be read is given, if no call was made to fail meanwhile. */
static void expect_next_served(const lesson *because)
{
    size_t seen = strlen(flight_record());
    struct reply reply = vault_ask_as(LESSER, "GET open.txt");

    expect(vault_gives(reply, OPEN_TEXT, strlen(OPEN_TEXT)) ||
               strstr(flight_record() + seen, "fault=") != NULL,
           because,
           "the next request, for which all calls succeed, is served",
           "The reply was %s.",
           reply_shown(reply));
}

SERVER_CHECK(unknown,
             "06.unknown-client",
             "when the server cannot become its client, nothing is done")
{
    put_vault();
    program server = start_vault(.faults = "ImpersonateNamedPipeClient:1:1368,"
                                           "OpenThreadToken:1:8,"
                                           "ImpersonateNamedPipeClient:5:1368");
    await_pipe(server, PIPE);
    expect_undone(
        vault_ask_as(LESSER, "PUT open.txt\nby nobody"),
        "ImpersonateNamedPipeClient failed with 1368 ERROR_CANNOT_IMPERSONATE",
        &CLOSED);
    expect_vault_content("vault\\open.txt", OPEN_TEXT, &CLOSED);
    expect_audit_longer(0, &NO_LINE);
    expect_undone(vault_ask_as(LESSER, "GET secret.txt"),
                  "OpenThreadToken failed with 8 ERROR_NOT_ENOUGH_MEMORY",
                  &AS_ITSELF);
    expect_next_served(&CLOSED);
    vault_ask_as(SELF, "GET secret.txt");
    expect_undone(vault_ask_as(LESSER, "GET secret.txt"),
                  "ImpersonateNamedPipeClient failed with 1368, after a "
                  "request of another client",
                  &BEFORE);
    end_input(server);
    expect_end(server, 0, &CLOSED);

    server = start_vault(.faults = "SetThreadToken:*:1368,"
                                   "ImpersonateLoggedOnUser:*:1368");
    await_pipe(server, PIPE);
    size_t before = get_file("audit.log").size;
    struct reply reply = vault_ask_as(LESSER, "GET secret.txt");
    if (reply.error == 0)
        expect_audit_longer(before, &NO_LINE);
    expect_undone(reply,
                  "SetThreadToken and ImpersonateLoggedOnUser fail with 1368",
                  &CLOSED);
}

/* ---- back to itself ---- */

static const lesson LEFT_ON = {
    .misconception = "M03",
    .why = "A thread that impersonates does so until it reverts, whatever it "
           "does next. An early way out, most often that of a refused open, "
           "leaves the server acting as its last client.",
    .read = "README task 06.3, the contract (server); facts R05, R26"};

SERVER_CHECK(itself,
             "06.itself-between-requests",
             "after each answer, good or bad, every thread is the server again")
{
    static const char *const requests[] = {"GET open.txt",
                                           "GET secret.txt",
                                           "PUT notice.txt\nx",
                                           "GET absent.txt",
                                           "LIST",
                                           "GET ..\\outside.txt",
                                           "PUT open.txt\ny"};
    program server = open_vault();
    peer lesser = vault_client(LESSER);
    const char *at;
    struct recorded event;

    for (size_t i = 0; i < sizeof requests / sizeof requests[0]; i++) {
        struct reply reply = vault_ask(lesser, requests[i]);
        expect(reply.error == 0 && (i > 0 || vault_says(reply, "OK")),
               &LEFT_ON,
               "every request is answered, and the first with OK",
               "The reply to %s was %s.",
               show(requests[i], strlen(requests[i])),
               reply_shown(reply));
        char when[80];
        snprintf(when,
                 sizeof when,
                 "After %s",
                 show(requests[i], strlen(requests[i])));
        expect_itself(server, when, &LEFT_ON);
    }
    hang_up(lesser);
    peer nobody = connect_to(.messages = true, .flags = SQOS_ANONYMOUS);
    vault_ask(nobody, "GET open.txt");
    expect_itself(server,
                  "After a client at Anonymous, whose token cannot be opened",
                  &LEFT_ON);
    hang_up(nobody);
    at = flight_record();
    while (next_recorded_end(&at, &event))
        expect(strcmp(event.call, "WriteFile") != 0 ||
                   strncmp(event.object, "\\\\.\\pipe\\", 9) != 0 ||
                   was_itself(&event),
               &LEFT_ON,
               "the server replies as itself",
               "Thread %lu wrote to %s as %s.",
               event.tid,
               event.object,
               event.who);
}

static const lesson STILL_CLIENT = {
    .misconception = "M02",
    .why = "When RevertToSelf fails the thread is still the client, and all "
           "that it does from here on is done as the client. The process has "
           "to end at once, without an answer, a log line or a destructor.",
    .read = "README, the contract (server); common/np_client.h; fact R00"};

static const lesson LAST_WORDS = {
    .misconception = "M69",
    .why = "exit runs the atexit functions and writes what is still in the "
           "buffers, and all of that is done as the client. TerminateProcess "
           "runs nothing of the program any more.",
    .read = "README, the contract (at once); common/np_client.h; fact R00"};

static void expect_nothing_written(size_t since, const char *request)
{
    const char *at = flight_record() + since;
    struct recorded call;
    bool failed = false;

    while (next_recorded_end(&at, &call)) {
        expect(!failed || strcmp(call.call, "WriteFile") != 0,
               &STILL_CLIENT,
               "nothing is written after the revert failed",
               "In %s, thread %lu then wrote to %s.",
               request,
               call.tid,
               call.object);
        failed = failed || strstr(call.details, "fault=") != NULL;
    }
}

SERVER_CHECK(
    revert_fails,
    "06.revert-fails",
    "a server that cannot become itself again ends at once and does nothing "
    "more")
{
    static const struct {
        const char *faults, *request, *word;
    } tries[] = {{"Revert:+1:5", "GET open.txt", "OK"},
                 {"Revert:+2:5", "GET open.txt", "OK"},
                 {"Revert:+2:5", "GET secret.txt", "DENIED"}};

    put_vault();
    for (size_t i = 0; i < sizeof tries / sizeof tries[0]; i++) {
        size_t seen = strlen(flight_record());
        program server = start_vault(.faults = tries[i].faults);
        char when[80];

        await_pipe(server, PIPE);
        peer lesser = vault_client(LESSER);
        struct reply reply = vault_ask(lesser, tries[i].request);
        hang_up(lesser);
        if (!is_stuck(seen)) { /* it reverts in another way, or less often */
            expect(vault_says(reply, tries[i].word),
                   &STILL_CLIENT,
                   "a request for which no revert fails is answered",
                   "The reply to %s was %s.",
                   tries[i].request,
                   reply_shown(reply));
            end_input(server);
            expect_end(server, 0, &STILL_CLIENT);
            continue;
        }
        expect_nothing_written(seen, tries[i].request);
        snprintf(when, sizeof when, "After %s", tries[i].request);
        expect_end_of_stuck(server, reply, when, &STILL_CLIENT);
        expect(strstr(flight_record() + seen, "\tend\n") == NULL,
               &LAST_WORDS,
               "no atexit function runs after the revert failed",
               "%s, the process ended by exit, or by a return from main.",
               when);
    }
}
