/* 06-vault.c - the checks of lab 06 about whose rights decide. The others are
 * in 06-vault-self.c, -names.c, -audit.c, -content.c, -cost.c and -client.c. */
#include "06-vault.h"

#include <stdio.h>
#include <string.h>

/* ---- the decision ---- */

static const lesson BEFORE = {
    .misconception = "M17",
    .why = "Access is checked when a file is opened, with the rights that the "
           "thread has then, and never again. A handle that the server opened "
           "as itself reads and writes with the server's rights, whoever the "
           "thread is meanwhile.",
    .read = "README task 06.3, experiment 1; facts L16, R10"};
static const lesson FALL_BACK = {
    .misconception = "M70",
    .why = "The open as the client failed: that was the answer. To try again "
           "as the server gives everybody the server's rights, if only their "
           "own do not suffice.",
    .read = "README task 06.3, question 3; fact R22"};
static const lesson AS_SERVER = {
    .misconception = "M14",
    .why = "The file was opened by the server's own rights, which suffice for "
           "every file. Only when the thread acts as its client at the moment "
           "of the open does the system decide by the client's rights.",
    .read = "README task 06.3; facts I14, L07"};
static const lesson WORDS = {
    .misconception = "M57",
    .why = "5 ERROR_ACCESS_DENIED is an answer about this request, as good as "
           "any other. The client is told so, and asks its next question over "
           "the same connection.",
    .read = "README task 06.4, the contract (replies)"};
static const lesson TOO_MUCH = {
    .misconception = "M58",
    .why = "CreateFile is asked for rights, and each of them must be granted. "
           "Who opens a file to read it and asks to write, too, is refused "
           "where only reading is allowed, and the other way round.",
    .read = "README, the contract; the CreateFile page (dwDesiredAccess)"};

/* How a lesser client can have got at this file: from the flight record. */
static const lesson *how_it_was_opened(const char *file)
{
    const char *at = flight_record();
    struct recorded event;
    bool refused = false, later_client = false;
    unsigned long server = 0; /* the thread that opened it as the server */

    while (next_recorded_end(&at, &event)) {
        if (strcmp(event.call, "CreateFile") == 0 &&
            path_ends_with(event.object, file)) {
            bool opened = strcmp(event.error, "0") == 0;
            if (opened && was_itself(&event))
                server = event.tid;
            refused = refused || (!opened && !was_itself(&event));
        }
        if (event.tid == server && !was_itself(&event))
            later_client = true;
    }
    if (server != 0 && refused)
        return &FALL_BACK;
    return later_client ? &BEFORE : &AS_SERVER;
}

/* A request of a client that lacks the group, and the word of its answer. */
static void expect_lesser(peer lesser,
                          const char *request,
                          const char *word,
                          const char *file)
{
    struct reply reply = vault_ask(lesser, request);
    char expected[300];

    if (vault_says(reply, word))
        return;
    snprintf(expected,
             sizeof expected,
             "a client without the group %s that asks %s is told %s",
             lab_group(),
             show(request, strlen(request)),
             word);
    fail(!vault_says(reply, "OK")      ? &WORDS
         : strcmp(word, "DENIED") == 0 ? how_it_was_opened(file)
                                       : &TOO_MUCH,
         expected,
         "The reply was %s.",
         reply_shown(reply));
}

static const lesson ONCE = {
    .misconception = "M71",
    .why = "Between a check and the open that follows it, everything can "
           "change: the DACL, or the file behind the name. And what the server "
           "makes as itself is the server's. Only the one open that is made as "
           "the client decides.",
    .read = "README, the contract (opened by the client's rights, once), "
            "experiment 2; fact R12"};
static const lesson ANOTHERS = {
    .misconception = "M65",
    .why = "What one client was told is no answer to another one: each request "
           "is decided by the rights of whoever sent it.",
    .read = "README, the contract (the rights are those of the client that "
            "sent this request)"};

/* Asks as who may, and fails if the process that became the client opened what
 * was named as itself. Another one, with the client's token, may. */
static void expect_opened_as_client(const char *request, const char *named)
{
    size_t seen = strlen(flight_record());
    unsigned long server = 0;
    peer client = vault_client(SELF);
    expect_vault_word(client, request, "OK", &WORDS);
    hang_up(client);

    const char *at = flight_record() + seen;
    struct recorded event;
    while (next_recorded_end(&at, &event)) {
        if (strcmp(event.call, "ImpersonateNamedPipeClient") == 0)
            server = event.pid;
        expect(strcmp(event.call, "CreateFile") != 0 || event.pid != server ||
                   !path_ends_with(event.object, named) ||
                   !was_itself(&event) || strcmp(event.error, "0") != 0,
               &ONCE,
               "what a client names is opened once, and as the client",
               "For %s the server called CreateFile(%s) as itself.",
               show(request, strlen(request)),
               event.object);
    }
}

static const lesson NO_REFUSAL = {
    .why = "32 ERROR_SHARING_VIOLATION says that somebody has the file open "
           "now. It would say so to everybody, and no more a moment later: "
           "that is a failure, and no word about this client's rights.",
    .read = "README task 06.4, the contract (words of a reply)"};

static bool was_made_to_fail(size_t since, const char *file)
{
    const char *at = flight_record() + since;
    struct recorded event;

    while (next_recorded_end(&at, &event))
        if (path_ends_with(event.object, file) &&
            strstr(event.details, "fault=") != NULL)
            return true;
    return false;
}

