/* 07-levels-report.c - the checks of lab 07 about PROBE: what the server says
 * that each level lets it do. */
#include "07-levels.h"

#include <stdio.h>
#include <string.h>

static const lesson LEVEL = {
    .misconception = "M66",
    .why = "The level is two bits of CreateFile's flags, and they count only "
           "with SECURITY_SQOS_PRESENT. That flag alone is Anonymous, whose "
           "bits are 0; without it the client lends Impersonation, whatever "
           "the bits say. The token tells what has come of it.",
    .read = "README task 07.2, experiment 1; facts I04, I17"};
static const lesson LETS = {
    .misconception = "M70",
    .why = "Below Impersonation a thread that wears the client's token can "
           "open nothing with it: 1346 ERROR_BAD_IMPERSONATION_LEVEL. At "
           "Identification the token can be queried and AccessCheck be asked; "
           "at Anonymous it cannot even be opened (1347).",
    .read =
        "README tasks 07.3 and 07.6, the table of levels; facts L02 to L10"};

static const lesson WHOSE = {
    .misconception = "M13",
    .why = "PROBE is about the token that the thread got from the client. The "
           "token of the process is the server's, and has all its groups and "
           "privileges.",
    .read = "README task 07.2; common/np_client.h"};

static const lesson SAYS_WHO = {
    .why = "A token is somebody's: TokenUser tells whose. Its groups alone, or "
           "those that it lacks, fit many.",
    .read = "README, the contract (query); common/np_token.h"};
static const lesson COUNTED = {
    .why = "A privilege in a token is enabled or disabled, which its "
           "attributes tell. SECURITY_EFFECTIVE_ONLY takes away the disabled "
           "ones, and leaves the others as they are.",
    .read = "README, the contract (privileges), question 5"};

/* Whether a line tells a code, or that it went well. */
static void
expect_line(struct reply reply, const char *name, bool well, const char *level)
{
    const char *line = reply_line(reply, name);
    char expected[200];
    bool is_code = line[0] >= '1' && line[0] <= '9';

    snprintf(expected,
             sizeof expected,
             "at the level %s the line \"%s\" %s",
             level,
             name,
             well ? "says that it went well" : "begins with an error code");
    if (well && is_code && strcmp(name, "check: ") == 0)
        expect_levels_check_works(reply, "To PROBE");
    expect(line[0] != '\0' && is_code != well,
           &LETS,
           expected,
           "The reply was %s.",
           reply_shown(reply));
}

/* How many privileges the line says are enabled and disabled; -1: it says
 * nothing. */
struct counted {
    int enabled, disabled;
};
static struct counted privileges_in(struct reply reply)
{
    const char *line = reply_line(reply, "privileges: ");
    struct counted all;

    if (sscanf(line, "enabled %d, disabled %d", &all.enabled, &all.disabled) !=
        2)
        return (struct counted){-1, -1};
    return all;
}

SERVER_CHECK(
    levels,
    "07.levels",
    "PROBE tells the level that the server got, and what it lets it do")
{
    static const struct {
        uint32_t flags;
        const char *text, *level;
        bool query, open;
    } cases[] = {
        {SQOS_PRESENT,
         "SECURITY_SQOS_PRESENT alone",
         "Anonymous",
         false,
         false},
        {SQOS_IDENTIFICATION,
         "SECURITY_SQOS_PRESENT | SECURITY_IDENTIFICATION",
         "Identification",
         true,
         false},
        {SQOS_IDENTIFICATION & ~(uint32_t)SQOS_PRESENT,
         "SECURITY_IDENTIFICATION alone",
         "Impersonation",
         true,
         true},
        {SQOS_DELEGATION,
         "SECURITY_SQOS_PRESENT | SECURITY_DELEGATION",
         "Delegation",
         true,
         true},
    };
    char expected[200];
    struct counted all = {-1, -1}, some;

    start_levels_ready();
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        const char *level = cases[i].level;
        struct reply reply = levels_ask_once(SELF, cases[i].flags, "PROBE");
        snprintf(expected,
                 sizeof expected,
                 "a client that opens the pipe with %s is told \"level: %s\"",
                 cases[i].text,
                 level);
        expect(strcmp(reply_line(reply, "level: "), level) == 0,
               &LEVEL,
               expected,
               "The reply was %s.",
               reply_shown(reply));
        expect_line(reply, "query: ", cases[i].query, level);
        expect_line(reply, "privileges: ", cases[i].query, level);
        expect_line(reply, "check: ", cases[i].query, level);
        expect_line(reply, "open: ", cases[i].open, level);
        expect_line(reply, "start: ", cases[i].open, level);
        if (cases[i].query)
            expect(strstr(reply_line(reply, "query: "), "S-1-") != NULL,
                   &SAYS_WHO,
                   "the line \"query: \" names the client's user, also when "
                   "the client lacks no group",
                   "The reply was %s.",
                   reply_shown(reply));
        if (cases[i].flags != SQOS_IDENTIFICATION)
            continue;
        all = privileges_in(reply);
        expect(all.disabled > 0,
               &WHOSE,
               "the line \"privileges: enabled E, disabled D\" counts those of "
               "the client's token, some of which are disabled",
               "The reply was %s.",
               reply_shown(reply));
    }
    struct reply reply = levels_ask_once(
        SELF, SQOS_IDENTIFICATION | SQOS_EFFECTIVE_ONLY, "PROBE");
    some = privileges_in(reply);
    expect(some.disabled == 0,
           &WHOSE,
           "with SECURITY_EFFECTIVE_ONLY the line ends \", disabled 0\"",
           "The reply was %s.",
           reply_shown(reply));
    expect(some.enabled == all.enabled,
           &COUNTED,
           "with SECURITY_EFFECTIVE_ONLY as many privileges are enabled as "
           "without",
           "Without it the line said %d, and with it %d.",
           all.enabled,
           some.enabled);
}

