/* 07-levels.c - the checks of lab 07 about who may read the file. The others
 * are in 07-levels-lent.c, -report.c (PROBE), -self.c (when something fails),
 * -reverts.c and -client.c. */
#include "07-levels.h"

#include <stdio.h>
#include <string.h>
#include <strings.h>

/* ---- serving ---------------------------------------------------------------
 */

static const lesson AS_CLIENT = {
    .misconception = "M76",
    .why = "At Impersonation and above the server opens as the client, and the "
           "system decides. So it can reach what the client may read and it "
           "may not, and need not know the rules.",
    .read = "README tasks 07.3 and 07.5, question 1; facts L07, I18"};
static const lesson TOO_MUCH = {
    .misconception = "M70",
    .why = "What the server opens as itself is opened with the server's "
           "rights, whoever asks. The client's rights count while the thread "
           "is the client, or when AccessCheck is asked.",
    .read = "README tasks 07.3 and 07.5; facts I14, L07"};

static const lesson MADE = {
    .misconception = "M27",
    .why = "A file that is made without a descriptor of its own gets what the "
           "folder hands down, or the default of the token: then nobody has "
           "decided who may read it. And each further entry of a descriptor, "
           "such as its owner's, admits others than the group.",
    .read = "README, the contract (FILE); common/np_sd.h"};
static const lesson BYTES = {
    .misconception = "M20",
    .why = "What is in a file are bytes. A 0 does not end them, and how many "
           "there are ReadFile tells: none, also.",
    .read = "README, the contract (READ, FILE)"};

static const lesson DEFAULTS = {
    .why = "Who gives no option gets what the usage names: two programs that "
           "are started without a word have to find each other.",
    .read = "README, the contract (server); levels.h"};

/* The file that a server without options has made: before it serves READ, at
 * the latest. */
static void expect_made_for_the_group(const lesson *defaults,
                                      const lesson *because)
{
    static const char pipe[] = "\\\\.\\pipe\\nplab-07-levels",
                      file[] = "nplab-07-levels.txt";
    program server = start(.exe = "server");
    await_pipe(server, pipe);
    peer client =
        connect_to(.pipe = pipe, .messages = true, .flags = SQOS_IMPERSONATION);
    struct reply reply = levels_ask(client, "READ");
    hang_up(client);
    expect(reply.error == 0 && reply.size > 6 &&
               memcmp(reply.bytes, "text: ", 6) == 0,
           because,
           "if there is no FILE the server makes it, with a line of text that "
           "READ gives to who has the lab group",
           "The reply to READ was %s.",
           reply_shown(reply));
    uint32_t self = try_file_as(SELF, file, READ_ONLY);
    uint32_t lesser = try_file_as(LESSER, file, READ_ONLY);
    uint32_t writes = try_file_as(LESSER, file, WRITE_ONLY);
    expect(self != 2,
           defaults,
           "without --file the server makes nplab-07-levels.txt",
           "There is no such file; its folder has: %s",
           list_folder(""));

    expect(self == 0 && lesser == 5 && writes == 5,
           because,
           "the file that the server makes is open to the lab group alone",
           "To read it with the group gives %s, without the group %s, and to "
           "write it without the group %s. Its descriptor is %s.",
           code_text(self),
           code_text(lesser),
           code_text(writes),
           security_of(file));
    end_input(server);
    await_end(server, 0);
}

/* Of a file without bytes READ gives none; of a longer one, with bytes of all
 * values, the beginning. */
