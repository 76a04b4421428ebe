/* 08-revert.c - the checks of lab 08: attacks on a broker, none of which may
 * work, and after each of which honest clients are served. These are about
 * files; 08-revert-ends.c and 08-revert-jobs.c have the others. */
#include "08-revert.h"

#include <string.h>

static const lesson EARLY_OUT = {
    .misconception = "M03",
    .why = "A way out between becoming the client and reverting leaves the "
           "thread the client. What follows for the server, such as the log, "
           "is refused; or, when the client has more rights, allowed.",
    .read = "README task 08.4, question 1; fact R05"};

/* The server is stopped before a call that comes about when it replies. If the
 * reply is there by then, the line must be. */
static void expect_line_before_reply(program server, peer lesser)
{
    struct reply reply = {.error = TIMED_OUT};

    say(lesser, "GET first.txt", 13);
    for (int i = 0; i < 200 && reply.error == TIMED_OUT; i++) {
        bool held = await_held(server, 2);
        reply = hear(lesser, 100, 3);
        if (held)
            break;
    }
    if (reply.error != TIMED_OUT) {
        const char *when = "The lesser client's 'GET first.txt' is answered";
        expect_itself(server, when, &EARLY_OUT);
        expect_in_broker_log("first.txt", when, &BROKER_UNLOGGED);
    }
    release(server);
    if (reply.error == TIMED_OUT)
        hear_message(lesser);
}

SERVER_CHECK(
    refusal_logged,
    "08.refusal-is-logged",
    "who asks in vain is logged, and leaves no thread behind as itself")
{
    put_broker_files();
    /* The line, then the reply, if all is well. */
    program server = start_broker_held("WriteFile:+2");
    peer honest = join_broker(SELF), lesser = join_broker(LESSER);
    const char *when = "The lesser client's 'GET wanted.txt' failed";

    expect_line_before_reply(server, lesser);
    expect_broker_no(lesser, "the lesser client", "GET wanted.txt", &EARLY_OUT);
    expect_itself(server, when, &EARLY_OUT);
    expect_in_broker_log("wanted.txt", when, &BROKER_UNLOGGED);
    expect_broker_no(lesser, "the lesser client", "GET secret.txt", &EARLY_OUT);
    expect_in_broker_log(
        "secret.txt", "The lesser client was refused", &BROKER_UNLOGGED);
    expect_broker_serves(honest, &EARLY_OUT);
    expect_broker_ok(
        lesser, "the lesser client", "GET public.txt", PUBLIC, &EARLY_OUT);
}

static const lesson HANDLE_KEPT = {
    .misconception = "M17",
    .why = "Rights are checked when a file is opened, and never again. A "
           "handle that was opened for one client carries that client's "
           "rights to whoever uses it.",
    .read = "README task 08.5, question 3; facts L16, R10"};

static const lesson LONG_AGO = {
    .misconception = "M65",
    .why = "The client is who it was when it wrote its last request, and under "
           "dynamic tracking that can be another one each time. A token that "
           "is kept for the connection is that of an earlier request.",
    .read = "README, the contract (rights); facts I05, I06"};
static const lesson CHECKED_BEFORE = {
    .misconception = "M71",
    .why = "That a moment ago the client could open the file says nothing of "
           "the next open: by then it may be another file, with other rights. "
           "The handle that the client's rights have opened is the one to "
           "read and write with.",
    .read = "README, the contract (rights); fact L16"};

/* A client that gives up the group between two requests. */
static void expect_identity_of_request(void)
{
    peer changing = connect_to(.messages = true,
                               .flags = SQOS_IMPERSONATION | SQOS_DYNAMIC);

    expect_broker_ok(changing,
                     "a client of all groups",
                     "GET secret.txt",
                     SECRET,
                     &LONG_AGO);
    become(changing, LESSER);
    expect_broker_no(changing,
                     "the same client, after it has given up the lab group,",
                     "GET secret.txt",
                     &LONG_AGO);
}

static const lesson WHOLE = {
    .misconception = "M20",
    .why = "A file is bytes, 0 among them, and as many as its size says. What "
           "is handled as a string, or with a smaller buffer, is another "
           "file. Here it has the most bytes that are allowed, and its name "
           "the most characters.",
    .read = "README, the contract (NAME, files)"};

#define NAME_8 "large-0."
#define NAME_64 NAME_8 NAME_8 NAME_8 NAME_8 NAME_8 NAME_8 NAME_8 "file.bin"
/* SHA-256 of 4,000 bytes 0. */
#define ZEROS_SUM                                                              \
    "fc19b1997119425765295aeab72d76faa6927d4f83985d328c26f20468d6cc76"

