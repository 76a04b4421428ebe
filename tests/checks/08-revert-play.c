/* 08-revert-play.c - the broker of lab 08, its clients, its log and its record.
 */
#include "08-revert.h"

#include <stdio.h>
#include <string.h>

const lesson BROKER_UNLOGGED = {
    .misconception = "M74",
    .why = "What has no line has not happened, for those who read the log "
           "afterwards, and refusals are what they look for. A line that is "
           "written after the reply is missing when the server ends between "
           "the two.",
    .read = "README, the contract (the server adds to FILE)"};

/* A descriptor by which the lab group may do all, and the others what the
 * second entry says. */
static const char *group_and(const char *others)
{
    static char texts[4][128];
    static size_t next;
    char *text = texts[next++ % 4];

    snprintf(text, sizeof texts[0], "D:P(A;;FA;;;%s)%s", lab_group(), others);
    return text;
}

void put_shared_files(void)
{
    make_folder("shared", "D:P(A;;0x1301BF;;;WD)(A;OICIIO;FA;;;WD)");
    put_file("shared\\public.txt", PUBLIC, strlen(PUBLIC), "D:P(A;;FA;;;WD)");
    put_file("shared\\secret.txt", SECRET, strlen(SECRET), group_and(""));
    put_file(
        "shared\\rules.txt", RULES, strlen(RULES), group_and("(A;;FR;;;WD)"));
}

void put_broker_files(void)
{
    put_shared_files();
    put_file("broker.log", "", 0, group_and(""));
}

static program
start_any(const char *faults, const char *hold, const char *clients)
{
    program server = start(.exe = "server",
                           .args = {"--pipe",
                                    PIPE,
                                    "--folder",
                                    "shared",
                                    "--log",
                                    "broker.log",
                                    "--clients",
                                    clients},
                           .faults = faults,
                           .hold = hold);

    await_pipe(server, PIPE);
    return server;
}

program start_broker(const char *faults, const char *clients)
{
    return start_any(faults, NULL, clients);
}

program start_broker_held(const char *hold)
{
    return start_any(NULL, hold, "4");
}

program open_broker(void)
{
    put_broker_files();
    return start_broker(NULL, "4");
}

peer join_broker_lending(identity as, uint32_t flags)
{
    return connect_to(.as = as, .flags = flags, .messages = true);
}

peer join_broker(identity as)
{
    return join_broker_lending(as, SQOS_IMPERSONATION);
}

struct reply ask_broker(peer p, const char *request)
{
    struct reply sent = try_say(p, request, strlen(request), 0);

    return sent.error != 0 ? sent : hear_message(p);
}

bool is_ok_reply(struct reply reply)
{
    return reply.error == 0 && reply.size >= 2 &&
           memcmp(reply.bytes, "OK", 2) == 0;
}

const char *said_by_broker(struct reply reply)
{
    static char text[400];

    if (reply.error != 0)
        snprintf(text, sizeof text, "no reply (%s)", code_text(reply.error));
    else
        snprintf(text, sizeof text, "%s", show(reply.bytes, reply.size));
    return text;
}

void expect_broker_ok(peer p,
                      const char *who,
                      const char *request,
                      const char *data,
                      const lesson *because)
{
    struct reply reply = ask_broker(p, request);
    size_t size = data == NULL ? 0 : strlen(data);

    expect(is_ok_reply(reply) &&
               (data == NULL || (reply.size == size + 3 &&
                                 memcmp(reply.bytes + 3, data, size) == 0)),
           because,
           "a client is served within its rights",
           "Asked for '%s', %s got %s.",
           request,
           who,
           said_by_broker(reply));
}

static const lesson NO_CODE = {
    .misconception = "M28",
    .why = "Code 0 is success, and a client that asks for the code of its "
           "refusal learns that there was none. What GetLastError says holds "
           "until the next call: the revert or a CloseHandle may change it.",
    .read = "README, the contract (the reply); common/np_error.h"};

static bool is_refusal_with_code(struct reply reply)
{
    const char *text = (const char *)reply.bytes;

    if (reply.size < 4 || reply.size > 13 || memcmp(text, "NO ", 3) != 0)
        return false;
    for (size_t i = 3; i < reply.size; i++)
        if (text[i] < '0' || text[i] > '9')
            return false;
    return text[3] != '0';
}

void expect_broker_no(peer p,
                      const char *who,
                      const char *request,
                      const lesson *because)
{
    struct reply reply = ask_broker(p, request);

    expect(!is_ok_reply(reply),
           because,
           "a client is refused what its own rights do not give",
           "Asked for '%s', %s got %s.",
           request,
           who,
           said_by_broker(reply));
    expect(reply.error != 0 || is_refusal_with_code(reply),
           &NO_CODE,
           "a refusal is NO, a space and a Win32 code that is not 0",
           "Asked for '%s', %s got %s.",
           request,
           who,
           said_by_broker(reply));
}

void expect_broker_serves(peer honest, const lesson *because)
{
    expect_broker_ok(
        honest, "the honest client", "GET secret.txt", SECRET, because);
}

void expect_in_broker_log(const char *part,
                          const char *when,
                          const lesson *because)
{
    struct reply log = get_file("broker.log");

    expect(log.error == 0 &&
               memmem(log.bytes, log.size, part, strlen(part)) != NULL,
           because,
           "the log tells what happened",
           "%s, and the log has nothing with \"%s\". It is %s.",
           when,
           part,
           said_by_broker(log));
}

/* A call by which this process got at a file of the folder as itself. */
static bool has_touched_file(const struct recorded *call)
{
    const char *file = strstr(call->object, "\\shared\\");

    /* The folder itself is not a client's. */
    return file != NULL && strchr(".", file[8]) == NULL &&
           strcmp(call->error, "0") == 0 && was_itself(call) &&
           (strncmp(call->call, "CreateFile", 10) == 0 ||
            strncmp(call->call, "CopyFile", 8) == 0 ||
            strncmp(call->call, "MoveFile", 8) == 0 ||
            strcmp(call->call, "DeleteFile") == 0);
}

void expect_files_opened_as_client(const char *when, const lesson *because)
{
    const char *at = flight_record();
    /* A helper that was given a client's token is the client. */
    bool lends = strstr(at, "\tCreateProcessAsUser\t") != NULL ||
                 strstr(at, "\tCreateProcessWithToken\t") != NULL;
    unsigned long server = 0; /* the process that made the pipe */
    struct recorded call;

    while (next_recorded_end(&at, &call)) {
        if (server == 0 && strcmp(call.call, "CreateNamedPipe") == 0)
            server = call.pid;
        expect(!has_touched_file(&call) || (call.pid != server && lends),
               because,
               "a client's files are opened as the client",
               "%s, and the flight record has a %s of %s by %s, as itself.",
               when,
               call.call,
               call.object,
               call.pid == server ? "the server" : "its helper");
    }
}

/* ---- after a failed revert (also of lab 10) --------------------------------
 */
