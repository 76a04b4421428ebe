/* newfile.h - the descriptor that a file has from its beginning. */
#ifndef NPLAB_NEWFILE_H
#define NPLAB_NEWFILE_H

#include <windows.h>
#include <stdbool.h>

/* Whether a file or folder is there already; who asks before the call that may
 * make it knows afterwards whether it is new. Keeps the last error. */
bool newfile_exists(const wchar_t *key);

/* Keeps the descriptor of a new one: what its creator gave, or what it
 * inherits. A file with neither must not get that of an earlier one of its
 * name. Keeps the last error. */
void newfile_keep(const wchar_t *key,
                  const SECURITY_ATTRIBUTES *security,
                  bool is_folder);

#endif