static void expect_first_bytes(const lesson *because)
{
    char content[1500], text[6 + 1024] = "text: ";

    put_file(SECRET_FILE, "", 0, NULL);
    struct reply reply = levels_ask_once(SELF, SQOS_IMPERSONATION, "READ");
    expect(reply_begins(reply, "text: ") && reply.size == 6,
           because,
           "READ of an empty file is answered with \"text: \" and nothing more",
           "The reply was %s.",
           reply_shown(reply));
    for (size_t i = 0; i < sizeof content; i++)
        content[i] = (char)(i * 7 + i / 251);
    put_file(SECRET_FILE, content, sizeof content, NULL);
    memcpy(text + 6, content, 1024);
    reply = levels_ask_once(SELF, SQOS_IMPERSONATION, "READ");
    expect(reply.error == 0 && reply.size == sizeof text &&
               memcmp(reply.bytes, text, sizeof text) == 0,
           because,
           "READ of a file of 1,500 bytes is answered with \"text: \" and the "
           "first 1,024 of them",
           "The reply has %zu bytes, and is %s.",
           reply.size,
           reply_shown(reply));
}

static const lesson NOT_READ = {
    .why = "That a file could be opened does not say that it can be read: a "
           "sector may be bad. When ReadFile fails, what is in the buffer is "
           "not what is in the file.",
    .read = "README, the contract (READ); server.c, make_text"};

/* A server of which the first ReadFile fails after it was somebody else: most
 * likely that of the file. It may also be one of the pipe. */
static void expect_no_read_no_text(const lesson *because)
{
    char pipe[300];

    snprintf(pipe, sizeof pipe, "%s-unread", PIPE);
    program server = start(.exe = "server",
                           .args = {"--pipe", pipe, "--file", SECRET_FILE},
                           .faults = "ReadFile:+1:23");
    await_pipe(server, pipe);
    peer client =
        connect_to(.pipe = pipe, .messages = true, .flags = SQOS_IMPERSONATION);
    struct reply reply = levels_ask(client, "READ");
    hang_up(client);
    expect(!reply_begins(reply, "text:") ||
               reply_begins(reply, "text: " SECRET),
           because,
           "a READ whose ReadFile failed with 23 ERROR_CRC is refused",
           "The reply was %s.",
           reply_shown(reply));
}

static const lesson READ_ONLY_ASKED = {
    .misconception = "M58",
    .why = "CreateFile and AccessCheck are asked for rights, and each of them "
           "must be granted. Who asks for more than reading takes gets a no "
           "for everybody who may only read.",
    .read = "README, the contract (the client gets what it may read); the "
            "CreateFile page (dwDesiredAccess)"};

/* Who has not the lab group may read the file, and nothing more. */
static void
expect_reader_served(uint32_t flags, const char *when, const lesson *because)
{
    char sddl[100];

    snprintf(sddl, sizeof sddl, "D:P(A;;FA;;;%s)(A;;FR;;;WD)", lab_group());
    put_file(SECRET_FILE, SECRET, strlen(SECRET), sddl);
    expect_levels_read(levels_ask_once(LESSER, flags, "READ"), when, because);
}

static const lesson TWICE = {
    .misconception = "M71",
    .why = "The open as the client was the answer, and its handle is what is "
           "to be read. Between that open and another one, as the server, the "
           "file or its list can become another.",
    .read = "README task 07.3, the contract (opened as the client), question "
            "6"};
static const lesson BEHIND = {
    .misconception = "M20",
    .why = "A message is as long as WriteFile is told. What is sent behind the "
           "refusal was in the server's memory: the file itself, or what "
           "another client was told.",
    .read = "README, the contract (refused); server.c, make_text"};

static bool is_of_secret_file(const struct recorded *call)
{
    return strcmp(call->call, "CreateFile") == 0 &&
           path_ends_with(call->object, SECRET_FILE);
}

/* At Impersonation the process that became the client opens the file as the
 * client alone. Another one, with the client's token, may do that too. */
static void expect_opened_as_client(const lesson *decides, const lesson *twice)
{
    size_t seen = strlen(flight_record());
    levels_ask_once(SELF, SQOS_IMPERSONATION, "READ");
    const char *at = flight_record() + seen;
    struct recorded call;
    unsigned long server = 0;
    bool was_opened = false;

    while (next_recorded_end(&at, &call)) {
        if (strcmp(call.call, "ImpersonateNamedPipeClient") == 0)
            server = call.pid;
        if (!is_of_secret_file(&call) || strcmp(call.error, "0") != 0)
            continue;
        expect(call.pid != server || !was_itself(&call),
               was_opened ? twice : decides,
               "at Impersonation the file is opened as the client, and not as "
               "the server",
               "The server opened it as itself%s.",
               was_opened ? ", when it had opened it as the client" : "");
        was_opened = true;
    }
}

