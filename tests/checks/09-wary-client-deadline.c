/* 09-wary-client-deadline.c - the check of lab 09 about how long the client
 * waits. */
#include "09-wary-client.h"

#include <stdio.h>
#include <string.h>

static const lesson WAITS = {
    .misconception = "M54",
    .why = "--timeout is for everything together. A deadline for each wait, or "
           "for each request, is none: a server that says WAIT in time, again "
           "and again, holds the client for ever. That a reply has come "
           "already is no reason not to look at the clock.",
    .read = "README task 09.6; common/np_io.h (np_deadline)"};
static const lesson PATIENT = {
    .why = "WAIT is neither an answer nor an end: the answer comes later. How "
           "long a client has patience is said by --timeout alone.",
    .read = "README, the contract (protocol)"};
static const lesson SILENT = {
    .misconception = "M41",
    .why = "The other end may say nothing, read nothing, or have no time. To "
           "write and to wait for a free instance take as long as the server "
           "likes, as to read does: each of them needs the deadline.",
    .read = "README, the contract (client); common/np_io.h"};

/* How many times a client has read from this pipe. */
static unsigned reads_of(const char *pipe)
{
    const char *at = flight_record();
    struct recorded call;
    unsigned reads = 0;

    while (next_recorded_end(&at, &call))
        reads += strcmp(call.call, "ReadFile") == 0 &&
                 strncmp(call.object, pipe, strlen(pipe)) == 0;
    return reads;
}

/* A client that is stopped before a read for longer than it has. By then many
 * replies are there, all of them WAIT but perhaps the first. Whoever looks at
 * the clock reads one of them; a server that always has something to say holds
 * the others for ever. */
struct late {
    const char *hold, *first;
    char pipe[200];
    peer server;
    program client;
};
enum { LATE = 3, REST = 10 };
#define TIMEOUT "200"

/* False: it has another way to wait; it ends, for nobody answers. */
static bool stops_at_hold(program client)
{
    bool held = false;

    for (int i = 0; i < 1000 && !held && is_running(client); i++)
        held = await_held(client, 2);
    return held;
}

static bool is_held(const struct late *late)
{
    (void)accept_client(late->server, 500);
    (void)try_say(late->server, late->first, strlen(late->first), 0);
    bool held = stops_at_hold(late->client);
    for (int i = 0; i < REST; i++)
        (void)try_say(late->server, "WAIT", 4, 0);
    return held;
}

static void expect_left_rest(const struct late *late, const char *when)
{
    await_end(late->client, 1000);
    expect(reads_of(late->pipe) < REST,
           &WAITS,
           "a client whose time is over leaves, whatever has come for it",
           "When its --timeout was over, there were %s and %d more WAITs for "
           "it. It read all of them.",
           late->first,
           REST);
    expect_complains(late->client, when, &WAITS);
    hang_up(late->server);
}

/* Its time is over, and it is let go. */
static void expect_leaves_rest(const struct late *late)
{
    char when[80];

    snprintf(when, sizeof when, "With %s, and no time left", late->first);
    release(late->client);
    expect_left_rest(late, when);
}

/* One that waits for a pipe which has somebody else as its client until its
 * time is over. */
static peer occupy(struct late *late)
{
    late->server = listen_on(.pipe = late->pipe, .messages = true);
    peer other = connect_to(.pipe = late->pipe, .messages = true);
    (void)accept_client(late->server, 0);
    return other;
}

static void expect_comes_too_late(const struct late *late, peer other)
{
    bool came = false;

    hang_up(other);
    disconnect(late->server);
    release(late->client);
    while (!came && is_running(late->client))
        came = accept_client(late->server, 5) == 0;
    for (int i = 0; i <= REST && came; i++)
        (void)try_say(late->server, "WAIT", 4, 0);
    expect_left_rest(late, "With a pipe that is free when no time is left");
}

