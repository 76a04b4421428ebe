/* 07-levels.c - the checks of lab 07 about what each level lets a server do,
 * and the client that lends it. Who the server's threads are is in
 * 07-levels-self.c. */
#include "07-levels.h"

#include <stdio.h>
#include <string.h>

void put_levels_secret(void)
{
    char sddl[100];

    snprintf(sddl, sizeof sddl, "D:P(A;;FA;;;%s)", lab_group());
    put_file(SECRET_FILE, SECRET, strlen(SECRET), sddl);
}

program start_levels_ready(void)
{
    put_levels_secret();
    program server = start_levels(.input = NULL);
    await_pipe(server, PIPE);
    return server;
}

static const lesson JOIN = {
    .why = "Everyone may ask, whatever he lends and may read, so everyone may "
           "connect.",
    .read = "README, the contract (server)"};

peer levels_join(identity as, uint32_t flags)
{
    return join(&JOIN, .as = as, .messages = true, .flags = flags);
}

struct reply levels_ask(peer client, const char *request)
{
    struct reply sent = try_say(client, request, strlen(request), 0);
    return sent.error == 0 ? hear_message(client)
                           : (struct reply){.error = sent.error};
}

struct reply levels_ask_once(identity as, uint32_t flags, const char *request)
{
    peer client = levels_join(as, flags);
    struct reply reply = levels_ask(client, request);

    hang_up(client);
    return reply;
}

const char *levels_line(struct reply reply, const char *name)
{
    static char line[1024];
    const char *text = (const char *)reply.bytes;
    size_t size = strlen(name);

    line[0] = '\0';
    for (size_t at = 0; reply.error == 0 && at < reply.size;) {
        size_t length = 0;
        while (at + length < reply.size && text[at + length] != '\n')
            length++;
        if (length > size && memcmp(text + at, name, size) == 0) {
            snprintf(line,
                     sizeof line,
                     "%.*s",
                     (int)(length - size),
                     text + at + size);
            break;
        }
        at += length + 1;
    }
    return line;
}

const char *levels_told(struct reply reply)
{
    return reply.error == 0 ? show(reply.bytes, reply.size)
                            : code_text(reply.error);
}

static bool begins(struct reply reply, const char *with)
{
    size_t size = strlen(with);
    return reply.error == 0 && reply.size >= size &&
           memcmp(reply.bytes, with, size) == 0;
}

void expect_levels_read(struct reply reply,
                        const char *when,
                        const lesson *because)
{
    static const char text[] = "text: " SECRET;

    expect(begins(reply, text) && reply.size == strlen(text),
           because,
           "READ is answered with \"text: \" and what is in the file",
           "%s, the reply was %s.",
           when,
           levels_told(reply));
}

void expect_levels_refused(struct reply reply,
                           const char *when,
                           const lesson *because)
{
    expect(begins(reply, "refused: "),
           because,
           "the server answers \"refused: REASON\"",
           "%s, the reply was %s.",
           when,
           levels_told(reply));
}

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

