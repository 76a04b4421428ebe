/* 08-revert.c - the checks of lab 08: attacks on a broker, none of which may
 * work, and after each of which honest clients are served. */
#include "check.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* ---- the play ---------------------------------------------------------------
 */

#define PUBLIC "for all\n"
#define SECRET "not for\nthe lesser\n"
#define RULES "no running\n"

/* A descriptor by which the lab group may do all, and the others what the
 * second entry says. */
static const char *group_and(const char *others)
{
    static char texts[4][128];
    static size_t next;
    char *text = texts[next++ % 4];

    snprintf(text, sizeof texts[0], "D:P(A;;FA;;;%s)%s", lab_group(), others);
    return text;
}

/* public.txt is for all to read and write, rules.txt for all to read,
 * secret.txt and the log for the lab group alone. */
static void lay_out_files(void)
{
    make_folder("shared", "D:P(A;OICI;FA;;;WD)");
    put_file("shared\\public.txt", PUBLIC, strlen(PUBLIC), "D:P(A;;FA;;;WD)");
    put_file("shared\\secret.txt", SECRET, strlen(SECRET), group_and(""));
    put_file(
        "shared\\rules.txt", RULES, strlen(RULES), group_and("(A;;FR;;;WD)"));
    put_file("broker.log", "", 0, group_and(""));
}

static program start_broker(const char *faults, const char *clients)
{
    program server = start(.exe = "server",
                           .args = {"--pipe",
                                    PIPE,
                                    "--folder",
                                    "shared",
                                    "--log",
                                    "broker.log",
                                    "--clients",
                                    clients},
                           .faults = faults,
                           .record = true);

    await_pipe(server, PIPE);
    return server;
}

static program open_broker(void)
{
    lay_out_files();
    return start_broker(NULL, "4");
}

static peer join_lending(identity as, uint32_t flags)
{
    return connect_to(.as = as, .flags = flags, .messages = true);
}

static peer join(identity as)
{
    return join_lending(as, SQOS_IMPERSONATION);
}

static struct reply ask(peer p, const char *request)
{
    struct reply sent = try_say(p, request, strlen(request), 0);

    return sent.error != 0 ? sent : hear_message(p);
}

static bool is_ok(struct reply reply)
{
    return reply.error == 0 && reply.size >= 2 &&
           memcmp(reply.bytes, "OK", 2) == 0;
}

static const char *said(struct reply reply)
{
    static char text[400];

    if (reply.error != 0)
        snprintf(text, sizeof text, "no reply (%s)", code_text(reply.error));
    else
        snprintf(text, sizeof text, "%s", show(reply.bytes, reply.size));
    return text;
}

/* An honest client gets this, or for NULL any OK. */
static void expect_ok(peer p,
                      const char *who,
                      const char *request,
                      const char *data,
                      const lesson *because)
{
    struct reply reply = ask(p, request);
    size_t size = data == NULL ? 0 : strlen(data);

    expect(is_ok(reply) &&
               (data == NULL || (reply.size == size + 3 &&
                                 memcmp(reply.bytes + 3, data, size) == 0)),
           because,
           "a client is served within its rights",
           "Asked for '%s', %s got %s.",
           request,
           who,
           said(reply));
}

static void
expect_no(peer p, const char *who, const char *request, const lesson *because)
{
    struct reply reply = ask(p, request);

    expect(!is_ok(reply),
           because,
           "a client is refused what its own rights do not give",
           "Asked for '%s', %s got %s.",
           request,
           who,
           said(reply));
}

/* The whole of honest service: what is for all, and what is for the few. */
static void expect_service(peer honest, const lesson *because)
{
    expect_ok(honest, "the honest client", "GET secret.txt", SECRET, because);
}

static void
expect_in_log(const char *part, const char *when, const lesson *because)
{
    struct reply log = get_file("broker.log");

    expect(log.error == 0 &&
               memmem(log.bytes, log.size, part, strlen(part)) != NULL,
           because,
           "the log tells what happened",
           "%s, and the log has nothing with \"%s\". It is %s.",
           when,
           part,
           said(log));
}

/* Whether all threads of the server are the server. */
static void
expect_all_self(program server, const char *when, const lesson *because)
{
    const char *all = identities_of(server);

    for (const char *line = all; *line != '\0';) {
        size_t length = strcspn(line, "\n");
        bool self = length >= 5 && memcmp(line + length - 5, " self", 5) == 0;

        expect(self,
               because,
               "between requests every thread of the server is the server",
               "%s, and a thread still wears a client's token (thread, level, "
               "groups it lacks): %.*s.",
               when,
               (int)length,
               line);
        line += length + (line[length] == '\n');
    }
}