/* The largest file, of the longest name. */
static void expect_whole_files(peer honest)
{
    enum { SIZE = 4000 };
    static char data[3 + SIZE] = "OK ", put[SIZE + 4 + 65];

    put_file("shared\\" NAME_64, data + 3, SIZE, NULL);
    expect_bytes(ask_broker(honest, "GET " NAME_64), data, sizeof data, &WHOLE);
    expect_broker_ok(
        honest, "the honest client", "SUM " NAME_64, ZEROS_SUM, &WHOLE);
    memset(put, 'x', sizeof put);
    memcpy(put, "PUT " NAME_64 " ", 4 + 65);
    say(honest, put, sizeof put);
    expect(is_ok_reply(hear_message(honest)),
           &WHOLE,
           "a file can be replaced by one of 4,000 bytes",
           "The reply was not OK.");
    expect_bytes(get_file("shared\\" NAME_64), put + 4 + 65, SIZE, &WHOLE);
}

SERVER_CHECK(no_borrowed_handle,
             "08.no-borrowed-handle",
             "what was opened for one client does not serve the next")
{
    open_broker();
    peer honest = join_broker(SELF), lesser = join_broker(LESSER);

    expect_broker_serves(honest, &HANDLE_KEPT);
    expect_broker_no(
        lesser, "the lesser client", "GET secret.txt", &HANDLE_KEPT);
    expect_broker_serves(honest, &HANDLE_KEPT);
    expect_broker_ok(
        lesser, "the lesser client", "GET public.txt", PUBLIC, &HANDLE_KEPT);
    expect_files_opened_as_client("Files were read for clients",
                                  &CHECKED_BEFORE);
    expect_identity_of_request();
    expect_whole_files(honest);
}

static const lesson FALL_BACK = {
    .misconception = "M70",
    .why = "A server that does by itself what it could not do as the client "
           "gives most to those who lend least: each client can make the "
           "first try fail. What fails as the client is refused.",
    .read = "README task 08.6, experiment 1; facts L07, R22"};

/* Each request on a connection of its own: the server may end one that it
 * refuses. */
static void expect_all_refused(uint32_t level, const char *who)
{
    static const char *const requests[] = {"GET secret.txt",
                                           "COUNT secret.txt",
                                           "SUM secret.txt",
                                           "COPY secret.txt got.txt",
                                           "PUT rules.txt none"};

    for (size_t i = 0; i < sizeof requests / sizeof *requests; i++) {
        peer client = join_broker_lending(LESSER, level);
        expect_broker_no(client, who, requests[i], &FALL_BACK);
        hang_up(client);
    }
}

SERVER_CHECK(
    no_fall_back,
    "08.no-fall-back",
    "a client that lends too little is refused, not served as the server")
{
    open_broker();
    peer honest = join_broker(SELF);
    expect_all_refused(SQOS_IDENTIFICATION,
                       "a lesser client that lends Identification");
    expect_all_refused(SQOS_ANONYMOUS, "a lesser client that lends Anonymous");
    expect(get_file("shared\\got.txt").error == 2,
           &FALL_BACK,
           "nothing is copied for a client that lends too little",
           "The refused 'COPY secret.txt got.txt' has made got.txt.");
    expect_text(get_file("shared\\rules.txt"), RULES, &FALL_BACK);
    expect_broker_serves(honest, &FALL_BACK);
}

static const lesson NESTED = {
    .misconception = "M16",
    .why = "A thread has one place for a token. To impersonate again replaces "
           "the token, and one revert takes it off altogether: what the outer "
           "function does after that, the server does.",
    .read = "README task 08.7, question 4; fact I12"};

static const lesson GUESSED = {
    .misconception = "M70",
    .why = "To compare is to read. Who may not read a file could learn its "
           "content from a server that compares with rights of its own: OK "
           "would say that the guess was right.",
    .read = "README, the contract (rights), task 08.7"};

SERVER_CHECK(no_nesting,
             "08.no-nesting",
             "who may read a file, but not write it, cannot replace it")
{
    program server = open_broker();
    peer honest = join_broker(SELF), lesser = join_broker(LESSER);

    expect_broker_no(
        lesser, "the lesser client", "PUT rules.txt run!", &NESTED);
    expect_itself(server, "The lesser client's PUT failed", &EARLY_OUT);
    /* Nothing to change: another way out of a PUT. */
    expect_broker_ok(
        lesser, "the lesser client", "PUT public.txt " PUBLIC, NULL, &NESTED);
    expect_itself(
        server, "A PUT of what the file held already is done", &EARLY_OUT);
    expect_text(get_file("shared\\rules.txt"), RULES, &NESTED);
    expect_broker_no(
        lesser, "the lesser client", "PUT secret.txt " SECRET, &GUESSED);
    expect_broker_ok(
        honest, "the honest client", "PUT rules.txt walk", NULL, &NESTED);
    expect_text(get_file("shared\\rules.txt"), "walk", &NESTED);
    expect_broker_ok(
        lesser, "the lesser client", "PUT public.txt mine", NULL, &NESTED);
    expect_text(get_file("shared\\public.txt"), "mine", &NESTED);
    expect_files_opened_as_client("Files were replaced for clients",
                                  &CHECKED_BEFORE);
}

