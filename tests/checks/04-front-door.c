/* 04-front-door.c - the checks of lab 04 about who gets in. Those about the
 * name, and about what cannot be made, are in 04-front-door-name.c, those about
 * the instances in 04-front-door-instances.c, those about the talk in
 * 04-front-door-talk.c, those of the client in 04-front-door-client.c. */
#include "04-front-door.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

/* ---- what the checks share -------------------------------------------------
 */

/* On Windows as on Wine, everyone who has logged on is in this group. */
#define LOGGED_ON "S-1-5-11"
#define ADMINISTRATORS "S-1-5-32-544"

static const lesson SERVES = {
    .why = "A pipe that is created is only half a server: each client that "
           "is admitted gets a reply to each message.",
    .read = "README, the contract (protocol)"};

const char *door_words(const char *format, ...)
{
    static char texts[8][800];
    static unsigned next;
    char *text = texts[next++ % 8];
    va_list values;

    va_start(values, format);
    vsnprintf(text, sizeof texts[0], format, values);
    va_end(values);
    return text;
}

program door_start(const char *const *options)
{
    struct launch launch = {.exe = "server", .args = {"--pipe", PIPE}};

    for (size_t i = 0; options[i] != NULL && i + 2 < MAX_ARGS; i++)
        launch.args[i + 2] = options[i];
    program server = start_program(launch);
    await_pipe(server, PIPE);
    return server;
}

uint32_t door_knock(identity as, enum access access)
{
    peer client;
    uint32_t err =
        try_connect(&client, .as = as, .access = access, .once = true);

    if (err == 0)
        hang_up(client);
    return err;
}

/* No lesson about rights explains 231 ERROR_PIPE_BUSY and 2. */
static const lesson NO_INSTANCE = {
    .why = "A client that is admitted needs an instance that listens. Without "
           "--instances there are 4 of them, and the instance of a client that "
           "has left is for the next one.",
    .read = "README, the contract (server: up to N clients); lab 01"};

static const lesson STOP = {
    .misconception = "M30",
    .why = "The end of standard input is the request to end: the waits for "
           "clients and for their messages have to notice it, and end with 995 "
           "ERROR_OPERATION_ABORTED. That is no failure.",
    .read = "README, the contract (server); common/np_stop.h"};

static const lesson NO_PIPE = {
    .why = "There is no pipe of this name any more: the server has ended, or "
           "has closed its instances. Nobody has looked at any rights.",
    .read = "README tasks 04.4 and 04.5; what the server says on standard "
            "error"};

static bool is_in_group(identity as)
{
    return as == SELF ||
           (strcmp(as, LESSER) != 0 && strstr(as, lab_group()) == NULL);
}

static peer
connect_as(identity as, const lesson *refused, const lesson *no_pipe)
{
    peer client;
    uint32_t err = try_connect(&client, .as = as, .messages = true);

    expect_error(err,
                 0,
                 is_in_group(as)
                     ? "the CreateFile of a client who is in the lab group"
                     : "the CreateFile of a client who is admitted and not in "
                       "the lab group",
                 err == 231 ? &NO_INSTANCE
                 : err == 2 ? no_pipe
                            : refused);
    return client;
}

peer door_join(identity as, const lesson *because)
{
    return connect_as(as, because, because);
}

void door_stop(program server)
{
    expect_stops(server, &STOP);
}

void door_welcome(peer client, const char *text, const lesson *because)
{
    char want[200];

    expect_error(try_say(client, text, strlen(text), 0).error,
                 0,
                 "the client's WriteFile",
                 because);
    snprintf(want, sizeof want, "welcome, %s", text);
    struct reply got = hear_message(client);
    expect_text(got, want, got.error == 0 ? &SERVES : because);
}

identity door_without(const char *sid)
{
    static char text[400];

    snprintf(text, sizeof text, "lacks:%s,%s", lab_group(), sid);
    return text;
}

identity door_stranger(void)
{
    return door_without(ADMINISTRATORS);
}

/* ---- who gets in -----------------------------------------------------------
 */

/* For those who are refused because of the descriptor's rights. */
static peer let_in(identity as, const lesson *rights)
{
    return connect_as(as, rights, &NO_PIPE);
}

static const lesson TOO_FEW = {
    .misconception = "M62",
    .why = "An open is granted whole or not at all. GENERIC_READ and "
           "GENERIC_WRITE stand for more than reading and writing data: also "
           "for attributes, for READ_CONTROL and for SYNCHRONIZE. A mask that "
           "leaves one of them out shuts out clients that you meant to admit.",
    .read = "README task 04.2, the table of rights; common/np_sd.h"};