/* ---- the flight record ------------------------------------------------------
 */

enum { TID = 3, CALL = 4, WHO = 8, DETAILS = 9, FIELDS = 10 };

struct event {
    const char *field[FIELDS];
    int length[FIELDS];
};

/* The next line of the record, in its fields. False at the end. */
static bool next_event(const char **at, struct event *event)
{
    const char *p = *at;

    if (*p == '\0')
        return false;
    *event = (struct event){0};
    for (int i = 0; i < FIELDS; i++) {
        event->field[i] = p;
        event->length[i] = (int)strcspn(p, "\t\n");
        p += event->length[i];
        if (*p == '\t')
            p++;
    }
    p += strcspn(p, "\n");
    *at = *p == '\n' ? p + 1 : p;
    return true;
}

static bool is(const struct event *event, int field, const char *text)
{
    return (size_t)event->length[field] == strlen(text) &&
           memcmp(event->field[field], text, strlen(text)) == 0;
}

static bool has(const struct event *event, int field, const char *part)
{
    return memmem(event->field[field],
                  (size_t)event->length[field],
                  part,
                  strlen(part)) != NULL;
}

/* ---- 08.1 -------------------------------------------------------------------
 */

static const lesson UNCHECKED = {
    .misconception = "M01",
    .why = "If ImpersonateNamedPipeClient fails, the thread stays what it was: "
           "the server. Whatever is then done for the client is done with the "
           "server's rights.",
    .read = "README task 08.1; the ImpersonateNamedPipeClient page (fact I14)"};

CHECK(no_identity,
      "08.no-identity",
      "a client that cannot be impersonated is not served as the server")
{
    lay_out_files();
    program server = start_broker("ImpersonateNamedPipeClient:*:1368", "4");
    peer lesser = join(LESSER);

    expect_no(lesser, "the lesser client", "GET secret.txt", &UNCHECKED);
    hang_up(lesser);
    expect_stops(server, &UNCHECKED);
    start_broker(NULL, "4");
    expect_service(join(SELF), &UNCHECKED);
}

/* ---- 08.2, 08.3 -------------------------------------------------------------
 */

static const lesson GOES_ON = {
    .misconception = "M02",
    .why = "A thread whose RevertToSelf failed is still the client, and does "
           "for the next client what this one may. There is no way to go on: "
           "the page says to shut the process down.",
    .read = "README task 08.2; the RevertToSelf page (fact R00)"};
static const lesson LAST_WORDS = {
    .misconception = "M80",
    .why = "After a failed revert all that the thread does is done by the "
           "client: log lines, and what exit calls (atexit, destructors). "
           "TerminateProcess ends the process without any of it.",
    .read = "README task 08.3, question 2; the TerminateProcess page (fact "
            "R00)"};

/* The rule that makes the first revert fail, for a submission that reverts
 * with SetThreadToken(NULL, NULL): found in the record of a run without. */
static const char *other_revert(void)
{
    static char rule[40];
    const char *at = flight_record();
    struct event event;
    int turn = 0;

    while (next_event(&at, &event)) {
        turn += is(&event, CALL, "SetThreadToken");
        if (is(&event, CALL, "SetThreadToken") && is(&event, WHO, "self")) {
            snprintf(rule, sizeof rule, "SetThreadToken:%d:5", turn);
            return rule;
        }
    }
    return NULL;
}

static bool was_hit(void)
{
    return strstr(flight_record(), "fault=5") != NULL;
}

/* A broker whose first revert fails; tells what the client got. */
static program fail_to_revert(struct reply *reply, struct text *errors)
{
    lay_out_files();
    const char *rule = "RevertToSelf:1:5";
    for (;;) {
        program server = start_broker(rule, "4");
        peer lesser = join(LESSER);

        *errors = errors_of(server);
        *reply = ask(lesser, "GET public.txt");
        hang_up(lesser);
        if (was_hit())
            return server;
        rule = other_revert();
        expect_stops(server, &GOES_ON);
        expect(rule != NULL,
               &UNCHECKED,
               "the server becomes the client for a GET, and itself again",
               "The flight record shows no call that reverts.");
    }
}

static void expect_fresh_start(const lesson *because)
{
    start_broker(NULL, "4");
    expect_service(join(SELF), because);
}

