/*
 * check.h - how a lab's checks are written.
 *
 * A check is one property of a submission, proved in a fresh private
 * Windows. Its verdict and its expected values live here, in the native
 * runner; the sandbox only does what it is told and reports what happened.
 *
 *     static const lesson EARLY_CLIENT = {
 *         .misconception = "M05",
 *         .why = "A client may open the pipe before ConnectNamedPipe is "
 *                "called. The call then returns FALSE with 535 "
 *                "ERROR_PIPE_CONNECTED, and the connection is good.",
 *         .read = "README task 1.2; the ConnectNamedPipe page (fact P01)",
 *     };
 *
 *     SERVER_CHECK(early_client,
 *                  "01.pipe-already-connected",
 *                  "a client that opens the pipe before ConnectNamedPipe gets "
 *                  "its echo")
 *     {
 *         program server = start(.exe = "server", .args = {"--pipe", PIPE},
 *                                .hold = "ConnectNamedPipe:1");
 *         await_held(server, 0);
 *         peer client = connect_to(.pipe = PIPE);
 *         release(server);
 *         say(client, "early", 5);
 *         expect_bytes(hear_exactly(client, 5), "early", 5, &EARLY_CLIENT);
 *     }
 *
 * Points are not here: they stand in the lab's .rubric file beside it.
 */
#ifndef NPLAB_CHECK_H
#define NPLAB_CHECK_H

#include "expect.h"

#include <check.h>
/* Check's old assertion of this name is not ours (expect.h). */
#undef fail

/* One check; those of all files in tests/checks are a list. */
struct check {
    const char *id;       /* "01.pipe-already-connected": lab, dot, name */
    const char *sentence; /* the property; reads true whether it holds or not */

    /* Options, after the sentence of CHECK: */
    bool is_slow;     /* takes several times as long as the lab's others: begun
                       * last, it would be waited for alone */
    bool waits;       /* takes long, most of it for deadlines to pass: others
                       * use its core meanwhile */
    const char *only; /* "server" or "client": the other is not there, and may
                       * still be being compiled. NULL: both. */

    const TTest *test;
    const struct check *next;
};

/* Adds one to the list; before main. */
void register_check(struct check *check);

/* Defines and registers a check: CHECK(name, id, sentence, options...); the
 * body follows as a function body. It runs in a process of its own (Check's
 * fork mode) between play_begin, which opens the private Windows, and
 * play_end, which closes it. */
#define CHECK(name, check_id, ...)                                             \
    static void name##_play(void);                                             \
    static struct check name##_check;                                          \
    START_TEST(name)                                                           \
    {                                                                          \
        (void)name; /* Check's own pointer to the test, not used here */       \
        play_begin(name##_check.id, name##_check.only);                        \
        name##_play();                                                         \
        play_end();                                                            \
    }                                                                          \
    END_TEST                                                                   \
    static struct check name##_check = {                                       \
        .id = check_id, .test = &name##_ttest, .sentence = __VA_ARGS__};       \
    static void __attribute__((constructor)) name##_register(void)             \
    {                                                                          \
        register_check(&name##_check);                                         \
    }                                                                          \
    static void name##_play(void)

/* One that starts only that program of the submission's two. */
#define SERVER_CHECK(...) CHECK(__VA_ARGS__, .only = "server")
#define CLIENT_CHECK(...) CHECK(__VA_ARGS__, .only = "client")

#endif