static const lesson GROUP_TOO = {
    .misconception = "M62",
    .why = "The lab group stands for the account that the server runs under, "
           "and is admitted whatever WHO says. An entry of 0x4 alone lets it "
           "create instances and open none.",
    .read = "README, the contract (WHO), task 04.2"};

static const lesson LONG_SID = {
    .why = "The SID of an account in a domain is S-1-5-21- and four numbers of "
           "up to ten digits, and there are longer ones: the text of a SID has "
           "up to 184 characters. Where it does not fit, its owner is not "
           "admitted.",
    .read = "README, the contract (WHO), task 04.1; door.h"};

/* Like that of a domain's user. Nobody here has it, so the descriptor tells. */
#define DOMAIN_USER "S-1-5-21-4294967295-4294967294-4294967293-4294967292"

static void expect_domain_user_admitted(program server, const char *pipe)
{
    const char *sddl = "";

    expect(await_pipe_or_end(server, pipe),
           &LONG_SID,
           "the server creates a pipe with --admit " DOMAIN_USER,
           "It ended instead: %s.",
           show(errors_of(server).bytes, errors_of(server).size));
    expect(pipe_security(pipe, &sddl) != 0 || strstr(sddl, DOMAIN_USER) != NULL,
           &LONG_SID,
           "the pipe's descriptor has an entry for the SID that --admit gives",
           "With --admit " DOMAIN_USER " it is %s.",
           sddl);
}

CHECK(admitted,
      "04.admitted",
      "everyone, or the group of a SID, is let in and served when the option "
      "says so")
{
    char domain[200];
    snprintf(domain, sizeof domain, "%s-domain", PIPE);
    program far = start(.exe = "server",
                        .args = {"--pipe", domain, "--admit", DOMAIN_USER});
    program server = start_door("--admit", "everyone");
    door_welcome(let_in(LESSER, &TOO_FEW), "lesser", &SERVES);
    door_welcome(let_in(SELF, &TOO_FEW), "self", &SERVES);
    door_welcome(let_in(door_without(LOGGED_ON), &TOO_FEW), "x", &SERVES);
    door_stop(server);

    start_door("--admit", LOGGED_ON);
    door_welcome(let_in(LESSER, &TOO_FEW), "by SID", &SERVES);
    door_welcome(let_in("lacks:" LOGGED_ON, &GROUP_TOO), "by group", &SERVES);
    program client = start(.exe = "client",
                           .args = {"--pipe", PIPE, "knock knock"},
                           .as = LESSER);
    expect_end(client, 0, &TOO_FEW);
    expect_output(client, "welcome, knock knock\n", &SERVES);
    expect_domain_user_admitted(far, domain);
}

static const lesson DEFAULT = {
    .misconception = "M27",
    .why = "A pipe without a descriptor gets the default one: everything for "
           "its creator's account, reading for Everyone. And a NULL DACL is "
           "not an empty one: it lets everybody do everything. A client that "
           "may only read still occupies an instance.",
    .read = "README tasks 04.2 and 04.4, question 1; facts P14, P15"};

static const lesson OTHERS = {
    .misconception = "M27",
    .why = "Each entry that allows something admits somebody. The default "
           "descriptor lets ANONYMOUS LOGON read, and there are groups for "
           "guests and for all users: none of them is WHO.",
    .read = "README, the contract (anybody else is refused), task 04.2"};

/* Nobody here is one of all those that an entry can admit. */
static void expect_others_shut_out(const char *option, const char *const *who)
{
    const char *sddl = "";
    const char *entry =
        pipe_security(PIPE, &sddl) == 0 ? door_admits_others(sddl, who) : NULL;

    expect(entry == NULL,
           &OTHERS,
           "nobody but WHO, the lab group, the owner, the system and "
           "administrators can open the pipe",
           "With %s its descriptor is %s: see the entry %s.",
           option,
           sddl,
           entry);
}

static void expect_shut_out(identity as, const char *who, const char *option)
{
    static const char *const words[] = {"read and write", "read", "write"};

    for (enum access access = READ_WRITE; access <= WRITE_ONLY; access++) {
        uint32_t err = door_knock(as, access);
        expect(err == 5,
               &DEFAULT,
               door_words("%s is refused with 5 ERROR_ACCESS_DENIED", who),
               "With %s, CreateFile to %s %s.",
               option,
               words[access],
               err == 0 ? "succeeded"
                        : door_words("failed with %s", code_text(err)));
    }
}

