/* 04-front-door-name.c - the checks of lab 04 about the name, and about what
 * cannot be made. */
#include "04-front-door.h"

#include <stdlib.h>
#include <string.h>

/* ---- the name --------------------------------------------------------------
 */

static const lesson SQUATTER = {
    .misconception = "M25",
    .why = "If the name exists, CreateNamedPipe adds an instance to somebody "
           "else's pipe, and it is his descriptor that counts, not yours. To "
           "look before leaves him the moment in between. "
           "FILE_FLAG_FIRST_PIPE_INSTANCE turns this into an error, and the "
           "only right thing to do about it is to end.",
    .read = "README task 04.3, experiment 2; fact P11"};

/* A server that creates no pipe at all would refuse whatever it should. */
static void expect_opens(const lesson *because)
{
    program server = start_door("--admit", "group");

    door_welcome(door_join(SELF, because), "hello", because);
    door_stop(server);
}

SERVER_CHECK(
    squatter,
    "04.squatter",
    "the server does not serve a name that somebody was first to create")
{
    program plain = start(.exe = "server");
    program server = start_too_late(
        (struct launch){.exe = "server",
                        .args = {"--pipe", PIPE, "--admit", "everyone"}},
        (struct listening){.messages = true,
                           .instances = 255,
                           .sddl = "D:(A;;GA;;;WD)",
                           .as = LESSER});
    struct ending ending = await_end(server, 1500);
    expect(ending.ended && ending.code == 1,
           &SQUATTER,
           "the server ends with exit code 1",
           "A process without the group had created the pipe, with a "
           "descriptor that admits all. The server %s.",
           ending.ended ? door_words("ended with %s", code_text(ending.code))
                        : "serves beside it");
    expect(errors_of(server).size > 0,
           &SQUATTER,
           "a line on standard error says why the server ended",
           "Standard error is empty.");
    await_pipe(plain, DEFAULT_DOOR);
}

static const lesson KEPT = {
    .misconception = "M64",
    .why = "A pipe's name lives as long as one of its instances. If the last "
           "one is closed to make a new one, the name is free in between: "
           "clients get 2 ERROR_FILE_NOT_FOUND, and whoever creates it then "
           "is the first and sets the descriptor.",
    .read = "README task 04.5, question 3; fact P43"};

static const lesson GOES_ON = {
    .misconception = "M55",
    .why = "A client that leaves, or says too much, ends its own conversation "
           "and not the server. With the server goes the name.",
    .read = "README, the contract (server); lab 01"};

/* A client says this and is served, or thrown out. Then comes the next one. */
static void expect_name_kept(size_t size,
                             const char *who,
                             const lesson *because,
                             const lesson *ended)
{
    static const char said[1001] = "first";
    peer next;
    program server =
        start(.exe = "server",
              .args = {"--pipe", PIPE, "--admit", "group", "--instances", "1"},
              .hold = "CreateNamedPipe:2");
    await_pipe(server, PIPE);
    peer client = door_join(SELF, because);
    try_say(client, said, size, 0);
    hear(client, sizeof said + 100, 0);
    hang_up(client);
    uint32_t err = try_connect(&next, .messages = true, .deadline_ms = 1000);
    expect(err != 2 || is_running(server),
           ended,
           "the server goes on when a client has left",
           "After %s left, the server ended.",
           who);
    expect(err != 2,
           because,
           "the next client finds the pipe",
           "After %s left, no pipe of this name was there for a moment: "
           "CreateFile failed with %s.",
           who,
           code_text(err));
    /* A design that has a second instance ready goes on from here. */
    release(server);
    if (err != 0)
        next = door_join(SELF, because);
    door_welcome(next, "second", because);
    hang_up(next);
    kill_program(server);
    await_end(server, 0);
}

SERVER_CHECK(name_kept,
             "04.name-kept",
             "between two clients the name is not free for somebody else")
{
    expect_name_kept(5, "a client", &KEPT, &GOES_ON);
    expect_name_kept(1001, "a client who said too much", &KEPT, &GOES_ON);
}

/* ---- what cannot be made ---------------------------------------------------
 */

static const lesson CLOSED = {
    .misconception = "M61",
    .why = "SECURITY_ATTRIBUTES of NULL are not an error to CreateNamedPipe "
           "but the default descriptor, and a descriptor without a DACL "
           "admits everybody. A server that cannot make the descriptor it "
           "was told to must not make the pipe.",
    .read = "README task 04.4, question 2; common/np_sd.h"};

static const lesson NOBODY = {
    .misconception = "M61",
    .why = "An empty text is no SID, though a conversion may take it for one: "
           "Wine makes S-1-0-0 of it. Whoever has typed nothing has not said "
           "whom to admit, and no pipe is the answer to that.",
    .read = "README, the contract (WHO), Windows and Wine; the "
            "ConvertStringSidToSid page"};

