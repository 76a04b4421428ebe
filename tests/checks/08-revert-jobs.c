/* 08-revert-jobs.c - the checks of lab 08 about what is done by others: a
 * helper process, a library, a thread of the pool, the next instance. */
#include "08-revert.h"

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

static const lesson ANSWER_KEPT = {
    .misconception = "M17",
    .why = "An answer that was got with one client's rights is that client's. "
           "Kept for the next who asks, it is like a handle that stays open: "
           "nobody is asked for rights any more.",
    .read = "README, the contract (rights), task 08.5"};

static const lesson LEAK = {
    .misconception = "M37",
    .why = "A request takes tokens, a file, perhaps an event or a process. "
           "What is not closed, on each way out, stays open until the server "
           "ends, and adds up.",
    .read = "README, the contract (handles); common/np_handle.h"};

static void
expect_no_more_handles(program server, uint32_t before, const char *requests)
{
    uint32_t after = handles_settled(server, before + 2);

    expect(after <= before + 2,
           &LEAK,
           "what was opened for a request is closed after it",
           "%u handles were open before %s, and %u after them.",
           before,
           requests,
           after);
}

static const lesson LINES = {
    .why =
        "COUNT counts the bytes \\n, and the last line of a file need not end "
        "with one. public.txt has one, and secret.txt has two.",
    .read = "README, the contract (requests)"};

