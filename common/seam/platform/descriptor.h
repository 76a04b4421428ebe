/* descriptor.h - security descriptors as the system keeps them: self-relative,
 * with an owner, a group and a DACL, and without generic rights. */
#ifndef NPLAB_DESCRIPTOR_H
#define NPLAB_DESCRIPTOR_H

#include <windows.h>
#include <stdbool.h>

/* What an object gets whose creator gave no DACL. */
enum descriptor_default {
    DEFAULT_PIPE, /* owner, SYSTEM, Administrators: all; Everyone: read (P14) */
    DEFAULT_FILE, /* owner, SYSTEM, Administrators: all */
};

/* Makes the descriptor of a new object of the calling thread into `out`. False
 * and the last error when `given` (NULL: nothing was given) is not valid or
 * `out` is too small. */
bool descriptor_make(PSECURITY_DESCRIPTOR given,
                     enum descriptor_default kind,
                     void *out,
                     DWORD size);

/* Gives the descriptor of a new object the entries that it inherits from its
 * folder, in place of its DACL. False when the folder has none for it.
 * CREATOR OWNER is not replaced by the owner, as Windows would. */
bool descriptor_inherit(void *descriptor,
                        DWORD size,
                        PSECURITY_DESCRIPTOR folder,
                        bool is_folder);

/* Replaces the parts of `descriptor` that `which` names by those of `by`. */
bool descriptor_replace(void *descriptor,
                        DWORD size,
                        SECURITY_INFORMATION which,
                        PSECURITY_DESCRIPTOR by);

/* Copies the parts that `which` names, self-relative, as GetFileSecurity and
 * its like do: FALSE with 122 ERROR_INSUFFICIENT_BUFFER and *needed when
 * `size` is too small. */
BOOL descriptor_extract(PSECURITY_DESCRIPTOR descriptor,
                        SECURITY_INFORMATION which,
                        void *out,
                        DWORD size,
                        DWORD *needed);

/* The rights one must have to read or to set these parts. */
DWORD descriptor_read_rights(SECURITY_INFORMATION which);
DWORD descriptor_write_rights(SECURITY_INFORMATION which);

#endif
