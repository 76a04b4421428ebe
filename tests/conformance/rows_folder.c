/* rows_folder.c - what a folder's DACL decides about what is in it. */
#include "rows.h"
#include "stage.h"

#include <errno.h>
#include <fcntl.h>
#include <io.h>
#include <share.h>
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

static verdict c_library_may_not_open(const wchar_t *inside)
{
    FILE *file = NULL;

    CloseHandle(make(inside, GROUP_ONLY));
    HOLDS(wear_lesser());
    HOLDS(_wopen(inside, _O_RDONLY) == -1 && errno == EACCES);
    HOLDS(_wfopen_s(&file, inside, L"rb") == EACCES);
    HOLDS(_wfsopen(inside, L"r", _SH_DENYNO) == NULL && errno == EACCES);
    return NULL;
}

static verdict row_D08w(void)
{
    return in_folder(L"D:P(A;;GA;;;WD)", c_library_may_not_open);
}

static verdict copies_over(const wchar_t *inside)
{
    wchar_t other[MAX_PATH];

    swprintf(other, MAX_PATH, L"%ls.other", inside);
    CloseHandle(make(inside, NULL));
    CloseHandle(make(other, NULL));
    HOLDS(wear_lesser());
    HOLDS(CopyFileW(inside, other, FALSE));
    RevertToSelf();
    HOLDS(DeleteFileW(other));
    HOLDS(wear_lesser());
    HOLDS(!CopyFileW(inside, other, FALSE));
    HOLDS(GetLastError() == ERROR_ACCESS_DENIED);
    HOLDS(!CopyFileExW(inside, other, NULL, NULL, NULL, 0));
    HOLDS(GetLastError() == ERROR_ACCESS_DENIED);
    return NULL;
}

static verdict row_D08x(void)
{
    return in_folder(L"D:P(A;OICI;GA;;;%ls)(A;;GRGX;;;WD)(A;OIIO;GA;;;WD)",
                     copies_over);
}

static verdict copy_inherits(const wchar_t *inside)
{
    wchar_t other[MAX_PATH];

    swprintf(other, MAX_PATH, L"%ls.other", inside);
    CloseHandle(make(inside, L"D:P(A;;GA;;;WD)"));
    HOLDS(CopyFileW(inside, other, TRUE));
    HOLDS(wear_lesser());
    HOLDS(try_file(inside, GENERIC_READ) == 0);
    HOLDS(try_file(other, GENERIC_READ) == ERROR_ACCESS_DENIED);
    RevertToSelf();
    HOLDS(try_file(other, GENERIC_READ) == 0);
    return NULL;
}

static verdict row_D08y(void)
{
    return in_folder(L"D:P(A;OICI;GA;;;%ls)(A;;FR;;;WD)", copy_inherits);
}

const struct row folder_rows[] = {
    ROW(D08o, "DOC", "a folder's DACL decides who may add files"),
    ROW(D08p, "DOC", "deleting needs the right on the file or on its folder"),
    ROW(D08q, "DOC", "FILE_DELETE_CHILD on the folder is enough to delete"),
    ROW(D08r, "DOC", "a folder's DACL decides who may list it"),
    ROW(D08s, "DOC", "a new file inherits its folder's entries"),
    ROW(D08w, "DOC", "the C library's opens are decided likewise"),
    ROW(D08x, "INFER", "a copy over a file needs no right on the folder"),
    ROW(D08y, "DOC", "a copy inherits, and does not take the list along"),
    {0}};
