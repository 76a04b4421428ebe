/* protect.c - what a student's program may not do to the director and to the
 * machine.
 *
 * Under Wine a Windows program can make system calls of Linux itself. The
 * director does so here, for two things that Win32 has no way to ask for.
 */
#include "director.h"

static long linux_call(long number, long a, long b, const void *c, void *d)
{
    long result;
    register void *fourth __asm__("r10") = d;
    __asm__ volatile("syscall"
                     : "=a"(result)
                     : "0"(number), "D"(a), "S"(b), "d"(c), "r"(fourth)
                     : "rcx", "r11", "memory");
    return result;
}

struct entry {
    WELL_KNOWN_SID_TYPE who;
    DWORD may;
};

/* SYNCHRONIZE and PROCESS_QUERY_LIMITED_INFORMATION: whether it lives. */
#define MAY_WATCH (SYNCHRONIZE | PROCESS_QUERY_LIMITED_INFORMATION)
#define MAY_GIVE (MAY_WATCH | PROCESS_DUP_HANDLE | PROCESS_QUERY_INFORMATION)

/* Nobody but SYSTEM, and everyone what `others_may`.
 *
 * An owner may always change the DACL. Wine lets us give the director to
 * SYSTEM; Windows does not, but heeds the entry for OWNER RIGHTS. Made by hand
 * because SDDL is advapi32's, which takes 1.5 ms to load. */
static void set_security(HANDLE object, DWORD others_may)
{
    const struct entry entries[] = {
        {WinLocalSystemSid, GENERIC_ALL},
        {WinCreatorOwnerRightsSid, READ_CONTROL},
        {WinWorldSid, others_may},
    };
    size_t count = others_may == 0 ? 2 : 3;
    SECURITY_DESCRIPTOR descriptor;
    BYTE system[SECURITY_MAX_SID_SIZE], sid[SECURITY_MAX_SID_SIZE];
    DWORD system_size = sizeof system;
    union {
        ACL list;
        BYTE room[256];
    } dacl;

    bool ok = InitializeSecurityDescriptor(&descriptor,
                                           SECURITY_DESCRIPTOR_REVISION) &&
              InitializeAcl(&dacl.list, sizeof dacl, ACL_REVISION);
    for (size_t i = 0; ok && i < count; i++) {
        DWORD size = sizeof sid;
        ok = CreateWellKnownSid(entries[i].who, NULL, sid, &size) &&
             AddAccessAllowedAce(&dacl.list, ACL_REVISION, entries[i].may, sid);
    }
    if (!ok ||
        !CreateWellKnownSid(WinLocalSystemSid, NULL, system, &system_size) ||
        !SetSecurityDescriptorDacl(&descriptor, TRUE, &dacl.list, FALSE) ||
        !SetSecurityDescriptorControl(
            &descriptor, SE_DACL_PROTECTED, SE_DACL_PROTECTED) ||
        !SetSecurityDescriptorOwner(&descriptor, system, FALSE))
        give_up("the director's own DACL", GetLastError());
    SetKernelObjectSecurity(object, DACL_SECURITY_INFORMATION, &descriptor);
    SetKernelObjectSecurity(object, OWNER_SECURITY_INFORMATION, &descriptor);
}

/* Keeps student programs from opening the director: by a DACL for the Win32
 * way, and on Wine by making the process undumpable, which closes its
 * /proc/PID/fd and /proc/PID/mem and ptrace to its neighbours. */
void protect_director(void)
{
    set_security(GetCurrentProcess(), MAY_WATCH);
    set_security(GetCurrentThread(), 0);
    if (on_wine())
        linux_call(157, 4, 0, NULL, NULL); /* prctl(PR_SET_DUMPABLE, 0) */
}

/* On Wine the platform layer in a client puts its token into the server's
 * process. So a director that serves must let programs do that, and no other
 * director does. */
void admit_clients(void)
{
    static bool admitted;
    if (on_wine() && !admitted)
        set_security(GetCurrentProcess(), MAY_GIVE);
    admitted = true;
}

/* A limit that is set before bubblewrap would count the user's processes
 * outside as well. Set from here it is inherited by every program that is
 * started, and counts this user namespace only. */
void limit_tasks(unsigned most)
{
    const uint64_t limit[2] = {most, most};
    if (on_wine() && most > 0)
        linux_call(302, 0, 6, limit, NULL); /* prlimit64(RLIMIT_NPROC) */
}