SERVER_CHECK(helper,
             "08.helper-is-client",
             "the process that works for a client has the client's rights",
             .is_slow = true)
{
    program server = open_broker();
    peer honest = join_broker(SELF), lesser = join_broker(LESSER);

    expect_broker_no(lesser, "the lesser client", "COUNT secret.txt", &CHILD);
    expect_broker_ok(
        honest, "the honest client", "COUNT secret.txt", NULL, &CHILD);
    uint32_t before = handles_of(server);
    expect_broker_ok(
        lesser, "the lesser client", "COUNT public.txt", "1", &LINES);
    expect_broker_ok(
        honest, "the honest client", "COUNT secret.txt", "2", &LINES);
    expect_broker_no(
        lesser, "the lesser client", "COUNT secret.txt", &ANSWER_KEPT);
    expect_files_opened_as_client("Lines were counted for clients", &CHILD);
    expect_no_more_handles(server, before, "three COUNTs");
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
    "d215ef7092dcdc3efb6da079d90706600ebe7b74981da714a66f0bce15d60d30"

static const lesson SUM_AS_SERVER = {
    .misconception = "M70",
    .why = "Only the library is the server's. The file is the client's "
           "request, and is opened with the client's rights.",
    .read = "README task 08.10, the contract (rights)"};

static void expect_loads_by_self(void)
{
    const char *at = flight_record();
    struct recorded call;

    while (next_recorded(&at, &call))
        expect(strstr(call.call, "LoadLibrary") == NULL || was_itself(&call),
               &LIBRARY,
               "libraries are loaded by the server",
               "%s of %s was done as %s.",
               call.call,
               call.object,
               call.who);
}

SERVER_CHECK(
    library,
    "08.library-is-loaded-by-server",
    "no client has a say in which library the server loads, or whether")
{
    open_broker();
    peer honest = join_broker(SELF), lesser = join_broker(LESSER);
    peer sly = join_broker_lending(SELF, SQOS_IDENTIFICATION);

    ask_broker(sly,
               "SUM public.txt"); /* refused, or not: it is a file for all */
    expect_broker_ok(
        lesser, "the lesser client", "SUM public.txt", NULL, &LIBRARY);
    expect_broker_no(
        lesser, "the lesser client", "SUM secret.txt", &SUM_AS_SERVER);
    expect_broker_ok(
        honest, "the honest client", "SUM secret.txt", SECRET_SUM, &LIBRARY);
    expect_broker_no(
        lesser, "the lesser client", "SUM secret.txt", &ANSWER_KEPT);
    expect_broker_no(sly,
                     "a client that lends Identification",
                     "SUM secret.txt",
                     &SUM_AS_SERVER);
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

static const lesson ONE_JOB = {
    .misconception = "M48",
    .why = "What a thread of the pool is given to work with is the request's "
           "own until its work is done. Kept in one place for all, it is "
           "written over by the next COPY: files, client and answer are mixed "
           "up.",
    .read = "README task 08.11, the contract (N clients at once)"};

/* While the lesser client's COPY is under way the honest one asks for another,
 * which a server that works one by one does afterwards. A server that copies by
 * other calls is not stopped in between. */
static void expect_two_copies_at_once(void)
{
    program server = start_broker_held("CopyFile:1");
    peer lesser = join_broker(LESSER), honest = join_broker(SELF);

    say(lesser, "COPY public.txt d.txt", 21);
    await_held(server, 300);
    say(honest, "COPY secret.txt e.txt", 21);
    struct reply second = hear(honest, 100, 300);
    release(server);
    struct reply first = hear_message(lesser);
    if (second.error == TIMED_OUT)
        second = hear_message(honest);
    expect(is_ok_reply(first) && is_ok_reply(second),
           &ONE_JOB,
           "two clients can have files copied at the same time",
           "The lesser client's 'COPY public.txt d.txt' got %s.",
           is_ok_reply(first) ? "OK, the honest client's 'COPY secret.txt "
                                "e.txt' did not"
                              : said_by_broker(first));
    expect_text(get_file("shared\\d.txt"), PUBLIC, &ONE_JOB);
    expect_text(get_file("shared\\e.txt"), SECRET, &ONE_JOB);
}

SERVER_CHECK(pool,
             "08.pool-thread-reverts",
             "a thread of the pool goes back to the pool as the server")
{
    program server = open_broker();
    peer honest = join_broker(SELF), lesser = join_broker(LESSER);

    expect_broker_ok(
        lesser, "the lesser client", "COPY public.txt a.txt", NULL, &POOL);
    expect_itself(server, "The lesser client's COPY is done", &POOL);
    expect_text(get_file("shared\\a.txt"), PUBLIC, &POOL);
    expect_broker_no(
        lesser, "the lesser client", "COPY secret.txt b.txt", &ELSEWHERE);
    expect_itself(server, "The lesser client's COPY has failed", &POOL);
    expect_broker_no(
        lesser, "the lesser client", "COPY public.txt rules.txt", &ELSEWHERE);
    expect_text(get_file("shared\\rules.txt"), RULES, &ELSEWHERE);
    expect_broker_ok(
        honest, "the honest client", "COPY secret.txt c.txt", NULL, &POOL);
    expect_itself(server, "The honest client's COPY is done", &POOL);
    expect_text(get_file("shared\\c.txt"), SECRET, &POOL);
    expect_files_opened_as_client("Files were copied for clients", &ELSEWHERE);
    kill_program(server);
    expect_two_copies_at_once();
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

static const lesson ADMITS = {
    .misconception = "M60",
    .why = "Who may create an instance of the pipe gets some of its clients, "
           "with all that they lend. That the server had to do it as a client "
           "is cured by the revert, not by giving clients the right to it.",
    .read = "README, the contract (server), task 08.12; lab 04"};

/* Requests that are granted, refused, and none; the first rounds make what a
 * server keeps for all, such as threads. */
static void expect_no_leak(program server, peer lesser)
{
    static const char *const requests[] = {"GET public.txt",
                                           "GET secret.txt",
                                           "PUT public.txt x",
                                           "PUT rules.txt x",
                                           "COPY public.txt copy.txt",
                                           "COPY secret.txt copy.txt",
                                           "SUM public.txt",
                                           "SUM secret.txt",
                                           "nonsense"};
    enum { WARM = 2, ROUNDS = 6 };
    uint32_t before = 0;

    for (int round = 0; round < WARM + ROUNDS; round++) {
        if (round == WARM)
            before = handles_of(server);
        for (size_t i = 0; i < sizeof requests / sizeof *requests; i++)
            ask_broker(lesser, requests[i]);
    }
    expect_no_more_handles(
        server, before, "six rounds of nine requests of the lesser client");
}

SERVER_CHECK(next_client,
             "08.next-client",
             "clients of lesser rights come and go, and the next one is let in",
             .is_slow = true)
{
    peer honest;

    put_broker_files();
    program server = start_broker(NULL, "2");

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
        expect_broker_ok(
            lesser, "the lesser client", "GET public.txt", PUBLIC, &NEXT);
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
    expect_broker_serves(honest, &NEXT);
    peer thief;
    expect_error(
        try_listen(&thief, .messages = true, .instances = 255, .as = LESSER),
        5,
        "the CreateNamedPipe of a process without the lab group",
        &ADMITS);
    hang_up(honest);
    expect_no_leak(server, join_broker(LESSER));
}
