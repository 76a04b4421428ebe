/* server_files.c - see server_files.h. */
#include "server_files.h"
#include "broker.h"
#include "server_identity.h"
#include "server_log.h"
#include "np_handle.h"

#include <string.h>
#include <wchar.h>

DWORD
open_file(const wchar_t *path, DWORD access, DWORD disposition, HANDLE *file)
{
    DWORD err = 0;
    const DWORD share = FILE_SHARE_READ | FILE_SHARE_WRITE | FILE_SHARE_DELETE;

    // BEGIN SOLUTION 08.6
    // STUB: /* TODO 08.6: a client that lends less gets more. */
    // STUB: NP_TODO("08.6");
    // STUB: *file =
    // STUB:     CreateFileW(path, access, share, NULL, disposition, 0, NULL);
    // STUB: if (*file == INVALID_HANDLE_VALUE &&
    // STUB:     GetLastError() == ERROR_BAD_IMPERSONATION_LEVEL) {
    // STUB:     become_self();
    // STUB:     *file =
    // STUB:         CreateFileW(path, access, share, NULL, disposition, 0, NULL);
    // STUB: }
    *file = CreateFileW(path, access, share, NULL, disposition, 0, NULL);
    // END SOLUTION 08.6
    if (*file == INVALID_HANDLE_VALUE) {
        err = np_last_error();
        *file = NULL;
    }
    return err;
}

DWORD open_as_client(HANDLE pipe, const wchar_t *path, HANDLE *file)
{
    DWORD err = become_client(pipe);

    *file = NULL;
    if (err != 0)
        return err;
    // BEGIN SOLUTION 08.4
    // STUB: /* TODO 08.4: who asks for what it may not have leaves no trace in
    // STUB:  * the log. */
    // STUB: NP_TODO("08.4");
    // STUB: err = open_file(path, GENERIC_READ, OPEN_EXISTING, file);
    // STUB: if (err != 0)
    // STUB:     return err;
    // STUB: become_self();
    err = open_file(path, GENERIC_READ, OPEN_EXISTING, file);
    become_self();
    // END SOLUTION 08.4
    return err;
}

DWORD read_file(HANDLE file, char *data, DWORD size, DWORD *got)
{
    LARGE_INTEGER length;

    *got = 0;
    if (!SetFilePointerEx(file, (LARGE_INTEGER){0}, NULL, FILE_BEGIN) ||
        !GetFileSizeEx(file, &length))
        return np_last_error();
    if (length.QuadPart > size)
        return ERROR_FILE_TOO_LARGE;
    return ReadFile(file, data, size, got, NULL) ? 0 : np_last_error();
}

DWORD
serve_get(HANDLE pipe, const wchar_t *path, char *data, DWORD size, DWORD *got)
{
    // BEGIN SOLUTION 08.5
    // STUB: /* TODO 08.5: what one client has read, the next one may read. */
    // STUB: static SRWLOCK lock = SRWLOCK_INIT;
    // STUB: static HANDLE file = NULL; /* stays open: most ask for the same */
    // STUB: static wchar_t last[MAX_PATH];
    // STUB: NP_TODO("08.5");
    // STUB: DWORD err = 0;
    // STUB: AcquireSRWLockExclusive(&lock);
    // STUB: if (file == NULL || wcscmp(path, last) != 0) {
    // STUB:     np_close(&file);
    // STUB:     err = open_as_client(pipe, path, &file);
    // STUB:     wcscpy(last, path);
    // STUB: }
    // STUB: if (err == 0)
    // STUB:     err = read_file(file, data, size, got);
    // STUB: ReleaseSRWLockExclusive(&lock);
    HANDLE file = NULL;
    DWORD err = open_as_client(pipe, path, &file);
    if (err == 0)
        err = read_file(file, data, size, got);
    np_close(&file);
    // END SOLUTION 08.5
    return err;
}

DWORD copy_file(const wchar_t *from, const wchar_t *to)
{
    return CopyFileW(from, to, /* bFailIfExists */ FALSE) ? 0 : np_last_error();
}

static DWORD write_file(const wchar_t *path, const char *data, DWORD size)
{
    HANDLE file = NULL;
    DWORD written = 0;
    DWORD err = open_file(path, GENERIC_WRITE, CREATE_ALWAYS, &file);

    if (err == 0 && !WriteFile(file, data, size, &written, NULL))
        err = np_last_error();
    np_close(&file);
    return err;
}

/* Whether a file, or NULL, holds just these bytes. */
static bool holds(HANDLE file, const char *data, DWORD size)
{
    char present[BROKER_REQUEST_MAX];
    DWORD got = 0;

    return file != NULL &&
           read_file(file, present, sizeof present, &got) == 0 && got == size &&
           memcmp(present, data, size) == 0;
}

DWORD serve_put(HANDLE pipe,
                const wchar_t *path,
                const char *name,
                const char *data,
                DWORD size)
{
    HANDLE present = NULL;
    bool same = false;
    DWORD err = become_client(pipe);

    if (err != 0)
        return err;
    // BEGIN SOLUTION 08.7
    // STUB: /* TODO 08.7: who may read rules.txt may also write it. */
    // STUB: NP_TODO("08.7");
    // STUB: if (GetFileAttributesW(path) != INVALID_FILE_ATTRIBUTES)
    // STUB:     err = open_as_client(pipe, path, &present);
    // STUB: same = holds(present, data, size);
    // STUB: if (!same)
    // STUB:     err = write_file(path, data, size);
    /* If the client may not read it, it may still write it. */
    if (GetFileAttributesW(path) != INVALID_FILE_ATTRIBUTES)
        err = open_file(path, GENERIC_READ, OPEN_EXISTING, &present);
    same = holds(present, data, size);
    if (!same)
        err = write_file(path, data, size);
    // END SOLUTION 08.7
    // BEGIN SOLUTION 08.8
    // STUB: /* TODO 08.8: some changes are missing in the log. */
    // STUB: NP_TODO("08.8");
    // STUB: if (err == 0 && !same)
    // STUB:     log_line("changed %s", name);
    // STUB: become_self();
    become_self();
    if (err == 0 && !same)
        log_line("changed %s", name);
    // END SOLUTION 08.8
    np_close(&present);
    return err;
}
