/* 06-vault-audit.c - the checks of lab 06 about the audit. */
#include "06-vault.h"

#include <stdio.h>
#include <string.h>

static const lesson TRACE = {
    .misconception = "M74",
    .why = "A log that has only what was granted does not show who tries "
           "doors, and a line that is written after the answer may never be. "
           "Each request has its line before its reply.",
    .read = "README task 06.1, the contract (audit)"};
static const lesson FORGED = {
    .misconception = "M74",
    .why = "The request is part of the line, and its bytes are the client's: "
           "a tab or a line end in it makes fields and lines that never "
           "happened.",
    .read = "README task 06.5"};
static const lesson SHOWN = {
    .misconception = "M74",
    .why = "A log is read on a terminal, too: there a carriage return writes "
           "over the line, and an escape sequence hides what follows. A 0 "
           "ends a string of C, but not the request. And who may write as "
           "much as he likes fills the disk.",
    .read = "README task 06.5, the contract (audit)"};
static const lesson WHO = {
    .misconception = "M13",
    .why = "The process's token says who the server is. Who asks is in the "
           "token that the client lent with its request.",
    .read = "README task 06.1; common/np_client.h"};
static const lesson EARLIER = {
    .misconception = "M65",
    .why = "This line names the sender of the request before. Who asks is "
           "found out anew for each request.",
    .read = "README task 06.1, the contract (audit), question 2"};
static const lesson LOG_AS_CLIENT = {
    .misconception = "M73",
    .why = "The log is the server's. Written while the thread is the client, "
           "it depends on the client's rights: a client that may not write "
           "there leaves no trace.",
    .read = "README task 06.3, task 06.1; fact R18"};

/* What opened or wrote the log as anybody but the server. */
static void expect_log_as_server(void)
{
    const char *at = flight_record();
    struct recorded event;
    char since[160] = "an unknown call";

    while (next_recorded_end(&at, &event)) {
        if (strcmp(event.call, "ImpersonateNamedPipeClient") == 0 ||
            strcmp(event.call, "SetThreadToken") == 0 ||
            strcmp(event.call, "ImpersonateLoggedOnUser") == 0)
            snprintf(since, sizeof since, "%s", event.call);
        expect(!path_ends_with(event.object, "audit.log") ||
                   was_itself(&event) || strcmp(event.call, "CloseHandle") == 0,
               &LOG_AS_CLIENT,
               "the audit is opened and written by the server as itself",
               "%s of the audit was made as %s: thread %lu was still "
               "impersonating, since %s.",
               event.call,
               event.who,
               event.tid,
               since);
    }
}

/* Splits the audit's last line; fails unless there are `count` lines. */
static char *last_line(size_t count, const char *request, char *fields[3])
{
    static char text[8192];
    struct reply file = get_file("audit.log");
    size_t size = file.size < sizeof text ? file.size : sizeof text - 1;
    size_t lines = 0;
    char *line = text;

    memcpy(text, file.bytes, size);
    text[size] = 0;
    for (char *at = text; *at != '\0'; at++)
        if (*at == '\n') {
            lines++;
            if (at[1] != '\0')
                line = at + 1;
            else
                *at = '\0';
        }
    if (file.error != 0 || lines < count)
        expect_log_as_server();
    expect(file.error == 0 && lines >= count,
           &TRACE,
           "each request has its line in the audit when its reply comes",
           "After the reply to %s, line %zu is missing (%s).",
           request,
           count,
           file.error == 0 ? "others are there" : code_text(file.error));
    fields[0] = line;
    for (int i = 1; i < 3; i++) {
        fields[i] = strchr(fields[i - 1], '\t');
        if (fields[i] == NULL)
            fail(&FORGED,
                 "a line of the audit is WHO, tab, REQUEST, tab, WORD",
                 "After %s the last line is %s.",
                 request,
                 show(line, strlen(line)));
        *fields[i]++ = '\0';
    }
    expect(lines == count && strchr(fields[2], '\t') == NULL,
           &FORGED,
           "a request makes one line of three fields, whatever its bytes",
           "After %s there are %zu lines, not %zu; the last ends with %s.",
           request,
           lines,
           count,
           show(fields[2], strlen(fields[2])));
    return line;
}

