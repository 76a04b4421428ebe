/* 05-who-calls-self.c - the checks of lab 05 about what the server is: itself,
 * whenever it does not look at a client. */
#include "05-who-calls.h"

#include <stdio.h>
#include <string.h>

static const lesson REVERTS = {
    .misconception = "M03",
    .why = "A thread stays the client until it reverts, on every way out. "
           "Closing a handle, disconnecting the pipe or serving the next "
           "client does not end it, and a return in between skips it.",
    .read = "README task 05.5, question 1; facts I11, I12, R05"};

SERVER_CHECK(
    reverts,
    "05.reverts",
    "after each request, served or refused, no thread is a client any more")
{
    static const char when[] =
        "After OpenThreadToken or GetTokenInformation had failed with 8 "
        "ERROR_NOT_ENOUGH_MEMORY";
    program server = start_server();
    char other[300];
    snprintf(other, sizeof other, "%s-poor", PIPE);
    program poor =
        start(.exe = "server",
              .args = {"--pipe", other},
              .faults = "OpenThreadToken:1:8,OpenThreadToken:2:8,"
                        "GetTokenInformation:+1:8,GetTokenInformation:+3:8");

    who_ask(who_join(LESSER, SQOS_IDENTIFICATION));
    expect_itself(server, "After a reply", &REVERTS);
    who_ask(who_join(LESSER, SQOS_ANONYMOUS));
    expect_itself(server, "After a client at Anonymous", &REVERTS);
    peer odd = who_join(LESSER, SQOS_IMPERSONATION);
    say(odd, "WHAT", 4);
    hear_message(odd);
    expect_itself(server, "After another request than WHO", &REVERTS);
    await_pipe(poor, other);
    peer client = connect_to(.pipe = other,
                             .as = LESSER,
                             .messages = true,
                             .flags = SQOS_IMPERSONATION);
    for (int i = 0; i < 4; i++) {
        who_ask(client);
        expect_itself(poor, when, &REVERTS);
    }
    expect_running(poor, &REVERTS);
}

static const lesson DIES = {
    .misconception = "M02",
    .why = "When RevertToSelf fails, the thread is still the client, and all "
           "that the server does next it does as the client. The page asks "
           "for the end of the process.",
    .read = "README task 05.3, question 2; the RevertToSelf page (fact R00)"};
static const lesson LAST_WORDS = {
    .misconception = "M69",
    .why = "A message, a log line, an atexit function: whatever runs between "
           "the failed revert and the end of the process runs as the client. "
           "TerminateProcess lets nothing run; exit and return let much.",
    .read = "README task 05.3, question 2; fact R00"};

static const lesson AS_CLIENT = {
    .misconception = "M68",
    .why = "A reply that is written before the revert is written by the "
           "client, and it goes out also when the revert then fails.",
    .read = "README task 05.5, the contract (log and replies); fact R18"};

/* As the client, which is another mistake (05.as-itself). */
static bool logged_before_revert(void)
{
    const char *record = flight_record();
    const char *failed = strstr(record, "fault=");
    const char *written = strstr(record, "who.log\tTRUE\t");

    return failed != NULL && written != NULL && written < failed;
}

/* Whether the thread wrote as the client, and tried to revert after that. */
static bool written_before_revert(size_t since)
{
    const char *at = flight_record() + since;
    struct recorded call;

    while (next_recorded_end(&at, &call)) {
        if (strstr(call.details, "fault=") != NULL)
            return false;
        if (strcmp(call.call, "WriteFile") == 0 && !was_itself(&call))
            return true;
    }
    return false;
}

/* The way out that a failed OpenThreadToken takes has a revert, too. */
static void expect_end_of_anonymous(const lesson *because,
                                    const lesson *as_client)
{
    size_t seen = strlen(flight_record());
    program server = start_who(.faults = "Revert:+*:5");
    await_pipe(server, PIPE);
    peer client = who_join(LESSER, SQOS_ANONYMOUS);

    say(client, "WHO", 3);
    struct reply heard = hear(client, 4096, 0);
    /* It may revert by a call that cannot be made to fail here. */
    if (!is_stuck(seen))
        return;
    expect(!written_before_revert(seen),
           as_client,
           "the server writes its reply when it is itself again",
           "It was written first, by the client, and then the revert failed.");
    expect_end_of_stuck(
        server,
        heard,
        "Asked by a client at Anonymous, whose token cannot be opened",
        because);
}