CHECK(full,
      "07.full-service",
      "who lends Impersonation is served with his own rights, no more, no less")
{
    program equal = start_levels_ready();
    expect_levels_refused(
        levels_ask_once(LESSER, SQOS_IMPERSONATION, "READ"),
        "When the server may read the file and the client may not",
        &TOO_MUCH);
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

CHECK(decision,
      "07.decision",
      "who lends Identification is served by AccessCheck's answer")
{
    put_levels_secret();
    program server = start_levels(.record = true);
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
    put_file(SECRET_FILE, SECRET, strlen(SECRET), "D:P(A;;FA;;;WD)");
    expect_levels_read(
        levels_ask_once(LESSER, SQOS_IDENTIFICATION, "READ"),
        "When everyone may read the file, to a lesser client that "
        "lends Identification",
        &ENOUGH);
}

static const lesson NOBODY = {
    .misconception = "M67",
    .why = "Anonymous is no identity: impersonating succeeds, opening the "
           "token fails with 1347 ERROR_CANT_OPEN_ANONYMOUS. It is an answer, "
           "no disaster, and no reason to look at another token.",
    .read = "README tasks 07.2 and 07.5; fact L02"};

CHECK(anonymous,
      "07.anonymous",
      "who lends nothing is refused, and the next one is served")
{
    program server = start_levels_ready();
    peer client = levels_join(SELF, SQOS_ANONYMOUS);

    expect_levels_refused(
        levels_ask(client, "READ"), "To a client at Anonymous", &NOBODY);
    expect_levels_refused(levels_ask(client, "READ"),
                          "To its second request, which may be made",
                          &NOBODY);
    hang_up(client);
    expect_running(server, &NOBODY);
    expect_levels_read(levels_ask_once(SELF, SQOS_IMPERSONATION, "READ"),
                       "To the next client, which lends Impersonation",
                       &NOBODY);
}

static const lesson CUT = {
    .misconception = "M66",
    .why = "ImpersonateNamedPipeClient returns TRUE also when Windows does not "
           "trust the server with the client: the token is then cut to "
           "Identification, and every open fails with 1346. Only the token's "
           "level tells.",
    .read = "README task 07.2, experiment 2; facts S01 to S03"};

CHECK(cut,
      "07.cut",
      "a server that Windows does not trust decides by AccessCheck")
{
    put_levels_secret();
    program server = start_levels(.lacks_impersonate = true);
    await_pipe(server, PIPE);
    peer client = levels_join(SELF, SQOS_IMPERSONATION);
    struct reply reply = levels_ask(client, "PROBE");

    expect(strcmp(levels_line(reply, "level: "), "Identification") == 0,
           &CUT,
           "a client that lends Impersonation to a server without the right to "
           "it is told \"level: Identification\"",
           "The reply was %s.",
           levels_told(reply));
    expect_levels_read(
        levels_ask(client, "READ"), "When the level was cut", &CUT);
    hang_up(client);
    expect_levels_refused(
        levels_ask_once(LESSER, SQOS_IMPERSONATION, "READ"),
        "To a client that may not read the file, its level cut",
        &TOO_MUCH);
}

static const lesson FOLLOWS = {
    .misconception = "M65",
    .why = "With dynamic tracking, and without any SQOS flags, the identity is "
           "that of whoever wrote the message that was read last. What was "
           "found out for an earlier one is about an earlier writer.",
    .read = "README, the contract (each reply), question 2; facts I04 to I06"};
static const lesson READ_FIRST = {
    .misconception = "M06",
    .why = "A client that is tracked dynamically has no identity before the "
           "server has read something of it: 1368 ERROR_CANNOT_IMPERSONATE.",
    .read = "README, the contract (each reply), experiment 1; fact I01"};

CHECK(tracking,
      "07.tracking",
      "a client that changes on the way is served as its tracking says")
{
    start_levels_ready();
    peer client = levels_join(SELF, SQOS_IDENTIFICATION | SQOS_DYNAMIC);
    expect_levels_read(levels_ask(client, "READ"),
                       "To a client tracked dynamically",
                       &READ_FIRST);
    become(client, LESSER);
    expect_levels_refused(
        levels_ask(client, "READ"),
        "When it had become a lesser one, to its second request",
        &FOLLOWS);
    become(client, SELF);
    expect_levels_read(
        levels_ask(client, "READ"), "When it was itself again", &FOLLOWS);
    hang_up(client);

    client = levels_join(SELF, 0);
    expect_levels_read(levels_ask(client, "READ"),
                       "To a client without SQOS flags",
                       &READ_FIRST);
    become(client, LESSER);
    expect_levels_refused(
        levels_ask(client, "READ"),
        "When it had become a lesser one, to its second request",
        &FOLLOWS);
    hang_up(client);

    client = levels_join(SELF, SQOS_IMPERSONATION);
    become(client, LESSER);
    expect_levels_read(
        levels_ask(client, "READ"),
        "To a client that was itself when it opened the pipe, with "
        "static tracking",
        &FOLLOWS);
}
