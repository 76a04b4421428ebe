/* files.c - opens and creations: CreateFile and CreateDirectory. */
#include "client.h"
#include "descriptor.h"
#include "fileaccess.h"
#include "filestore.h"
#include "handles.h"
#include "identity.h"
#include "mirror.h"
#include "newfile.h"
#include "platform.h"
#include "text.h"

/* The rights an open needs beyond those that it names. */
static DWORD implied_access(DWORD disposition, DWORD flags)
{
    DWORD access = 0;

    if (disposition == CREATE_ALWAYS || disposition == TRUNCATE_EXISTING)
        access |= FILE_WRITE_DATA | FILE_WRITE_EA | FILE_WRITE_ATTRIBUTES;
    if (flags & FILE_FLAG_DELETE_ON_CLOSE)
        access |= DELETE;
    return access;
}

/* Decided before the real call, which might truncate the file. */
static bool may_open(const wchar_t *key,
                     bool is_there,
                     DWORD access,
                     DWORD disposition,
                     DWORD flags)
{
    if (is_there)
        return disposition == CREATE_NEW || /* fails by itself: 80 */
               file_may_open(key, access | implied_access(disposition, flags));
    return disposition == OPEN_EXISTING || disposition == TRUNCATE_EXISTING ||
           file_parent_allows(key, FILE_ADD_FILE);
}

/* Wine would turn the descriptor into Unix modes. */
static SECURITY_ATTRIBUTES *without_descriptor(SECURITY_ATTRIBUTES *copy,
                                               const SECURITY_ATTRIBUTES *of)
{
    if (of == NULL)
        return NULL;
    *copy = *of;
    copy->lpSecurityDescriptor = NULL;
    return copy;
}

HANDLE WINAPI platform_CreateFileW(LPCWSTR path,
                                   DWORD access,
                                   DWORD share,
                                   SECURITY_ATTRIBUTES *security,
                                   DWORD disposition,
                                   DWORD flags,
                                   HANDLE model)
{
    const wchar_t *pipe_name = mirror_pipe_name(path);
    wchar_t key[STORE_PATH];
    SECURITY_ATTRIBUTES bare;
    DWORD before = GetLastError();
    bool has_key, was_there;
    HANDLE file;

    if (pipe_name != NULL)
        return client_open(path,
                           pipe_name,
                           access,
                           share,
                           security,
                           disposition,
                           flags,
                           model);
    if (!identity_may_open())
        return INVALID_HANDLE_VALUE;
    has_key = store_key(path, key);
    was_there = has_key && newfile_exists(key);
    if (has_key && !file_refuse_unless(
                       may_open(key, was_there, access, disposition, flags)))
        return INVALID_HANDLE_VALUE;
    SetLastError(before);
    file = seam_real.CreateFileW(path,
                                 access,
                                 share,
                                 without_descriptor(&bare, security),
                                 disposition,
                                 flags,
                                 model);
    /* The value may be that of a handle closed behind the seam's back. */
    if (file != INVALID_HANDLE_VALUE)
        handle_forget(file);
    /* 183: another thread has made it since, and keeps its descriptor. */
    if (file != INVALID_HANDLE_VALUE && has_key && !was_there &&
        GetLastError() != ERROR_ALREADY_EXISTS)
        newfile_keep(key, security, false);
    return file;
}

/* Wine 8 ignores the flags that CreateFile2 gets in its last argument. */
HANDLE WINAPI platform_CreateFile2(LPCWSTR path,
                                   DWORD access,
                                   DWORD share,
                                   DWORD disposition,
                                   CREATEFILE2_EXTENDED_PARAMETERS *more)
{
    if (more == NULL)
        return platform_CreateFileW(
            path, access, share, NULL, disposition, 0, NULL);
    return platform_CreateFileW(path,
                                access,
                                share,
                                more->lpSecurityAttributes,
                                disposition,
                                more->dwFileAttributes | more->dwFileFlags |
                                    more->dwSecurityQosFlags,
                                more->hTemplateFile);
}

HANDLE WINAPI platform_CreateFileA(LPCSTR path,
                                   DWORD access,
                                   DWORD share,
                                   SECURITY_ATTRIBUTES *security,
                                   DWORD disposition,
                                   DWORD flags,
                                   HANDLE model)
{
    struct text wide;

    return platform_CreateFileW(text_widen(&wide, path),
                                access,
                                share,
                                security,
                                disposition,
                                flags,
                                model);
}

BOOL WINAPI platform_CreateDirectoryW(LPCWSTR path,
                                      SECURITY_ATTRIBUTES *security)
{
    wchar_t key[STORE_PATH];
    SECURITY_ATTRIBUTES bare;
    DWORD before = GetLastError();
    BOOL made;
    bool has_key;

    if (!identity_may_open())
        return FALSE;
    has_key = store_key(path, key);
    if (has_key &&
        !file_refuse_unless(file_parent_allows(key, FILE_ADD_SUBDIRECTORY)))
        return FALSE;
    SetLastError(before);
    made =
        seam_real.CreateDirectoryW(path, without_descriptor(&bare, security));
    if (made && has_key)
        newfile_keep(key, security, true);
    return made;
}

BOOL WINAPI platform_CreateDirectoryA(LPCSTR path,
                                      SECURITY_ATTRIBUTES *security)
{
    struct text wide;

    return platform_CreateDirectoryW(text_widen(&wide, path), security);
}