/* The client before has its instance still: three more, and no fourth. */
static void expect_four_at_once(void)
{
    for (int i = 0; i < 3; i++)
        let_in(SELF, &TOO_FEW);
    expect_error(door_knock(SELF, READ_WRITE),
                 231,
                 "without --instances, the CreateFile of client 5",
                 &NO_INSTANCE);
}

SERVER_CHECK(
    refused,
    "04.refused",
    "who is not admitted can open the pipe for nothing, not even to read")
{
    static const char *const stranger = "a client who is not in the group";
    program server = start(.exe = "server", .args = {"--pipe", PIPE});
    await_pipe(server, PIPE);
    expect_shut_out(door_stranger(), stranger, "no --admit");
    expect_others_shut_out("no --admit", (const char *[]){NULL});
    door_welcome(let_in(SELF, &TOO_FEW), "self", &SERVES);
    expect_four_at_once();
    door_stop(server);

    server = start_door("--admit", "group");
    expect_shut_out(door_stranger(), stranger, "--admit group");
    door_welcome(let_in(SELF, &TOO_FEW), "self", &SERVES);
    door_stop(server);

    start_door("--admit", LOGGED_ON);
    expect_shut_out(door_without(LOGGED_ON "," ADMINISTRATORS),
                    "a client who is in neither of the two groups",
                    "--admit " LOGGED_ON);
    expect_others_shut_out("--admit " LOGGED_ON,
                           (const char *[]){LOGGED_ON, "AU", NULL});
}

/* ---- who may serve ---------------------------------------------------------
 */

static const lesson CREATE_INSTANCE = {
    .misconception = "M60",
    .why = "FILE_CREATE_PIPE_INSTANCE is the bit 0x4, which in a file is "
           "FILE_APPEND_DATA and so is part of GENERIC_WRITE. Whoever has it "
           "can add an instance of your pipe, and gets some of your clients. "
           "FILE_FLAG_FIRST_PIPE_INSTANCE does not stop those who come later.",
    .read = "README task 04.2, experiment 1; facts P11, P12"};

static const lesson CHANGES = {
    .misconception = "M60",
    .why = "Whoever has WRITE_DAC (0x40000) on the pipe can write a descriptor "
           "that gives him 0x4, and WRITE_OWNER (0x80000) makes him the owner, "
           "who may. FILE_ALL_ACCESS has both, also when 0x4 is taken out.",
    .read = "README task 04.2, question 6; common/np_sd.h"};

static void expect_no_second_server(const char *option, const lesson *changes)
{
    peer thief;
    const char *sddl = "";
    program server = start_door("--admit", option);
    uint32_t err = try_listen(
        &thief, .messages = true, .instances = 255, .as = door_stranger());
    /* Nothing to tell apart once the pipe is the thief's alone. */
    bool open_to_all = err != 5 && pipe_security(PIPE, &sddl) == 0 &&
                       (strstr(sddl, "NO_ACCESS_CONTROL") != NULL ||
                        strchr(sddl, '(') == NULL);

    expect(err == 5,
           open_to_all ? &DEFAULT : &CREATE_INSTANCE,
           "a process without the group cannot add an instance: its "
           "CreateNamedPipe fails with 5 ERROR_ACCESS_DENIED",
           "With --admit %s it %s. The pipe's descriptor is %s.",
           option,
           err == 0 ? "succeeded: from now on some of your clients are its"
                    : door_words("failed with %s: the descriptor let it pass, "
                                 "and only something else was in the way",
                                 code_text(err)),
           sddl[0] != '\0' ? sddl : "not to be read");
    const char *entry =
        pipe_security(PIPE, &sddl) == 0 ? door_changes_descriptor(sddl) : NULL;
    expect(entry == NULL,
           changes,
           "nobody but the lab group may change the pipe's descriptor",
           "With --admit %s it is %s: see the entry %s.",
           option,
           sddl,
           entry);
    door_stop(server);
}

SERVER_CHECK(no_second_server,
             "04.no-second-server",
             "a client cannot make itself one more server of the pipe")
{
    expect_no_second_server("everyone", &CHANGES);
    expect_no_second_server(LOGGED_ON, &CHANGES);
    expect_no_second_server("group", &CHANGES);
}
