/* engine.c - keeps one worker a slot at work until every job is done. */
#include "compile.h"
#include "jobs.h"
#include "options.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

/* How often the parent looks around when nothing is reported; while something
 * is being compiled. */
#define LOOK_MS 200
#define LOOK_COMPILING_MS 5
#define SAVE_EVERY_S 2.0
/* A run shorter than this shows no progress line. */
#define PROGRESS_AFTER_S 2.0

static volatile sig_atomic_t caught_signal;

static void on_signal(int signal)
{
    caught_signal = signal;
}

/* The engine's own state during one run. */
struct engine {
    struct run *run;
    struct queue *queue;
    pid_t workers[MAX_SLOTS];
    int done[2]; /* a byte for each finished job */
    size_t delivered;
    int deaths; /* of workers that had no job to blame */
    double saved;
    bool shows_progress;
    bool counts;      /* all is compiled, and well */
    sigset_t outside; /* signal mask outside the waiting */
};

static const int CAUGHT[] = {SIGINT, SIGTERM, SIGHUP};
#define CAUGHT_COUNT (sizeof(CAUGHT) / sizeof(CAUGHT[0]))

static void catch_signals(struct engine *e)
{
    sigset_t set;
    sigemptyset(&set);
    for (size_t i = 0; i < CAUGHT_COUNT; i++) {
        struct sigaction action = {.sa_handler = on_signal};
        sigaction(CAUGHT[i], &action, NULL);
        sigaddset(&set, CAUGHT[i]);
    }
    signal(SIGPIPE, SIG_IGN); /* `| head` must not lose the results */
    sigprocmask(SIG_BLOCK, &set, &e->outside);
}

static bool start_worker(struct engine *e, int slot)
{
    fflush(NULL);
    pid_t runner = getpid();
    pid_t pid = fork();
    if (pid == 0) {
        /* A group of its own: Check kills its own group on SIGTERM, and a
         * Ctrl+C is the runner's to handle. */
        setpgid(0, 0);
        end_with_parent(runner);
        for (size_t i = 0; i < CAUGHT_COUNT; i++)
            signal(CAUGHT[i], SIG_DFL);
        signal(SIGPIPE, SIG_DFL);
        sigprocmask(SIG_SETMASK, &e->outside, NULL);
        close(e->done[0]);
        worker_main(e->run, e->queue, slot, e->done[1]);
    }
    e->workers[slot] = pid > 0 ? pid : 0;
    return pid > 0;
}

/* The job that a dead worker was at becomes an error; a new worker goes on. */
static void replace_worker(struct engine *e, int slot, int status)
{
    bool had_job = false;
    e->workers[slot] = 0;
    for (size_t i = e->delivered; i < e->run->count; i++) {
        struct record *r = &e->run->records[i];
        if (r->state != RUNNING || r->slot != slot)
            continue;
        char text[128];
        snprintf(text,
                 sizeof(text),
                 "The worker that ran the check was ended by signal %d.",
                 WIFSIGNALED(status) ? WTERMSIG(status) : 0);
        record_error(r, KIND_INFRASTRUCTURE, text);
        record_clean(r);
        r->state = DONE;
        had_job = true;
    }
    if (!had_job && ++e->deaths > 3)
        return;
    start_worker(e, slot); /* it ends at once if nothing is left to do */
}

static bool look_after_workers(struct engine *e)
{
    bool any = false;
    for (int slot = 0; slot < e->run->slots; slot++) {
        int status;
        if (e->workers[slot] &&
            waitpid(e->workers[slot], &status, WNOHANG) == e->workers[slot]) {
            if (WIFEXITED(status) && WEXITSTATUS(status) == 0)
                e->workers[slot] = 0;
            else
                replace_worker(e, slot, status);
        }
        any = any || e->workers[slot];
    }
    return any;
}

static void clear_progress(struct engine *e)
{
    if (e->shows_progress)
        fputs("\r\033[K", stderr);
    e->shows_progress = false;
}

