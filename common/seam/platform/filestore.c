/* filestore.c - see filestore.h. */
#include "filestore.h"
#include "../seam.h"

#include <stdio.h>
#include <wchar.h>

#define FOLDER L"C:\\ProgramData\\nplab"

struct record {
    DWORD number_high, number_low; /* of the file, as Windows numbers it */
    wchar_t key[STORE_PATH];
    BYTE descriptor[STORE_DESCRIPTOR];
};

bool store_key(const wchar_t *path, wchar_t *key)
{
    DWORD length;

    if (path == NULL)
        return false;
    if (wcsncmp(path, L"\\\\?\\", 4) == 0 && path[4] != L'\0' && path[5] == ':')
        path += 4;
    length = GetFullPathNameW(path, STORE_PATH, key, NULL);
    if (length == 0 || length >= STORE_PATH)
        return false;
    if (length > 3 && key[length - 1] == '\\')
        key[length - 1] = '\0';
    _wcslwr(key);
    return true;
}

bool store_parent(const wchar_t *key, wchar_t *parent)
{
    wchar_t *slash;

    wcscpy(parent, key);
    slash = wcsrchr(parent, '\\');
    if (slash == NULL || slash - parent <= 2)
        return false;
    *slash = '\0';
    return true;
}

/* FNV-1a. */
static void record_path(const wchar_t *key, wchar_t *path, size_t size)
{
    ULONGLONG hash = 14695981039346656037u;

    for (; *key != '\0'; key++)
        hash = (hash ^ *key) * 1099511628211u;
    _snwprintf(path, size, FOLDER L"\\%016llx", hash);
    path[size - 1] = '\0';
}

/* The file's number; false when there is no such file. */
static bool read_number(const wchar_t *key, DWORD *high, DWORD *low)
{
    BY_HANDLE_FILE_INFORMATION information;
    HANDLE file = seam_real.CreateFileW(key,
                                        FILE_READ_ATTRIBUTES,
                                        FILE_SHARE_READ | FILE_SHARE_WRITE |
                                            FILE_SHARE_DELETE,
                                        NULL,
                                        OPEN_EXISTING,
                                        FILE_FLAG_BACKUP_SEMANTICS,
                                        NULL);
    bool ok;

    if (file == INVALID_HANDLE_VALUE)
        return false;
    ok = GetFileInformationByHandle(file, &information);
    seam_real.CloseHandle(file);
    *high = information.nFileIndexHigh;
    *low = information.nFileIndexLow;
    return ok;
}

static bool read_record(const wchar_t *key, struct record *record)
{
    wchar_t path[MAX_PATH];
    HANDLE file;
    DWORD size = 0;
    bool ok;

    record_path(key, path, ARRAYSIZE(path));
    file = seam_real.CreateFileW(path,
                                 GENERIC_READ,
                                 FILE_SHARE_READ | FILE_SHARE_WRITE |
                                     FILE_SHARE_DELETE,
                                 NULL,
                                 OPEN_EXISTING,
                                 0,
                                 NULL);
    if (file == INVALID_HANDLE_VALUE)
        return false;
    ok = seam_real.ReadFile(file, record, sizeof *record, &size, NULL) &&
         size == sizeof *record && wcscmp(record->key, key) == 0;
    seam_real.CloseHandle(file);
    return ok;
}

bool store_load(const wchar_t *key, void *descriptor)
{
    struct record record;
    DWORD high, low;

    if (!read_record(key, &record) || !read_number(key, &high, &low) ||
        high != record.number_high || low != record.number_low)
        return false;
    memcpy(descriptor, record.descriptor, STORE_DESCRIPTOR);
    return true;
}

/* Written beside and put in place at once, for others may be reading. */
static bool write_record(const wchar_t *key, const struct record *record)
{
    wchar_t path[MAX_PATH], beside[MAX_PATH + 16];
    HANDLE file;
    DWORD size;
    bool ok;

    record_path(key, path, ARRAYSIZE(path));
    _snwprintf(
        beside, ARRAYSIZE(beside), L"%ls.%lx", path, GetCurrentThreadId());
    seam_real.CreateDirectoryW(L"C:\\ProgramData", NULL);
    seam_real.CreateDirectoryW(FOLDER, NULL);
    file = seam_real.CreateFileW(
        beside, GENERIC_WRITE, 0, NULL, CREATE_ALWAYS, 0, NULL);
    if (file == INVALID_HANDLE_VALUE)
        return false;
    ok = seam_real.WriteFile(file, record, sizeof *record, &size, NULL);
    seam_real.CloseHandle(file);
    return ok && seam_real.MoveFileExW(beside, path, MOVEFILE_REPLACE_EXISTING);
}

bool store_save(const wchar_t *key, PSECURITY_DESCRIPTOR descriptor)
{
    struct record record = {0};
    DWORD size = GetSecurityDescriptorLength(descriptor);

    if (size > sizeof record.descriptor) {
        SetLastError(ERROR_INVALID_SECURITY_DESCR);
        return false;
    }
    if (!read_number(key, &record.number_high, &record.number_low))
        return false;
    wcscpy(record.key, key);
    memcpy(record.descriptor, descriptor, size);
    return write_record(key, &record);
}

void store_forget(const wchar_t *key)
{
    wchar_t path[MAX_PATH];

    record_path(key, path, ARRAYSIZE(path));
    seam_real.DeleteFileW(path);
}

void store_move(const wchar_t *from, const wchar_t *to)
{
    struct record record;

    store_forget(to);
    if (!read_record(from, &record))
        return;
    wcscpy(record.key, to);
    write_record(to, &record);
    store_forget(from);
}
