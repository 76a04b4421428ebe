/* 07-levels-client.c - the check of lab 07 about the client: what it lends, and
 * what it makes of the replies. */
#include "07-levels.h"

#include <stdio.h>
#include <string.h>

static const lesson TOO_MUCH = {
    .misconception = "M08",
    .why = "The level bits count only with SECURITY_SQOS_PRESENT. Without it "
           "the client lends Impersonation, tracked dynamically, to whoever "
           "serves the name.",
    .read = "README task 07.1, experiment 1; facts I04, I17"};
static const lesson TOO_LITTLE = {
    .misconception = "M09",
    .why = "SECURITY_SQOS_PRESENT says only that the level is given. If no "
           "level bits are set with it, the level given is Anonymous.",
    .read = "README task 07.1, experiment 1; fact I17"};
static const lesson ENUMERATOR = {
    .misconception = "M10",
    .why = "SecurityIdentification is 1 and SecurityImpersonation 2: as flags "
           "of CreateFile these are file attributes. The flags are "
           "SECURITY_IDENTIFICATION, 0x00010000, and so on.",
    .read = "README task 07.1; the CreateFile page"};
static const lesson HOW = {
    .misconception = "M77",
    .why = "With SECURITY_SQOS_PRESENT tracking is static unless "
           "SECURITY_CONTEXT_TRACKING is given too; without any flags it is "
           "dynamic.",
    .read = "README task 07.1, question 2; table 2.0 of the facts, C01"};
static const lesson EFFECTIVE = {
    .misconception = "M77",
    .why = "With SECURITY_EFFECTIVE_ONLY, and without any SQOS flags, what is "
           "not enabled in the client's token is not lent, and the server "
           "cannot switch it on. Otherwise the whole token is lent.",
    .read = "README task 07.1, question 5; fact I04"};
static const lesson TELLS = {
    .misconception = "M46",
    .why = "Scripts tell a refusal from an answer by the exit code, and "
           "results from complaints by the stream they come on.",
    .read = "README, the contract (client)"};
static const lesson USAGE = {
    .misconception = "M38",
    .why = "An option that cannot have an effect, or a value that does not "
           "exist, is a mistake of its user, who believes that he lends what "
           "he has said.",
    .read = "README, the contract (client); common/np_args.h"};

static const lesson OPENS = {
    .why = "What a client lends is in its CreateFile: without an open there is "
           "nothing to lend, and nobody to lend it to.",
    .read = "README, the contract (client)"};
static const lesson BUSY = {
    .misconception = "M24",
    .why = "231 ERROR_PIPE_BUSY says that all instances have a client now. "
           "WaitNamedPipe waits for one; then the open is tried again.",
    .read = "README, the contract (client: if the pipe is busy); lab 03"};

static const lesson SAME = {
    .why = "What is lent belongs to a connection: with static tracking a new "
           "one lends who the client is by now, not who it was at first. And "
           "somebody else can be served in between.",
    .read = "README, the contract (client: over one connection)"};
static const lesson CUT_OFF = {
    .misconception = "M41",
    .why = "A server can end at any moment: ReadFile then fails with 109 "
           "ERROR_BROKEN_PIPE. A reply that never came is no success, however "
           "many came before it.",
    .read = "README, the contract (client: exit code)"};

/* The flags with which a client has opened the pipe, from the flight record. */
static unsigned flags_given(const char *pipe)
{
    static char name[320];
    unsigned flags = 0;
    const char *at = flight_record();

    snprintf(name, sizeof name, "%.300s@", pipe);
    while ((at = strstr(at, name)) != NULL) {
        const char *end = strchr(at, '\n');
        const char *given = strstr(at, " flags=0x");
        if (given != NULL && end != NULL && given < end)
            sscanf(given, " flags=%x", &flags);
        at++;
    }
    return flags;
}

/* What is likely to have gone wrong when a client lends this. */
static const lesson *why_lends(const char *pipe, struct reply lent)
{
    if (flags_given(pipe) & 3)
        return &ENUMERATOR;
    return lent.error == 1347 ? &TOO_LITTLE : &TOO_MUCH;
}

/* What a client of the kit's pipe lends. `also` is of the expected: "" or
 * " and to wait its turn". */
