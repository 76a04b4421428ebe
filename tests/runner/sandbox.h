/*
 * sandbox.h - one private Windows: the director in it, and the way to it.
 *
 * With bubblewrap it is a set of fresh namespaces with a 72 KB Wine prefix in
 * memory, no network and no file of the host but /usr. Without, it is a Wine
 * prefix of its own in a fresh folder, and nothing holds a hostile program
 * back but its limits.
 *
 *     C:\lab    the submission's programs
 *     C:\kit    the director
 *     C:\work   scratch, empty at first, where programs start
 */
#ifndef NPLAB_SANDBOX_H
#define NPLAB_SANDBOX_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

/* A program of the host and its name in C:\lab. */
struct sandbox_file {
    const char *path, *name;
};
#define SANDBOX_FILES 4

struct sandbox_plan {
    const char *director;
    struct sandbox_file files[SANDBOX_FILES]; /* up to the first NULL path */
    bool isolated;                            /* by bubblewrap */
    double timeout_scale;                     /* for the processor time */
};

struct sandbox {
    pid_t pid;         /* bwrap, or wine64 itself; 0 when there is none */
    int to, from, err; /* the director's standard handles; -1 when closed */
    bool isolated;
    unsigned tasks;   /* the director is to allow that many; 0: no limit */
    char folder[256]; /* of an unsandboxed Windows, else "" */
};

/* Starts the director. NULL, or the problem in one sentence. */
const char *sandbox_start(struct sandbox *box, const struct sandbox_plan *plan);

/* Ends everything in it and waits until it is gone. Twice is allowed. */
void sandbox_stop(struct sandbox *box);

/* What Wine and the director said on standard error, at most size - 1 bytes,
 * of what has not been read yet. */
void sandbox_errors(struct sandbox *box, char *text, size_t size);

/* ---- between the sandbox's own files ---------------------------------------
 */

/* Where Wine is on this machine. Strings are NULL when there is none. */
struct wine {
    const char *loader;     /* wine64 */
    const char *dlls;       /* folder of the Windows DLLs, x86_64-windows */
    const char *extra_root; /* to be bound beside /usr, or NULL */
};
const struct wine *find_wine(void);
const char *wine_problem(void);

struct prefix_file {
    const char *path, *text;
};
extern const struct prefix_file PREFIX_FILES[]; /* path NULL ends */
extern const char *const PREFIX_FOLDERS[];      /* NULL ends */
extern const char *const WINE_ENVIRONMENT[][2]; /* {NULL, NULL} ends */

/* A file that holds text, at its beginning, and survives exec. -1: no. */
int memory_file(const void *text, size_t size);

/* The seccomp program as bytes. */
const void *sandbox_filter(size_t *size);

/* bwrap knows no --disable-userns; sandbox_problem finds out. */
extern bool bwrap_is_old;

/* Replace the process; they return only when that fails. files are open
 * descriptors, one for each of the plan's programs, then the director's. */
void exec_bwrap(const struct sandbox_plan *plan, const int *files);
void exec_plain(const struct sandbox *box);

/* The folder of an unsandboxed Windows. false and errno if it fails. */
bool make_plain(struct sandbox *box, const struct sandbox_plan *plan);
void remove_plain(const struct sandbox *box);

/* The user that takes the place of root in the sandbox. */
#define SANDBOX_UID 1000

#endif
