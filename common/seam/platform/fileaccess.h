/* fileaccess.h - what a thread may do with a file or a folder. */
#ifndef NPLAB_FILEACCESS_H
#define NPLAB_FILEACCESS_H

#include <windows.h>
#include <stdbool.h>

/* All take keys of the store. A file without a record has the descriptor of
 * the default: everything for its user, SYSTEM and Administrators; and every
 * token that Wine can make is of that user. */

/* May the thread open it with this access? What CreateFile adds is added. */
bool file_may_open(const wchar_t *key, DWORD access);

/* May the thread remove it? The right is on the file or on its folder. */
bool file_may_delete(const wchar_t *key);

/* Has the thread this right on the folder that holds it? */
bool file_parent_allows(const wchar_t *key, DWORD right);

/* The answers above as a Win32 call gives them: TRUE, or FALSE and the last
 * error 5 ERROR_ACCESS_DENIED. */
bool file_refuse_unless(bool allowed);

#endif
