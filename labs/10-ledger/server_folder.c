/* server_folder.c - the folder of the database: whoever may open a file in it
 * needs to ask no server. See server_store.h. */
#include "server_store.h"
#include "np_sd.h"
#include "np_token.h"

#include <aclapi.h>
#include <wchar.h>

/* The folder is there: from an earlier run, or because somebody made it first
 * and left himself a way in. Now it, and what is in it, has our list. */
static DWORD close_existing(const wchar_t *folder, PSECURITY_DESCRIPTOR closed)
{
    PACL acl = NULL;
    BOOL present = FALSE;
    BOOL defaulted = FALSE;
    wchar_t path[MAX_PATH];

    if (wcslen(folder) >= ARRAYSIZE(path))
        return ERROR_BUFFER_OVERFLOW;
    wcscpy(path, folder); /* SetNamedSecurityInfoW takes it as writable */
    if (!GetSecurityDescriptorDacl(closed, &present, &acl, &defaulted))
        return np_last_error();
    return SetNamedSecurityInfoW(path,
                                 SE_FILE_OBJECT,
                                 DACL_SECURITY_INFORMATION |
                                     PROTECTED_DACL_SECURITY_INFORMATION,
                                 /* psidOwner */ NULL,
                                 /* psidGroup */ NULL,
                                 acl,
                                 /* pSacl */ NULL);
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
