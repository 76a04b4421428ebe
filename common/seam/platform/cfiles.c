/* cfiles.c - fopen: the same decisions as for CreateFile, made before the C
 * library opens the file in its own way. */
#include "fileaccess.h"
#include "filestore.h"
#include "handles.h"
#include "identity.h"
#include "platform.h"
#include "text.h"

#include <errno.h>
#include <io.h>
#include <wchar.h>

/* The access that fopen asks for by its mode. */
static DWORD access_of(const wchar_t *mode)
{
    bool both = wcschr(mode, '+') != NULL;

    if (mode[0] == 'r')
        return both ? GENERIC_READ | GENERIC_WRITE : GENERIC_READ;
    return both ? GENERIC_READ | GENERIC_WRITE : GENERIC_WRITE;
}

/* False with errno and the last error set. */
static bool may_open(const wchar_t *name, const wchar_t *mode)
{
    wchar_t key[STORE_PATH];
    bool may = identity_may_open();

    if (may && mode != NULL && store_key(name, key)) {
        bool is_there =
            seam_real.GetFileAttributesW(key) != INVALID_FILE_ATTRIBUTES;

        if (is_there)
            may = file_may_open(key, access_of(mode));
        else if (mode[0] != 'r')
            may = file_parent_allows(key, FILE_ADD_FILE);
        may = file_refuse_unless(may);
    }
    if (!may)
        errno = EACCES;
    return may;
}

FILE *WINAPI platform__wfopen(const wchar_t *name, const wchar_t *mode)
{
    DWORD before = GetLastError();

    if (!may_open(name, mode))
        return NULL;
    SetLastError(before);
    return seam_real._wfopen(name, mode);
}

FILE *WINAPI platform_fopen(const char *name, const char *mode)
{
    DWORD before = GetLastError();
    struct text wide, wide_mode;

    if (!may_open(text_widen(&wide, name), text_widen(&wide_mode, mode)))
        return NULL;
    SetLastError(before);
    return seam_real.fopen(name, mode);
}

/* A descriptor that was made of a pipe's handle (_open_osfhandle) owns it. */
int WINAPI platform__close(int fd)
{
    struct closing closing = handle_closing((HANDLE)_get_osfhandle(fd));
    int result = seam_real._close(fd);

    handle_closed(closing, result == 0);
    return result;
}

int WINAPI platform_fclose(FILE *file)
{
    struct closing closing;
    int result;

    fflush(file); /* not under the lock: the pipe may be full */
    closing = handle_closing((HANDLE)_get_osfhandle(_fileno(file)));
    result = seam_real.fclose(file);
    handle_closed(closing, true); /* closed, even when it reports an error */
    return result;
}
