/* sandbox.c - starts and ends a private Windows. */
#include "sandbox.h"

#include "jobs.h"

#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/personality.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define MIB (1024u * 1024u)
#define CPU_SECONDS 30.0
#define TASKS_MAX 400u

static void set_limit(__rlimit_resource_t what, rlim_t most)
{
    struct rlimit limit = {most, most};
    if (setrlimit(what, &limit) != 0 && getrlimit(what, &limit) == 0) {
        limit.rlim_cur = limit.rlim_max; /* the caller's own, lower */
        setrlimit(what, &limit);
    }
}

static void set_limits(double scale)
{
    set_limit(RLIMIT_CORE, 0);
    set_limit(RLIMIT_DATA, 512u * MIB);
    set_limit(RLIMIT_AS, (rlim_t)8192 * MIB);
    set_limit(RLIMIT_FSIZE, 128u * MIB);
    set_limit(RLIMIT_CPU, (rlim_t)(CPU_SECONDS * (scale < 1 ? 1 : scale)));
}

/* Wine as Debian ships it maps a page at a fixed address that a random heap
 * covers once in some 7,700 starts; so no random addresses. */
static void fix_addresses(void)
{
    int now = personality(0xffffffff);
    if (now != -1)
        personality((unsigned long)now | ADDR_NO_RANDOMIZE);
}

static bool drop_root(void)
{
    return geteuid() != 0 ||
           (setgroups(0, NULL) == 0 &&
            setresgid(SANDBOX_UID, SANDBOX_UID, SANDBOX_UID) == 0 &&
            setresuid(SANDBOX_UID, SANDBOX_UID, SANDBOX_UID) == 0);
}

static void close_from(int first)
{
    for (int file = first; file < first + 64; file++) {
        int flags = fcntl(file, F_GETFD);
        if (flags >= 0)
            fcntl(file, F_SETFD, flags | FD_CLOEXEC);
    }
}

/* In the child. files: one for each program, then the director. */
__attribute__((noreturn)) static void
become_windows(const struct sandbox *box,
               const struct sandbox_plan *plan,
               const int standard[3],
               int *files,
               pid_t parent)
{
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    if (getppid() != parent)
        _exit(127);
    signal(SIGPIPE, SIG_DFL);
    setsid(); /* Ctrl+C is for the runner, which then ends this in order */
    for (int i = 0; i < 3; i++)
        dup2(standard[i], i);
    close_from(3);
    for (int i = 0; i <= SANDBOX_FILES; i++)
        if (files[i] >= 0)
            fcntl(files[i], F_SETFD, 0);
    fix_addresses();
    set_limits(plan->timeout_scale);
    if (!drop_root()) {
        fprintf(stderr, "sandbox: cannot give up root: %s\n", strerror(errno));
        _exit(127);
    }
    prctl(PR_SET_PDEATHSIG, SIGKILL); /* a change of user clears it */
    if (plan->isolated)
        exec_bwrap(plan, files);
    else
        exec_plain(box);
    fprintf(stderr,
            "sandbox: cannot start %s: %s\n",
            plan->isolated ? "bwrap" : "wine64",
            strerror(errno));
    _exit(127);
}

/* Three pipes: theirs[i] becomes the director's standard handle i. */
static bool make_pipes(struct sandbox *box, int theirs[3])
{
    int in[2], out[2], err[2];
    if (pipe2(in, O_CLOEXEC) != 0)
        return false;
    if (pipe2(out, O_CLOEXEC) != 0) {
        close(in[0]), close(in[1]);
        return false;
    }
    if (pipe2(err, O_CLOEXEC) != 0) {
        close(in[0]), close(in[1]), close(out[0]), close(out[1]);
        return false;
    }
    box->to = in[1], box->from = out[0], box->err = err[0];
    theirs[0] = in[0], theirs[1] = out[1], theirs[2] = err[1];
    fcntl(box->err, F_SETFL, O_NONBLOCK);
    return true;
}

static void open_files(const struct sandbox_plan *plan, int *files)
{
    int count = 0;
    for (int i = 0; i <= SANDBOX_FILES; i++)
        files[i] = -1;
    for (; count < SANDBOX_FILES && plan->files[count].path != NULL; count++)
        files[count] = open(plan->files[count].path, O_RDONLY | O_CLOEXEC);
    files[count] = open(plan->director, O_RDONLY | O_CLOEXEC);
}

const char *sandbox_start(struct sandbox *box, const struct sandbox_plan *plan)
{
    static char problem[512];
    int theirs[3], files[SANDBOX_FILES + 1];
    *box = (struct sandbox){.to = -1, .from = -1, .err = -1};
    box->isolated = plan->isolated;
    box->tasks = plan->isolated ? TASKS_MAX : 0;
    if (wine_problem() != NULL)
        return wine_problem();
    if (access(plan->director, R_OK) != 0) {
        snprintf(problem,
                 sizeof problem,
                 "the director %s cannot be read: %s",
                 plan->director,
                 strerror(errno));
        return problem;
    }
    if (!plan->isolated && !make_plain(box, plan)) {
        snprintf(problem,
                 sizeof problem,
                 "a folder for a private Windows could not be made: %s",
                 strerror(errno));
        return problem;
    }
    if (!make_pipes(box, theirs))
        return "no pipes could be made for the director";
    open_files(plan, files);
    fflush(NULL);
    pid_t parent = getpid();
    box->pid = fork();
    if (box->pid == 0)
        become_windows(box, plan, theirs, files, parent);
    for (int i = 0; i < 3; i++)
        close(theirs[i]);
    for (int i = 0; i <= SANDBOX_FILES; i++)
        if (files[i] >= 0)
            close(files[i]);
    return box->pid < 0 ? "no process could be made for the sandbox" : NULL;
}

/* bwrap's child is the first process of the sandbox: when it dies, the
 * kernel ends all others there and only then lets bwrap know. */
static void kill_inside(pid_t bwrap)
{
    char path[64];
    snprintf(path, sizeof path, "/proc/%d/task/%d/children", bwrap, bwrap);
    FILE *list = fopen(path, "re");
    int child, killed = 0;
    while (list != NULL && fscanf(list, "%d", &child) == 1)
        killed += kill(child, SIGKILL) == 0;
    if (list != NULL)
        fclose(list);
    if (killed == 0)
        kill(bwrap, SIGKILL);
}

static bool wait_for(pid_t pid, int ms)
{
    for (int waited = 0; waited < ms * 10; waited++) {
        if (waitpid(pid, NULL, WNOHANG) != 0)
            return true;
        nanosleep(&(struct timespec){.tv_nsec = 100000}, NULL);
    }
    return false;
}

void sandbox_stop(struct sandbox *box)
{
    if (box->pid > 0 && box->isolated) {
        kill_inside(box->pid);
        if (!wait_for(box->pid, 3000)) {
            kill(box->pid, SIGKILL);
            waitpid(box->pid, NULL, 0);
        }
    } else if (box->pid > 0) {
        kill_children();
        remove_plain(box);
    }
    box->pid = 0;
    int *const ends[] = {&box->to, &box->from, &box->err};
    for (int i = 0; i < 3; i++) {
        if (*ends[i] >= 0)
            close(*ends[i]);
        *ends[i] = -1;
    }
}

void sandbox_errors(struct sandbox *box, char *text, size_t size)
{
    size_t used = 0;
    ssize_t got = 1;
    while (box->err >= 0 && used < size - 1 && got > 0) {
        got = read(box->err, text + used, size - 1 - used);
        if (got > 0)
            used += (size_t)got;
    }
    text[used] = '\0';
}
