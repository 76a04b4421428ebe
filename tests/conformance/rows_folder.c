/* rows_folder.c - what a folder's DACL decides about what is in it. */
#include "rows.h"
#include "stage.h"

#include <stdio.h>
#include <wchar.h>

/* Runs a row in a folder with this DACL, which is made and removed here. */
static verdict in_folder(const wchar_t *sddl,
                         verdict (*check)(const wchar_t *inside))
{
    wchar_t folder[MAX_PATH], inside[MAX_PATH];
    verdict failed;

    swprintf(folder, ARRAYSIZE(folder), L"%ls.folder", file_name());
    swprintf(inside, ARRAYSIZE(inside), L"%ls\\file", folder);
    HOLDS(CreateDirectoryW(folder, security(sddl)));
    failed = check(inside);
    RevertToSelf();
    SetFileSecurityW(folder,
                     DACL_SECURITY_INFORMATION,
                     security(L"D:P(A;;GA;;;WD)")->lpSecurityDescriptor);
    DeleteFileW(inside);
    RemoveDirectoryW(folder);
    return failed;
}

static HANDLE make(const wchar_t *path, const wchar_t *sddl)
{
    return CreateFileW(
        path, GENERIC_WRITE, 7, security(sddl), CREATE_NEW, 0, NULL);
}

static verdict lesser_may_not_add(const wchar_t *inside)
{
    HANDLE file;

    HOLDS(wear_lesser());
    file = make(inside, NULL);
    HOLDS(file == INVALID_HANDLE_VALUE);
    HOLDS(GetLastError() == ERROR_ACCESS_DENIED);
    RevertToSelf();
    HOLDS(keep(make(inside, NULL)) != INVALID_HANDLE_VALUE);
    return NULL;
}

static verdict row_D08o(void)
{
    return in_folder(L"D:P(A;;GA;;;%ls)(A;;FR;;;WD)", lesser_may_not_add);
}

static verdict lesser_may_not_delete(const wchar_t *inside)
{
    CloseHandle(make(inside, L"D:P(A;;GA;;;%ls)(A;;FR;;;WD)"));
    HOLDS(wear_lesser());
    HOLDS(!DeleteFileW(inside));
    HOLDS(GetLastError() == ERROR_ACCESS_DENIED);
    RevertToSelf();
    HOLDS(DeleteFileW(inside));
    return NULL;
}

static verdict row_D08p(void)
{
    return in_folder(L"D:P(A;;GA;;;%ls)(A;;FR;;;WD)", lesser_may_not_delete);
}

static verdict folder_may_delete(const wchar_t *inside)
{
    CloseHandle(make(inside, GROUP_ONLY));
    HOLDS(wear_lesser());
    HOLDS(DeleteFileW(inside)); /* FILE_DELETE_CHILD on the folder */
    return NULL;
}

static verdict row_D08q(void)
{
    return in_folder(L"D:P(A;;GA;;;WD)", folder_may_delete);
}

static verdict lesser_may_not_list(const wchar_t *inside)
{
    WIN32_FIND_DATAW data;
    HANDLE search;

    CloseHandle(make(inside, NULL));
    HOLDS(wear_lesser());
    search = FindFirstFileW(inside, &data);
    HOLDS(search == INVALID_HANDLE_VALUE);
    HOLDS(GetLastError() == ERROR_ACCESS_DENIED);
    RevertToSelf();
    search = FindFirstFileW(inside, &data);
    HOLDS(search != INVALID_HANDLE_VALUE);
    FindClose(search);
    return NULL;
}

static verdict row_D08r(void)
{
    return in_folder(GROUP_ONLY, lesser_may_not_list);
}

static verdict inherits(const wchar_t *inside)
{
    CloseHandle(make(inside, NULL));
    HOLDS(wear_lesser());
    HOLDS(try_file(inside, GENERIC_READ) == ERROR_ACCESS_DENIED);
    RevertToSelf();
    HOLDS(try_file(inside, GENERIC_READ) == 0);
    return NULL;
}

static verdict row_D08s(void)
{
    return in_folder(L"D:P(A;OICI;GA;;;%ls)(A;;FR;;;WD)", inherits);
}

const struct row folder_rows[] = {
    ROW(D08o, "DOC", "a folder's DACL decides who may add files"),
    ROW(D08p, "DOC", "deleting needs the right on the file or on its folder"),
    ROW(D08q, "DOC", "FILE_DELETE_CHILD on the folder is enough to delete"),
    ROW(D08r, "DOC", "a folder's DACL decides who may list it"),
    ROW(D08s, "DOC", "a new file inherits its folder's entries"),
    {0}};
