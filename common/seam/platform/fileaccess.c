/* fileaccess.c - see fileaccess.h. */
#include "fileaccess.h"
#include "access.h"
#include "filestore.h"

bool file_refuse_unless(bool allowed)
{
    if (!allowed)
        SetLastError(ERROR_ACCESS_DENIED);
    return allowed;
}

bool file_parent_allows(const wchar_t *key, DWORD right)
{
    wchar_t parent[STORE_PATH];
    BYTE descriptor[STORE_DESCRIPTOR];

    return !store_parent(key, parent) || !store_load(parent, descriptor) ||
           access_allows(descriptor, right);
}

bool file_may_open(const wchar_t *key, DWORD access)
{
    GENERIC_MAPPING mapping = access_file_mapping;
    BYTE descriptor[STORE_DESCRIPTOR];

    if (!store_load(key, descriptor))
        return true;
    MapGenericMask(&access, &mapping);
    access |= SYNCHRONIZE | FILE_READ_ATTRIBUTES;
    /* Whoever may list the folder may read the attributes of what is in it,
     * and whoever may delete its children may delete this one. */
    if ((access & FILE_READ_ATTRIBUTES) &&
        file_parent_allows(key, FILE_LIST_DIRECTORY))
        access &= ~(DWORD)FILE_READ_ATTRIBUTES;
    if ((access & DELETE) && file_parent_allows(key, FILE_DELETE_CHILD))
        access &= ~(DWORD)DELETE;
    return access_allows(descriptor, access);
}

bool file_may_delete(const wchar_t *key)
{
    BYTE descriptor[STORE_DESCRIPTOR];

    return file_parent_allows(key, FILE_DELETE_CHILD) ||
           !store_load(key, descriptor) || access_allows(descriptor, DELETE);
}
