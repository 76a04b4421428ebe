/* stage.c - pipes, events and files of the rows; see stage.h. */
#include "stage.h"

#include <sddl.h>
#include <stdio.h>
#include <string.h>
#include <wchar.h>

#define MAX_KEPT 512

static HANDLE kept[MAX_KEPT];
static unsigned kept_count;
static PSECURITY_DESCRIPTOR descriptors[16];
static unsigned descriptor_count;
static unsigned row_number;

HANDLE keep(HANDLE handle)
{
    if (handle != NULL && handle != INVALID_HANDLE_VALUE &&
        kept_count < MAX_KEPT)
        kept[kept_count++] = handle;
    return handle;
}

void drop(HANDLE handle)
{
    for (unsigned i = 0; i < kept_count; i++) {
        if (kept[i] == handle) {
            kept[i] = kept[--kept_count];
            CloseHandle(handle);
            return;
        }
    }
}

void stage_clear(void)
{
    RevertToSelf();
    while (kept_count != 0)
        CloseHandle(kept[--kept_count]);
    while (descriptor_count != 0)
        LocalFree(descriptors[--descriptor_count]);
    DeleteFileW(file_name());
}

void stage_next_row(void)
{
    row_number++;
}

static const wchar_t *name(wchar_t *buffer, size_t size, const wchar_t *prefix)
{
    swprintf(buffer,
             size,
             L"%lsnplab-row-%lu-%u",
             prefix,
             GetCurrentProcessId(),
             row_number);
    return buffer;
}

const wchar_t *pipe_name(void)
{
    static wchar_t buffer[64];

    return name(buffer, ARRAYSIZE(buffer), L"\\\\.\\pipe\\");
}

const wchar_t *object_name(void)
{
    static wchar_t buffer[64];

    return name(buffer, ARRAYSIZE(buffer), L"Local\\");
}

const wchar_t *file_name(void)
{
    static wchar_t folder[MAX_PATH - 64], buffer[MAX_PATH];

    if (folder[0] == '\0')
        GetTempPathW(ARRAYSIZE(folder), folder);
    return name(buffer, ARRAYSIZE(buffer), folder);
}

/* Made by hand: not every SDDL parser knows the word for it. */
static SECURITY_ATTRIBUTES *no_dacl(void)
{
    static SECURITY_DESCRIPTOR descriptor;
    static SECURITY_ATTRIBUTES attributes = {
        sizeof attributes, &descriptor, FALSE};

    InitializeSecurityDescriptor(&descriptor, SECURITY_DESCRIPTOR_REVISION);
    SetSecurityDescriptorDacl(&descriptor, TRUE, NULL, FALSE);
    return &attributes;
}

SECURITY_ATTRIBUTES *security(const wchar_t *sddl)
{
    static SECURITY_ATTRIBUTES attributes[ARRAYSIZE(descriptors)];
    wchar_t text[512];
    SECURITY_ATTRIBUTES *made = &attributes[descriptor_count];

    if (sddl == NULL)
        return NULL;
    if (wcscmp(sddl, NULL_DACL) == 0)
        return no_dacl();
    swprintf(text, ARRAYSIZE(text), sddl, group());
    made->nLength = sizeof *made;
    made->bInheritHandle = FALSE;
    if (descriptor_count == ARRAYSIZE(descriptors) ||
        !ConvertStringSecurityDescriptorToSecurityDescriptorW(
            text, SDDL_REVISION_1, &made->lpSecurityDescriptor, NULL)) {
        fprintf(stderr, "cannot use SDDL %ls\n", text);
        ExitProcess(2);
    }
    descriptors[descriptor_count++] = made->lpSecurityDescriptor;
    return made;
}

HANDLE serve_as(DWORD open_mode, DWORD instances, const wchar_t *sddl)
{
    return keep(CreateNamedPipeW(pipe_name(),
                                 open_mode,
                                 PIPE_TYPE_MESSAGE | PIPE_READMODE_MESSAGE,
                                 instances,
                                 4096,
                                 4096,
                                 0,
                                 security(sddl)));
}

HANDLE serve(void)
{
    return serve_as(PIPE_ACCESS_DUPLEX, PIPE_UNLIMITED_INSTANCES, NULL);
}

HANDLE dial_for(DWORD access, DWORD flags)
{
    return keep(
        CreateFileW(pipe_name(), access, 0, NULL, OPEN_EXISTING, flags, NULL));
}

HANDLE dial(DWORD flags)
{
    return dial_for(BOTH_WAYS, flags);
}

bool say(HANDLE pipe, const char *text)
{
    DWORD written = 0, size = (DWORD)strlen(text);

    return WriteFile(pipe, text, size, &written, NULL) && written == size;
}

int hear(HANDLE pipe, DWORD size)
{
    char buffer[4096];
    DWORD done = 0;

    if (!ReadFile(pipe, buffer, size, &done, NULL) &&
        GetLastError() != ERROR_MORE_DATA)
        return -1;
    return (int)done;
}

DWORD try_file(const wchar_t *path, DWORD access)
{
    HANDLE file =
        CreateFileW(path,
                    access,
                    FILE_SHARE_READ | FILE_SHARE_WRITE | FILE_SHARE_DELETE,
                    NULL,
                    OPEN_EXISTING,
                    0,
                    NULL);

    if (file == INVALID_HANDLE_VALUE)
        return GetLastError();
    CloseHandle(file);
    return 0;
}

DWORD try_event(const wchar_t *event_name, DWORD access)
{
    HANDLE event = OpenEventW(access, FALSE, event_name);

    if (event == NULL)
        return GetLastError();
    CloseHandle(event);
    return 0;
}

bool put_event(const wchar_t *sddl)
{
    return keep(CreateEventW(security(sddl), TRUE, FALSE, object_name())) !=
           NULL;
}

bool put_file(const wchar_t *sddl)
{
    HANDLE file = CreateFileW(file_name(),
                              GENERIC_WRITE,
                              FILE_SHARE_READ,
                              security(sddl),
                              CREATE_NEW,
                              0,
                              NULL);
    bool written = say(file, "content");

    CloseHandle(file);
    return written;
}

bool at_level(SECURITY_IMPERSONATION_LEVEL level)
{
    HANDLE server;

    RevertToSelf();
    server = serve();
    dial(SQOS | (DWORD)level << 16);
    return become(server) == 0;
}

HANDLE own_copy(SECURITY_IMPERSONATION_LEVEL level, TOKEN_TYPE type)
{
    HANDLE own = NULL, copy = NULL;

    OpenProcessToken(GetCurrentProcess(), TOKEN_ALL_ACCESS, &own);
    keep(own);
    DuplicateTokenEx(own, TOKEN_ALL_ACCESS, NULL, level, type, &copy);
    return keep(copy);
}
