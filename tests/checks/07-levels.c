/* 07-levels.c - the checks of lab 07 about who may read the file. The others
 * are in 07-levels-lent.c, -report.c (PROBE), -self.c (when something fails),
 * -reverts.c and -client.c. */
#include "07-levels.h"

#include <stdio.h>
#include <string.h>

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
           "decided who may read it.",
    .read = "README, the contract (FILE); common/np_sd.h"};
static const lesson BYTES = {
    .misconception = "M20",
    .why = "What is in a file are bytes. A 0 does not end them, and how many "
           "there are ReadFile tells.",
    .read = "README, the contract (READ, FILE)"};

/* The file that the server has made: before it serves READ, at the latest. */
static void expect_made_for_the_group(const lesson *because)
{
    struct reply reply = levels_ask_once(SELF, SQOS_IMPERSONATION, "READ");
    expect(reply.error == 0 && reply.size > 6 &&
               memcmp(reply.bytes, "text: ", 6) == 0,
           because,
           "if there is no FILE the server makes it, with a line of text that "
           "READ gives to who has the lab group",
           "The reply to READ was %s.",
           levels_told(reply));
    uint32_t self = try_file_as(SELF, SECRET_FILE, READ_ONLY);
    uint32_t lesser = try_file_as(LESSER, SECRET_FILE, READ_ONLY);
    uint32_t writes = try_file_as(LESSER, SECRET_FILE, WRITE_ONLY);

    expect(self == 0 && lesser == 5 && writes == 5,
           because,
           "the file that the server makes is open to the lab group alone",
           "To read it with the group gives %s, without the group %s, and to "
           "write it without the group %s. Its descriptor is %s.",
           code_text(self),
           code_text(lesser),
           code_text(writes),
           security_of(SECRET_FILE));
}

/* Of a longer file, with bytes of all values, READ gives the beginning. */
static void expect_first_bytes(const lesson *because)
{
    char content[1500], text[6 + 1024] = "text: ";

    for (size_t i = 0; i < sizeof content; i++)
        content[i] = (char)(i * 7 + i / 251);
    put_file(SECRET_FILE, content, sizeof content, NULL);
    memcpy(text + 6, content, 1024);
    struct reply reply = levels_ask_once(SELF, SQOS_IMPERSONATION, "READ");
    expect(reply.error == 0 && reply.size == sizeof text &&
               memcmp(reply.bytes, text, sizeof text) == 0,
           because,
           "READ of a file of 1,500 bytes is answered with \"text: \" and the "
           "first 1,024 of them",
           "The reply has %zu bytes, and is %s.",
           reply.size,
           levels_told(reply));
}

SERVER_CHECK(
    full,
    "07.full-service",
    "who lends Impersonation is served with his own rights, no more, no less")
{
    program equal = start_levels(.input = NULL);
    await_pipe(equal, PIPE);
    expect_made_for_the_group(&MADE);
    put_levels_secret();
    expect_levels_refused(
        levels_ask_once(LESSER, SQOS_IMPERSONATION, "READ"),
        "When the server may read the file and the client may not",
        &TOO_MUCH);
    expect_first_bytes(&BYTES);
    put_levels_secret();
    end_input(equal);
    await_end(equal, 0);

    program lesser = start_levels(.as = LESSER);
    await_pipe(lesser, PIPE);
    expect_levels_read(
        levels_ask_once(SELF, SQOS_IMPERSONATION, "READ"),
        "When the client may read the file and the server may not",
        &AS_CLIENT);
    expect_levels_read(levels_ask_once(SELF, SQOS_DELEGATION, "READ"),
                       "When such a client lends Delegation",
                       &AS_CLIENT);
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
}