CHECK(failed_revert,
      "08.failed-revert-ends",
      "a server that cannot revert ends, and serves when it is started again")
{
    struct reply reply;
    struct text errors;
    program server = fail_to_revert(&reply, &errors);
    struct ending ending = await_end(server, 500);

    expect(ending.ended,
           &GOES_ON,
           "the process ends when RevertToSelf fails",
           "It runs on. The client's 'GET public.txt' was answered with %s.",
           said(reply));
    expect(ending.code != 0,
           &GOES_ON,
           "the exit code tells that it failed",
           "It ended with 0.");
    expect_fresh_start(&GOES_ON);
}

/* Nothing by the thread whose call was made to fail, but the end. */
static void expect_no_last_words(void)
{
    const char *at = flight_record();
    struct event failed = {0}, event;

    while (next_event(&at, &event)) {
        if (failed.field[0] == NULL) {
            if (has(&event, DETAILS, "fault=5"))
                failed = event;
            continue;
        }
        bool same = event.length[TID] == failed.length[TID] &&
                    memcmp(event.field[TID],
                           failed.field[TID],
                           (size_t)event.length[TID]) == 0;
        expect(!same || is(&event, CALL, "TerminateProcess") ||
                   is(&event, CALL, "RevertToSelf") ||
                   is(&event, CALL, "SetThreadToken"),
               &LAST_WORDS,
               "after the failed revert the process ends, and nothing else",
               "The thread went on, as %.*s, with %.*s %.*s.",
               event.length[WHO],
               event.field[WHO],
               event.length[CALL],
               event.field[CALL],
               event.length[CALL + 1],
               event.field[CALL + 1]);
    }
}

/* Nothing on standard error since then, but what a starter says of itself. */
static void expect_silence(struct text errors, size_t since)
{
    for (const char *line = errors.bytes + since; *line != '\0';) {
        size_t length = strcspn(line, "\n");
        expect(memcmp(line, "TODO ", 5) == 0,
               &LAST_WORDS,
               "after the failed revert nothing is written to standard error",
               "It says %s.",
               show(line, length));
        line += length + (line[length] == '\n');
    }
}

CHECK(last_words,
      "08.failed-revert-at-once",
      "a server that cannot revert ends at once: no log line, no exit code of "
      "its own way out, no reply")
{
    struct reply reply;
    struct text before;
    program server = fail_to_revert(&reply, &before);

    expect(!is_ok(reply),
           &LAST_WORDS,
           "the client's connection ends without a reply",
           "The client got %s.",
           said(reply));
    await_end(server, 500);

    expect_silence(errors_of(server), before.size);
    expect_no_last_words();
    expect_fresh_start(&LAST_WORDS);
}

/* ---- 08.4 to 08.8: files ----------------------------------------------------
 */

static const lesson EARLY_OUT = {
    .misconception = "M03",
    .why = "A way out between becoming the client and reverting leaves the "
           "thread the client. What follows for the server, such as the log, "
           "is refused; or, when the client has more rights, allowed.",
    .read = "README task 08.4, question 1; fact R05"};

CHECK(refusal_logged,
      "08.refusal-is-logged",
      "who asks in vain is logged, and leaves no thread behind as itself")
{
    program server = open_broker();
    peer honest = join(SELF), lesser = join(LESSER);
    const char *when = "The lesser client's 'GET wanted.txt' failed";

    expect_no(lesser, "the lesser client", "GET wanted.txt", &EARLY_OUT);
    expect_all_self(server, when, &EARLY_OUT);
    expect_in_log("wanted.txt", when, &EARLY_OUT);
    expect_no(lesser, "the lesser client", "GET secret.txt", &EARLY_OUT);
    expect_in_log("secret.txt", "The lesser client was refused", &EARLY_OUT);
    expect_service(honest, &EARLY_OUT);
    expect_ok(
        lesser, "the lesser client", "GET public.txt", PUBLIC, &EARLY_OUT);
}

static const lesson HANDLE_KEPT = {
    .misconception = "M17",
    .why = "Rights are checked when a file is opened, and never again. A "
           "handle that was opened for one client carries that client's "
           "rights to whoever uses it.",
    .read = "README task 08.5, question 3; facts L16, R10"};

CHECK(no_borrowed_handle,
      "08.no-borrowed-handle",
      "what was opened for one client does not serve the next")
{
    open_broker();
    peer honest = join(SELF), lesser = join(LESSER);

    expect_service(honest, &HANDLE_KEPT);
    expect_no(lesser, "the lesser client", "GET secret.txt", &HANDLE_KEPT);
    expect_service(honest, &HANDLE_KEPT);
    expect_ok(
        lesser, "the lesser client", "GET public.txt", PUBLIC, &HANDLE_KEPT);
}

