/*
 * sandbox_msys.c - the director on Windows itself, started from MSYS2.
 *
 * There is no Wine and no bubblewrap here: the programs run as the user's own.
 * The director's job object ends them all when the director ends. Nobody has
 * run this file on Windows yet; reports are welcome.
 */
#include "engine.h"
#include "sandbox.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/cygwin.h>
#include <sys/wait.h>
#include <unistd.h>

const char *sandbox_problem(void)
{
    return "bubblewrap does not exist on Windows";
}

const char *wine_problem(void)
{
    return NULL;
}

static bool to_windows(const char *path, char *out, size_t size)
{
    return cygwin_conv_path(
               CCP_POSIX_TO_WIN_A | CCP_ABSOLUTE, path, out, size) == 0;
}

/* The director looks for the programs in one folder: theirs. */
__attribute__((noreturn)) static void become_director(
    const struct sandbox *box, const struct sandbox_plan *plan, int theirs[3])
{
    char lab[4096], lab_windows[4096], work_windows[4096];
    snprintf(lab, sizeof lab, "%s", plan->files[0].path);
    char *slash = strrchr(lab, '/');
    if (slash != NULL)
        *slash = '\0';
    for (int i = 0; i < 3; i++)
        dup2(theirs[i], i);
    if (to_windows(
            slash == NULL ? "." : lab, lab_windows, sizeof lab_windows) &&
        to_windows(box->folder, work_windows, sizeof work_windows))
        execl(plan->director,
              "director.exe",
              lab_windows,
              work_windows,
              (char *)NULL);
    fprintf(
        stderr, "sandbox: cannot start the director: %s\n", strerror(errno));
    _exit(127);
}

const char *sandbox_start(struct sandbox *box, const struct sandbox_plan *plan)
{
    int in[2], out[2], err[2];
    *box = (struct sandbox){.to = -1, .from = -1, .err = -1};
    snprintf(box->folder, sizeof box->folder, "/tmp/nplab-XXXXXX");
    if (mkdtemp(box->folder) == NULL) {
        box->folder[0] = '\0';
        return "no folder could be made for the programs to work in";
    }
    if (pipe2(in, O_CLOEXEC) != 0 || pipe2(out, O_CLOEXEC) != 0 ||
        pipe2(err, O_CLOEXEC) != 0)
        return "no pipes could be made for the director";
    int theirs[3] = {in[0], out[1], err[1]};
    box->to = in[1], box->from = out[0], box->err = err[0];
    fcntl(box->err, F_SETFL, O_NONBLOCK);
    fflush(NULL);
    box->pid = fork();
    if (box->pid == 0)
        become_director(box, plan, theirs);
    for (int i = 0; i < 3; i++)
        close(theirs[i]);
    return box->pid < 0 ? "no process could be made for the director" : NULL;
}

void sandbox_stop(struct sandbox *box)
{
    int *const ends[] = {&box->to, &box->from, &box->err};
    if (box->pid > 0) {
        kill(box->pid, SIGKILL);
        waitpid(box->pid, NULL, 0);
    }
    box->pid = 0;
    for (int i = 0; i < 3; i++) {
        if (*ends[i] >= 0)
            close(*ends[i]);
        *ends[i] = -1;
    }
    if (box->folder[0] != '\0') {
        char command[300];
        snprintf(command, sizeof command, "rm -rf -- '%s'", box->folder);
        if (system(command) != 0)
            fprintf(stderr, "note: %s was not removed\n", box->folder);
    }
    box->folder[0] = '\0';
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
