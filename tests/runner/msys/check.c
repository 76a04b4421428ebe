/* check.c - runs one test in a forked process and tells how that ended. */
#include "check.h"

#include <signal.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <unistd.h>

struct TestResult {
    enum test_result type;
    int line;
    char file[256], message[2048];
};

struct TCase {
    SFun setup;
    double seconds;
    const TTest *test;
};

struct Suite {
    TCase *tcase;
};

struct SRunner {
    Suite *suite;
    bool has_run;
    TestResult *result; /* shared with the test's process */
};

/* Where the test's process leaves its last words. */
static TestResult *told;

static void *some(size_t size)
{
    void *memory = calloc(1, size);
    if (memory == NULL)
        abort();
    return memory;
}

Suite *suite_create(const char *name)
{
    (void)name;
    return some(sizeof(Suite));
}

TCase *tcase_create(const char *name)
{
    (void)name;
    return some(sizeof(TCase));
}

void suite_add_tcase(Suite *suite, TCase *tcase)
{
    suite->tcase = tcase;
}

void tcase_add_checked_fixture(TCase *tcase, SFun setup, SFun teardown)
{
    (void)teardown;
    tcase->setup = setup;
}

void tcase_set_timeout(TCase *tcase, double seconds)
{
    tcase->seconds = seconds;
}

void tcase_add_test(TCase *tcase, const TTest *test)
{
    tcase->test = test;
}

SRunner *srunner_create(Suite *suite)
{
    SRunner *runner = some(sizeof *runner);
    runner->suite = suite;
    runner->result = mmap(NULL,
                          sizeof *runner->result,
                          PROT_READ | PROT_WRITE,
                          MAP_SHARED | MAP_ANONYMOUS,
                          -1,
                          0);
    if (runner->result == MAP_FAILED)
        abort();
    return runner;
}

void srunner_set_fork_status(SRunner *runner, enum fork_status status)
{
    (void)runner;
    (void)status;
}

void abort_test(const char *file, int line, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    vsnprintf(told->message, sizeof told->message, format, args);
    va_end(args);
    snprintf(told->file, sizeof told->file, "%s", file);
    told->line = line;
    told->type = CK_FAILURE;
    exit(1);
}

/* The kernel keeps the limit: SIGALRM ends a process that waits for ever. */
static void set_limit(double seconds)
{
    struct itimerval limit = {{0, 0}, {0, 0}};
    limit.it_value.tv_sec = (time_t)seconds;
    limit.it_value.tv_usec =
        (suseconds_t)((seconds - (double)limit.it_value.tv_sec) * 1e6);
    signal(SIGALRM, SIG_DFL);
    setitimer(ITIMER_REAL, &limit, NULL);
}

static void note_end(TestResult *result, int status)
{
    if (WIFEXITED(status) &&
        (result->type == CK_FAILURE || WEXITSTATUS(status) == 0))
        return;
    result->type = CK_ERROR;
    if (WIFEXITED(status))
        snprintf(result->message,
                 sizeof result->message,
                 "Early exit with return value %d",
                 WEXITSTATUS(status));
    else if (WTERMSIG(status) == SIGALRM)
        snprintf(
            result->message, sizeof result->message, "Test timeout expired");
    else
        snprintf(result->message,
                 sizeof result->message,
                 "Received signal %d",
                 WTERMSIG(status));
}

void srunner_run_all(SRunner *runner, enum print_output output)
{
    const TCase *tcase = runner->suite->tcase;
    int status;
    (void)output;
    fflush(NULL);
    pid_t pid = fork();
    if (pid == 0) {
        told = runner->result;
        setpgid(0, 0);
        set_limit(tcase->seconds);
        tcase->setup();
        tcase->test->run(0);
        exit(0);
    }
    runner->has_run = pid > 0 && waitpid(pid, &status, 0) == pid;
    if (runner->has_run)
        note_end(runner->result, status);
}

int srunner_ntests_run(SRunner *runner)
{
    return runner->has_run;
}

TestResult **srunner_results(SRunner *runner)
{
    TestResult **results = some(sizeof(TestResult *));
    results[0] = runner->result;
    return results;
}

void srunner_free(SRunner *runner)
{
    munmap(runner->result, sizeof *runner->result);
    free(runner->suite->tcase);
    free(runner->suite);
    free(runner);
}

int tr_rtype(const TestResult *result)
{
    return (int)result->type;
}

const char *tr_msg(const TestResult *result)
{
    return result->message;
}

const char *tr_lfile(const TestResult *result)
{
    return result->file;
}

int tr_lno(const TestResult *result)
{
    return result->line;
}
