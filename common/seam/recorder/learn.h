/* learn.h - what the recorder learns from a call that has just been made. */
#ifndef NPLAB_LEARN_H
#define NPLAB_LEARN_H

#include "../seam.h"

/* A call's arguments that matter to the recorder's memory. */
struct facts {
    HANDLE object; /* the handle the call was about */
    HANDLE token;
    HANDLE copy;             /* the handle the call gave back */
    HANDLE from, to;         /* DuplicateHandle: the processes, else NULL */
    HANDLE *thread;          /* SetThreadToken: NULL for the calling thread */
    const wchar_t *path;     /* only one of path */
    const char *narrow_path; /* and narrow_path, or none */
};

/* Whether the call's object is a handle of this process: DuplicateHandle also
 * takes those of others, in which the same number is another handle. */
bool learn_is_ours(const struct facts *facts);

/* Remembers names of new handles and the thread's new identity. */
void learn(enum seam_id id, const struct facts *facts, ULONG_PTR result);

#endif
