/* security.c - reading and setting the descriptors of files and pipes. Those
 * of other objects are Wine's own business. */
#include "access.h"
#include "descriptor.h"
#include "fileaccess.h"
#include "filestore.h"
#include "handles.h"
#include "identity.h"
#include "mirror.h"
#include "native.h"
#include "platform.h"
#include "text.h"

#include <stdlib.h>

/* An object whose descriptor this layer keeps. */
struct target {
    enum { TARGET_NONE, TARGET_FILE, TARGET_PIPE } kind;
    wchar_t key[STORE_PATH];     /* of a file */
    wchar_t pipe[MAX_PIPE_NAME]; /* of a pipe */
    BYTE descriptor[STORE_DESCRIPTOR];
};

static bool load_pipe(struct target *target, const struct pipe *pipe)
{
    target->kind = TARGET_PIPE;
    wcscpy(target->pipe, pipe->name);
    memcpy(target->descriptor, pipe->descriptor, sizeof target->descriptor);
    return true;
}

static bool load_file(struct target *target)
{
    target->kind = TARGET_FILE;
    return store_load(target->key, target->descriptor) ||
           descriptor_make(NULL,
                           DEFAULT_FILE,
                           target->descriptor,
                           sizeof target->descriptor);
}

/* False and the last error when the thread may not have `rights` there. */
static bool
find_by_path(struct target *target, const wchar_t *path, DWORD rights)
{
    const wchar_t *name = mirror_pipe_name(path);
    struct pipe *pipe;

    target->kind = TARGET_NONE;
    if (!identity_may_open())
        return false;
    if (name != NULL) {
        session_lock();
        pipe = mirror_find(name, true);
        if (pipe != NULL)
            load_pipe(target, pipe);
        session_unlock();
        if (pipe == NULL) {
            SetLastError(ERROR_FILE_NOT_FOUND);
            return false;
        }
    } else {
        if (!store_key(path, target->key) ||
            seam_real.GetFileAttributesW(target->key) ==
                INVALID_FILE_ATTRIBUTES ||
            !load_file(target))
            return false;
    }
    return file_refuse_unless(access_allows(target->descriptor, rights));
}

/* TARGET_NONE when the handle is neither a file's nor a known pipe's. */
static bool find_by_handle(struct target *target, HANDLE object, DWORD rights)
{
    DWORD error = GetLastError();
    struct handle known = handle_find(object);
    wchar_t path[STORE_PATH];
    DWORD length;

    target->kind = TARGET_NONE;
    if (known.end != NULL) {
        session_lock();
        load_pipe(target, mirror_pipe_of(known.end));
        session_unlock();
    } else if (GetFileType(object) == FILE_TYPE_DISK) {
        length = GetFinalPathNameByHandleW(object, path, STORE_PATH, 0);
        if (length != 0 && length < STORE_PATH &&
            store_key(path, target->key) && !load_file(target))
            return false;
    }
    SetLastError(error);
    return target->kind == TARGET_NONE ||
           file_refuse_unless((rights & ~native_granted_access(object)) == 0);
}

static bool
set(struct target *target, SECURITY_INFORMATION which, PSECURITY_DESCRIPTOR by)
{
    struct pipe *pipe;

    if (!descriptor_replace(
            target->descriptor, sizeof target->descriptor, which, by))
        return false;
    if (target->kind == TARGET_FILE)
        return store_save(target->key, target->descriptor);
    session_lock();
    pipe = mirror_find(target->pipe, false);
    if (pipe != NULL)
        memcpy(pipe->descriptor, target->descriptor, sizeof pipe->descriptor);
    session_unlock();
    return pipe != NULL;
}

/* Reports success without touching the last error. */
static BOOL succeed(DWORD error)
{
    SetLastError(error);
    return TRUE;
}

BOOL WINAPI platform_GetFileSecurityW(LPCWSTR path,
                                      SECURITY_INFORMATION which,
                                      PSECURITY_DESCRIPTOR descriptor,
                                      DWORD size,
                                      DWORD *needed)
{
    struct target target;
    DWORD error = GetLastError();

    return find_by_path(&target, path, descriptor_read_rights(which)) &&
           descriptor_extract(
               target.descriptor, which, descriptor, size, needed) &&
           succeed(error);
}

BOOL WINAPI platform_SetFileSecurityW(LPCWSTR path,
                                      SECURITY_INFORMATION which,
                                      PSECURITY_DESCRIPTOR descriptor)
{
    struct target target;
    DWORD error = GetLastError();

    return find_by_path(&target, path, descriptor_write_rights(which)) &&
           set(&target, which, descriptor) && succeed(error);
}

BOOL WINAPI platform_GetKernelObjectSecurity(HANDLE object,
                                             SECURITY_INFORMATION which,
                                             PSECURITY_DESCRIPTOR descriptor,
                                             DWORD size,
                                             DWORD *needed)
{
    struct target target;

    if (!find_by_handle(&target, object, descriptor_read_rights(which)))
        return FALSE;
    if (target.kind == TARGET_NONE)
        return seam_real.GetKernelObjectSecurity(
            object, which, descriptor, size, needed);
    return descriptor_extract(
        target.descriptor, which, descriptor, size, needed);
}

BOOL WINAPI platform_SetKernelObjectSecurity(HANDLE object,
                                             SECURITY_INFORMATION which,
                                             PSECURITY_DESCRIPTOR descriptor)
{
    struct target target;
    DWORD error = GetLastError();

    if (!find_by_handle(&target, object, descriptor_write_rights(which)))
        return FALSE;
    if (target.kind == TARGET_NONE)
        return seam_real.SetKernelObjectSecurity(object, which, descriptor);
    return set(&target, which, descriptor) && succeed(error);
}

BOOL WINAPI platform_GetFileSecurityA(LPCSTR path,
                                      SECURITY_INFORMATION which,
                                      PSECURITY_DESCRIPTOR descriptor,
                                      DWORD size,
                                      DWORD *needed)
{
    struct text wide;

    return platform_GetFileSecurityW(
        text_widen(&wide, path), which, descriptor, size, needed);
}

BOOL WINAPI platform_SetFileSecurityA(LPCSTR path,
                                      SECURITY_INFORMATION which,
                                      PSECURITY_DESCRIPTOR descriptor)
{
    struct text wide;

    return platform_SetFileSecurityW(
        text_widen(&wide, path), which, descriptor);
}