static const lesson FALL_BACK = {
    .misconception = "M70",
    .why = "A server that does by itself what it could not do as the client "
           "gives most to those who lend least: each client can make the "
           "first try fail. What fails as the client is refused.",
    .read = "README task 08.6, experiment 1; facts L07, R22"};

CHECK(no_fall_back,
      "08.no-fall-back",
      "a client that lends too little is refused, not served as the server")
{
    open_broker();
    peer honest = join(SELF);
    peer sly = join_lending(LESSER, SQOS_IDENTIFICATION);
    peer nobody = join_lending(LESSER, SQOS_ANONYMOUS);

    expect_no(sly,
              "a client that lends Identification",
              "GET secret.txt",
              &FALL_BACK);
    expect_no(
        nobody, "a client that lends Anonymous", "GET secret.txt", &FALL_BACK);
    expect_no(sly,
              "a client that lends Identification",
              "COUNT secret.txt",
              &FALL_BACK);
    expect_no(sly,
              "a client that lends Identification",
              "PUT rules.txt none",
              &FALL_BACK);
    expect_text(get_file("shared\\rules.txt"), RULES, &FALL_BACK);
    expect_service(honest, &FALL_BACK);
}

static const lesson NESTED = {
    .misconception = "M16",
    .why = "A thread has one place for a token. To impersonate again replaces "
           "the token, and one revert takes it off altogether: what the outer "
           "function does after that, the server does.",
    .read = "README task 08.7, question 4; fact I12"};

CHECK(no_nesting,
      "08.no-nesting",
      "who may read a file, but not write it, cannot replace it")
{
    open_broker();
    peer honest = join(SELF), lesser = join(LESSER);

    expect_no(lesser, "the lesser client", "PUT rules.txt run!", &NESTED);
    expect_text(get_file("shared\\rules.txt"), RULES, &NESTED);
    expect_ok(honest, "the honest client", "PUT rules.txt walk", NULL, &NESTED);
    expect_text(get_file("shared\\rules.txt"), "walk", &NESTED);
    expect_ok(
        lesser, "the lesser client", "PUT public.txt mine", NULL, &NESTED);
    expect_text(get_file("shared\\public.txt"), "mine", &NESTED);
}

static const lesson LOGGED_AS_CLIENT = {
    .misconception = "M73",
    .why = "What is the server's own work, such as its log, has to be done "
           "with the server's rights. Between becoming the client and "
           "reverting, it is done with the client's: refused to the lesser, "
           "and open to the greater.",
    .read = "README task 08.8; fact R18"};

CHECK(change_logged,
      "08.change-is-logged",
      "each change of a file is in the log, whoever made it")
{
    open_broker();
    peer honest = join(SELF), lesser = join(LESSER);

    expect_ok(lesser,
              "the lesser client",
              "PUT mine.txt hello",
              NULL,
              &LOGGED_AS_CLIENT);
    expect_text(get_file("shared\\mine.txt"), "hello", &LOGGED_AS_CLIENT);
    expect_in_log("changed mine.txt",
                  "The lesser client's PUT of mine.txt went through",
                  &LOGGED_AS_CLIENT);
    expect_ok(honest,
              "the honest client",
              "PUT ours.txt hello",
              NULL,
              &LOGGED_AS_CLIENT);
    expect_in_log("changed ours.txt",
                  "The honest client's PUT of ours.txt went through",
                  &LOGGED_AS_CLIENT);
}

/* ---- 08.9 to 08.11: jobs ----------------------------------------------------
 */

static const lesson CHILD = {
    .misconception = "M18",
    .why = "CreateProcess gives the child the token of its parent process, "
           "not the one that the calling thread wears. For a child with the "
           "client's rights, make a primary token and use "
           "CreateProcessAsUser.",
    .read = "README task 08.9, question 5; the CreateProcessAsUser page (facts "
            "L10, R11)"};

CHECK(helper,
      "08.helper-is-client",
      "the process that works for a client has the client's rights")
{
    open_broker();
    peer honest = join(SELF), lesser = join(LESSER);

    expect_no(lesser, "the lesser client", "COUNT secret.txt", &CHILD);
    expect_ok(honest, "the honest client", "COUNT secret.txt", "2", &CHILD);
    expect_ok(lesser, "the lesser client", "COUNT public.txt", "1", &CHILD);
}

