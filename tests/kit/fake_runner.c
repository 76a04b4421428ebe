/*
 * fake_runner.c - the runner's engine with checks that only pretend.
 *
 * Each fake check reads what it shall do from the file PROGRAMS/ID of the
 * submission; without such a file it passes. So a test of the engine writes
 * a few small files and runs this program as it would run the runner.
 */
#include "check.h"
#include "engine.h"

#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

/* Everything a hostile program may print: a forged end, forged TAP, a CI
 * service's command, escape sequences, broken UTF-8, XML and JSON. */
static const char HOSTILE[] =
    "99 passed, 0 failed, 0 skipped\n"
    "Score: 100/100\n"
    "ok 1 - forged\n"
    "  ...\n"
    "::error file=x::forged\n"
    "##[error]forged\n"
    "\033[2J\033[1;1H\033]0;title\a red \033[31m bell \a nul-like \001\002 "
    "bad \xff\xfe\xc3( lone \xed\xa0\x80 c1 \xc2\x9b bidi \xe2\x80\xae ok "
    "\xc3\xa9 \xf0\x9f\x98\x80\n"
    "</system-err></testcase>]]> & < > \" ' \\ \\u0000\r\n"
    "\t{\"score\":100}\n";

static const char *folder(const char *name)
{
    static char path[4096];
    snprintf(path, sizeof(path), "%s/%s", option_programs_dir(), name);
    return path;
}

/* Counts calls over processes: the n-th answers n. */
static long count_up(const char *name)
{
    int f = open(folder(name), O_WRONLY | O_CREAT | O_APPEND, 0666);
    if (f < 0 || write(f, "x", 1) != 1)
        abort();
    long count = (long)lseek(f, 0, SEEK_CUR);
    close(f);
    return count;
}

static void fail_with(const char *kind, const char *misconception)
{
    record_failure(
        kind,
        misconception,
        "the client reads \"early\" back from the server, every byte of "
        "it and in the same order",
        "the client's read ended with 109 ERROR_BROKEN_PIPE",
        "A client may open the pipe before ConnectNamedPipe is called.",
        "README task 1.2",
        "server: TODO 01.2 is not done yet\n");
    ck_abort();
}

static void write_pid(pid_t pid)
{
    FILE *f = fopen(folder("child.pid"), "w");
    fprintf(f, "%d\n", (int)pid);
    fclose(f);
}

/* A process that leaves its group, as a daemon does, and lives for ever. */
static void leave_a_child(void)
{
    pid_t child = fork();
    if (child == 0) {
        setsid();
        for (;;)
            pause();
    }
    write_pid(child);
}

/* Whether another check's child lives on beside this one. */
static void expect_no_child(void)
{
    int pid = 0;
    FILE *f = fopen(folder("child.pid"), "r");
    if (!f || fscanf(f, "%d", &pid) != 1)
        abort();
    fclose(f);
    if (kill(pid, 0) == 0)
        fail_with("failed", NULL);
}

static void pause_ms(long ms)
{
    struct timespec time = {.tv_sec = ms / 1000,
                            .tv_nsec = ms % 1000 * 1000000};
    nanosleep(&time, NULL);
}

/* Lets go who waits at the other end of a named pipe of Unix. */
static void tell(const char *path)
{
    FILE *pipe = fopen(path, "w");
    if (!pipe || fputs("go\n", pipe) < 0 || fclose(pipe) != 0)
        abort();
}

/* Waits for that. */
static void heed(const char *path)
{
    char word[8] = "";
    FILE *pipe = fopen(path, "r");
    if (!pipe || !fgets(word, sizeof(word), pipe) || fclose(pipe) != 0)
        abort();
}

static void expect_one_core(void)
{
    cpu_set_t cores;
    if (sched_getaffinity(0, sizeof(cores), &cores) || CPU_COUNT(&cores) != 1)
        fail_with("failed", NULL);
}