static const lesson LITTLE = {
    .misconception = "M78",
    .why = "At Identification nothing can be opened as the client, but its "
           "token can be opened and asked: who it was that was refused is "
           "known.",
    .read = "README, the contract (audit), question 3; facts L03 to L07"};
static const lesson OPENED_AS_CLIENT = {
    .misconception = "M12",
    .why = "With OpenAsSelf FALSE the client has to open the token. At "
           "Identification it can open nothing, and the call fails with 1346 "
           "ERROR_BAD_IMPERSONATION_LEVEL.",
    .read = "common/np_client.h; the OpenThreadToken page (fact L03)"};

/* The lines, from this one on, of clients that lend too little. */
static void expect_lent_little_named(size_t line, const lesson *because)
{
    char *fields[3];
    peer client = connect_to(.messages = true, .flags = SQOS_ANONYMOUS);

    vault_ask(client, "GET open.txt");
    last_line(line, "a request of an anonymous client", fields);
    hang_up(client);
    client = connect_to(.as = LESSER,
                        .messages = true,
                        .flags = SQOS_IDENTIFICATION);
    vault_ask(client, "GET open.txt");
    last_line(line + 1, "a request of a client at Identification", fields);
    hang_up(client);
    if (strstr(flight_record(), "\tOpenThreadToken\t-\tFALSE\t1346\t") != NULL)
        because = &OPENED_AS_CLIENT;
    expect(strstr(fields[0], "Identification") != NULL &&
               strstr(fields[0], lab_group()) != NULL,
           because,
           "of a client that lends Identification the line's first field tells "
           "the level and the groups it has for denial only",
           "Of a client without %s it says %s.",
           lab_group(),
           show(fields[0], strlen(fields[0])));
}

/* What a request is shown as that is no text, or too long for a line. */
static void expect_shown_safely(size_t line, const lesson *because)
{
    static const char ODD[] = "GET a\rb\0c\x1b[2J\x7f\x9b~";
    static char request[70000];
    static const size_t sizes[] = {200, sizeof request};
    char asked[80], *fields[3];
    peer client = vault_client(SELF);

    vault_ask_bytes(client, ODD, sizeof ODD - 1);
    last_line(line, show(ODD, sizeof ODD - 1), fields);
    expect(
        strcmp(fields[1], "GET a?b?c?[2J??~") == 0,
        because,
        "of \"GET a\\rb\\0c\\x1b[2J\\x7f\\x9b~\" the line's second field shows "
        "each byte, those that are not from blank to ~ as ?",
        "It is %s.",
        show(fields[1], strlen(fields[1])));
    memset(request, 'x', sizeof request);
    memcpy(request, "GET ", 4);
    for (size_t i = 0; i < 2; i++) {
        snprintf(asked, sizeof asked, "a request of %zu bytes", sizes[i]);
        vault_ask_bytes(client, request, sizes[i]);
        last_line(line + 1 + i, asked, fields);
        /* Room for a mark that says that it was cut. */
        expect(strlen(fields[1]) <= 90,
               because,
               "what is longer than 80 bytes is cut in the audit",
               "Of %s it shows %zu.",
               asked,
               strlen(fields[1]));
    }
    hang_up(client);
}

/* No reply before its line, as far as the flight record shows both. */
static void expect_line_before_reply(void)
{
    const char *at = flight_record();
    struct recorded event;
    size_t lines = 0, replies = 0;

    while (next_recorded_end(&at, &event)) {
        if (strncmp(event.call, "WriteFile", 9) != 0)
            continue;
        replies += strncmp(event.object, PIPE, strlen(PIPE)) == 0;
        if (!path_ends_with(event.object, "audit.log"))
            continue;
        lines++;
        expect(replies < lines,
               &TRACE,
               "each request has its line in the audit before its reply",
               "Line %zu was written after reply %zu.",
               lines,
               replies);
    }
}

