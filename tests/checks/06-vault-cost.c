/* 06-vault-cost.c - the check of lab 06 about what clients may cost: handles,
 * and the time of others. */
#include "06-vault.h"

#include <stdio.h>
#include <string.h>

static const lesson LEAK = {
    .misconception = "M37",
    .why = "A token and a file are opened for each request, and have to be "
           "closed for each, also when it is refused.",
    .read = "README, the contract (server); common/np_handle.h"};

static const lesson WAITS = {
    .misconception = "M23",
    .why = "Who may connect may also stay connected and do nothing. A server "
           "that reads or writes without a time limit belongs to the first "
           "client that falls silent, or does not read its reply.",
    .read = "README, the contract (server); common/np_io.h"};

/* Whether others are served when one stays connected. On a busy machine the
 * next one can be too slow itself: so it tries more than once. */
static void expect_next_served(const char *pipe,
                               const char *held_up_by,
                               const lesson *because)
{
    struct reply reply = {.error = TIMED_OUT};

    for (int i = 0; i < 20 && !vault_says(reply, "OK"); i++) {
        peer next = -1;
        reply.error = try_connect(&next,
                                  .pipe = pipe,
                                  .messages = true,
                                  .flags = SQOS_IMPERSONATION,
                                  .deadline_ms = 2000);
        if (reply.error != 0)
            break;
        reply = vault_ask(next, "GET open.txt");
        hang_up(next);
    }
    expect(vault_says(reply, "OK"),
           because,
           "a server with --timeout 60 waits for a client at most 60 ms if "
           "others have to wait for it",
           "While a client that %s is connected, another one's outcome is %s.",
           held_up_by,
           reply_shown(reply));
}

static void expect_nobody_holds_it_up(const lesson *because)
{
    static char large[60000];
    char pipe[300];

    snprintf(pipe, sizeof pipe, "%s-patient", PIPE);
    put_file("vault\\large", large, sizeof large, NULL);
    program server =
        start(.exe = "server",
              .args = {"--pipe", pipe, "--vault", "vault", "--timeout", "60"});
    await_pipe(server, pipe);
    peer silent =
        connect_to(.pipe = pipe, .messages = true, .flags = SQOS_IMPERSONATION);
    expect_next_served(pipe, "sends nothing", because);
    hang_up(silent);
    peer deaf =
        connect_to(.pipe = pipe, .messages = true, .flags = SQOS_IMPERSONATION);
    say(deaf, "GET large", strlen("GET large"));
    expect_next_served(pipe, "does not read its reply", because);
}

SERVER_CHECK(
    leak,
    "06.no-leak",
    "a hundred requests leave no handles behind, and no client holds up "
    "the others",
    .is_slow = true)
{
    static const struct {
        const char *request, *word;
    } asks[] = {{"GET open.txt", "OK"},
                {"GET secret.txt", "DENIED"},
                {"PUT open.txt\nx", "OK"},
                {"GET ..", "BAD"},
                {"LIST", "DENIED"},
                {"GET absent.txt", "ABSENT"}};
    enum { ASKS = sizeof asks / sizeof asks[0] };
    uint32_t before = 0;
    put_vault();
    program server = start_vault();
    await_pipe(server, PIPE);
    peer lesser = vault_client(LESSER);

    for (int i = 0; i < 90 + ASKS; i++) {
        if (i == ASKS)
            before = handles_of(server);
        const char *request = asks[i % ASKS].request;
        struct reply reply = vault_ask(lesser, request);
        expect(vault_says(reply, asks[i % ASKS].word),
               &LEAK,
               "the hundredth request is answered like the first",
               "Request %d, %s, was answered with %s.",
               i + 1,
               show(request, strlen(request)),
               reply_shown(reply));
    }
    hang_up(lesser);
    peer nobody = connect_to(.messages = true, .flags = SQOS_ANONYMOUS);
    for (int i = 0; i < 5; i++)
        vault_ask(nobody, "GET open.txt");
    hang_up(nobody);
    for (int i = 0; i < 5; i++) {
        nobody = connect_to(.messages = true, .flags = SQOS_IDENTIFICATION);
        vault_ask(nobody, "GET open.txt");
        hang_up(nobody);
    }
    uint32_t after = handles_settled(server, before + 2);
    expect(after <= before + 2,
           &LEAK,
           "no more handles are open after 100 more requests",
           "%u were open after %d requests, %u after %d: 15 more for each kind "
           "of request, 5 of an anonymous client, and 5 of clients at "
           "Identification that leave.",
           before,
           ASKS,
           after,
           100 + ASKS);
    end_input(server);
    await_end(server, 0);
    expect_nobody_holds_it_up(&WAITS);
}