static void expect_lends(peer server,
                         const char *pipe,
                         const char *level,
                         bool dynamic,
                         const char *also)
{
    char when[100], expected[150];
    struct reply early, lent;

    early = lent = who_is(server);
    hear_message(server);
    if (early.error == 1368)
        lent = who_is(server);

    snprintf(when,
             sizeof when,
             "told to lend %s, %s%s,",
             level,
             dynamic ? "tracked dynamically" : "with static tracking",
             also);
    snprintf(expected, sizeof expected, "%s the client does so", when);
    expect_lent_level(lent, level, when, why_lends(pipe, lent));
    expect((early.error == 1368) == dynamic,
           &HOW,
           expected,
           "Before the server had read anything, ImpersonateNamedPipeClient "
           "%s.",
           dynamic ? "succeeded" : "failed with 1368");
}

/* A client with these options that asks READ of the pipe of that number. */
static program
lender(const char *pipe, const char *option, const char *value, bool dynamic)
{
    if (dynamic)
        return start(.exe = "client",
                     .args = {"--pipe",
                              pipe,
                              option,
                              value,
                              "--tracking",
                              "dynamic",
                              "READ"});
    return start(.exe = "client",
                 .args = {"--pipe", pipe, option, value, "READ"});
}

/* A client that finds the pipe busy, and is let in a moment later. */
static void expect_lends_in_its_turn(const lesson *because,
                                     const lesson *same,
                                     const lesson *cut_off)
{
    peer server = listen_on(.messages = true);
    program asks = start_queued(
        server, .exe = "client", .args = {"--pipe", PIPE, "READ", "PROBE"});
    expect(accept_client(server, 0) == 0,
           because,
           "a client that finds the pipe busy waits, and opens it when it is "
           "free",
           "It has not opened it.");
    expect_lends(
        server, PIPE, "Identification", false, " and to wait its turn");
    say(server, "text: a line", 12);
    struct reply second = hear_message(server);
    expect(reply_begins(second, "PROBE"),
           same,
           "the client sends its second request over the same connection",
           "When it had the reply to the first, the server got %s.",
           reply_shown(second));
    hang_up(server);
    expect_levels_end(
        asks, 1, "a client whose server ends before the last reply", cut_off);
    expect(errors_of(asks).size > 0,
           cut_off,
           "a client that got no reply says so on standard error",
           "Standard error is empty.");
}

CLIENT_CHECK(
    lends,
    "07.client-lends",
    "the client lends what it is told to lend, also when it has to queue")
{
    static const struct {
        const char *option, *value, *level;
        bool asks_dynamic, is_dynamic;
    } cases[] = {
        {"--timeout", "4000", "Identification", false, false},
        {"--level", "anonymous", "Anonymous", false, false},
        {"--level", "delegation", "Delegation", true, true},
        {"--level", "default", "Impersonation", false, true},
    };
    enum { CASES = sizeof cases / sizeof cases[0] };
    char pipes[CASES][300];
    peer servers[CASES];

    for (int i = 0; i < CASES; i++) {
        snprintf(pipes[i], sizeof pipes[i], "%s-%d", PIPE, i);
        servers[i] = listen_on(.pipe = pipes[i], .messages = true);
        lender(
            pipes[i], cases[i].option, cases[i].value, cases[i].asks_dynamic);
    }
    for (int i = 0; i < CASES; i++) {
        expect_error(
            accept_client(servers[i], 0), 0, "the client's open", &OPENS);
        expect_lends(
            servers[i], pipes[i], cases[i].level, cases[i].is_dynamic, "");
    }
    expect_lends_in_its_turn(&BUSY, &SAME, &CUT_OFF);
}

static const lesson ALONE = {
    .misconception = "M41",
    .why = "A server may be busy, or serve and say nothing. Either ends in "
           "exit code 1 when the time is over that was given.",
    .read = "README, the contract (client: no wait is longer)"};

static const lesson BYTES = {
    .misconception = "M20",
    .why = "A reply are bytes, as many as ReadFile says. Printed as a string "
           "it ends at its first 0.",
    .read = "README, the contract (prints each reply as it came)"};
static const lesson STAYS = {
    .misconception = "M01",
    .why = "When SetThreadToken fails the thread stays what it was: here the "
           "user with all of his groups, who asks what he wanted his lesser "
           "self to ask.",
    .read = "README, the contract (lesser); client.c, become_lesser"};

