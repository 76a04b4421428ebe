/* stage.h - what the rows work with. Handles given out here are closed when
 * the row ends, and the thread is reverted, so that a row may return anywhere.
 */
#ifndef NPLAB_STAGE_H
#define NPLAB_STAGE_H

#include <windows.h>
#include <stdbool.h>

#define SQOS SECURITY_SQOS_PRESENT
#define BOTH_WAYS (GENERIC_READ | GENERIC_WRITE)

/* Closes the handle when the row ends. Returns it. */
HANDLE keep(HANDLE handle);
/* Closes it now. */
void drop(HANDLE handle);
/* Ends the row's scope. */
void stage_clear(void);

/* A name for this row's pipe, event or file, new for each row. */
const wchar_t *pipe_name(void);
const wchar_t *object_name(void);
const wchar_t *file_name(void);
void stage_next_row(void);

/* A message pipe's instance of pipe_name(); `sddl` NULL: default security. */
HANDLE serve(void);
HANDLE serve_as(DWORD open_mode, DWORD instances, const wchar_t *sddl);
/* A client of pipe_name() with these SQOS flags; INVALID_HANDLE_VALUE and the
 * last error. */
HANDLE dial(DWORD flags);
HANDLE dial_for(DWORD access, DWORD flags);

bool say(HANDLE pipe, const char *text);
/* Reads at most `size` bytes; the count, or -1. */
int hear(HANDLE pipe, DWORD size);

/* 0 when the call succeeds, else its error. */
DWORD become(HANDLE server);

/* The thread's level; -1: not impersonating, -2: it cannot be opened (1347). */
int level_now(void);

/* True when the thread's token has the lesser identity. */
bool is_lesser(void);

/* An impersonation token in which the lab group counts for denial only; the
 * group is the first of INTERACTIVE, LOCAL and Administrators that this
 * process has enabled. */
HANDLE lesser_token(void);
const wchar_t *group(void); /* its SID as text */

/* Puts a lesser token, or one of this process at a level, on the thread. */
bool wear_lesser(void);
bool wear_level(SECURITY_IMPERSONATION_LEVEL level);

/* SDDL with %ls for the group; the attributes stay valid until the row ends. */
SECURITY_ATTRIBUTES *security(const wchar_t *sddl);
#define GROUP_ONLY L"D:P(A;;GA;;;%ls)"
#define NULL_DACL L"D:NO_ACCESS_CONTROL"

/* The error of an open; 0 when it succeeded (the handle is closed). */
DWORD try_file(const wchar_t *path, DWORD access);
DWORD try_event(const wchar_t *name, DWORD access);

/* Makes object_name() an event, file_name() a file, with this security. */
bool put_event(const wchar_t *sddl);
bool put_file(const wchar_t *sddl);

/* Runs this program again in a role, to its end: the role's result, or
 * 0xFFFFFFFF when it could not be run within ten seconds. */
DWORD run_role(const wchar_t *role, bool lesser, const wchar_t *argument);
/* Starts it only; the process, kept. */
HANDLE start_role(const wchar_t *role, bool lesser, const wchar_t *argument);
DWORD play_role(const wchar_t *role, const wchar_t *argument);

/* A privilege that every token has and that no row depends on. */
#define SPARE_PRIVILEGE L"SeChangeNotifyPrivilege"

/* True when the token has the privilege, enabled or not. */
bool has_privilege(HANDLE token, const wchar_t *name);
/* Enables or disables SPARE_PRIVILEGE in the process token. */
bool switch_privilege(bool enabled);

/* This thread is a server's that has impersonated a client at the level. */
bool at_level(SECURITY_IMPERSONATION_LEVEL level);
/* A copy of the process token, kept. */
HANDLE own_copy(SECURITY_IMPERSONATION_LEVEL level, TOKEN_TYPE type);

#endif
