/* filestore.h - the security descriptors of files.
 *
 * Wine turns a file's descriptor into Unix modes and forgets the rest (fact
 * D08). Here each one is kept in a small file of its own, named by the path's
 * hash, in C:\ProgramData\nplab. It holds the path and the file's number, so
 * that a record whose file was replaced behind the seam's back is not used. */
#ifndef NPLAB_FILESTORE_H
#define NPLAB_FILESTORE_H

#include <windows.h>
#include <stdbool.h>

#define STORE_DESCRIPTOR 4096 /* bytes of the greatest descriptor */
#define STORE_PATH 1024       /* characters of the longest path */

/* The full path in lower case: the name under which a record is kept. False
 * when it is too long or not a path. */
bool store_key(const wchar_t *path, wchar_t *key);

/* The key of the folder that holds it; false for a drive's root. */
bool store_parent(const wchar_t *key, wchar_t *parent);

/* All take keys and may change the last error. */
bool store_load(const wchar_t *key, void *descriptor);
bool store_save(const wchar_t *key, PSECURITY_DESCRIPTOR descriptor);
void store_forget(const wchar_t *key);
void store_move(const wchar_t *from, const wchar_t *to);

#endif
