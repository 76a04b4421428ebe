/* files.c - files, folders and objects the play needs as scenery. */
#include "director.h"

#include <aclapi.h>
#include <sddl.h>
#include <stdlib.h>
#include <string.h>

static DWORD write_whole(HANDLE file, const unsigned char *data, size_t size)
{
    DWORD written = 0;
    if (size > 0 && !WriteFile(file, data, (DWORD)size, &written, NULL))
        return GetLastError();
    return written == size ? 0 : ERROR_WRITE_FAULT;
}

/* A file that was there already keeps its DACL when it is written anew. */
static DWORD replace_dacl(const wchar_t *path, const struct security *security)
{
    if (security->descriptor != NULL &&
        !SetFileSecurityW(
            path, DACL_SECURITY_INFORMATION, security->descriptor))
        return GetLastError();
    return 0;
}

/* put_file PATH SDDL BYTES */
void do_put_file(void)
{
    const wchar_t *path = in_work_folder(take_text());
    const wchar_t *sddl = take_text();
    size_t size;
    const unsigned char *data = take_bytes(&size);
    struct security security;
    DWORD err = make_security(sddl, &security);
    if (err == 0) {
        HANDLE file =
            CreateFileW(path,
                        GENERIC_WRITE,
                        FILE_SHARE_READ | FILE_SHARE_WRITE | FILE_SHARE_DELETE,
                        &security.attributes,
                        CREATE_ALWAYS,
                        FILE_ATTRIBUTE_NORMAL,
                        NULL);
        err = file == INVALID_HANDLE_VALUE ? GetLastError()
                                           : write_whole(file, data, size);
        if (file != INVALID_HANDLE_VALUE)
            CloseHandle(file);
    }
    if (err == 0)
        err = replace_dacl(path, &security);
    drop_security(&security);
    if (err != 0)
        answer_error(err);
}

/* Reads a file of at most 16 MiB and answers ERROR BYTES. */
static void answer_file(const wchar_t *path)
{
    LARGE_INTEGER size = {.QuadPart = 0};
    DWORD err = 0, got = 0;
    unsigned char *bytes = NULL;
    HANDLE file =
        CreateFileW(path,
                    GENERIC_READ,
                    FILE_SHARE_READ | FILE_SHARE_WRITE | FILE_SHARE_DELETE,
                    NULL,
                    OPEN_EXISTING,
                    0,
                    NULL);
    if (file == INVALID_HANDLE_VALUE || !GetFileSizeEx(file, &size))
        err = GetLastError();
    if (size.QuadPart > 16 * 1024 * 1024)
        size.QuadPart = 16 * 1024 * 1024;
    if (err == 0) {
        bytes = scratch((size_t)size.QuadPart + 1);
        if (!ReadFile(file, bytes, (DWORD)size.QuadPart, &got, NULL))
            err = GetLastError();
    }
    if (file != INVALID_HANDLE_VALUE)
        CloseHandle(file);
    answer_number(err);
    answer_bytes(bytes, got);
}

/* get_file PATH -> ERROR BYTES */
void do_get_file(void)
{
    answer_file(in_work_folder(take_text()));
}

void do_flight_record(void)
{
    answer_file(record_path());
}

/* make_folder PATH SDDL */
void do_make_folder(void)
{
    const wchar_t *path = in_work_folder(take_text());
    struct security security;
    DWORD err = make_security(take_text(), &security);
    if (err == 0 && !CreateDirectoryW(path, &security.attributes))
        err = GetLastError();
    drop_security(&security);
    if (err != 0)
        answer_error(err);
}

static int compare_names(const void *a, const void *b)
{
    return wcscmp(*(wchar_t *const *)a, *(wchar_t *const *)b);
}