static void show_progress(struct engine *e)
{
    if (!option_progress() || engine_clock() < PROGRESS_AFTER_S)
        return;
    size_t done = 0;
    for (size_t i = 0; i < e->run->count; i++)
        done += e->run->records[i].state == DONE;
    fprintf(stderr,
            "\r\033[K%zu of %zu checks done, %.0f s",
            done,
            e->run->count,
            engine_clock());
    e->shows_progress = true;
}

static void deliver(struct engine *e)
{
    struct run *run = e->run;
    bool save = engine_clock() - e->saved > SAVE_EVERY_S;
    while (e->delivered < run->count &&
           run->records[e->delivered].state == DONE) {
        const struct record *r = &run->records[e->delivered];
        clear_progress(e);
        if (run->on_result)
            run->on_result(run->context, e->delivered, r);
        save = save || r->kind == KIND_TIMEOUT;
        e->delivered++;
    }
    if (save && run->on_save && e->delivered < run->count) {
        e->saved = engine_clock();
        run->on_save(run->context);
    }
}

/* After a stop: what is finished counts, what was being run was not run. */
static void deliver_rest(struct engine *e)
{
    for (; e->delivered < e->run->count; e->delivered++) {
        struct record *r = &e->run->records[e->delivered];
        if (!e->counts)
            r->state = WAITING;
        if (r->state != DONE)
            record_restart(r);
        else if (e->run->on_result)
            e->run->on_result(e->run->context, e->delivered, r);
    }
}

/* Until something is reported, for a while. */
static void wait_a_while(struct engine *e)
{
    struct pollfd waits = {.fd = e->done[0], .events = POLLIN};
    long ms = e->counts ? LOOK_MS : LOOK_COMPILING_MS;
    struct timespec look = {.tv_nsec = ms * 1000000L};
    char bytes[256];
    if (ppoll(&waits, 1, &look, &e->outside) > 0)
        while (read(e->done[0], bytes, sizeof(bytes)) > 0)
            ;
}

/* False: it did not build. */
static bool notice_compiled(struct engine *e)
{
    if (e->counts || compile_goes_on(NULL))
        return true;
    e->counts = !e->run->on_compiled || e->run->on_compiled(e->run->context);
    return e->counts;
}

static void work(struct engine *e)
{
    bool any = true;
    while (any && e->delivered < e->run->count && !caught_signal) {
        wait_a_while(e);
        any = look_after_workers(e);
        if (!notice_compiled(e))
            break;
        if (e->counts)
            deliver(e);
        show_progress(e);
    }
    clear_progress(e);
    /* At the end of the jobs, workers about to leave; after a stop, all: what
     * a dead worker leaves behind becomes ours, and dies next. */
    kill_children();
    deliver_rest(e);
}

bool engine_run(struct run *run)
{
    struct engine e = {.run = run, .done = {-1, -1}, .saved = engine_clock()};
    double began = e.saved;
    int started = 0;
    bool ok = false;

    run->records = results_map(run->count);
    e.queue = queue_make(run);
    if (!run->records || !e.queue || pipe2(e.done, O_CLOEXEC | O_NONBLOCK)) {
        fprintf(stderr,
                "The runner has no memory or no pipe: %s.\n",
                strerror(errno));
        goto out;
    }
    adopt_orphans();
    catch_signals(&e);
    for (int slot = 0; slot < run->slots; slot++)
        started += start_worker(&e, slot);
    if (run->count && !started) {
        fprintf(stderr,
                "The runner cannot start a process: %s.\n",
                strerror(errno));
        goto out;
    }
    work(&e);
    run->stopped_by = caught_signal;
    run->seconds = engine_clock() - began;
    sigprocmask(SIG_SETMASK, &e.outside, NULL);
    ok = true;
out:
    if (e.done[0] >= 0)
        close(e.done[0]);
    if (e.done[1] >= 0)
        close(e.done[1]);
    queue_free(e.queue);
    return ok;
}

void engine_free(struct run *run)
{
    results_unmap(run->records, run->count);
    run->records = NULL;
}
