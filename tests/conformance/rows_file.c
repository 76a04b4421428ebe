/* rows_file.c - a file's DACL decides every open, by token and by right. */
#include "rows.h"
#include "stage.h"

#include <aclapi.h>
#include <sddl.h>
#include <stdio.h>
#include <wchar.h>

/* The error of the same open by this process and by a lesser thread. */
static DWORD as_lesser(DWORD access)
{
    DWORD error;

    wear_lesser();
    error = try_file(file_name(), access);
    RevertToSelf();
    return error;
}

static verdict row_D08a(void)
{
    HOLDS(put_file(GROUP_ONLY));
    HOLDS(try_file(file_name(), GENERIC_READ) == 0);
    HOLDS(as_lesser(GENERIC_READ) == ERROR_ACCESS_DENIED);
    return NULL;
}

static verdict row_D08b(void)
{
    HOLDS(put_file(GROUP_ONLY));
    HOLDS(run_role(L"read-file", true, file_name()) == ERROR_ACCESS_DENIED);
    HOLDS(run_role(L"read-file", false, file_name()) == 0);
    return NULL;
}

static bool dacl_is(const wchar_t *path, const wchar_t *expected)
{
    PSECURITY_DESCRIPTOR descriptor = NULL;
    wchar_t *text = NULL, wanted[256];
    bool same;

    if (GetNamedSecurityInfoW((LPWSTR)(ULONG_PTR)path,
                              SE_FILE_OBJECT,
                              DACL_SECURITY_INFORMATION,
                              NULL,
                              NULL,
                              NULL,
                              NULL,
                              &descriptor) != ERROR_SUCCESS)
        return false;
    ConvertSecurityDescriptorToStringSecurityDescriptorW(
        descriptor, SDDL_REVISION_1, DACL_SECURITY_INFORMATION, &text, NULL);
    /* Both through the same conversion, which may name the group in short. */
    swprintf(wanted, ARRAYSIZE(wanted), expected, group());
    same = wcscmp(text, wanted) == 0;
    LocalFree(text);
    LocalFree(descriptor);
    return same;
}

static verdict row_D08c(void)
{
    HOLDS(put_file(L"D:P(D;;0x10000;;;WD)(A;;FA;;;BA)(A;;FR;;;WD)"));
    HOLDS(dacl_is(file_name(), L"D:P(D;;SD;;;WD)(A;;FA;;;BA)(A;;FR;;;WD)"));
    return NULL;
}

static verdict row_D08d(void)
{
    HOLDS(run_role(L"make-file", false, file_name()) == 0);
    HOLDS(as_lesser(GENERIC_READ) == ERROR_ACCESS_DENIED);
    HOLDS(try_file(file_name(), GENERIC_READ) == 0);
    return NULL;
}

/* The DACL of one entry that allows the group everything. */
static PACL group_dacl(void)
{
    BOOL present, defaulted;
    PACL dacl = NULL;

    GetSecurityDescriptorDacl(security(GROUP_ONLY)->lpSecurityDescriptor,
                              &present,
                              &dacl,
                              &defaulted);
    return dacl;
}

#define PROTECTED                                                              \
    (DACL_SECURITY_INFORMATION | PROTECTED_DACL_SECURITY_INFORMATION)

static verdict row_D08e(void)
{
    HOLDS(put_file(NULL));
    HOLDS(as_lesser(GENERIC_READ) == 0);
    HOLDS(SetNamedSecurityInfoW((LPWSTR)(ULONG_PTR)file_name(),
                                SE_FILE_OBJECT,
                                PROTECTED,
                                NULL,
                                NULL,
                                group_dacl(),
                                NULL) == ERROR_SUCCESS);
    HOLDS(as_lesser(GENERIC_READ) == ERROR_ACCESS_DENIED);
    return NULL;
}

static verdict row_D08f(void)
{
    HANDLE file;

    HOLDS(put_file(NULL));
    file = keep(
        CreateFileW(file_name(), WRITE_DAC, 7, NULL, OPEN_EXISTING, 0, NULL));
    HOLDS(file != INVALID_HANDLE_VALUE);
    HOLDS(
        SetSecurityInfo(
            file, SE_FILE_OBJECT, PROTECTED, NULL, NULL, group_dacl(), NULL) ==
        ERROR_SUCCESS);
    HOLDS(as_lesser(GENERIC_READ) == ERROR_ACCESS_DENIED);
    return NULL;
}

static verdict row_D08g(void)
{
    HOLDS(put_file(NULL));
    HOLDS(SetFileSecurityW(file_name(),
                           DACL_SECURITY_INFORMATION,
                           security(GROUP_ONLY)->lpSecurityDescriptor));
    HOLDS(as_lesser(GENERIC_READ) == ERROR_ACCESS_DENIED);
    HOLDS(try_file(file_name(), GENERIC_READ) == 0);
    return NULL;
}

static verdict row_D08h(void)
{
    HOLDS(put_file(L"D:P"));
    HOLDS(try_file(file_name(), GENERIC_READ) == ERROR_ACCESS_DENIED);
    return NULL;
}

static verdict row_D08i(void)
{
    HOLDS(put_file(NULL_DACL));
    HOLDS(as_lesser(GENERIC_READ | GENERIC_WRITE) == 0);
    return NULL;
}

static verdict row_D08j(void)
{
    HOLDS(put_file(L"D:P(D;;GA;;;%ls)(A;;GA;;;WD)"));
    HOLDS(as_lesser(GENERIC_READ) == ERROR_ACCESS_DENIED);
    HOLDS(try_file(file_name(), GENERIC_READ) == ERROR_ACCESS_DENIED);
    return NULL;
}