static const lesson NO_LINE = {
    .misconception = "M74",
    .why = "If the log cannot be written, what is done now will not be found "
           "in it. So it is not done: a full disk must not be a way to go "
           "unseen.",
    .read = "README task 06.1, the contract (audit)"};

static const lesson DONE_BEFORE = {
    .misconception = "M74",
    .why = "The file was changed when its line was not yet in the log, and "
           "then the line could not be written: nobody will learn who did it. "
           "Write the line, then the file. CREATE_ALWAYS and "
           "TRUNCATE_EXISTING change it even earlier, when they open it.",
    .read = "README task 06.1, the contract (audit)"};

static const lesson NOT_DONE = {
    .why = "OK says that it was done. A disk can be full or a sector "
           "unreadable, also when the open succeeded: each ReadFile and each "
           "WriteFile tells.",
    .read = "README, the contract (words of a reply); server_files.c, "
            "read_content, write_content"};

/* A server of which the first ReadFile fails after it was somebody else: most
 * likely that of the file. It may also be one of the pipe. */
static void expect_no_read_no_content(const lesson *because)
{
    put_file("vault\\notice.txt", NOTICE_TEXT, strlen(NOTICE_TEXT), NULL);
    program server = start_vault(.faults = "ReadFile:+1:23");
    await_pipe(server, PIPE);
    peer client = vault_client(SELF);
    struct reply reply = vault_ask(client, "GET notice.txt");
    hang_up(client);
    expect(!vault_says(reply, "OK") ||
               vault_gives(reply, NOTICE_TEXT, strlen(NOTICE_TEXT)),
           because,
           "a GET whose ReadFile failed with 23 ERROR_CRC is not answered with "
           "OK",
           "The reply was %s.",
           reply_shown(reply));
    end_input(server);
    await_end(server, 0);
}

/* A server whose n-th write fails as on a full disk: if that was the line,
 * nothing is done. */
static program expect_no_line_no_put(const char *faults,
                                     const lesson *no_line,
                                     const lesson *done_before,
                                     const lesson *not_done)
{
    put_file("audit.log", "", 0, vault_kin_only());
    put_file("vault\\notice.txt", NOTICE_TEXT, strlen(NOTICE_TEXT), NULL);
    program server = start_vault(.faults = faults);
    await_pipe(server, PIPE);
    struct reply reply = vault_ask_as(SELF, "PUT notice.txt\nunseen");
    struct reply log = get_file("audit.log");
    bool has_line = log.error == 0 && log.size > 0;
    expect(!vault_says(reply, "OK") || has_line,
           no_line,
           "a request whose line failed with 112 ERROR_DISK_FULL is not "
           "answered with OK",
           "The reply was %s, and the audit is empty.",
           reply_shown(reply));
    struct reply file = get_file("vault\\notice.txt");
    expect(has_line || (file.size == strlen(NOTICE_TEXT) &&
                        memcmp(file.bytes, NOTICE_TEXT, file.size) == 0),
           done_before,
           "the file of a PUT whose line failed with 112 ERROR_DISK_FULL is as "
           "it was",
           "It holds %s, the audit is empty, and the reply was %s.",
           show(file.bytes, file.size),
           reply_shown(reply));
    expect(!vault_says(reply, "OK") ||
               (file.size == strlen("unseen") &&
                memcmp(file.bytes, "unseen", file.size) == 0),
           not_done,
           "a PUT whose WriteFile failed with 112 ERROR_DISK_FULL is not "
           "answered with OK",
           "The reply was %s, and the file holds %s.",
           reply_shown(reply),
           show(file.bytes, file.size));
    return server;
}

