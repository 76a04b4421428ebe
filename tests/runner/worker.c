/*
 * worker.c - runs jobs one after another, each by Check in a forked process.
 *
 * Processes: runner -> worker -> check -> sandbox. Each asks the kernel to be
 * killed when its parent dies, and a worker adopts what a check leaves
 * behind, so nothing outlives a job, even if the runner is killed.
 */
#include "compile.h"
#include "engine.h"
#include "jobs.h"
#include "text.h"

#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static pid_t worker;

/* First act in the check's own process. */
static void begin_check(void)
{
    end_with_parent(worker);
}

/* What the process's end says about a check that recorded no verdict. */
static void judge_without_verdict(struct record *r, TestResult *result)
{
    const char *message = result ? tr_msg(result) : NULL;
    char text[sizeof(r->happened)];

    if (!message)
        message = "";
    if (result && tr_rtype(result) == CK_FAILURE) {
        /* An assertion of the check that says nothing of its own. */
        r->outcome = FAILED;
        r->kind = KIND_FAILED;
        snprintf(r->expected,
                 sizeof(r->expected),
                 "the assertion at %s:%d holds",
                 tr_lfile(result),
                 tr_lno(result));
        snprintf(r->happened, sizeof(r->happened), "%.1500s", message);
    } else if (result && strstr(message, "timeout")) {
        snprintf(text,
                 sizeof(text),
                 "The check did not end within %.4g s. TIMEOUT_SCALE=2 gives "
                 "it twice the time.",
                 CHECK_LIMIT_S * option_timeout_scale());
        record_error(r, KIND_TIMEOUT, text);
    } else if (result && tr_rtype(result) == CK_PASS) {
        record_error(r,
                     KIND_INFRASTRUCTURE,
                     "The check's process ended with 0 before the check had "
                     "come to its end.");
    } else {
        snprintf(text,
                 sizeof(text),
                 "The check's process ended without a verdict: %.500s.",
                 *message ? message : "it was not run");
        record_error(r, KIND_INFRASTRUCTURE, text);
    }
}

static void judge(struct record *r, TestResult *result)
{
    if (!r->has_verdict)
        judge_without_verdict(r, result);
    else if (r->outcome == PASSED && (!result || tr_rtype(result) != CK_PASS))
        record_error(r,
                     KIND_INFRASTRUCTURE,
                     "The check passed, but its process did not end well.");
}

static void run_once(const struct check *check, struct record *r)
{
    Suite *suite = suite_create("checks");
    TCase *tcase = tcase_create(check->id);
    suite_add_tcase(suite, tcase);
    tcase_add_checked_fixture(tcase, begin_check, NULL);
    tcase_set_timeout(tcase, CHECK_LIMIT_S * option_timeout_scale());
    tcase_add_test(tcase, check->test);
    SRunner *runner = srunner_create(suite);
    srunner_set_fork_status(runner, CK_FORK);

    r->attempts++;
    double began = engine_clock();
    srunner_run_all(runner, CK_SILENT);
    kill_children();
    r->seconds = engine_clock() - began;

    TestResult **results = srunner_results(runner);
    judge(r, srunner_ntests_run(runner) == 1 ? results[0] : NULL);
    free(results);
    srunner_free(runner);
}

static void run_job(const struct job *job, struct record *r)
{
    r->began = engine_clock();
    results_select(r, job->programs);
    run_once(job->check, r);
    if (r->kind == KIND_INFRASTRUCTURE) {
        copy_text(r->first_error, sizeof(r->first_error), r->happened);
        record_restart(r);
        run_once(job->check, r);
    }
    record_clean(r);
}

void worker_main(const struct run *run, struct queue *queue, int slot, int done)
{
    int core = queue_core(queue, slot);

    worker = getpid();
    adopt_orphans();
    cpu_pin(core);
    int nothing = open("/dev/null", O_RDONLY | O_CLOEXEC);
    if (nothing >= 0)
        dup2(nothing, STDIN_FILENO);

    /* A compiler has this core; two at once would both be late. */
    if (core < compile_count())
        compile_wait(NULL);
    size_t i;
    while (queue_take(queue, slot, &i)) {
        struct record *r = &run->records[i];
        compile_wait(run->jobs[i].check);
        r->slot = slot;
        r->state = RUNNING;
        run_job(&run->jobs[i], r);
        r->state = DONE;
        if (write(done, "", 1) != 1)
            break; /* the runner is gone */
    }
    _exit(0);
}