/* A client asks for bytes, and one cannot become its lesser self. */
static void expect_bytes_and_nobody_else(void)
{
    put_file(SECRET_FILE, "a\0b", 3, NULL);
    program asks =
        start(.exe = "client",
              .args = {"--pipe", PIPE, "--level", "impersonation", "READ"});
    expect_levels_end(asks, 0, "a client that may read the file", &BYTES);
    expect_printed(asks,
                   "text: a\0b\n",
                   10,
                   "the client prints the bytes of the reply and a line end",
                   &BYTES);
    program stays = start(
            .exe = "client",
            .args = {"--pipe", PIPE, "--tracking", "dynamic", "lesser", "READ"},
            .faults = "SetThreadToken:*:5,ImpersonateLoggedOnUser:*:5");
    struct ending ending = await_end(stays, 0);
    expect(ending.ended && ending.code == 1 && output_of(stays).size == 0,
           &STAYS,
           "a client that cannot become its lesser self asks nothing as itself "
           "and ends with 1",
           "SetThreadToken had failed with 5, and it ended with %u and printed "
           "%s.",
           ending.code,
           show(output_of(stays).bytes, output_of(stays).size));
}

CHECK(tells,
      "07.client-tells",
      "the client changes when it is told to, and tells reply from refusal",
      .is_slow = true)
{
    char silent[300], busy[300];
    snprintf(silent, sizeof silent, "%s-silent", PIPE);
    snprintf(busy, sizeof busy, "%s-busy", PIPE);
    listen_on(.pipe = silent, .messages = true);
    listen_on(.pipe = busy, .messages = true);
    connect_to(.pipe = busy);
    program unheard =
        start(.exe = "client",
              .args = {"--pipe", silent, "--timeout", "40", "READ"});
    program queues = start(.exe = "client",
                           .args = {"--pipe", busy, "--timeout", "40", "READ"});
    program ignored = start(.exe = "client",
                            .args = {"--pipe",
                                     PIPE,
                                     "--level",
                                     "default",
                                     "--tracking",
                                     "static",
                                     "READ"});
    program unknown =
        start(.exe = "client",
              .args = {
                  "--pipe", PIPE, "--level", "SecurityIdentification", "READ"});
    program scarce =
        start(.exe = "client",
              .args = {"--level", "default", "--effective-only", "READ"});
    program never =
        start(.exe = "client", .args = {"--tracking", "never", "READ"});
    start_levels_ready();
    program changes = start(.exe = "client",
                            .args = {"--pipe",
                                     PIPE,
                                     "--level",
                                     "impersonation",
                                     "--tracking",
                                     "dynamic",
                                     "READ",
                                     "lesser",
                                     "READ",
                                     "PROBE"});
    expect_levels_end(
        changes, 1, "a client with a refusal among its replies", &TELLS);
    struct text printed = output_of(changes);
    expect(strncmp(printed.bytes,
                   "text: " SECRET "\n",
                   strlen("text: " SECRET "\n")) == 0 &&
               strstr(printed.bytes, "refused") == NULL &&
               strstr(printed.bytes, "level: Impersonation") != NULL,
           &TELLS,
           "the client prints the replies to READ and PROBE, as they came and "
           "with a line end, and not the refusal between them",
           "It printed %s.",
           show(printed.bytes, printed.size));
    expect_errors_mention(changes, "refused: ", &TELLS);
    expect(strstr(printed.bytes, ", disabled 0") == NULL,
           &EFFECTIVE,
           "without --effective-only the client lends its disabled privileges, "
           "too",
           "It printed %s.",
           show(printed.bytes, printed.size));
    program effective =
        start(.exe = "client",
              .args = {"--pipe", PIPE, "--effective-only", "PROBE"});
    expect_end(effective, 0, &EFFECTIVE);
    expect_output(effective, "level: Identification", &EFFECTIVE);
    expect_output(effective, ", disabled 0", &EFFECTIVE);
    expect_bytes_and_nobody_else();
    expect_levels_end(ignored,
                      2,
                      "a client with --level default and --tracking static",
                      &USAGE);
    expect_levels_end(
        unknown, 2, "a client with --level SecurityIdentification", &USAGE);
    expect_levels_end(scarce,
                      2,
                      "a client with --level default and --effective-only",
                      &USAGE);
    expect_levels_end(never, 2, "a client with --tracking never", &USAGE);
    expect_complains(unheard, "with --timeout 40, and no reply,", &ALONE);
    expect_complains(
        queues, "with --timeout 40, and a pipe that stays busy,", &ALONE);
}
