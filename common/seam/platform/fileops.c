/* fileops.c - removing, renaming, copying, listing: calls that take a path and
 * give no handle. */
#include "fileaccess.h"
#include "filestore.h"
#include "identity.h"
#include "newfile.h"
#include "platform.h"
#include "text.h"

/* May what is called `key` be made or replaced? */
static bool may_place(const wchar_t *key)
{
    BYTE descriptor[STORE_DESCRIPTOR];

    if (!file_parent_allows(key, FILE_ADD_FILE))
        return false;
    return !store_load(key, descriptor) || file_may_delete(key);
}

BOOL WINAPI platform_DeleteFileW(LPCWSTR path)
{
    wchar_t key[STORE_PATH];
    DWORD before = GetLastError();
    BOOL done;

    if (!identity_may_open())
        return FALSE;
    if (!store_key(path, key))
        return seam_real.DeleteFileW(path);
    if (!file_refuse_unless(file_may_delete(key)))
        return FALSE;
    SetLastError(before);
    done = seam_real.DeleteFileW(path);
    before = GetLastError();
    if (done)
        store_forget(key);
    SetLastError(before);
    return done;
}

BOOL WINAPI platform_RemoveDirectoryW(LPCWSTR path)
{
    wchar_t key[STORE_PATH];
    DWORD before = GetLastError();
    BOOL done;

    if (!identity_may_open())
        return FALSE;
    if (!store_key(path, key))
        return seam_real.RemoveDirectoryW(path);
    if (!file_refuse_unless(file_may_delete(key)))
        return FALSE;
    SetLastError(before);
    done = seam_real.RemoveDirectoryW(path);
    before = GetLastError();
    if (done)
        store_forget(key);
    SetLastError(before);
    return done;
}

BOOL WINAPI platform_MoveFileExW(LPCWSTR from, LPCWSTR to, DWORD flags)
{
    wchar_t from_key[STORE_PATH], to_key[STORE_PATH];
    DWORD before = GetLastError();
    BOOL done;

    if (!identity_may_open())
        return FALSE;
    if (!store_key(from, from_key) || !store_key(to, to_key))
        return seam_real.MoveFileExW(from, to, flags);
    if (!file_refuse_unless(file_may_delete(from_key) && may_place(to_key)))
        return FALSE;
    SetLastError(before);
    done = seam_real.MoveFileExW(from, to, flags);
    before = GetLastError();
    if (done)
        store_move(from_key, to_key);
    SetLastError(before);
    return done;
}

/* An existing file is written over, a new one needs room in its folder. */
static bool may_be_copied_to(const wchar_t *key, bool is_there)
{
    return is_there ? file_may_open(key, GENERIC_WRITE)
                    : file_parent_allows(key, FILE_ADD_FILE);
}

BOOL WINAPI platform_CopyFileExW(LPCWSTR from,
                                 LPCWSTR to,
                                 LPPROGRESS_ROUTINE routine,
                                 LPVOID data,
                                 LPBOOL cancel,
                                 DWORD flags)
{
    wchar_t from_key[STORE_PATH], to_key[STORE_PATH];
    DWORD before = GetLastError();
    bool have_keys, was_there;
    BOOL done;

    if (!identity_may_open())
        return FALSE;
    have_keys = store_key(from, from_key) && store_key(to, to_key);
    was_there = have_keys && newfile_exists(to_key);
    if (have_keys &&
        !file_refuse_unless(file_may_open(from_key, GENERIC_READ) &&
                            may_be_copied_to(to_key, was_there)))
        return FALSE;
    SetLastError(before);
    done = seam_real.CopyFileExW(from, to, routine, data, cancel, flags);
    if (done && have_keys && !was_there)
        newfile_keep(to_key, NULL, false);
    return done;
}

BOOL WINAPI platform_CopyFileW(LPCWSTR from, LPCWSTR to, BOOL keep)
{
    return platform_CopyFileExW(
        from, to, NULL, NULL, NULL, keep ? COPY_FILE_FAIL_IF_EXISTS : 0);
}

