/* 09-wary-client-trust.c - the checks of lab 09 about whom the client talks
 * to. */
#include "09-wary-client.h"

#include <stdio.h>
#include <string.h>

/* A user that nobody here is, with the last number of one who is. */
#define STRANGER "S-1-5-21-11-22-33-1000"

static const lesson BEFORE = {
    .misconception = "M92",
    .why = "What is said cannot be taken back. The pipe can be asked who made "
           "it and who serves it before anything is sent, and an answer "
           "proves nothing: whoever took the name can give it.",
    .read = "README task 09.5; fact P43"};
static const lesson NOT_OWNER = {
    .misconception = "M91",
    .why = "Whoever creates a pipe first has the name. The system writes down "
           "who it was: the owner in the pipe's security descriptor. What the "
           "server can choose itself, such as its name or its greeting, says "
           "nothing.",
    .read = "README task 09.2; facts P41, P43, N08"};

static const lesson OTHERS_PROCESS = {
    .why = "Another user's process cannot be opened as a rule. That he made "
           "the pipe is what the system has written down, and is enough; the "
           "lab group tells apart the two identities of one's own user.",
    .read = "README, the contract (client); client_trust.h"};

/* Of a server that another user runs the process is not to be looked at. */
static void expect_owner_is_enough(void)
{
    peer server =
        listen_on(.messages = true, .sddl = "O:" STRANGER "D:(A;;GA;;;WD)");
    program client = start(WARY_SECRET,
                           .args = {"--pipe", PIPE, "--owner", STRANGER, "-"},
                           .faults = "OpenProcess:*:5");
    wary_join(server);
    struct reply said = hear_message(server);
    expect(said.error == 0 && said.size == 5 &&
               memcmp(said.bytes, "HELLO", 5) == 0,
           &OTHERS_PROCESS,
           "told to expect " STRANGER
           ", the client talks to whoever serves that user's pipe",
           "When the server's process could not be opened (5 "
           "ERROR_ACCESS_DENIED), it sent %s.",
           said.error == 0 ? show(said.bytes, said.size) : "nothing");
    wary_part(server, client);
}

static const lesson LOOK_AGAIN = {
    .misconception = "M71",
    .why = "When a server goes, its name is free for whoever is quick. A pipe "
           "that is opened again can be another user's: it is looked at again.",
    .read = "README, the contract (client); question 3"};

/* The true server goes, and before the client can open the name again, a
 * stranger has it. Most clients do not try. */
static void expect_second_look(void)
{
    peer server = listen_on(.messages = true);
    program client = start_wary(.hold = "CreateFile:2");

    wary_join(server);
    (void)hear(server, 2000, 0);
    hang_up(server);
    bool held = false;
    for (int i = 0; i < 1000 && !held && is_running(client); i++)
        held = await_held(client, 2);
    server =
        listen_on(.messages = true, .sddl = "O:" STRANGER "D:(A;;GA;;;WD)");
    release(client);
    if (held && accept_client(server, 0) == 0)
        wary_expect_silence(server,
                            "Opened again, with a pipe that " STRANGER
                            " owns by now",
                            &LOOK_AGAIN);
    hang_up(server);
    await_end(client, 0);
}

static const lesson ALSO_ANONYMOUS = {
    .misconception = "M91",
    .why = "--level anonymous keeps from the server who the client is, and not "
           "what it says: the secret goes to whoever serves the pipe, so he is "
           "looked at all the same. Here a group owns the pipe.",
    .read = "README, the contract (client)"};