static void expect_no_line_no_answer(const lesson *no_line,
                                     const lesson *done_before,
                                     const lesson *not_done)
{
    program server = expect_no_line_no_put(
        "WriteFile:2:112", no_line, done_before, not_done);
    end_input(server);
    await_end(server, 0);
    server = expect_no_line_no_put(
        "WriteFile:1:112", no_line, done_before, not_done);
    struct reply reply = vault_ask_as(SELF, "GET secret.txt");
    expect(vault_says(reply, "OK"),
           no_line,
           "the next request, which can be logged, is answered with OK",
           "The reply was %s.",
           reply_shown(reply));
    expect_running(server, no_line);
}

SERVER_CHECK(
    audit,
    "06.audit",
    "each request leaves one true line in the audit, written by the server, "
    "or is not done",
    .is_slow = true)
{
    static const struct {
        identity as;
        const char *request, *word;
    } steps[] = {{LESSER, "GET secret.txt", "DENIED"},
                 {LESSER, "GET open.txt", "OK"},
                 {LESSER, "GET ..\\outside.txt", "BAD"},
                 {SELF, "GET secret.txt", "OK"},
                 {SELF, "PUT open.txt\nfake\tGET x\tOK\n", "OK"},
                 {LESSER, "GET a\tOK\nfake\tGET b\tOK\nfake", "BAD"},
                 {SELF, "GET absent.txt", "ABSENT"},
                 {SELF, "DEL open.txt", "BAD"},
                 {LESSER, "LIST", "DENIED"},
                 {SELF, "LIST", "OK"},
                 {LESSER, "PUT notice.txt\nx", "DENIED"},
                 {SELF,
                  "GET 0123456789012345678901234567890123456789012345678901234"
                  "56789.txt",
                  "ABSENT"}};
    enum { STEPS = sizeof steps / sizeof steps[0] };
    static const char OLD[] = "an old line\tof the log\tOK\n";
    char *fields[3], earlier[1024] = "";

    put_vault();
    put_file("audit.log", OLD, strlen(OLD), vault_kin_only());
    program server = start_vault();
    await_pipe(server, PIPE);
    for (size_t i = 0; i < STEPS; i++) {
        const char *request = steps[i].request;
        const char *asked = show(request, strlen(request));
        struct reply reply = vault_ask_as(steps[i].as, request);
        last_line(i + 2, asked, fields);
        bool lacks = strstr(fields[0], lab_group()) != NULL;
        expect(lacks == (steps[i].as != SELF) &&
                   strstr(fields[0], "Impersonation") != NULL,
               strcmp(fields[0], earlier) == 0 ? &EARLIER : &WHO,
               "the line's first field tells the client's level, "
               "Impersonation, and the groups it has for denial only",
               "Of a client %s %s it says %s.",
               steps[i].as == SELF ? "with" : "without",
               lab_group(),
               show(fields[0], strlen(fields[0])));
        expect(strncmp(fields[1], request, strcspn(request, "\t\n")) == 0,
               &TRACE,
               "the line's second field is the request's first line",
               "Of %s it says %s.",
               asked,
               show(fields[1], strlen(fields[1])));
        expect(strcmp(fields[2], steps[i].word) == 0 &&
                   vault_says(reply, steps[i].word),
               &TRACE,
               "the line's third field is the word of the reply",
               "Of %s, where %s is due, it says %s; the reply was %s.",
               asked,
               steps[i].word,
               show(fields[2], strlen(fields[2])),
               reply_shown(reply));
        snprintf(earlier, sizeof earlier, "%s", fields[0]);
    }
    expect_lent_little_named(STEPS + 2, &LITTLE);
    expect_shown_safely(STEPS + 4, &SHOWN);
    expect_log_as_server();
    expect_line_before_reply();
    end_input(server);
    await_end(server, 0);
    expect_no_read_no_content(&NOT_DONE);
    expect_no_line_no_answer(&NO_LINE, &DONE_BEFORE, &NOT_DONE);
}