/* False with the last error set; else that stays as it is. */
static bool may_list(LPCWSTR path)
{
    wchar_t key[STORE_PATH];
    DWORD before = GetLastError();

    if (!identity_may_open())
        return false;
    if (store_key(path, key) &&
        !file_refuse_unless(file_parent_allows(key, FILE_LIST_DIRECTORY)))
        return false;
    SetLastError(before);
    return true;
}

HANDLE WINAPI platform_FindFirstFileW(LPCWSTR path, WIN32_FIND_DATAW *data)
{
    return may_list(path) ? seam_real.FindFirstFileW(path, data)
                          : INVALID_HANDLE_VALUE;
}

HANDLE WINAPI platform_FindFirstFileExW(LPCWSTR path,
                                        FINDEX_INFO_LEVELS level,
                                        void *data,
                                        FINDEX_SEARCH_OPS search,
                                        void *filter,
                                        DWORD flags)
{
    return may_list(path) ? seam_real.FindFirstFileExW(
                                path, level, data, search, filter, flags)
                          : INVALID_HANDLE_VALUE;
}

HANDLE WINAPI platform_FindFirstFileA(LPCSTR path, WIN32_FIND_DATAA *data)
{
    struct text wide;
    wchar_t key[STORE_PATH];
    DWORD before = GetLastError();

    if (!identity_may_open())
        return INVALID_HANDLE_VALUE;
    if (store_key(text_widen(&wide, path), key) &&
        !file_refuse_unless(file_parent_allows(key, FILE_LIST_DIRECTORY)))
        return INVALID_HANDLE_VALUE;
    SetLastError(before);
    return seam_real.FindFirstFileA(path, data);
}

DWORD WINAPI platform_GetFileAttributesW(LPCWSTR path)
{
    wchar_t key[STORE_PATH];
    DWORD before = GetLastError();

    if (!identity_may_open())
        return INVALID_FILE_ATTRIBUTES;
    if (store_key(path, key) &&
        !file_refuse_unless(file_parent_allows(key, FILE_LIST_DIRECTORY) ||
                            file_may_open(key, FILE_READ_ATTRIBUTES)))
        return INVALID_FILE_ATTRIBUTES;
    SetLastError(before);
    return seam_real.GetFileAttributesW(path);
}

/* The A calls. */

DWORD WINAPI platform_GetFileAttributesA(LPCSTR path)
{
    struct text wide;

    return platform_GetFileAttributesW(text_widen(&wide, path));
}

BOOL WINAPI platform_DeleteFileA(LPCSTR path)
{
    struct text wide;

    return platform_DeleteFileW(text_widen(&wide, path));
}

BOOL WINAPI platform_RemoveDirectoryA(LPCSTR path)
{
    struct text wide;

    return platform_RemoveDirectoryW(text_widen(&wide, path));
}

BOOL WINAPI platform_MoveFileExA(LPCSTR from, LPCSTR to, DWORD flags)
{
    struct text wide_from, wide_to;

    return platform_MoveFileExW(
        text_widen(&wide_from, from), text_widen(&wide_to, to), flags);
}

BOOL WINAPI platform_MoveFileW(LPCWSTR from, LPCWSTR to)
{
    return platform_MoveFileExW(from, to, MOVEFILE_COPY_ALLOWED);
}

BOOL WINAPI platform_MoveFileA(LPCSTR from, LPCSTR to)
{
    return platform_MoveFileExA(from, to, MOVEFILE_COPY_ALLOWED);
}

BOOL WINAPI platform_CopyFileExA(LPCSTR from,
                                 LPCSTR to,
                                 LPPROGRESS_ROUTINE routine,
                                 LPVOID data,
                                 LPBOOL cancel,
                                 DWORD flags)
{
    struct text wide_from, wide_to;

    return platform_CopyFileExW(text_widen(&wide_from, from),
                                text_widen(&wide_to, to),
                                routine,
                                data,
                                cancel,
                                flags);
}

BOOL WINAPI platform_CopyFileA(LPCSTR from, LPCSTR to, BOOL keep)
{
    struct text wide_from, wide_to;

    return platform_CopyFileW(
        text_widen(&wide_from, from), text_widen(&wide_to, to), keep);
}