CLIENT_CHECK(owner,
             "09.owner",
             "the pipe's owner decides whom the client talks to",
             .is_slow = true)
{
    peer server;
    uint32_t err = try_listen(
        &server, .messages = true, .sddl = "O:" STRANGER "D:(A;;GA;;;WD)");
    if (err == 1307)
        skip("Windows lets nobody make a pipe in another user's name.");
    expect_error(err, 0, "the squatter's CreateNamedPipe", &NOT_OWNER);
    program client = start_wary();
    wary_join(server);
    wary_expect_silence(
        server, "With a pipe that " STRANGER " owns", &NOT_OWNER);
    expect_complains(client, "With another user's pipe", &NOT_OWNER);
    hang_up(server);

    /* Neither a namesake of the same domain, nor a group of his. */
    char namesake[300];
    snprintf(namesake, sizeof namesake, "O:%s7D:(A;;GA;;;WD)", wary_user());
    const char *const owners[] = {namesake, "O:BAD:(A;;GA;;;WD)"};
    const lesson *const reasons[] = {&NOT_OWNER, &ALSO_ANONYMOUS};
    const char *const levels[] = {"identification", "anonymous"};
    for (size_t i = 0; i < 2; i++) {
        if (try_listen(&server, .messages = true, .sddl = owners[i]) != 0)
            continue;
        client = start(WARY_SECRET,
                       .args = {"--pipe", PIPE, "--level", levels[i], "-"});
        wary_join(server);
        wary_expect_silence(server, owners[i], reasons[i]);
        expect_complains(client, owners[i], reasons[i]);
        hang_up(server);
    }

    server =
        listen_on(.messages = true, .sddl = "O:" STRANGER "D:(A;;GA;;;WD)");
    client =
        start(WARY_SECRET, .args = {"--pipe", PIPE, "--owner", STRANGER, "-"});
    wary_join(server);
    wary_expect_said(server, "HELLO", &NOT_OWNER);
    wary_part(server, client);
    expect_owner_is_enough();
    expect_second_look();

    server = listen_on(.messages = true);
    client =
        start(WARY_SECRET, .args = {"--pipe", PIPE, "--owner", STRANGER, "-"});
    wary_join(server);
    wary_expect_silence(server, "Told to expect " STRANGER, &NOT_OWNER);
    expect_complains(client, "Told to expect " STRANGER, &NOT_OWNER);
}

static const lesson LESSER_SELF = {
    .misconception = "M91",
    .why = "The user's lesser self has the same SID, so the pipe's owner is "
           "the same. The difference is in the server process's token.",
    .read = "README tasks 09.3 and 09.4, question 3; fact N03"};
static const lesson DENY_ONLY = {
    .misconception = "M90",
    .why = "A deny-only group is still in the token's list of groups, and "
           "grants nothing any more. A group counts when its attributes have "
           "SE_GROUP_ENABLED, not when it is in the list.",
    .read = "README task 09.4, experiment 1; fact W01"};

/* A call of the client by which something goes through the pipe. */
static const char *first_write(const char *record)
{
    static const char *const calls[] = {"\tWriteFile\t\\\\.\\pipe\\",
                                        "\tWriteFileEx\t\\\\.\\pipe\\",
                                        "\tTransactNamedPipe\t\\\\.\\pipe\\",
                                        "\tCallNamedPipe\t"};
    for (size_t i = 0; i < sizeof calls / sizeof calls[0]; i++)
        if (strstr(record, calls[i]) != NULL)
            return calls[i] + 1;
    return NULL;
}

static const lesson CLIENTS_GROUP = {
    .why = "Not every token has INTERACTIVE: a service's has not, nor has that "
           "of the lesser self. Such a client asks for another group, one that "
           "it has itself; what a squatter has beside that is of no use.",
    .read =
        "README, the contract (client); common/np_process.h (np_lab_group)"};

/* For a client without the first group the second one is the lab group, and a
 * squatter that has it for denial only is not trusted. */
static void expect_groups_of_client(void)
{
    if (strcmp(lab_group(), "S-1-5-4") != 0)
        return;
    program squatter =
        start(.exe = "server", .args = {"--pipe", PIPE}, .as = "lacks:S-1-2-0");
    await_pipe(squatter, PIPE);
    struct ending ending = await_end(start_wary(.as = LESSER), 0);
    expect(ending.ended && ending.code == 1,
           &CLIENTS_GROUP,
           "a client whose token has S-1-5-4 for denial only does not trust a "
           "process that has S-1-2-0 so",
           ending.ended ? "It ended with %u." : "It did not end (%u).",
           ending.code);
    kill_program(squatter);
}