/* Ends without a pipe, with a code that says failure. */
static void
expect_no_door(program server, const char *when, const lesson *because)
{
    struct ending ending = await_end(server, 1500);
    uint32_t err = ending.ended ? 0 : door_knock(door_stranger(), READ_WRITE);

    expect(ending.ended,
           because,
           "the server does not create the pipe, and ends with 1 or 2",
           "%s, it went on; the CreateFile of a client who is not in the group "
           "%s.",
           when,
           err == 0 ? "succeeded" : door_words("gave %s", code_text(err)));
    expect(ending.code == 1 || ending.code == 2,
           because,
           "the server does not create the pipe, and ends with 1 or 2",
           "%s, it ended with %s.",
           when,
           code_text(ending.code));
    expect(errors_of(server).size > 0,
           because,
           "a line on standard error says what could not be made",
           "%s, standard error is empty.",
           when);
}

/* With a WHO that is none of the three. */
static void expect_admits_nobody(const char *who, const lesson *because)
{
    program server =
        start(.exe = "server", .args = {"--pipe", PIPE, "--admit", who});
    expect_no_door(server, door_words("With --admit \"%s\"", who), because);
}

/* With a call that fails. Who does without it may serve, if that is right. */
static void expect_closed_without(const char *faults, const char *when)
{
    program server = start(.exe = "server",
                           .args = {"--pipe", PIPE, "--admit", "group"},
                           .faults = faults);
    if (!await_pipe_or_end(server, PIPE)) {
        expect_no_door(server, when, &CLOSED);
        return;
    }
    expect_error(
        door_knock(door_stranger(), READ_ONLY),
        5,
        door_words("%s, the CreateFile of a client who is not in the group",
                   when),
        &CLOSED);
    door_stop(server);
}

SERVER_CHECK(
    fails_closed,
    "04.fails-closed",
    "without the descriptor that it was told to make, the server makes no "
    "pipe",
    .is_slow = true)
{
    expect_opens(&CLOSED);
    expect_admits_nobody("everybody", &CLOSED);
    expect_admits_nobody("groups", &CLOSED);
    expect_admits_nobody("S-1-5-", &CLOSED);
    expect_admits_nobody("", &NOBODY);

    expect_closed_without("OpenProcessToken:*:5",
                          "When it cannot look at its token");
    expect_closed_without(
        "ConvertStringSecurityDescriptorToSecurityDescriptor:*:1336",
        "When its descriptor's text is refused with 1336 ERROR_INVALID_ACL");
}

static const lesson PASTED = {
    .misconception = "M63",
    .why = "SDDL is a language. Text that goes into it unchecked can end the "
           "entry that it stands in and begin another one, as in every "
           "language that is put together from strings.",
    .read = "README task 04.1, question 4; the ConvertStringSidToSid page"};

/* A SID, the end of its entry, and one more that admits everyone. */
#define TWO_ENTRIES "S-1-5-11)(A;;GA;;;WD"

SERVER_CHECK(
    pasted,
    "04.pasted-text",
    "what --admit says cannot add entries of its own to the descriptor")
{
    expect_opens(&PASTED);
    program server = start(.exe = "server",
                           .args = {"--pipe", PIPE, "--admit", TWO_ENTRIES});
    expect_no_door(server, "With --admit \"" TWO_ENTRIES "\"", &PASTED);
}

/* ---- the network -----------------------------------------------------------
 */

static const lesson NETWORK = {
    .misconception = "M26",
    .why = "Without PIPE_REJECT_REMOTE_CLIENTS a pipe can be opened from "
           "other machines, as \\\\SERVER\\pipe\\NAME, by whomever its "
           "descriptor admits.",
    .read = "README task 04.3, question 5; fact P17"};

/* The value of a "key=0x..." of one line of the flight record. */
static unsigned long hex_of(const char *line, const char *key)
{
    const char *end = strchr(line, '\n');
    const char *at = strstr(line, key);

    if (at == NULL || (end != NULL && at > end))
        return 0;
    return strtoul(at + strlen(key), NULL, 16);
}

SERVER_CHECK(no_network,
             "04.no-network",
             "every instance refuses clients from other machines")
{
    const char *sddl = "";
    unsigned seen = 0;
    unsigned open = 0;
    program server =
        start(.exe = "server", .args = {"--pipe", PIPE, "--admit", "everyone"});
    await_pipe(server, PIPE);
    pipe_security(PIPE, &sddl);
    for (const char *line = flight_record(); line != NULL;) {
        const char *call = strstr(line, "\tCreateNamedPipe\t");
        if (call == NULL)
            break;
        seen++;
        open += (hex_of(call, "mode=") & 0x8) == 0;
        line = strchr(call, '\n');
    }
    if (seen == 0)
        skip("The pipe was not created with CreateNamedPipe, so its mode is "
             "not in the flight record.");
    /* To deny the group NETWORK does the same. */
    expect(open == 0 || door_denies_network(sddl),
           &NETWORK,
           "the pipe mode has PIPE_REJECT_REMOTE_CLIENTS, or the descriptor "
           "denies NETWORK, S-1-5-2",
           "%u of %u calls of CreateNamedPipe were made without the flag.",
           open,
           seen);
}
