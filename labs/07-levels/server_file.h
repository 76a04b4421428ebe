/*
 * server_file.h - the server's file, opened within the client's rights.
 *
 * In each function path is the file, and *file is for reading; the caller
 * closes it. NULL on failure.
 */
#ifndef SERVER_FILE_H
#define SERVER_FILE_H

#include "server_caller.h"

/*
 * file_open_as_client - the system decides, by the client's token.
 *
 * pipe  in  the server's end; the request has been read
 *
 * Returns 0; ERROR_ACCESS_DENIED (5) where the client may not read;
 * ERROR_BAD_IMPERSONATION_LEVEL (1346) below the level Impersonation; or
 * another code of ImpersonateNamedPipeClient or CreateFile. The thread is
 * itself again on return.
 */
NP_NODISCARD DWORD file_open_as_client(HANDLE pipe,
                                       const wchar_t *path,
                                       HANDLE *file);

/*
 * file_open_if_allowed - the server opens, and decides by AccessCheck.
 *
 * token  in  the client's, at the level Identification or above
 *
 * Returns 0; ERROR_ACCESS_DENIED (5) where the client may not read, or the
 * server; or another code of CreateFile, GetSecurityInfo or AccessCheck.
 */
NP_NODISCARD DWORD file_open_if_allowed(HANDLE token,
                                        const wchar_t *path,
                                        HANDLE *file);

/* file_open - whichever of the two the caller's level allows. At Anonymous
 * neither: ERROR_CANT_OPEN_ANONYMOUS (1347). */
NP_NODISCARD DWORD file_open(HANDLE pipe,
                             const struct caller *caller,
                             const wchar_t *path,
                             HANDLE *file);

/* file_provide - make the file, open to the lab group alone (np_token.h), if
 * there is none. Returns 0, or the code of np_lab_group, CreateFile or
 * WriteFile. */
NP_NODISCARD DWORD file_provide(const wchar_t *path);

#endif
