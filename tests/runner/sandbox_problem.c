/* sandbox_problem.c - whether bubblewrap can make a sandbox on this machine. */
#include "engine.h"
#include "sandbox.h"

#include <grp.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

bool bwrap_is_old;

/* The same namespaces as a play's, around a program that does nothing. */
__attribute__((noreturn)) static void try_bwrap(int complaints)
{
    dup2(complaints, STDOUT_FILENO);
    dup2(complaints, STDERR_FILENO);
    if (geteuid() == 0 &&
        (setgroups(0, NULL) != 0 ||
         setresgid(SANDBOX_UID, SANDBOX_UID, SANDBOX_UID) != 0 ||
         setresuid(SANDBOX_UID, SANDBOX_UID, SANDBOX_UID) != 0)) {
        fprintf(stderr, "root cannot become another user\n");
        _exit(1);
    }
    execlp("bwrap",
           "bwrap",
           "--unshare-all",
           "--unshare-user",
           bwrap_is_old ? "--unshare-user" : "--disable-userns",
           "--cap-drop",
           "ALL",
           "--ro-bind",
           "/usr",
           "/usr",
           "--symlink",
           "usr/lib",
           "/lib",
           "--symlink",
           "usr/lib64",
           "/lib64",
           "--proc",
           "/proc",
           "--dev",
           "/dev",
           "/usr/bin/true",
           (char *)NULL);
    fprintf(stderr, "bubblewrap is not installed (package bubblewrap)\n");
    _exit(1);
}

/* One try: NULL, or what bwrap said. */
static const char *try_once(void)
{
    static char said[300];
    int ends[2], status = 0;
    size_t size = 0;
    if (pipe(ends) != 0)
        return "no pipe could be made";
    fflush(NULL);
    pid_t pid = fork();
    if (pid == 0)
        try_bwrap(ends[1]);
    close(ends[1]);
    for (ssize_t got = 1; got > 0 && size < sizeof said - 1;) {
        got = read(ends[0], said + size, sizeof said - 1 - size);
        if (got > 0)
            size += (size_t)got;
    }
    close(ends[0]);
    said[size] = '\0';
    said[strcspn(said, "\n")] = '\0';
    if (pid < 0 || waitpid(pid, &status, 0) != pid)
        return "bwrap could not be started";
    if (WIFEXITED(status) && WEXITSTATUS(status) == 0)
        return NULL;
    return said[0] == '\0' ? "bwrap failed without a word" : said;
}

const char *sandbox_problem(void)
{
    const char *problem = try_once();
    /* Before 0.8 it could not forbid further user namespaces. */
    if (problem != NULL && strstr(problem, "nknown option") != NULL) {
        bwrap_is_old = true;
        problem = try_once();
    }
    return problem;
}