/* Nobody is refused with a part of what was told to who may read. */
static void expect_nothing_behind(const lesson *because)
{
    static const uint32_t flags[] = {
        SQOS_IMPERSONATION, SQOS_IDENTIFICATION, SQOS_ANONYMOUS};
    enum { PART = 16 };
    struct reply told = levels_ask_once(SELF, SQOS_IMPERSONATION, "READ");

    for (size_t i = 0; i < sizeof flags / sizeof flags[0]; i++) {
        struct reply reply = levels_ask_once(LESSER, flags[i], "READ");
        expect_levels_refused(
            reply, "To a client that may not read the file", because);
        for (size_t at = 6; at + PART <= told.size; at += PART / 2)
            expect(memmem(reply.bytes, reply.size, told.bytes + at, PART) ==
                       NULL,
                   because,
                   "a refusal has nothing of the file in it",
                   "It has %zu bytes, some of them those of the file: %s.",
                   reply.size,
                   show(reply.bytes, reply.size));
    }
}

SERVER_CHECK(
    full,
    "07.full-service",
    "who lends Impersonation is served with his own rights, no more, no less")
{
    expect_made_for_the_group(&DEFAULTS, &MADE);
    program equal = start_levels_ready();
    expect_levels_refused(
        levels_ask_once(LESSER, SQOS_IMPERSONATION, "READ"),
        "When the server may read the file and the client may not",
        &TOO_MUCH);
    expect_first_bytes(&BYTES);
    expect_nothing_behind(&BEHIND);
    put_levels_secret();
    expect_opened_as_client(&AS_CLIENT, &TWICE);
    expect_reader_served(SQOS_IMPERSONATION,
                         "To a client at Impersonation that may read the file "
                         "and do nothing else",
                         &READ_ONLY_ASKED);
    put_levels_secret();
    end_input(equal);
    await_end(equal, 0);
    expect_no_read_no_text(&NOT_READ);

    program lesser = start_levels(.as = LESSER);
    await_pipe(lesser, PIPE);
    expect_levels_read(
        levels_ask_once(SELF, SQOS_IMPERSONATION, "READ"),
        "When the client may read the file and the server may not",
        &AS_CLIENT);
    expect_levels_read(levels_ask_once(SELF, SQOS_DELEGATION, "READ"),
                       "When such a client lends Delegation",
                       &AS_CLIENT);
    struct reply probed = levels_ask_once(SELF, SQOS_IMPERSONATION, "PROBE");
    const char *line = reply_line(probed, "open: ");
    expect(line[0] != '\0' && (line[0] < '0' || line[0] > '9'),
           &AS_CLIENT,
           "when the client may read the file and the server may not, the line "
           "\"open: \" says that it went well",
           "The reply was %s.",
           reply_shown(probed));
}

static const lesson ENOUGH = {
    .misconception = "M78",
    .why = "Identification is enough to decide: AccessCheck needs the token "
           "and the file's descriptor, and opens nothing. The server then "
           "opens as itself what it has found to be allowed.",
    .read = "README tasks 07.4 and 07.5; fact L05"};
static const lesson NOT_ASKED = {
    .misconception = "M70",
    .why = "At Identification nothing can be opened as the client (1346), and "
           "what the server opens as itself is opened with its own rights. "
           "Somebody has to ask AccessCheck.",
    .read = "README tasks 07.4 and 07.5; facts L05, L07"};
static const lesson ANSWER = {
    .misconception = "M75",
    .why = "AccessCheck returns TRUE when it could find an answer. The answer "
           "is in its last argument.",
    .read = "README task 07.4; the AccessCheck page (fact L05)"};

