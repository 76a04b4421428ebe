/* native.c - see native.h. */
#include "native.h"

#include <winternl.h>

/* FILE_PIPE_LOCAL_INFORMATION and its number; winternl.h lacks both. */
struct pipe_local_information {
    ULONG type, configuration, maximum_instances, current_instances;
    ULONG in_quota, read_available, out_quota, write_available;
    ULONG state, end;
};
#define PIPE_LOCAL_INFORMATION 24
#define OBJECT_BASIC_INFORMATION_CLASS 0

struct object_information {
    ULONG attributes, access, handles, pointers;
    ULONG reserved[10];
};

static NTSTATUS(NTAPI *query_file)(
    HANDLE, IO_STATUS_BLOCK *, void *, ULONG, int);
static NTSTATUS(NTAPI *query_object)(HANDLE, int, void *, ULONG, ULONG *);
static bool on_wine;

static void *look_up(const char *name)
{
    return (void *)(ULONG_PTR)GetProcAddress(GetModuleHandleW(L"ntdll"), name);
}

void native_start(void)
{
    on_wine = look_up("wine_get_version") != NULL;
    *(void **)&query_file = look_up("NtQueryInformationFile");
    *(void **)&query_object = look_up("NtQueryObject");
}

bool native_is_wine(void)
{
    return on_wine;
}

DWORD native_pipe_state(HANDLE pipe)
{
    struct pipe_local_information information;
    IO_STATUS_BLOCK status;

    if (query_file(pipe,
                   &status,
                   &information,
                   sizeof information,
                   PIPE_LOCAL_INFORMATION) < 0)
        return 0;
    return information.state;
}

static bool query_basic(HANDLE object, struct object_information *information)
{
    return query_object(object,
                        OBJECT_BASIC_INFORMATION_CLASS,
                        information,
                        sizeof *information,
                        NULL) >= 0;
}

DWORD native_handle_count(HANDLE object)
{
    struct object_information information;

    return query_basic(object, &information) ? information.handles : 0;
}

DWORD native_granted_access(HANDLE object)
{
    struct object_information information;

    return query_basic(object, &information) ? information.access : 0xFFFFFFFFu;
}
