/* server_folder.c - the folder of the database: whoever may open a file in it
 * needs to ask no server. See server_store.h. */
#include "server_store.h"
#include "np_sd.h"
#include "np_token.h"

#include <aclapi.h>
#include <wchar.h>

/* path is not written to: SetNamedSecurityInfoW only takes it as writable. */
static DWORD close_one(wchar_t *path, PACL acl)
{
    return SetNamedSecurityInfoW(path,
                                 SE_FILE_OBJECT,
                                 DACL_SECURITY_INFORMATION |
                                     PROTECTED_DACL_SECURITY_INFORMATION,
                                 /* psidOwner */ NULL,
                                 /* psidGroup */ NULL,
                                 acl,
                                 /* pSacl */ NULL);
}

/* The folder is there: from an earlier run, or because somebody made it first
 * and left himself a way in. Now it has our list, and so has each file in it:
 * one with a list of its own would not inherit ours. */
static DWORD close_existing(const wchar_t *folder, PSECURITY_DESCRIPTOR closed)
{
    PACL acl = NULL;
    BOOL present = FALSE;
    BOOL defaulted = FALSE;
    wchar_t path[2 * MAX_PATH];
    WIN32_FIND_DATAW found;
    HANDLE files;
    DWORD err;

    if (wcslen(folder) >= MAX_PATH)
        return ERROR_BUFFER_OVERFLOW;
    if (!GetSecurityDescriptorDacl(closed, &present, &acl, &defaulted))
        return np_last_error();
    wcscpy(path, folder);
    err = close_one(path, acl);
    if (err != 0)
        return err;
    _snwprintf(path, ARRAYSIZE(path), L"%ls\\*", folder);
    files = FindFirstFileW(path, &found);
    if (files == INVALID_HANDLE_VALUE)
        return np_last_error();
    do {
        if (wcscmp(found.cFileName, L".") == 0 ||
            wcscmp(found.cFileName, L"..") == 0)
            continue;
        _snwprintf(path, ARRAYSIZE(path), L"%ls\\%ls", folder, found.cFileName);
        err = close_one(path, acl);
    } while (err == 0 && FindNextFileW(files, &found));
    FindClose(files);
    return err;
}

DWORD store_protect(const wchar_t *folder)
{
    SECURITY_ATTRIBUTES closed = {0};
    const wchar_t *group = NULL;
    wchar_t sddl[128];
    DWORD err = np_lab_group(&group);

    if (err != 0)
        return err;
    /* TODO 10.1: write the descriptor (SDDL), and create the folder
     * with it. The database is not the only file it will hold. */
    (void)folder, (void)sddl;
    err = NP_TODO("10.1");
    if (err == ERROR_ALREADY_EXISTS)
        err = close_existing(folder, closed.lpSecurityDescriptor);
    np_sd_free(&closed);
    return err;
}