/* A server whose first open after it was somebody else fails as if the file
 * were in use: most likely that of the client's file. */
static void expect_failure_is_no_refusal(const lesson *because)
{
    char pipe[300];
    size_t seen = strlen(flight_record());

    snprintf(pipe, sizeof pipe, "%s-in-use", PIPE);
    program server =
        start(.exe = "server",
              .args =
                  {"--pipe", pipe, "--vault", "vault", "--audit", "in-use.log"},
              .faults = "CreateFile:+1:32");
    await_pipe(server, pipe);
    peer client =
        connect_to(.pipe = pipe, .messages = true, .flags = SQOS_IMPERSONATION);
    struct reply reply = vault_ask(client, "GET notice.txt");
    expect(vault_says(reply, "FAILED") ||
               !was_made_to_fail(seen, "\\notice.txt"),
           because,
           "a GET whose CreateFile failed with 32 ERROR_SHARING_VIOLATION is "
           "answered with FAILED",
           "The reply was %s.",
           reply_shown(reply));
}

SERVER_CHECK(
    rights,
    "06.clients-own-rights",
    "each client gets at each file what the file's DACL grants it, and is "
    "told when that is nothing")
{
    program server = open_vault();
    peer lesser = vault_client(LESSER);

    expect_lesser(lesser, "GET secret.txt", "DENIED", "secret.txt");
    expect_lesser(lesser, "PUT secret.txt\nx", "DENIED", "secret.txt");
    expect_lesser(lesser, "PUT notice.txt\nx", "DENIED", "notice.txt");
    expect_lesser(lesser, "PUT new.txt\nx", "DENIED", "new.txt");
    expect_lesser(lesser, "GET drop.txt", "DENIED", "drop.txt");
    expect_lesser(lesser, "LIST", "DENIED", "vault");
    expect(vault_gives(vault_ask(lesser, "GET notice.txt"),
                       NOTICE_TEXT,
                       strlen(NOTICE_TEXT)),
           &TOO_MUCH,
           "who may only read a file can GET it",
           "A client without the group cannot GET notice.txt.");
    expect_vault_word(lesser, "PUT drop.txt\nletter", "OK", &TOO_MUCH);
    expect_vault_word(lesser, "PUT open.txt\nby lesser", "OK", &TOO_MUCH);
    hang_up(lesser);

    expect_vault_content("vault\\secret.txt", SECRET_TEXT, &AS_SERVER);
    expect_vault_content("vault\\notice.txt", NOTICE_TEXT, &AS_SERVER);
    expect_vault_content("vault\\drop.txt", "letter", &TOO_MUCH);
    expect(get_file("vault\\new.txt").error == 2,
           &AS_SERVER,
           "a client that may not add to the folder leaves no new.txt there",
           "The file was made.");
    expect(vault_gives(vault_ask_as(SELF, "GET secret.txt"),
                       SECRET_TEXT,
                       strlen(SECRET_TEXT)),
           &WORDS,
           "a client with the group can GET secret.txt",
           "It cannot.");
    expect_running(server, &WORDS);
    expect_opened_as_client("PUT new.txt\nx", "\\new.txt");
    expect_opened_as_client("PUT notice.txt\nx", "\\notice.txt");
    expect_opened_as_client("LIST", "\\vault");
    lesser = vault_client(LESSER);
    expect_vault_word(lesser, "LIST", "DENIED", &ANOTHERS);
    expect_failure_is_no_refusal(&NO_REFUSAL);
}

static const lesson LATE = {
    .misconception = "M71",
    .why = "Between a check and the open that follows it, everything can "
           "change: the DACL, or the file behind the name. Only the open "
           "itself decides, and so it has to be made as the client.",
    .read = "README task 06.3, experiment 2; fact R12"};

SERVER_CHECK(
    judged_at_open,
    "06.judged-at-the-open",
    "a file that is closed to the client just before it is opened is not "
    "given out")
{
    static const char TAKEN_BACK[] = "no longer for all";
    char hold[40];

    /* Once undisturbed, to learn which open it is; then stopped before it. */
    program server = open_vault();
    struct reply first = vault_ask_as(LESSER, "GET open.txt");
    expect(vault_gives(first, OPEN_TEXT, strlen(OPEN_TEXT)),
           &WORDS,
           "who may read open.txt can GET it",
           "The reply was %s.",
           reply_shown(first));
    unsigned turn = last_open("open.txt");
    end_input(server);
    expect_end(server, 0, &WORDS);
    if (turn == 0)
        return;
    snprintf(hold, sizeof hold, "CreateFile:%u", turn);
    server = start_vault(.hold = hold);
    await_pipe(server, PIPE);
    peer lesser = vault_client(LESSER);
    say(lesser, "GET open.txt", strlen("GET open.txt"));
    if (!await_held(server, 0))
        return; /* it works another way each time: no verdict */
    put_file(
        "vault\\open.txt", TAKEN_BACK, strlen(TAKEN_BACK), vault_kin_only());
    release(server);
    struct reply reply = hear_message(lesser);
    expect(!vault_gives(reply, TAKEN_BACK, strlen(TAKEN_BACK)),
           &LATE,
           "open.txt is taken back from everyone just before the server opens "
           "it, so that a client without the group is refused",
           "It was given \"%s\", which it never had the right to read.",
           TAKEN_BACK);
    expect(vault_says(reply, "DENIED"),
           &WORDS,
           "the reply is DENIED",
           "It was %s.",
           reply_shown(reply));
}
