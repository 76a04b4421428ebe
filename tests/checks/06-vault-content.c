/* 06-vault-content.c - the check of lab 06 about what goes in and out. */
#include "06-vault.h"

#include <stdlib.h>
#include <string.h>

enum { CONTENT_MAX = 65536 };

static const lesson CONTENT = {
    .misconception = "M20",
    .why = "Content is bytes, of any value and none, up to the limit; and "
           "what was there before is replaced, also when it was longer.",
    .read = "README, the contract (protocol)"};
static const lesson GOES_ON = {
    .misconception = "M33",
    .why = "Requests come from outside: any bytes, any length. What is not "
           "understood is answered with BAD, and the server goes on.",
    .read = "README, the contract (protocol, server)"};
static const lesson TAKEN = {
    .misconception = "M25",
    .why = "A second server of a name shares the clients of the first, and "
           "gets to act as them.",
    .read = "README, the contract (server); fact P11"};

static const lesson NAMES = {
    .misconception = "M72",
    .why = "Not all that is in a folder is a file of the vault: there are "
           "folders, and files with names for which no client can ask.",
    .read = "README, the contract (LIST gives only files with allowed names)"};
static const lesson LEAVES = {
    .misconception = "M36",
    .why = "A client may leave before it has read its reply: WriteFile then "
           "fails with 232 or 109. That ends this conversation, and not the "
           "server.",
    .read = "README, the contract (server: goes on); fact P24"};
static const lesson STOPS = {
    .misconception = "M52",
    .why = "A client that stays connected may stay for ever. The server ends "
           "when it is told to, and not when its clients let it.",
    .read = "README, the contract (server); common/np_stop.h"};
static const lesson ENDLESS = {
    .misconception = "M20",
    .why = "Content that is longer than a file may be is refused, by the "
           "server or the client. Cut to what fits, it is another content, and "
           "its end is lost without a word.",
    .read = "README, the contract (content, client)"};

static const lesson FRESH = {
    .why = "A server that is started for the first time finds no folder yet, "
           "and makes it. Who gives no option gets what the usage names.",
    .read = "README, the contract (server: FOLDER, the defaults); "
            "server_files.c, files_begin"};
static const lesson CUT = {
    .misconception = "M20",
    .why = "OK says that this is the content. Cut to what a reply has room "
           "for, it is another content, and the client cannot tell.",
    .read = "README, the contract (protocol: OK, content)"};

/* A server with nothing but the name of a folder that is not there. */
static void expect_begins_by_itself(const lesson *because)
{
    static const char pipe[] = "\\\\.\\pipe\\nplab-06-vault";
    program server =
        start(.exe = "server", .args = {"--vault", "a new folder"});
    await_pipe(server, pipe);
    peer client =
        connect_to(.pipe = pipe, .messages = true, .flags = SQOS_IMPERSONATION);
    expect_vault_word(client, "PUT first.txt\nletter", "OK", because);
    hang_up(client);
    expect_vault_content("a new folder\\first.txt", "letter", because);
    expect(get_file("audit.log").size > 0,
           because,
           "without --audit the lines are in audit.log",
           "There is no line in such a file; the folder has: %s",
           list_folder(""));
    end_input(server);
    await_end(server, 0);
}

/* A file with more than a reply may have. */
static void expect_not_cut(peer client, const char *all, size_t size)
{
    put_file("vault\\new.bin", all, size, NULL);
    struct reply reply = vault_ask(client, "GET new.bin");
    expect(!vault_says(reply, "OK") || vault_gives(reply, all, size),
           &CUT,
           "GET of a file of 65,724 bytes is not answered with OK and a part "
           "of it",
           "The reply has %zu bytes.",
           reply.size);
}

static void round_trip(peer client, const char *content, size_t size)
{
    char *request = malloc(size + 20);
    ck_assert_ptr_nonnull(request);
    memcpy(request, "PUT new.bin\n", 12);
    memcpy(request + 12, content, size);
    struct reply put = vault_ask_bytes(client, request, size + 12);
    struct reply got = vault_ask(client, "GET new.bin");
    free(request);
    expect(vault_gives(put, "", 0),
           &CONTENT,
           "PUT is answered with OK and nothing more",
           "PUT of %zu bytes was answered with %s.",
           size,
           reply_shown(put));
    expect(vault_gives(got, content, size),
           &CONTENT,
           "GET gives the bytes that were PUT",
           "%zu bytes were put; the reply has %zu in all, and is %s.",
           size,
           got.size,
           reply_shown(got));
}

