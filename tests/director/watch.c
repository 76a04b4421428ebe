/* watch.c - a program's resources, counted from outside. */
#include "director.h"

#include <tlhelp32.h>
#include <winternl.h>

size_t threads_of(DWORD pid, DWORD *ids, size_t room)
{
    size_t count = 0;
    THREADENTRY32 entry = {.dwSize = sizeof entry};
    HANDLE all = CreateToolhelp32Snapshot(TH32CS_SNAPTHREAD, 0);
    if (all == INVALID_HANDLE_VALUE)
        give_up("CreateToolhelp32Snapshot", GetLastError());
    for (BOOL more = Thread32First(all, &entry); more;
         more = Thread32Next(all, &entry)) {
        if (entry.th32OwnerProcessID != pid)
            continue;
        if (count < room)
            ids[count] = entry.th32ThreadID;
        count++;
    }
    CloseHandle(all);
    return count < room ? count : room;
}

/* Wine 8 answers GetProcessHandleCount with the number of processes that have
 * a handle to this one. There the list of all handles is counted instead;
 * Windows keeps 16 bits of the process id in that list, so it is no use
 * there. */
struct handle_list {
    ULONG count;
    struct {
        ULONG pid;
        BYTE type, flags;
        USHORT value;
        void *object;
        ULONG access;
    } entry[];
};

static DWORD count_handles_on_wine(DWORD pid)
{
    for (ULONG room = 1u << 18; room <= 1u << 26; room *= 4) {
        struct handle_list *list = scratch(room);
        ULONG size;
        NTSTATUS status = NtQuerySystemInformation(
            (SYSTEM_INFORMATION_CLASS)16, list, room, &size);
        if (status != 0)
            continue;
        DWORD count = 0;
        for (ULONG i = 0; i < list->count; i++)
            if (list->entry[i].pid == pid)
                count++;
        return count;
    }
    give_up("the list of all handles is too long", 0);
}

/* measure PROGRAM -> HANDLES THREADS */
void do_measure(void)
{
    const struct student *student = take_student();
    DWORD handles = 0, ids[1024];
    if (on_wine())
        handles = count_handles_on_wine(student->pid);
    else if (!GetProcessHandleCount(student->process, &handles))
        give_up("GetProcessHandleCount", GetLastError());
    answer_number(handles);
    answer_number(threads_of(student->pid, ids, 1024));
}

/* children PROGRAM -> COUNT of the processes that it started and that have not
 * ended */
void do_children(void)
{
    const struct student *student = take_student();
    DWORD count = 0;
    PROCESSENTRY32W entry = {.dwSize = sizeof entry};
    HANDLE all = CreateToolhelp32Snapshot(TH32CS_SNAPPROCESS, 0);
    if (all == INVALID_HANDLE_VALUE)
        give_up("CreateToolhelp32Snapshot", GetLastError());
    for (BOOL more = Process32FirstW(all, &entry); more;
         more = Process32NextW(all, &entry))
        count += entry.th32ParentProcessID == student->pid;
    CloseHandle(all);
    answer_number(count);
}