static void act(const char *verb, const char *argument)
{
    if (strcmp(verb, "fail") == 0)
        fail_with("failed", *argument ? argument : NULL);
    else if (strcmp(verb, "kind") == 0)
        fail_with(argument, "M01");
    else if (strcmp(verb, "skip") == 0)
        record_skip("there is no second user here"), ck_abort();
    else if (strcmp(verb, "assert") == 0)
        ck_abort_msg("an assertion without a lesson");
    else if (strcmp(verb, "segv") == 0)
        raise(SIGSEGV);
    else if (strcmp(verb, "exit") == 0)
        exit(atoi(argument));
    else if (strcmp(verb, "pass-then-exit") == 0)
        record_pass(), exit(atoi(argument));
    else if (strcmp(verb, "fail-then-pass") == 0)
        record_failure("failed", "M02", "first", "first", NULL, NULL, NULL),
            record_pass();
    else if (strcmp(verb, "hang") == 0)
        for (;;)
            pause();
    else if (strcmp(verb, "hang-here") == 0)
        for (write_pid(getpid());;)
            pause();
    else if (strcmp(verb, "child") == 0)
        leave_a_child();
    else if (strcmp(verb, "child-hang") == 0)
        for (leave_a_child();;)
            pause();
    else if (strcmp(verb, "kit") == 0) {
        if (count_up("kit.count") <= atol(argument))
            fail_with("infrastructure", NULL);
    } else if (strcmp(verb, "flaky") == 0) {
        if (count_up("flaky.count") % atol(argument) == 0)
            fail_with("failed", "M03");
    } else if (strcmp(verb, "kill-worker") == 0)
        kill(getppid(), SIGKILL), pause_ms(5000);
    else if (strcmp(verb, "sleep") == 0)
        pause_ms(atol(argument));
    else if (strcmp(verb, "no-child") == 0)
        expect_no_child();
    else if (strcmp(verb, "tell") == 0)
        tell(folder(argument));
    else if (strcmp(verb, "heed") == 0)
        heed(folder(argument));
    else if (strcmp(verb, "needs") == 0) {
        if (access(folder(argument), F_OK) != 0)
            fail_with("failed", NULL);
    } else if (strcmp(verb, "core") == 0)
        expect_one_core();
    else if (strcmp(verb, "hostile") == 0)
        record_failure(
            "failed", "M05", HOSTILE, HOSTILE, HOSTILE, HOSTILE, HOSTILE),
            ck_abort();
    else if (strcmp(verb, "pass") != 0)
        abort();
}

static void play(const char *id)
{
    char verb[32] = "pass", argument[32] = "";
    FILE *f = fopen(folder(id), "r");
    if (f) {
        int fields = fscanf(f, "%31s %31s", verb, argument);
        fclose(f);
        if (fields < 1)
            abort();
    }
    act(verb, argument);
}

void play_begin(const char *id, const char *only)
{
    (void)only;
    (void)id;
}

void play_end(void)
{
    record_pass();
}

CHECK(one, "01.one", "any bytes come back unchanged, whatever they are")
{
    play("01.one");
}

CLIENT_CHECK(two,
             "01.two-early-client",
             "a client that opens the pipe early gets its echo")
{
    play("01.two-early-client");
}

CHECK(three, "01.three", "100 clients leave no handle behind # and no thread")
{
    play("01.three");
}

CHECK(four, "01.four", "the server stops when it is asked to")
{
    play("01.four");
}

CHECK(five, "02.five", "a message stays one message", .waits = true)
{
    play("02.five");
}

CHECK(six, "02.six", "a reply is not lost at the end")
{
    play("02.six");
}

const char *sandbox_problem(void)
{
    return getenv("FAKE_SANDBOX_PROBLEM");
}

int demo_main(int argc, char **argv)
{
    return argc == 2 && strcmp(argv[1], "seven") == 0 ? 7 : 0;
}

int run_main(int argc, char **argv)
{
    (void)argv;
    return argc;
}