SERVER_CHECK(
    revert_fails,
    "05.revert-fails",
    "if a thread cannot revert, the process ends at once and without a word")
{
    program server = start_who(.faults = "Revert:+*:5");
    await_pipe(server, PIPE);
    peer client = who_join(LESSER, SQOS_IMPERSONATION);
    size_t said = errors_of(server).size;
    say(client, "WHO", 3);
    struct reply heard = hear(client, 4096, 0);
    if (!is_stuck(0)) {
        /* It reverts by a call that cannot be made to fail here. */
        who_expect(heard, LESSER, "Impersonation", &DIES);
        return;
    }
    expect_end_of_stuck(
        server, heard, "Asked by a client at Impersonation", &DIES);
    expect(get_file("who.log").size == 0 || logged_before_revert(),
           &LAST_WORDS,
           "nothing is written to the log any more",
           "It says %s.",
           show(get_file("who.log").bytes, get_file("who.log").size));
    expect(errors_of(server).size == said,
           &LAST_WORDS,
           "nothing is written to standard error any more",
           "There is %s.",
           show(errors_of(server).bytes, errors_of(server).size));
    expect(strstr(flight_record(), "\tend\n") == NULL,
           &LAST_WORDS,
           "no atexit function runs any more",
           "The process ended by exit, or by a return from main.");
    expect_end_of_anonymous(&DIES, &AS_CLIENT);
}

static const lesson LEAK = {
    .misconception = "M37",
    .why = "Every OpenThreadToken opens a handle, and with it keeps a token "
           "alive. Windows takes it back when the process ends, and a server "
           "is meant not to.",
    .read = "README, the contract (handles); common/np_handle.h"};

static bool is_told(const unsigned char *request,
                    size_t request_size,
                    const unsigned char *reply,
                    size_t reply_size)
{
    (void)request, (void)request_size;
    return reply_size > 5 && memcmp(reply, "you: ", 5) == 0;
}

static void refuse_often(uint32_t flags, const char *request)
{
    peer client = who_join(SELF, flags);

    for (int i = 0; i < 10; i++) {
        say(client, request, strlen(request));
        hear_message(client);
    }
    hang_up(client);
}

/* Clients that ask and do not wait for the reply: WriteFile fails. */
static void leave_often(void)
{
    for (int i = 0; i < 20; i++) {
        peer client = who_join(SELF, SQOS_IDENTIFICATION);
        say(client, "WHO", 3);
        hang_up(client);
    }
}

SERVER_CHECK(leak,
             "05.no-leak",
             "sixty clients, and refusals, leave no handles behind",
             .is_slow = true)
{
    program server = start_server();
    struct crowd_result few = send_crowd(.clients = 1,
                                         .rounds = 4,
                                         .reconnect = true,
                                         .messages = true,
                                         .prefix = "WHO",
                                         .flags = SQOS_IDENTIFICATION,
                                         .is_right = is_told);
    who_ask(who_join(SELF, SQOS_ANONYMOUS));
    uint32_t before = handles_of(server);
    refuse_often(SQOS_IDENTIFICATION, "WHAT");
    refuse_often(SQOS_ANONYMOUS, "WHO");
    uint32_t refused = handles_settled(server, before + 4);
    leave_often();
    struct crowd_result many = send_crowd(.clients = 1,
                                          .rounds = 40,
                                          .reconnect = true,
                                          .messages = true,
                                          .prefix = "WHO",
                                          .flags = SQOS_IDENTIFICATION,
                                          .is_right = is_told);
    uint32_t after = handles_settled(server, before + 4);

    expect(refused <= before + 4,
           &LEAK,
           "no more handles are open after 20 refusals",
           "%u were open before, %u after 10 requests other than WHO and 10 of "
           "a client at Anonymous.",
           before,
           refused);
    expect(few.served == 1 && many.served == 1,
           &LEAK,
           "each of 44 clients, one after another, gets a reply",
           "Not all of them did (first error %s).",
           code_text(many.first_error));
    expect(after <= before + 4,
           &LEAK,
           "no more handles are open after 60 more clients, some of which left "
           "before their reply",
           "%u were open after 5 clients, %u after 65.",
           before,
           after);
}