static const lesson LESS = {
    .misconception = "M75",
    .why = "AccessCheck answers the question that it is asked. Who asks for a "
           "lesser right than the one that is going to be used gets a yes for "
           "everybody who has only that.",
    .read = "README task 07.4, the contract (FILE_GENERIC_READ)"};

/* A client that has some rights to the file, and not all that reading takes. */
static void expect_all_rights_asked(const lesson *because)
{
    static const struct {
        const char *rights, *when;
    } parts[] = {{"0x120088",
                  "To a client that may read the file's attributes and "
                  "descriptor, and not its content"},
                 {"0x1",
                  "To a client with FILE_READ_DATA, which is only a part of "
                  "FILE_GENERIC_READ"}};

    for (size_t i = 0; i < 2; i++) {
        char sddl[100];
        snprintf(sddl,
                 sizeof sddl,
                 "D:P(A;;FA;;;%s)(A;;%s;;;WD)",
                 lab_group(),
                 parts[i].rights);
        put_file(SECRET_FILE, SECRET, strlen(SECRET), sddl);
        expect_levels_refused(
            levels_ask_once(LESSER, SQOS_IDENTIFICATION, "READ"),
            parts[i].when,
            because);
    }
}

static const lesson SAME = {
    .misconception = "M71",
    .why = "Between two looks at a name the file behind it, or its list, can "
           "become another. Open first, and ask about what was opened: "
           "GetSecurityInfo takes the handle that is going to be read.",
    .read = "README task 07.4, question 6"};

/* A file that everyone may read is closed to the client just before the server
 * opens it, for the turn-th time that it opens anything. */
static void expect_checked_is_read(unsigned turn, const lesson *because)
{
    char pipe[300], hold[40];

    snprintf(pipe, sizeof pipe, "%s-closed", PIPE);
    snprintf(hold, sizeof hold, "CreateFile:%u", turn);
    program server = start(.exe = "server",
                           .args = {"--pipe", pipe, "--file", SECRET_FILE},
                           .hold = hold);
    await_pipe(server, pipe);
    peer client = connect_to(.pipe = pipe,
                             .as = LESSER,
                             .messages = true,
                             .flags = SQOS_IDENTIFICATION);
    say(client, "READ", 4);
    if (!await_held(server, 0))
        return; /* it works another way each time: no verdict */
    put_levels_secret();
    release(server);
    expect_levels_refused(
        hear_message(client),
        "When the file was closed to the client just before the server opened "
        "it, at Identification,",
        because);
}

SERVER_CHECK(decision,
             "07.decision",
             "who lends Identification is served by AccessCheck's answer")
{
    put_levels_secret();
    program server = start_levels();
    await_pipe(server, PIPE);
    expect_levels_read(
        levels_ask_once(SELF, SQOS_IDENTIFICATION, "READ"),
        "To a client that may read the file and lends Identification",
        &ENOUGH);
    unsigned turn = last_open(SECRET_FILE);
    struct reply lesser = levels_ask_once(LESSER, SQOS_IDENTIFICATION, "READ");
    expect_levels_refused(
        lesser,
        "To a client that may not read the file and lends Identification",
        strstr(flight_record(), "\tAccessCheck\t") != NULL ? &ANSWER
                                                           : &NOT_ASKED);
    expect_all_rights_asked(&LESS);
    put_file(SECRET_FILE, SECRET, strlen(SECRET), "D:P(A;;FA;;;WD)");
    expect_levels_read(
        levels_ask_once(LESSER, SQOS_IDENTIFICATION, "READ"),
        "When everyone may read the file, to a lesser client that "
        "lends Identification",
        &ENOUGH);
    expect_reader_served(SQOS_IDENTIFICATION,
                         "To a client at Identification that may read the file "
                         "and do nothing else",
                         &READ_ONLY_ASKED);
    if (turn > 0)
        expect_checked_is_read(turn, &SAME);
}
