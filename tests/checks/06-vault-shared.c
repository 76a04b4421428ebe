/* 06-vault-shared.c - what the checks of lab 06 share: see 06-vault.h. */
#include "06-vault.h"

#include <stdio.h>
#include <string.h>
#include <strings.h>

/* ---- the vault ---- */

const char *vault_kin_only(void)
{
    static char sddl[128];
    snprintf(sddl, sizeof sddl, "D:P(A;;FA;;;%s)", lab_group());
    return sddl;
}

static void put(const char *path, const char *text, const char *for_everyone)
{
    char sddl[256];
    snprintf(sddl, sizeof sddl, "D:P(A;;FA;;;%s)%s", lab_group(), for_everyone);
    put_file(path, text, strlen(text), sddl);
}

void put_vault(void)
{
    make_folder("vault", vault_kin_only());
    put("vault\\open.txt", OPEN_TEXT, "(A;;FA;;;WD)");
    put("vault\\notice.txt", NOTICE_TEXT, "(A;;FR;;;WD)");
    put("vault\\secret.txt", SECRET_TEXT, "");
    /* CreateFile also asks for FILE_READ_ATTRIBUTES, which FW has not. */
    put("vault\\drop.txt", "", "(A;;0x120196;;;WD)");
    put("outside.txt", OUTSIDE_TEXT, "(A;;FA;;;WD)");
}

program open_vault(void)
{
    put_vault();
    program server = start_vault();
    await_pipe(server, PIPE);
    return server;
}

/* ---- requests ---- */

peer vault_client(identity as)
{
    return connect_to(.as = as, .messages = true, .flags = SQOS_IMPERSONATION);
}

static const lesson ONE_LINE = {
    .misconception = "M20",
    .why = "A message is as long as WriteFile is told. What is sent behind the "
           "line was in the server's memory before: what another client was "
           "told, most likely.",
    .read = "README, the contract (protocol); server_request.c, reply_line"};

static void expect_no_body(struct reply reply, const char *request, size_t size)
{
    const unsigned char *end = memchr(reply.bytes, '\n', reply.size);
    size_t line = end == NULL ? reply.size : (size_t)(end + 1 - reply.bytes);

    expect(line == reply.size,
           &ONE_LINE,
           "a reply other than OK is one line and has no body",
           "The reply to %s has %zu bytes behind its line: %s.",
           show(request, size),
           reply.size - line,
           show(reply.bytes + line, reply.size - line));
}

struct reply vault_ask_bytes(peer client, const void *request, size_t size)
{
    struct reply reply = reply_to(client, request, size);

    if (reply.error == 0 && !vault_says(reply, "OK"))
        expect_no_body(reply, request, size);
    return reply;
}

struct reply vault_ask(peer client, const char *request)
{
    return vault_ask_bytes(client, request, strlen(request));
}

struct reply vault_ask_as(identity as, const char *request)
{
    peer client = vault_client(as);
    struct reply reply = vault_ask(client, request);
    hang_up(client);
    return reply;
}

bool vault_says(struct reply reply, const char *word)
{
    size_t size = strlen(word);
    return reply.error == 0 && reply.size > size &&
           memcmp(reply.bytes, word, size) == 0 &&
           (reply.bytes[size] == '\n' || reply.bytes[size] == ' ') &&
           memchr(reply.bytes, '\n', reply.size) != NULL;
}

bool vault_gives(struct reply reply, const char *body, size_t size)
{
    if (!vault_says(reply, "OK"))
        return false;
    const unsigned char *start = memchr(reply.bytes, '\n', reply.size);
    size_t line = (size_t)(start + 1 - reply.bytes);
    return reply.size - line == size && memcmp(start + 1, body, size) == 0;
}

void expect_vault_word(peer client,
                       const char *request,
                       const char *word,
                       const lesson *because)
{
    char expected[300];
    struct reply reply = vault_ask(client, request);

    snprintf(expected,
             sizeof expected,
             "%s is answered with %s",
             show(request, strlen(request)),
             word);
    expect(vault_says(reply, word),
           because,
           expected,
           "The reply was %s.",
           reply_shown(reply));
}

void expect_vault_content(const char *path,
                          const char *want,
                          const lesson *because)
{
    char expected[300];
    struct reply file = get_file(path);

    snprintf(expected, sizeof expected, "%s still holds \"%s\"", path, want);
    expect(file.error == 0 && file.size == strlen(want) &&
               memcmp(file.bytes, want, file.size) == 0,
           because,
           expected,
           "It holds %s.",
           reply_shown(file));
}
