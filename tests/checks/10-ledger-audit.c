/* 10-ledger-audit.c - the check of lab 10 about the audit: every decision, by
 * whom, and before the answer. */
#include "10-ledger.h"

#include <stdio.h>
#include <string.h>

static const lesson AUDIT = {
    .misconception = "M118",
    .why = "The audit answers who asked for what, to its last word, and what "
           "the decision was, and refusals are what it is read for. Who is the "
           "client: its SID, "
           "and what sets it apart, such as groups that are deny-only.",
    .read = "README, the contract (audit)"};
static const lesson BEFORE = {
    .misconception = "M119",
    .why = "If the line cannot be written, the answer must not be given: "
           "somebody would have seen the balance and nobody would know.",
    .read = "README, the contract (audit)"};

#define LONG_MEMO "for what is too long to fit into a short line"

static void expect_decision(const char *audit,
                            const char *request,
                            const char *verdict,
                            bool lesser)
{
    struct audit_line line = {"", ""};
    bool found = find_in_audit(audit, request, &line);
    char expected[300];

    snprintf(expected,
             sizeof expected,
             "a line of the audit for \"%s\": %s, by a SID %s %s",
             request,
             *verdict != '\0' ? verdict : "granted or denied",
             lesser ? "that has only for denying" : "and without",
             lab_group());
    expect(found, &AUDIT, expected, "There is no line for that request.");
    expect(strncmp(line.verdict, verdict, strlen(verdict)) == 0,
           &AUDIT,
           expected,
           "The verdict is \"%s\".",
           line.verdict);
    expect(strstr(line.who, "S-1-") != NULL &&
               (strstr(line.who, lab_group()) != NULL) == lesser,
           &AUDIT,
           expected,
           "It was \"%s\".",
           line.who);
}

/* A client without an identity has a line as well, that says so. */
static void expect_nobody_denied(const char *audit, const char *request)
{
    struct audit_line line = {"", ""};
    bool found = find_in_audit(audit, request, &line);
    char expected[200];

    snprintf(expected,
             sizeof expected,
             "a line of the audit for \"%s\": denied, by a client that lends "
             "no identity",
             request);
    expect(found, &AUDIT, expected, "There is no line for that request.");
    expect(strncmp(line.verdict, "denied", 6) == 0 && line.who[0] != '\0' &&
               strstr(line.who, "S-1-5-21-") == NULL,
           &AUDIT,
           expected,
           "It was \"%s\", and the verdict is \"%s\".",
           line.who,
           line.verdict);
}

static const lesson REPEATED = {
    .misconception = "M118",
    .why = "That a request changed nothing is no reason to leave it out: it "
           "was asked and decided on, perhaps by somebody who was not meant "
           "to know the id.",
    .read = "README, the contract (audit: for each decision)"};

/* Asked for twice, and done once. */
static void expect_line_for_each(const char *audit, const char *request)
{
    const char *first = strstr(audit, request);

    expect(first != NULL && strstr(first + 1, request) != NULL,
           &REPEATED,
           "a line of the audit for each of two requests that are the same",
           "There is %s for \"MOVE till box 5 d1\".",
           first != NULL ? "one line" : "none");
}

static void expect_every_group(const char *audit, const char *request)
{
    struct audit_line line = {"", ""};
    bool found = find_in_audit(audit, request, &line);

    expect(found && strstr(line.who, "S-1-2-0") != NULL,
           &AUDIT,
           "WHO holds every group that the client has only for denying: here "
           "S-1-2-0",
           "For \"%s\" it was \"%s\".",
           request,
           line.who);
}

SERVER_CHECK(
    audit,
    "10.audit",
    "every decision is in the audit, with who, what and how, before the "
    "answer is given",
    .is_slow = true)
{
    program server = open_ledger();

    ask_as(SELF, "BALANCE vault");
    ask_as(LESSER, "BALANCE slot");
    ask_as(SELF, "MOVE till box 5 d1");
    ask_as(SELF, "MOVE till box 5 d1");
    ask_as("lacks:S-1-2-0", "BALANCE board");
    ask_as(LESSER, "MOVE till vault 5 d2");
    ask_as(LESSER, "HISTORY nowhere");
    ask_as(LESSER, "LIST");
    ask_as(SELF, "MOVE till box 501 d3 " LONG_MEMO);
    peer nobody = connect_to(.messages = true, .flags = SQOS_ANONYMOUS);
    ask(nobody, "HISTORY till");
    hang_up(nobody);
    kill_program(server);
    const char *text = audit_text();
    expect_decision(text, "BALANCE vault", "granted", false);
    expect_decision(text, "BALANCE slot", "denied", true);
    expect_decision(text, "MOVE till box 5 d1", "granted", false);
    expect_line_for_each(text, "\tMOVE till box 5 d1\t");
    expect_every_group(text, "BALANCE board");
    expect_decision(text, "MOVE till vault 5 d2", "denied", true);
    expect_decision(text, "HISTORY nowhere", "denied", true);
    expect_decision(text, "LIST", "granted", true);
    /* Whether it counts as granted when it was SHORT is not said. */
    expect_decision(text, "MOVE till box 501 d3 " LONG_MEMO, "", false);
    expect_nobody_denied(text, "HISTORY till");

    static const char *const faults[] = {"WriteFile:1:112", "WriteFile:3:112"};
    static const char *const requests[] = {"BALANCE till", "BALANCE box"};
    for (size_t i = 0; i < 2; i++) {
        peer client;
        struct audit_line line;
        struct reply reply = {.error = TIMED_OUT};

        server = start_ledger(.faults = faults[i]);
        if (try_connect(&client,
                        .messages = true,
                        .flags = SQOS_IDENTIFICATION,
                        .deadline_ms = 1000) == 0) {
            try_say(client, requests[i], strlen(requests[i]), 1000);
            reply = hear(client, 64, 1000);
        }
        kill_program(server);
        if (begins(reply, "OK"))
            expect(find_in_audit(audit_text(), requests[i], &line),
                   &BEFORE,
                   "no answer when its line could not be written",
                   "\"%s\" was answered with %s, and is not in the audit.",
                   requests[i],
                   show(reply.bytes, reply.size));
    }
}
