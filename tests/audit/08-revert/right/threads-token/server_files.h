/*
 * server_files.h - the requests about files that are done on the spot.
 *
 * pipe is the connection of the client that asks. path is the file's, made
 * by the server from its folder and a name that holds no separators.
 */
#ifndef SERVER_FILES_H
#define SERVER_FILES_H

#include "np_error.h"

/* Opens a file as whoever the thread is. *file is NULL on failure. */
NP_NODISCARD DWORD open_file(const wchar_t *path,
                             DWORD access,
                             DWORD disposition,
                             HANDLE *file);

/* Opens a file for reading as the client; the thread is the server again on
 * return. The caller closes *file. */
NP_NODISCARD DWORD open_as_client(HANDLE pipe,
                                  const wchar_t *path,
                                  HANDLE *file);

/* Reads all of a file, from its beginning, at most size bytes. Returns
 * ERROR_FILE_TOO_LARGE (223) if it is longer. */
NP_NODISCARD DWORD read_file(HANDLE file, char *data, DWORD size, DWORD *got);

/* Copies a file, as whoever the thread is. */
NP_NODISCARD DWORD copy_file(const wchar_t *from, const wchar_t *to);

/* GET: the content of a file. */
NP_NODISCARD DWORD
serve_get(HANDLE pipe, const wchar_t *path, char *data, DWORD size, DWORD *got);

/* PUT: replaces a file's content, unless it holds just that already: then the
 * file stays untouched, with its time. name is for the log. */
NP_NODISCARD DWORD serve_put(HANDLE pipe,
                             const wchar_t *path,
                             const char *name,
                             const char *data,
                             DWORD size);

#endif