static const lesson LOGGED_AS_CLIENT = {
    .misconception = "M73",
    .why = "What is the server's own work, such as its log, has to be done "
           "with the server's rights. Between becoming the client and "
           "reverting, it is done with the client's: refused to the lesser, "
           "and open to the greater.",
    .read = "README task 08.8; fact R18"};

static const lesson LOG_OPEN = {
    .misconception = "M27",
    .why = "A log is worth what its descriptor is: who can write to it changes "
           "what it tells, and who can read it learns what the others do.",
    .read = "README, the contract (the server adds to FILE); lab 04"};
static const lesson OUTSIDE = {
    .misconception = "M72",
    .why = "With .. and \\ a name leads out of the folder, to all that its "
           "client can open, and to the server's own log. A NAME is checked "
           "against the list of what it may hold, before it is made a path; "
           "so is the second one of a COPY.",
    .read = "README, the contract (a NAME)"};
static const lesson LAST_LINE = {
    .why = "Without a last line nobody can tell a server that was stopped from "
           "one that was killed, or that could not revert.",
    .read = "README, the contract (the server adds to FILE)"};

/* Names that lead to what the client may open, but not by way of the server.
 * The clients stay: a server may log when one leaves. */
static void expect_names_stay_inside(void)
{
    static const char *const requests[] = {"GET ..\\broker.log",
                                           "COPY public.txt ..\\out.txt"};

    for (size_t i = 0; i < 2; i++) {
        peer client = join_broker(SELF);
        struct reply reply = ask_broker(client, requests[i]);
        expect(!is_ok_reply(reply),
               &OUTSIDE,
               "a NAME is that of a file in the server's folder",
               "Asked for '%s', the honest client got %s.",
               requests[i],
               said_by_broker(reply));
    }
    expect(get_file("out.txt").error == 2,
           &OUTSIDE,
           "no file is made outside the server's folder",
           "'COPY public.txt ..\\out.txt' was refused, and has made out.txt.");
}

SERVER_CHECK(
    change_logged,
    "08.change-is-logged",
    "each change of a file is in the log, whoever made it, and the log is no "
    "client's")
{
    put_shared_files();
    program server = start_broker(NULL, "4");
    peer honest = join_broker(SELF), lesser = join_broker(LESSER);

    expect_broker_ok(lesser,
                     "the lesser client",
                     "PUT mine.txt hello",
                     NULL,
                     &LOGGED_AS_CLIENT);
    expect_text(get_file("shared\\mine.txt"), "hello", &LOGGED_AS_CLIENT);
    expect_in_broker_log("changed mine.txt",
                         "The lesser client's PUT of mine.txt went through",
                         &LOGGED_AS_CLIENT);
    expect_broker_ok(honest,
                     "the honest client",
                     "PUT ours.txt hello",
                     NULL,
                     &LOGGED_AS_CLIENT);
    expect_in_broker_log("changed ours.txt",
                         "The honest client's PUT of ours.txt went through",
                         &LOGGED_AS_CLIENT);
    expect_broker_no(lesser,
                     "the lesser client",
                     "COPY secret.txt copy.txt",
                     &LOGGED_AS_CLIENT);
    expect_in_broker_log("secret.txt",
                         "The lesser client's COPY of secret.txt was refused",
                         &BROKER_UNLOGGED);
    expect_names_stay_inside();
    expect(try_file_as(LESSER, "broker.log", READ_ONLY) != 0 &&
               try_file_as(LESSER, "broker.log", WRITE_ONLY) != 0,
           &LOG_OPEN,
           "a log that the server has made can be opened by the lab group "
           "alone",
           "Its descriptor, %s, lets the same user in without the group.",
           security_of("broker.log"));

    size_t size = get_file("broker.log").size;
    expect_stops(server, &LAST_LINE);
    expect(get_file("broker.log").size > size,
           &LAST_LINE,
           "a server that ends in order adds a last line to its log",
           "When it had ended, the log was as long as before, %zu bytes.",
           size);
}
