/* mirror.h - the same lists of pipes and instances that Wine keeps.
 *
 * Wine connects a client to the instance that has listened longest, and tells
 * neither side which pair it made. So every call that changes Wine's list is
 * made under the session's lock together with the same change here, and the
 * head of this list is the instance that a client has just been given.
 *
 * The lock must be held for all of these. They may change the last error. */
#ifndef NPLAB_MIRROR_H
#define NPLAB_MIRROR_H

#include "session.h"

/* Takes the part after \\.\pipe\ of a path; NULL when it is another path. */
const wchar_t *mirror_pipe_name(const wchar_t *path);

/* The pipe of this name, or NULL. Instances of processes that have ended are
 * forgotten first when `purge` is set. */
struct pipe *mirror_find(const wchar_t *name, bool purge);

/* A free entry made into the pipe of this name; NULL: no room. */
struct pipe *mirror_add_pipe(const wchar_t *name);

/* A new instance of the pipe, listening; NULL: no room. */
struct end *mirror_add_end(struct pipe *pipe, HANDLE server);

/* Forgets an instance, its connection, and its pipe if it was the last. */
void mirror_remove_end(struct end *end);

/* Puts the instance at the end of the listening order. */
void mirror_listen(struct end *end);

/* The instance that the next client is given, or NULL. */
struct end *mirror_head(const struct pipe *pipe);

struct pipe *mirror_pipe_of(const struct end *end);

/* After a process died inside the lock: asks Wine for the state of each
 * instance and corrects the lists. */
void mirror_repair(void);

#endif