static const lesson LIBRARY = {
    .misconception = "M83",
    .why = "LoadLibrary looks for and opens the library as the thread's "
           "client. One that lends too little makes the load fail, for all "
           "who come later; on Windows a greater danger is a client that "
           "leads the search to a library of its own.",
    .read = "README task 08.10; facts L09, R08, R09"};
/* SHA-256 of SECRET. */
#define SECRET_SUM                                                             \
    "e6c26e5a83d4f40ee5d85068ed4dfe2aa6706506d2ea429ece5fca49542f3583"

static void expect_loads_by_self(void)
{
    const char *at = flight_record();
    struct event event;

    while (next_event(&at, &event))
        expect(!has(&event, CALL, "LoadLibrary") || is(&event, WHO, "self"),
               &LIBRARY,
               "libraries are loaded by the server",
               "%.*s of %.*s was done as %.*s.",
               event.length[CALL],
               event.field[CALL],
               event.length[CALL + 1],
               event.field[CALL + 1],
               event.length[WHO],
               event.field[WHO]);
}

CHECK(library,
      "08.library-is-loaded-by-server",
      "no client has a say in which library the server loads, or whether")
{
    open_broker();
    peer honest = join(SELF), lesser = join(LESSER);
    peer sly = join_lending(SELF, SQOS_IDENTIFICATION);

    ask(sly, "SUM public.txt"); /* refused, or not: it is a file for all */
    expect_ok(
        honest, "the honest client", "SUM secret.txt", SECRET_SUM, &LIBRARY);
    expect_ok(lesser, "the lesser client", "SUM public.txt", NULL, &LIBRARY);
    expect_loads_by_self();
}

static const lesson POOL = {
    .misconception = "M82",
    .why = "A thread of the pool does not end with its work item. Left as the "
           "client, it does the next one, whosever that is, with this "
           "client's rights.",
    .read = "README task 08.11; the Thread Pools page (fact R07)"};

static const lesson ELSEWHERE = {
    .misconception = "M14",
    .why = "Impersonation belongs to one thread. Another one, of the pool too, "
           "is the server, whoever gave it the work: it has to become the "
           "client itself.",
    .read = "README task 08.11; fact I13"};

CHECK(pool,
      "08.pool-thread-reverts",
      "a thread of the pool goes back to the pool as the server")
{
    program server = open_broker();
    peer honest = join(SELF), lesser = join(LESSER);

    expect_ok(
        lesser, "the lesser client", "COPY public.txt a.txt", NULL, &POOL);
    expect_all_self(server, "The lesser client's COPY is done", &POOL);
    expect_text(get_file("shared\\a.txt"), PUBLIC, &POOL);
    expect_no(lesser, "the lesser client", "COPY secret.txt b.txt", &ELSEWHERE);
    expect_all_self(server, "The lesser client's COPY has failed", &POOL);
    expect_ok(
        honest, "the honest client", "COPY secret.txt c.txt", NULL, &POOL);
    expect_all_self(server, "The honest client's COPY is done", &POOL);
    expect_text(get_file("shared\\c.txt"), SECRET, &POOL);
}

/* ---- 08.12 ------------------------------------------------------------------
 */

static const lesson NEXT = {
    .misconception = "M85",
    .why = "CreateNamedPipe asks the pipe's descriptor whether the thread may "
           "make an instance, and a client may not. A server that has not "
           "reverted by then loses an instance with each client that leaves.",
    .read = "README task 08.12; Named Pipe Security and Access Rights (fact "
            "R26)"};

CHECK(next_client,
      "08.next-client",
      "clients of lesser rights come and go, and the next one is let in")
{
    peer honest;

    lay_out_files();
    start_broker(NULL, "2");

    for (int i = 0; i < 3; i++) {
        peer lesser;
        expect_error(try_connect(&lesser,
                                 .as = LESSER,
                                 .flags = SQOS_IMPERSONATION,
                                 .messages = true,
                                 .deadline_ms = 1000),
                     0,
                     "the lesser client's CreateFile",
                     &NEXT);
        expect_ok(lesser, "the lesser client", "GET public.txt", PUBLIC, &NEXT);
        hang_up(lesser);
    }
    expect_error(try_connect(&honest,
                             .flags = SQOS_IMPERSONATION,
                             .messages = true,
                             .deadline_ms = 1000),
                 0,
                 "the honest client's CreateFile, after three lesser clients "
                 "have come and gone,",
                 &NEXT);
    expect_service(honest, &NEXT);
}