static const lesson CHILD = {
    .misconception = "M18",
    .why = "A process gets its token from its parent process, not from the "
           "thread that starts it. What CreateProcess starts while a thread "
           "impersonates runs with all the rights of the server.",
    .read = "README task 07.6, question 4; facts L10, R11"};

static const lesson CHECKED = {
    .misconception = "M75",
    .why = "5 ERROR_ACCESS_DENIED is the answer of AccessCheck, in its last "
           "argument, and not a failure to answer. PROBE tells it.",
    .read = "README task 07.4, the contract (check)"};
static const lesson TRIED = {
    .why = "The line tells what happened when the program was started as the "
           "client. What a server only derives from the level is what it "
           "believes, and experiments are there to find out.",
    .read = "README task 07.6, the contract (start, is tried)"};

/* The lines of a client that lends Impersonation and may not read. */
static void expect_told_no(struct reply reply)
{
    const char *line = reply_line(reply, "check: ");

    expect(line[0] >= '1' && line[0] <= '9',
           &CHECKED,
           "the line \"check: \" of a client that may not read the file begins "
           "with an error code",
           "The reply was %s.",
           reply_shown(reply));
    expect_line(reply, "open: ", false, "Impersonation, of who may not read,");
}

/* Since then a process was made by a call, did not run, and its maker looked at
 * its own token alone. */
static bool looked_at_itself(size_t since)
{
    const char *at = flight_record() + since;
    struct recorded call;
    unsigned long maker = 0;
    bool itself = false;

    while (next_recorded_end(&at, &call)) {
        if (strcmp(call.call, "process") == 0)
            return false;
        if (strcmp(call.call, "CreateProcess") == 0 &&
            strcmp(call.error, "0") == 0)
            maker = call.pid;
        if (strcmp(call.call, "OpenProcessToken") != 0 || call.pid != maker)
            continue;
        if (strstr(call.details, "process=0xffffffff") == NULL)
            return false;
        itself = true;
    }
    return itself;
}

/* Since then a process was started: by a call, or it has begun by itself. */
static bool was_started(size_t since)
{
    const char *at = flight_record() + since;
    struct recorded call;

    while (next_recorded(&at, &call))
        if (strncmp(call.call, "CreateProcess", 13) == 0 ||
            strcmp(call.call, "process") == 0)
            return true;
    return false;
}

SERVER_CHECK(
    child,
    "07.start",
    "a child started as a lesser client is told to be the server's equal")
{
    start_levels_ready();
    size_t seen = strlen(flight_record());
    struct reply reply = levels_ask_once(LESSER, SQOS_IMPERSONATION, "PROBE");
    expect_told_no(reply);
    expect(strstr(reply_line(reply, "query: "), lab_group()) != NULL,
           &WHOSE,
           "the line \"query: \" names the group that the client lacks",
           "The reply was %s.",
           reply_shown(reply));
    const char *line = reply_line(reply, "start: ");
    expect(strstr(line, "S-1-") != NULL && strstr(line, "primary") != NULL &&
               strstr(line, lab_group()) == NULL,
           &CHILD,
           "the line \"start: \" describes the token of the child, a primary "
           "one, which lacks nothing",
           "The reply was %s.",
           reply_shown(reply));
    expect(was_started(seen),
           &TRIED,
           "PROBE starts the server's program",
           "No process was started, and yet the line is \"start: %s\".",
           line);
    expect(!looked_at_itself(seen),
           &TRIED,
           "the line \"start: \" is about the token of the child",
           "After CreateProcess the server opened its own token, and no other; "
           "the line is \"start: %s\".",
           line);
}
