/* 04-front-door-instances.c - the checks of lab 04 about a server's own
 * instances. */
#include "04-front-door.h"

static const lesson LOCKED_OUT = {
    .misconception = "M62",
    .why = "The descriptor holds for the server too. Without 0x4 for itself "
           "it cannot create the second instance of its own pipe, though it "
           "owns it; and with FILE_FLAG_FIRST_PIPE_INSTANCE on every "
           "CreateNamedPipe all but the first fail.",
    .read = "README tasks 04.2 and 04.4, experiment 1; facts P11, P12"};

static const lesson ANOTHER = {
    .misconception = "M64",
    .why = "This client was let in a moment ago. If it is not any more, the "
           "pipe is another one of the same name: all instances were closed, "
           "and one was created anew, with a descriptor of its own.",
    .read = "README task 04.5, question 3; fact P43"};

static void expect_instances(program server, int count, const lesson *closed)
{
    peer clients[16];

    for (int i = 0; i < count; i++)
        clients[i] = door_join(LESSER, &LOCKED_OUT);
    expect_error(door_knock(LESSER, READ_WRITE),
                 231,
                 door_words("the CreateFile of client %d", count + 1),
                 &LOCKED_OUT);
    /* The last first: nobody waits for one who says nothing. */
    for (int i = count - 1; i >= 0; i--)
        door_welcome(clients[i], "me too", &LOCKED_OUT);
    for (int i = 0; i < count; i++)
        hang_up(clients[i]);
    door_welcome(door_join(LESSER, closed), "again", &LOCKED_OUT);
    expect_running(server, &LOCKED_OUT);
}

static const lesson OUT_OF_RANGE = {
    .misconception = "M38",
    .why = "What is out of range is wrong use (2), which is known before any "
           "work is begun. CreateNamedPipe takes 1 to 255 for nMaxInstances; a "
           "loop that creates no instance fails at nothing, and one that "
           "creates 17 fills an array of 16 beyond its end.",
    .read = "README, the contract (--instances, wrong arguments); "
            "common/np_args.h"};

SERVER_CHECK(
    all_instances,
    "04.all-instances",
    "the server itself creates all its instances, and serves them at once")
{
    program none = start(.exe = "server", .args = {"--instances", "0"});
    program many = start(.exe = "server", .args = {"--instances", "17"});
    program server =
        start(.exe = "server",
              .args = {
                  "--pipe", PIPE, "--admit", "everyone", "--instances", "16"});

    /* To end at the second instance is what this is about; or at the 16th. */
    bool serves = await_pipe_or_end(server, PIPE);
    expect(serves,
           !serves && await_end(server, 0).code == 2 ? &OUT_OF_RANGE
                                                     : &LOCKED_OUT,
           "the server creates 16 instances",
           "It ended before it served anybody: %s.",
           show(errors_of(server).bytes, errors_of(server).size));
    expect_instances(server, 16, &ANOTHER);
    expect_end(none, 2, &OUT_OF_RANGE);
    expect_end(many, 2, &OUT_OF_RANGE);
}
