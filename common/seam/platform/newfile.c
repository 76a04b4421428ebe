/* newfile.c - see newfile.h. */
#include "newfile.h"
#include "descriptor.h"
#include "filestore.h"
#include "platform.h"

bool newfile_exists(const wchar_t *key)
{
    DWORD error = GetLastError();
    bool found = seam_real.GetFileAttributesW(key) != INVALID_FILE_ATTRIBUTES;

    SetLastError(error);
    return found;
}

static bool gives_dacl(const SECURITY_ATTRIBUTES *security)
{
    BOOL present = FALSE, defaulted;
    ACL *dacl;

    return security != NULL && security->lpSecurityDescriptor != NULL &&
           GetSecurityDescriptorDacl(
               security->lpSecurityDescriptor, &present, &dacl, &defaulted) &&
           present;
}

static bool inherits(const wchar_t *key, void *descriptor, bool is_folder)
{
    wchar_t parent[STORE_PATH];
    BYTE folder[STORE_DESCRIPTOR];

    return store_parent(key, parent) && store_load(parent, folder) &&
           descriptor_inherit(descriptor, STORE_DESCRIPTOR, folder, is_folder);
}

void newfile_keep(const wchar_t *key,
                  const SECURITY_ATTRIBUTES *security,
                  bool is_folder)
{
    BYTE descriptor[STORE_DESCRIPTOR];
    DWORD error = GetLastError();
    PSECURITY_DESCRIPTOR given =
        security == NULL ? NULL : security->lpSecurityDescriptor;

    if (!descriptor_make(given, DEFAULT_FILE, descriptor, sizeof descriptor) ||
        (!gives_dacl(security) && !inherits(key, descriptor, is_folder)) ||
        !store_save(key, descriptor))
        store_forget(key);
    SetLastError(error);
}