/* list_folder PATH -> "NAME\n..." sorted; at most 1024 names */
void do_list_folder(void)
{
    enum { NAMES_MAX = 1024 };
    wchar_t *names[NAMES_MAX];
    size_t count = 0, size = 1;
    const wchar_t *path = take_text();
    wchar_t *pattern = in_work_folder(path);
    wchar_t *all = scratch((wcslen(pattern) + 3) * sizeof *all);
    wcscat(wcscpy(all, pattern), L"\\*");
    WIN32_FIND_DATAW entry;
    HANDLE search = FindFirstFileW(all, &entry);
    if (search == INVALID_HANDLE_VALUE) {
        answer_error(GetLastError());
        return;
    }
    do {
        if (wcscmp(entry.cFileName, L".") == 0 ||
            wcscmp(entry.cFileName, L"..") == 0)
            continue;
        size_t length = wcslen(entry.cFileName) + 1;
        names[count] = scratch(length * sizeof(wchar_t));
        memcpy(names[count], entry.cFileName, length * sizeof(wchar_t));
        size += length;
        count++;
    } while (count < NAMES_MAX && FindNextFileW(search, &entry));
    FindClose(search);
    qsort(names, count, sizeof names[0], compare_names);
    wchar_t *text = scratch(size * sizeof *text);
    for (size_t i = 0; i < count; i++)
        wcscat(wcscat(text, names[i]), L"\n");
    answer_text(text);
}

#define OWNER_AND_DACL (OWNER_SECURITY_INFORMATION | DACL_SECURITY_INFORMATION)

static void answer_descriptor(PSECURITY_DESCRIPTOR descriptor)
{
    wchar_t *text = NULL;
    if (!ConvertSecurityDescriptorToStringSecurityDescriptorW(
            descriptor, SDDL_REVISION_1, OWNER_AND_DACL, &text, NULL)) {
        answer_error(GetLastError());
        return;
    }
    answer_text(text);
    LocalFree(text);
}

/* security_of PATH -> SDDL */
void do_security_of(void)
{
    wchar_t *path = in_work_folder(take_text());
    PSECURITY_DESCRIPTOR descriptor = NULL;
    DWORD err = GetNamedSecurityInfoW(path,
                                      SE_FILE_OBJECT,
                                      OWNER_AND_DACL,
                                      NULL,
                                      NULL,
                                      NULL,
                                      NULL,
                                      &descriptor);
    if (err != 0) {
        answer_error(err);
        return;
    }
    answer_descriptor(descriptor);
    LocalFree(descriptor);
}

/* pipe_security PIPE -> SDDL */
void do_pipe_security(void)
{
    const wchar_t *name = take_text();
    PSECURITY_DESCRIPTOR descriptor = NULL;
    HANDLE pipe = CreateFileW(name,
                              READ_CONTROL,
                              FILE_SHARE_READ | FILE_SHARE_WRITE,
                              NULL,
                              OPEN_EXISTING,
                              SECURITY_SQOS_PRESENT | SECURITY_IDENTIFICATION,
                              NULL);
    if (pipe == INVALID_HANDLE_VALUE) {
        answer_error(GetLastError());
        return;
    }
    DWORD code = GetSecurityInfo(pipe,
                                 SE_KERNEL_OBJECT,
                                 OWNER_AND_DACL,
                                 NULL,
                                 NULL,
                                 NULL,
                                 NULL,
                                 &descriptor);
    CloseHandle(pipe);
    if (code != 0) {
        answer_error(code);
        return;
    }
    answer_descriptor(descriptor);
    LocalFree(descriptor);
}

/* try_file AS PATH ACCESS */
void do_try_file(void)
{
    const wchar_t *as = take_text();
    const wchar_t *path = in_work_folder(take_text());
    DWORD access = generic_rights(take_number());
    DWORD err = wear(as);
    if (err == 0) {
        HANDLE file = CreateFileW(path,
                                  access,
                                  FILE_SHARE_READ | FILE_SHARE_WRITE,
                                  NULL,
                                  OPEN_EXISTING,
                                  0,
                                  NULL);
        if (file == INVALID_HANDLE_VALUE)
            err = GetLastError();
        undress();
        if (file != INVALID_HANDLE_VALUE)
            CloseHandle(file);
    }
    if (err != 0)
        answer_error(err);
}