CHECK(lesser_self,
      "09.lesser-self",
      "a server that the user's lesser self runs gets nothing",
      .is_slow = true)
{
    program squatter =
        start(.exe = "server", .args = {"--pipe", PIPE}, .as = LESSER);
    await_pipe(squatter, PIPE);
    program client = start_wary();
    struct ending ending = await_end(client, 0);
    struct text kept = output_of(squatter);
    const char *record = flight_record();
    const char *sent = first_write(record);
    const lesson *because =
        strstr(record, "\tOpenProcess\t") != NULL &&
                strstr(record, "\tGetNamedPipeServerProcessId\t") != NULL
            ? &DENY_ONLY
            : &LESSER_SELF;
    char expected[120];
    snprintf(expected,
             sizeof expected,
             "the client ends with exit code 1: the server's process has %s "
             "for denial only",
             lab_group());
    expect(ending.ended && ending.code == 1,
           because,
           expected,
           ending.ended ? "It ended with %u. The squatter said: %s."
                        : "It did not end (%u). The squatter said: %s.",
           ending.code,
           show(kept.bytes, kept.size));
    expect(sent == NULL,
           &BEFORE,
           "the client sends nothing before it has looked at the server",
           "Its flight record has a call of %.*s.",
           sent == NULL ? 0 : (int)strcspn(sent, "\t"),
           sent == NULL ? "" : sent);

    /* Run by the user himself, the same program is the true server. */
    client = start(WARY_SECRET,
                   .args = {"--pipe", PIPE, "--owner", wary_user(), "-"});
    ending = await_end(client, 0);
    expect(ending.ended && ending.code == 1,
           &LESSER_SELF,
           "who names the client's own user with --owner is asked for the "
           "group all the same",
           ending.ended ? "With --owner it ended with %u."
                        : "With --owner it did not end (%u).",
           ending.code);
    kill_program(squatter);
    expect_groups_of_client();
    start_server();
    expect_end(start_wary(), 0, &WARY_TRUE_SERVER);
}

static const lesson FAIL_CLOSED = {
    .misconception = "M93",
    .why = "A check that could not be made has not been passed. A squatter can "
           "make it fail: his process's DACL is his.",
    .read = "README, the contract (client); client_trust.h"};

/* Which of a client's OpenProcessToken is that of the server's process: the
 * first after OpenProcess, in the record of a client that went well. 0: none.
 */
static unsigned token_of_server(void)
{
    const char *at = flight_record();
    struct recorded call;
    unsigned tokens = 0;
    bool opened = false;

    while (next_recorded_end(&at, &call)) {
        opened = opened || strcmp(call.call, "OpenProcess") == 0;
        if (strcmp(call.call, "OpenProcessToken") != 0)
            continue;
        tokens++;
        if (opened)
            return tokens;
    }
    return 0;
}

static void expect_distrust(const char *faults, const char *when)
{
    peer server = listen_on(.messages = true);
    program client = start_wary(.faults = faults);

    wary_join(server);
    wary_expect_silence(server, when, &FAIL_CLOSED);
    expect_complains(client, when, &FAIL_CLOSED);
    hang_up(server);
}

CLIENT_CHECK(fails_closed,
             "09.fails-closed",
             "a server that cannot be looked at is not trusted")
{
    static const struct {
        const char *faults, *when;
    } cases[] = {{"GetSecurityInfo:*:5,GetNamedSecurityInfo:*:5,"
                  "GetKernelObjectSecurity:*:5,GetFileSecurity:*:5",
                  "When the owner cannot be read (5 ERROR_ACCESS_DENIED)"},
                 {"GetNamedPipeServerProcessId:*:5",
                  "When it cannot be learned which process serves the pipe "
                  "(5 ERROR_ACCESS_DENIED)"},
                 {"OpenProcess:*:5",
                  "When the server's process cannot be opened "
                  "(5 ERROR_ACCESS_DENIED)"}};
    peer looked_at = listen_on(.messages = true);
    program client = start_wary();
    wary_greet(looked_at, "REFUSED enough", &WARY_TRUE_SERVER);
    wary_part(looked_at, client);

    unsigned token = token_of_server();
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++)
        expect_distrust(cases[i].faults, cases[i].when);
    if (token > 0) {
        char faults[40];
        snprintf(faults, sizeof faults, "OpenProcessToken:%u:5", token);
        expect_distrust(faults,
                        "When the token of the server's process cannot be "
                        "opened (5 ERROR_ACCESS_DENIED)");
    }
}
