/* securityinfo.c - GetSecurityInfo and its three relatives: the same questions
 * as in security.c, with the parts as separate pointers. */
#include "platform.h"
#include "text.h"

#include <stdbool.h>

#define PARTS                                                                  \
    (OWNER_SECURITY_INFORMATION | GROUP_SECURITY_INFORMATION |                 \
     DACL_SECURITY_INFORMATION)

/* Where the caller wants the parts. */
struct wanted {
    PSID *owner, *group;
    ACL **dacl, **sacl;
    PSECURITY_DESCRIPTOR *descriptor;
};

typedef BOOL (*reader)(void *object,
                       SECURITY_INFORMATION which,
                       PSECURITY_DESCRIPTOR descriptor,
                       DWORD size,
                       DWORD *needed);

static BOOL read_path(void *object,
                      SECURITY_INFORMATION which,
                      PSECURITY_DESCRIPTOR descriptor,
                      DWORD size,
                      DWORD *needed)
{
    return platform_GetFileSecurityW(object, which, descriptor, size, needed);
}

static BOOL read_handle(void *object,
                        SECURITY_INFORMATION which,
                        PSECURITY_DESCRIPTOR descriptor,
                        DWORD size,
                        DWORD *needed)
{
    return platform_GetKernelObjectSecurity(
        object, which, descriptor, size, needed);
}

/* Gives out one block, which the caller frees by LocalFree, and pointers into
 * it. */
static DWORD get(reader read,
                 void *object,
                 SECURITY_INFORMATION which,
                 const struct wanted *wanted)
{
    PSECURITY_DESCRIPTOR block;
    BOOL present = FALSE, defaulted;
    DWORD size = 0, error;

    if (read(object, which & PARTS, NULL, 0, &size))
        return ERROR_INVALID_SECURITY_DESCR;
    error = GetLastError();
    if (error != ERROR_INSUFFICIENT_BUFFER)
        return error;
    block = LocalAlloc(LMEM_FIXED, size);
    if (block == NULL)
        return ERROR_NOT_ENOUGH_MEMORY;
    if (!read(object, which & PARTS, block, size, &size)) {
        error = GetLastError();
        LocalFree(block);
        return error;
    }
    if (wanted->owner != NULL && (which & OWNER_SECURITY_INFORMATION))
        GetSecurityDescriptorOwner(block, wanted->owner, &defaulted);
    if (wanted->group != NULL && (which & GROUP_SECURITY_INFORMATION))
        GetSecurityDescriptorGroup(block, wanted->group, &defaulted);
    if (wanted->dacl != NULL && (which & DACL_SECURITY_INFORMATION)) {
        *wanted->dacl = NULL;
        GetSecurityDescriptorDacl(block, &present, wanted->dacl, &defaulted);
    }
    if (wanted->sacl != NULL)
        *wanted->sacl = NULL;
    if (wanted->descriptor != NULL)
        *wanted->descriptor = block;
    else
        LocalFree(block);
    return ERROR_SUCCESS;
}

/* The parts as one descriptor, for the calls of security.c. */
static bool gather(SECURITY_DESCRIPTOR *descriptor,
                   SECURITY_INFORMATION which,
                   PSID owner,
                   PSID group,
                   ACL *dacl)
{
    if (!InitializeSecurityDescriptor(descriptor, SECURITY_DESCRIPTOR_REVISION))
        return false;
    if (which & OWNER_SECURITY_INFORMATION)
        SetSecurityDescriptorOwner(descriptor, owner, FALSE);
    if (which & GROUP_SECURITY_INFORMATION)
        SetSecurityDescriptorGroup(descriptor, group, FALSE);
    if (which & DACL_SECURITY_INFORMATION)
        SetSecurityDescriptorDacl(descriptor, TRUE, dacl, FALSE);
    return true;
}

DWORD WINAPI platform_GetNamedSecurityInfoW(LPCWSTR path,
                                            SE_OBJECT_TYPE type,
                                            SECURITY_INFORMATION which,
                                            PSID *owner,
                                            PSID *group,
                                            PACL *dacl,
                                            PACL *sacl,
                                            PSECURITY_DESCRIPTOR *descriptor)
{
    struct wanted wanted = {owner, group, dacl, sacl, descriptor};

    if (type != SE_FILE_OBJECT)
        return seam_real.GetNamedSecurityInfoW(
            path, type, which, owner, group, dacl, sacl, descriptor);
    return get(read_path, (void *)(ULONG_PTR)path, which, &wanted);
}

DWORD WINAPI platform_GetNamedSecurityInfoA(LPCSTR path,
                                            SE_OBJECT_TYPE type,
                                            SECURITY_INFORMATION which,
                                            PSID *owner,
                                            PSID *group,
                                            PACL *dacl,
                                            PACL *sacl,
                                            PSECURITY_DESCRIPTOR *descriptor)
{
    struct text wide;

    return platform_GetNamedSecurityInfoW(text_widen(&wide, path),
                                          type,
                                          which,
                                          owner,
                                          group,
                                          dacl,
                                          sacl,
                                          descriptor);
}

DWORD WINAPI platform_GetSecurityInfo(HANDLE object,
                                      SE_OBJECT_TYPE type,
                                      SECURITY_INFORMATION which,
                                      PSID *owner,
                                      PSID *group,
                                      PACL *dacl,
                                      PACL *sacl,
                                      PSECURITY_DESCRIPTOR *descriptor)
{
    struct wanted wanted = {owner, group, dacl, sacl, descriptor};

    if (type != SE_FILE_OBJECT && type != SE_KERNEL_OBJECT)
        return seam_real.GetSecurityInfo(
            object, type, which, owner, group, dacl, sacl, descriptor);
    return get(read_handle, object, which, &wanted);
}

DWORD WINAPI platform_SetNamedSecurityInfoW(LPWSTR path,
                                            SE_OBJECT_TYPE type,
                                            SECURITY_INFORMATION which,
                                            PSID owner,
                                            PSID group,
                                            PACL dacl,
                                            PACL sacl)
{
    SECURITY_DESCRIPTOR descriptor;

    if (type != SE_FILE_OBJECT)
        return seam_real.SetNamedSecurityInfoW(
            path, type, which, owner, group, dacl, sacl);
    if (!gather(&descriptor, which, owner, group, dacl) ||
        !platform_SetFileSecurityW(path, which, &descriptor))
        return GetLastError();
    return ERROR_SUCCESS;
}

DWORD WINAPI platform_SetNamedSecurityInfoA(LPSTR path,
                                            SE_OBJECT_TYPE type,
                                            SECURITY_INFORMATION which,
                                            PSID owner,
                                            PSID group,
                                            PACL dacl,
                                            PACL sacl)
{
    struct text wide;

    return platform_SetNamedSecurityInfoW(
        (LPWSTR)(ULONG_PTR)text_widen(&wide, path),
        type,
        which,
        owner,
        group,
        dacl,
        sacl);
}

DWORD WINAPI platform_SetSecurityInfo(HANDLE object,
                                      SE_OBJECT_TYPE type,
                                      SECURITY_INFORMATION which,
                                      PSID owner,
                                      PSID group,
                                      PACL dacl,
                                      PACL sacl)
{
    SECURITY_DESCRIPTOR descriptor;

    if (type != SE_FILE_OBJECT && type != SE_KERNEL_OBJECT)
        return seam_real.SetSecurityInfo(
            object, type, which, owner, group, dacl, sacl);
    if (!gather(&descriptor, which, owner, group, dacl) ||
        !platform_SetKernelObjectSecurity(object, which, &descriptor))
        return GetLastError();
    return ERROR_SUCCESS;
}
