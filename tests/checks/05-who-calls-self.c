/* 05-who-calls-self.c - the checks of lab 05 about what the server is: itself,
 * whenever it does not look at a client. */
#include "05-who-calls.h"

#include <stdio.h>
#include <string.h>

/* ---- who a thread is -------------------------------------------------------
 */

/* Fails unless no thread of the server wears a token. */
static void expect_bare(program server, const char *when, const lesson *because)
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
               because,
               "every thread of the server is the server again",
               "%s, thread %u was still somebody else: %s.",
               when,
               thread,
               line + words);
    }
}

/* The fields of a flight record's line that are of interest here. */
struct entry {
    char *thread, *call, *object, *who;
};

static bool read_entry(char *line, struct entry *entry)
{
    char *fields[10] = {line};

    for (int i = 1; i < 10; i++) {
        char *tab = strchr(fields[i - 1], '\t');
        if (tab == NULL)
            return false;
        *tab = '\0';
        fields[i] = tab + 1;
    }
    *entry = (struct entry){fields[3], fields[4], fields[5], fields[8]};
    return true;
}

/* Fails if the flight record shows a thread that opened or wrote something
 * while it was somebody else. */
static void expect_written_as_itself(const lesson *because)
{
    char line[4096];
    struct entry entry;

    for (const char *at = flight_record(); *at != '\0'; at += *at == '\n') {
        size_t size = strcspn(at, "\n");

        snprintf(line, sizeof line, "%.*s", (int)size, at);
        at += size;
        if (!read_entry(line, &entry) || strcmp(entry.who, "self") == 0)
            continue;
        expect(strcmp(entry.call, "WriteFile") != 0 &&
                   strcmp(entry.call, "WriteFileEx") != 0 &&
                   strcmp(entry.call, "TransactNamedPipe") != 0 &&
                   strcmp(entry.call, "CreateFile") != 0,
               because,
               "the server opens and writes its log, and writes its replies, "
               "as itself",
               "%s(%s) was called as %s: thread %s was still impersonating.",
               entry.call,
               entry.object,
               entry.who,
               entry.thread);
    }
}

/* ---- the checks
 * -------------------------------------------------------------- */

static const lesson REVERTS = {
    .misconception = "M03",
    .why = "A thread stays the client until it reverts, on every way out. "
           "Closing a handle, disconnecting the pipe or serving the next "
           "client does not end it, and a return in between skips it.",
    .read = "README task 05.5, question 1; facts I11, I12, R05"};

CHECK(reverts,
      "05.reverts",
      "after each request, served or refused, no thread is a client any more")
{
    program server = start_server();
    char other[300];
    snprintf(other, sizeof other, "%s-poor", PIPE);
    program poor = start(.exe = "server",
                         .args = {"--pipe", other},
                         .faults = "OpenThreadToken:*:8");

    who_ask(who_join(LESSER, SQOS_IDENTIFICATION));
    expect_bare(server, "After a reply", &REVERTS);
    who_ask(who_join(LESSER, SQOS_ANONYMOUS));
    expect_bare(server, "After a client at Anonymous", &REVERTS);
    await_pipe(poor, other);
    peer client = connect_to(.pipe = other,
                             .as = LESSER,
                             .messages = true,
                             .flags = SQOS_IMPERSONATION);
    who_ask(client);
    expect_bare(poor,
                "After OpenThreadToken had failed with 8 "
                "ERROR_NOT_ENOUGH_MEMORY",
                &REVERTS);
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

CHECK(revert_fails,
      "05.revert-fails",
      "if a thread cannot revert, the process ends at once and without a word")
{
    program server = start_who(.faults = "Revert:+*:5", .record = true);
    await_pipe(server, PIPE);
    peer client = who_join(LESSER, SQOS_IMPERSONATION);
    size_t said = errors_of(server).size;
    say(client, "WHO", 3);
    struct reply heard = hear(client, 4096, 0);
    if (strstr(flight_record(), "fault=") == NULL) {
        /* It reverts by a call that cannot be made to fail here. */
        who_expect(heard, LESSER, "Impersonation", &DIES);
        return;
    }
    expect(heard.size == 0,
           &DIES,
           "when its revert has failed the server answers nobody any more",
           "The client still got %s.",
           show(heard.bytes, heard.size));
    struct ending ending = await_end(server, 0);
    expect(ending.ended && ending.code != 0,
           &DIES,
           "the server's process ends, with another exit code than 0",
           ending.ended ? "When its revert had failed it ended with 0."
                        : "It goes on after its revert has failed.");
    expect(get_file("who.log").size == 0,
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
}

static const lesson AS_ITSELF = {
    .misconception = "M68",
    .why = "The log is the server's: a client need not have the right to open "
           "it, and must not. What a thread opens while it impersonates is "
           "opened with the client's rights, 5 ERROR_ACCESS_DENIED here, 1346 "
           "for one that lent Identification.",
    .read = "README, the contract (log), task 05.6; facts L07, R18"};

CHECK(as_itself,
      "05.as-itself",
      "log and reply are written by the server, not by the client")
{
    char sddl[200];
    snprintf(
        sddl, sizeof sddl, "D:P(A;OICI;FA;;;SY)(A;OICI;FA;;;%s)", lab_group());
    make_folder("private", sddl);
    program server =
        start(.exe = "server",
              .args = {"--pipe", PIPE, "--log", "private\\who.log"},
              .hold = "WriteFile:1",
              .record = true);
    await_pipe(server, PIPE);
    peer client = who_join(LESSER, SQOS_IMPERSONATION);

    say(client, "WHO", 3);
    if (await_held(server, 500))
        expect_bare(server, "When the server began to write", &AS_ITSELF);
    release(server);
    who_expect(hear_message(client), LESSER, "Impersonation", &AS_ITSELF);
    expect_written_as_itself(&AS_ITSELF);
    struct reply log = get_file("private\\who.log");
    expect(log.error == 0 &&
               strstr((const char *)log.bytes, lab_group()) != NULL &&
               strstr((const char *)log.bytes, "Impersonation") != NULL,
           &AS_ITSELF,
           "before the reply the log has a line that names the client, in a "
           "folder that the client may not open",
           "It has %s.",
           log.error == 0 ? show(log.bytes, log.size) : code_text(log.error));
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

CHECK(gone,
      "05.client-gone",
      "a client that has left before it is looked at is logged, and harmless")
{
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
           log.error == 0 ? show(log.bytes, log.size) : code_text(log.error));
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

CHECK(leak, "05.no-leak", "forty clients leave no handles behind")
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
    struct crowd_result many = send_crowd(.clients = 1,
                                          .rounds = 40,
                                          .reconnect = true,
                                          .messages = true,
                                          .prefix = "WHO",
                                          .flags = SQOS_IDENTIFICATION,
                                          .is_right = is_told);
    uint32_t after = handles_settled(server, before + 4);

    expect(few.served == 1 && many.served == 1,
           &LEAK,
           "each of 44 clients, one after another, gets a reply",
           "Not all of them did (first error %s).",
           code_text(many.first_error));
    expect(after <= before + 4,
           &LEAK,
           "no more handles are open after 40 more clients",
           "%u were open after 5 clients, %u after 45.",
           before,
           after);
}
