/* 10-ledger-shared.c - what the checks of lab 10 share: see 10-ledger.h. */
#include "10-ledger.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

const lesson LEDGER_LARGE = {
    .misconception = "M111",
    .why = "15 digits do not fit into 32 bits, which are an int and a long on "
           "Windows: there 4,294,967,297 is 1. long long and int64_t have 64.",
    .read = "README, the contract (BALANCE, amount)"};

void put_accounts(void)
{
    char text[2048];
    const char *kin = lab_group();
    int size = snprintf(text,
                        sizeof text,
                        "# accounts of the checks\n"
                        "vault 1000 O:SYG:SYD:P(A;;0x7;;;%s)\n"
                        "till 500 O:SYG:SYD:P(A;;0x7;;;WD)\n"
                        "box 0 O:SYG:SYD:P(A;;0x7;;;WD)\n"
                        "slot 0 O:SYG:SYD:P(A;;0x7;;;%s)(A;;0x2;;;WD)\n"
                        "board 70 O:SYG:SYD:P(A;;0x7;;;%s)(A;;0x1;;;WD)\n"
                        "purse 30 O:SYG:SYD:P(A;;0x7;;;%s)(A;;0x4;;;WD)\n"
                        "trap 8 O:SYG:SYD:P(D;;0x7;;;%s)(A;;0x7;;;WD)\n"
                        "\n"
                        "loose 9 D:P(A;;0x7;;;WD)\n",
                        kin,
                        kin,
                        kin,
                        kin,
                        kin);
    put_file("accounts.txt", text, (size_t)size, NULL);
}

program open_ledger(void)
{
    put_accounts();
    program server = start_ledger();
    await_pipe(server, PIPE);
    return server;
}

peer connect_as(identity as)
{
    return connect_to(.as = as, .messages = true, .flags = SQOS_IDENTIFICATION);
}

struct reply ask(peer client, const char *request)
{
    say(client, request, strlen(request));
    return hear_message(client);
}

struct reply ask_as(identity as, const char *request)
{
    peer client = connect_as(as);
    struct reply reply = ask(client, request);
    hang_up(client);
    return reply;
}

bool is_reply(struct reply reply, const char *text)
{
    return reply.error == 0 && reply.size == strlen(text) &&
           memcmp(reply.bytes, text, reply.size) == 0;
}

bool begins(struct reply reply, const char *word)
{
    size_t size = strlen(word);
    return reply.error == 0 && reply.size >= size &&
           memcmp(reply.bytes, word, size) == 0 &&
           (reply.size == size || reply.bytes[size] == ' ' ||
            reply.bytes[size] == '\n');
}

static const char *name_of(identity as)
{
    return as == SELF ? "a client with all of the groups"
                      : "a client whose lab group is deny-only";
}

void expect_answer(identity as,
                   const char *request,
                   const char *want,
                   const lesson *because)
{
    struct reply reply = ask_as(as, request);
    char expected[400];

    snprintf(expected,
             sizeof expected,
             "%s asks \"%s\" and is told %s",
             name_of(as),
             request,
             show(want, strlen(want)));
    expect(is_reply(reply, want),
           because,
           expected,
           "The reply was %s (%s).",
           show(reply.bytes, reply.size),
           reply.error == 0 ? "no error" : code_text(reply.error));
}

void expect_word(peer client,
                 const char *request,
                 size_t size,
                 const char *word,
                 const lesson *because)
{
    char expected[300];

    say(client, request, size);
    struct reply reply = hear_message(client);
    snprintf(expected,
             sizeof expected,
             "%s is answered with %s",
             show(request, size),
             word);
    expect(begins(reply, word),
           because,
           expected,
           "The reply was %s (%s).",
           show(reply.bytes, reply.size),
           reply.error == 0 ? "no error" : code_text(reply.error));
}

const char *audit_text(void)
{
    static const lesson PRINTS = {
        .why = "An audit that nobody can read proves nothing.",
        .read = "README, the contract of server --audit"};
    program audit =
        start(.exe = "server", .args = {"--database", "ledger", "--audit"});
    expect_end(audit, 0, &PRINTS);
    return output_of(audit).bytes;
}

bool find_in_audit(const char *audit,
                   const char *request,
                   struct audit_line *line)
{
    static char found[4096];

    for (const char *at = audit; *at != '\0';) {
        size_t size = strcspn(at, "\n");
        snprintf(found, sizeof found, "%.*s", (int)size, at);
        char *who = strchr(found, '\t');
        char *what = who != NULL ? strchr(who + 1, '\t') : NULL;
        char *verdict = what != NULL ? strchr(what + 1, '\t') : NULL;
        if (verdict != NULL &&
            strncmp(what + 1, request, strlen(request)) == 0) {
            *what = *verdict = '\0';
            *line = (struct audit_line){who + 1, verdict + 1};
            return true;
        }
        at += size + (at[size] == '\n');
    }
    return false;
}