/* LIST in a folder where not everything is a file with an allowed name. */
static void expect_list(peer client, const lesson *if_others)
{
    static const char *const names[] = {"open.txt\n",
                                        "notice.txt\n",
                                        "secret.txt\n",
                                        "drop.txt\n",
                                        "new.bin\n"};
    size_t length = 0;

    make_folder("vault\\folder", NULL);
    put_file("vault\\.hidden", "", 0, NULL);
    put_file("vault\\two words", "", 0, NULL);
    struct reply list = vault_ask(client, "LIST");
    expect(vault_says(list, "OK"),
           &CONTENT,
           "LIST is answered with OK",
           "The reply was %s.",
           reply_shown(list));
    for (size_t i = 0; i < 5; i++) {
        expect(memmem(list.bytes, list.size, names[i], strlen(names[i])) !=
                   NULL,
               &CONTENT,
               "LIST names each file, with a line end",
               "%s is missing in %s.",
               show(names[i], strlen(names[i])),
               reply_shown(list));
        length += strlen(names[i]);
    }
    const unsigned char *line = memchr(list.bytes, '\n', list.size);
    expect(list.size == length + 1 + (size_t)(line - list.bytes),
           if_others,
           "LIST names the five files and nothing else",
           "There are also \"folder\", which is one, \".hidden\" and \"two "
           "words\", and the reply was %s.",
           reply_shown(list));
}

static void expect_refusals(peer client, char *most, const lesson *because)
{
    static const size_t sizes[] = {CONTENT_MAX + 1, CONTENT_MAX + 188};
    static const char *const bad[] = {
        "", "GET", "PUT open.txt", "DEL open.txt", "GETopen.txt", "\n"};

    memcpy(most, "PUT new.bin\n", 12);
    for (size_t i = 0; i < 2; i++) {
        struct reply reply = vault_ask_bytes(client, most, 12 + sizes[i]);
        expect(vault_says(reply, "BAD"),
               because,
               "more content than a file may have, 65,536 bytes, is answered "
               "with BAD",
               "The reply to %zu bytes was %s.",
               sizes[i],
               reply_shown(reply));
    }
    for (size_t i = 0; i < 6; i++)
        expect_vault_word(client, bad[i], "BAD", because);
    expect(vault_gives(vault_ask(client, "GET new.bin"), "", 0),
           because,
           "new.bin is still empty, and the connection still served",
           "It is not.");
}

/* One client asks for more than fits in a pipe, and leaves without it. */
static void leave_without_reply(const char *most)
{
    put_file("vault\\new.bin", most, CONTENT_MAX, NULL);
    peer client = vault_client(SELF);
    say(client, "GET new.bin", strlen("GET new.bin"));
    hear(client, 1, 0);
    hang_up(client);
}

CHECK(contents,
      "06.content",
      "content comes back as it was put, names are listed, and what is no "
      "request is refused",
      .is_slow = true)
{
    expect_begins_by_itself(&FRESH);
    program server = open_vault();
    peer client = vault_client(SELF);
    char *most = malloc(CONTENT_MAX + 200);
    ck_assert_ptr_nonnull(most);
    for (size_t i = 0; i < CONTENT_MAX + 200; i++)
        most[i] = (char)(i * 7 + i / 251);

    round_trip(client, most, CONTENT_MAX);
    round_trip(client, "a\0b\r\n\nc", 7);
    round_trip(client, "", 0);
    expect_vault_word(client, "GET absent.txt", "ABSENT", &CONTENT);
    expect_list(client, &NAMES);
    expect_refusals(client, most, &GOES_ON);
    expect_not_cut(client, most, CONTENT_MAX + 188);
    hang_up(client);
    leave_without_reply(most);
    uint32_t error =
        try_connect(&client, .messages = true, .flags = SQOS_IMPERSONATION);
    expect(error == 0 && vault_says(vault_ask(client, "GET open.txt"), "OK"),
           &LEAVES,
           "when a client has left without reading all of its reply, the next "
           "one is served",
           "That one %s.",
           error == 0 ? "is not answered with OK" : "cannot connect");
    hang_up(client);

    program sends = start(.exe = "client",
                          .args = {"--pipe", PIPE, "put", "long.bin", "-"},
                          .input = most,
                          .input_size = CONTENT_MAX + 1,
                          .input_ends = true);
    struct ending sent = await_end(sends, 0);
    expect(sent.ended && sent.code == 1,
           &ENDLESS,
           "\"client put long.bin -\" with 65,537 bytes of input ends with 1",
           "It %s, and long.bin holds %zu bytes.",
           !sent.ended      ? "did not end"
           : sent.code == 0 ? "ended with 0"
                            : "ended with another code",
           get_file("vault\\long.bin").size);
    free(most);
    program second = start(
            .exe = "server",
            .args = {
                "--pipe", PIPE, "--vault", "vault", "--audit", "another.log"});
    expect_end(second, 1, &TAKEN);
    expect(errors_of(second).size > 0,
           &TAKEN,
           "a server whose pipe is served already says so on standard error",
           "Standard error is empty.");
    vault_client(SELF); /* stays, and is no reason to go on */
    expect_stops(server, &STOPS);
}
