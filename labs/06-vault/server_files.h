/* server_files.h - the vault's folder: opened as the client, used as the
 * server. */
#ifndef SERVER_FILES_H
#define SERVER_FILES_H

#include "server_request.h"

/*
 * files_begin - says which folder is the vault, and makes it if it is absent.
 *
 * Returns 0; ERROR_FILENAME_EXCED_RANGE (206); or the code of
 * GetFullPathNameW or CreateDirectoryW.
 */
NP_NODISCARD DWORD files_begin(const wchar_t *folder);

/*
 * files_open_as - opens what a request is about, for what it wants to do.
 *
 * client   in   the client's token, with TOKEN_IMPERSONATE
 * request  in   its name is an allowed one
 * file     out  the caller closes it; NULL on failure. The folder for LIST
 *
 * The system decides, by the client's rights, at the open and nowhere else. On
 * return the thread is itself again; if that cannot be had, the process is
 * ended here.
 *
 * Returns 0; ERROR_ACCESS_DENIED (5); ERROR_BAD_IMPERSONATION_LEVEL (1346)
 * when the token is good for looking only (L07); ERROR_FILE_NOT_FOUND (2); or
 * another code of SetThreadToken or CreateFileW.
 */
NP_NODISCARD DWORD files_open_as(HANDLE client,
                                 const struct request *request,
                                 HANDLE *file);

/*
 * files_use - does what the request wants with what was opened for it.
 *
 * reply  out  a whole reply if the result is 0
 *
 * The handle has the rights of its open: they were the client's, and nobody
 * asks again (L16). Returns 0; ERROR_FILE_TOO_LARGE (223) for content or a
 * list that no reply can hold; or a code of the call that failed.
 */
NP_NODISCARD DWORD files_use(HANDLE file,
                             const struct request *request,
                             struct reply *reply);

#endif