/* False: the client could not be stopped. */
static bool expect_time_is_over(void)
{
    struct late late[LATE] = {{.hold = "ReadFile:1", .first = "WAIT"},
                              {.hold = "ReadFile:1", .first = "READY"},
                              {.hold = "ReadFile:2", .first = "READY"}};
    struct late queued = {.hold = "WaitNamedPipe:1", .first = "WAIT"};
    char pipe[200];
    bool held = true;

    snprintf(queued.pipe, sizeof queued.pipe, "%s-full", PIPE);
    peer other = occupy(&queued);
    queued.client =
        start(WARY_SECRET,
              .args = {"--pipe", queued.pipe, "--timeout", TIMEOUT, "-"},
              .hold = queued.hold);
    for (size_t i = 0; i < LATE; i++) {
        snprintf(late[i].pipe, sizeof late[i].pipe, "%s-late-%zu", PIPE, i);
        late[i].server = listen_on(.pipe = late[i].pipe, .messages = true);
        late[i].client =
            start(WARY_SECRET,
                  .args = {"--pipe", late[i].pipe, "--timeout", TIMEOUT, "-"},
                  .hold = late[i].hold);
    }
    for (size_t i = 0; i < LATE; i++)
        held = is_held(&late[i]) && held;
    bool queues = stops_at_hold(queued.client);
    /* One that was started later and has as much: when it is gone, the time of
     * the others is over, too. */
    snprintf(pipe, sizeof pipe, "%s-silent", PIPE);
    listen_on(.pipe = pipe, .messages = true);
    program silent =
        start(WARY_SECRET, .args = {"--pipe", pipe, "--timeout", TIMEOUT, "-"});
    await_end(silent, 1000);
    for (size_t i = 0; i < LATE; i++)
        if (held)
            expect_leaves_rest(&late[i]);
        else
            kill_program(late[i].client);
    expect_complains(silent, "With a server that says nothing", &SILENT);
    if (queues)
        expect_comes_too_late(&queued, other);
    else
        kill_program(queued.client);
    return held;
}

/* For those that read in another way. Two clients that are told WAIT for much
 * longer than they have, one when it has said HELLO, the other when it has been
 * told READY. Between two WAITs no busy machine lets the 200 ms pass. What the
 * clients say is of no interest. */
static void expect_end_of_waits(void)
{
    enum { CLIENTS = 2 };
    peer servers[CLIENTS];
    program clients[CLIENTS];
    bool held[CLIENTS];

    for (size_t i = 0; i < CLIENTS; i++) {
        char pipe[200];
        snprintf(pipe, sizeof pipe, "%s-wait-%zu", PIPE, i);
        servers[i] = listen_on(.pipe = pipe, .messages = true);
        clients[i] = start(WARY_SECRET,
                           .args = {"--pipe", pipe, "--timeout", "200", "-"});
    }
    for (size_t i = 0; i < CLIENTS; i++) {
        wary_join(servers[i]);
        (void)hear(servers[i], 2000, 0);
        if (i == 1)
            (void)try_say(servers[i], "READY", 5, 0);
        held[i] = true;
    }
    for (int round = 0; round < 400 && (held[0] || held[1]); round++)
        for (size_t i = 0; i < CLIENTS; i++) {
            held[i] = held[i] && try_say(servers[i], "WAIT", 4, 0).error == 0;
            uint32_t err = held[i] ? hear(servers[i], 2000, 3).error : 0;
            held[i] = held[i] && (err == 0 || err == TIMED_OUT);
        }
    for (size_t i = 0; i < CLIENTS; i++) {
        if (held[i])
            kill_program(clients[1 - i]); /* what it does now is no news */
        expect(!held[i],
               &WAITS,
               "with --timeout 200 the client is gone after 200 ms",
               "Told WAIT again and again, it was there after 400 of them, a "
               "second later.");
        expect_complains(
            clients[i], "With a server that only says WAIT", &WAITS);
    }
}

CLIENT_CHECK(deadline,
             "09.deadline",
             "the client waits as long as it may, and no longer",
             .waits = true)
{
    /* These two take their time while the others are at work. */
    program hopeless[2];
    char pipe[200];
    for (size_t i = 0; i < 2; i++) {
        snprintf(pipe, sizeof pipe, "%s-%zu", PIPE, i);
        listen_on(.pipe = pipe, .messages = true, .buffer = 1);
        if (i == 1)
            connect_to(.pipe = pipe);
        hopeless[i] = start(WARY_SECRET,
                            .args = {"--pipe", pipe, "--timeout", "20", "-"});
    }

    peer server = listen_on(.messages = true);
    program client = start_wary();
    wary_greet(server, "WAIT", &PATIENT);
    for (int i = 0; i < 40; i++)
        (void)try_say(server, "WAIT", 4, 0);
    (void)try_say(server, "READY", 5, 0);
    wary_expect_said(server, "KEEP 4711", &PATIENT);
    say(server, "WAIT", 4);
    say(server, "KEPT for nobody", 15);
    wary_expect_kept(client, "nobody", wary_or_byte_mode(&PATIENT));
    hang_up(server);
    expect_complains(hopeless[0], "With a server that never reads", &SILENT);
    expect_complains(hopeless[1], "With a pipe that stays busy", &SILENT);

    if (!expect_time_is_over())
        expect_end_of_waits();
}
