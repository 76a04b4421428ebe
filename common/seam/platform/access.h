/* access.h - how Windows decides whether a token may have what it asks for.
 *
 * Wine's own check lets a deny entry pass that names a deny-only group (fact
 * D05), and makes none for files and pipes (D06, D08). This one is whole, but
 * for integrity labels, restricting SIDs and conditional entries, which Wine's
 * tokens cannot carry. */
#ifndef NPLAB_ACCESS_H
#define NPLAB_ACCESS_H

#include <windows.h>
#include <stdbool.h>

/* Maps generic rights as for a file or a pipe. */
extern const GENERIC_MAPPING access_file_mapping;

/* Decides for the token that decides for the calling thread. Keeps the last
 * error. */
bool access_allows(PSECURITY_DESCRIPTOR descriptor, DWORD desired);

#endif