static verdict row_D04(void)
{
    HOLDS(put_file(L"D:P(A;;FR;;;SY)"));
    HOLDS(try_file(file_name(), GENERIC_READ) == ERROR_ACCESS_DENIED);
    HOLDS(SetFileSecurityW(file_name(),
                           DACL_SECURITY_INFORMATION,
                           security(L"D:P(A;;GA;;;WD)")->lpSecurityDescriptor));
    HOLDS(try_file(file_name(), GENERIC_READ) == 0);
    return NULL;
}

static verdict row_D04b(void)
{
    HOLDS(put_file(L"D:P(A;;FR;;;OW)"));
    HOLDS(try_file(file_name(), GENERIC_READ) == 0);
    HOLDS(try_file(file_name(), WRITE_DAC) == ERROR_ACCESS_DENIED);
    return NULL;
}

static verdict row_D08k(void)
{
    HOLDS(put_file(L"D:P(A;;FR;;;WD)"));
    HOLDS(try_file(file_name(), GENERIC_READ) == 0);
    HOLDS(try_file(file_name(), GENERIC_WRITE) == ERROR_ACCESS_DENIED);
    return NULL;
}

static verdict row_D08l(void)
{
    HANDLE file;
    LARGE_INTEGER size = {.QuadPart = 0};

    HOLDS(put_file(L"D:P(A;;FR;;;WD)"));
    file = keep(CreateFileW(
        file_name(), GENERIC_WRITE, 0, NULL, CREATE_ALWAYS, 0, NULL));
    HOLDS(file == INVALID_HANDLE_VALUE);
    HOLDS(GetLastError() == ERROR_ACCESS_DENIED);
    file = keep(CreateFileW(
        file_name(), GENERIC_READ, 7, NULL, OPEN_EXISTING, 0, NULL));
    HOLDS(GetFileSizeEx(file, &size) && size.QuadPart == 7);
    return NULL;
}

static verdict row_D08m(void)
{
    HOLDS(put_file(GROUP_ONLY));
    HOLDS(DeleteFileW(file_name()));
    HOLDS(put_file(NULL));
    HOLDS(as_lesser(GENERIC_READ) == 0);
    return NULL;
}

static verdict row_D08n(void)
{
    wchar_t other[MAX_PATH];
    DWORD refused;

    swprintf(other, ARRAYSIZE(other), L"%ls.moved", file_name());
    HOLDS(put_file(GROUP_ONLY));
    HOLDS(MoveFileW(file_name(), other));
    wear_lesser();
    refused = try_file(other, GENERIC_READ);
    RevertToSelf();
    DeleteFileW(other);
    HOLDS(refused == ERROR_ACCESS_DENIED);
    return NULL;
}

static verdict row_D08t(void)
{
    HANDLE server = serve();
    DWORD refused;

    HOLDS(put_file(GROUP_ONLY));
    HOLDS(run_role(L"open-static", true, pipe_name()) == 0);
    HOLDS(become(server) == 0);
    refused = try_file(file_name(), GENERIC_READ);
    RevertToSelf();
    HOLDS(refused == ERROR_ACCESS_DENIED);
    return NULL;
}

static verdict row_D08v(void)
{
    FILE *file;

    HOLDS(put_file(GROUP_ONLY));
    HOLDS(wear_lesser());
    file = _wfopen(file_name(), L"r");
    HOLDS(file == NULL);
    RevertToSelf();
    file = _wfopen(file_name(), L"r");
    HOLDS(file != NULL);
    fclose(file);
    return NULL;
}

static verdict row_D08u(void)
{
    HANDLE file;

    HOLDS(put_file(GROUP_ONLY));
    HOLDS(wear_lesser());
    file = CreateFileA(
        "no such file", GENERIC_READ, 7, NULL, OPEN_EXISTING, 0, NULL);
    HOLDS(file == INVALID_HANDLE_VALUE);
    HOLDS(GetLastError() == ERROR_FILE_NOT_FOUND);
    return NULL;
}

const struct row file_rows[] = {
    ROW(D04,
        "DOC",
        "a file's owner may read its descriptor and change its DACL"),
    ROW(D04b,
        "DOC",
        "an entry for OWNER RIGHTS says what the owner may instead"),
    ROW(D08a,
        "DOC",
        "a file for a group refuses a thread that has it for denial only: 5"),
    ROW(D08b, "DOC", "and a process that has it for denial only"),
    ROW(D08c, "DOC", "the DACL is read back as it was given"),
    ROW(D08d, "DOC", "the DACL outlives the process that set it"),
    ROW(D08e, "DOC", "SetNamedSecurityInfo changes who may open"),
    ROW(D08f, "DOC", "SetSecurityInfo on a handle changes who may open"),
    ROW(D08g, "DOC", "SetFileSecurity changes who may open"),
    ROW(D08h, "DOC", "an empty DACL lets nobody in: 5"),
    ROW(D08i, "DOC", "a NULL DACL lets everyone in"),
    ROW(D08j, "DOC", "a denying entry counts for a deny-only group"),
    ROW(D08k, "DOC", "the DACL decides right by right"),
    ROW(D08l, "DOC", "a refused CREATE_ALWAYS leaves the content alone"),
    ROW(D08m,
        "DOC",
        "a new file of the name has nothing of the old one's DACL"),
    ROW(D08n, "DOC", "a moved file keeps its DACL"),
    ROW(D08t,
        "DOC",
        "a server acting as a lesser client is refused as the client"),
    ROW(D08u, "DOC", "a file that is not there: 2, also for a lesser thread"),
    ROW(D08v, "DOC", "the C library's fopen is refused likewise"),
    {0}};
