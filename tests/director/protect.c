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

/* An owner may always change the DACL. Wine lets us give the director to
 * SYSTEM; Windows does not, but heeds the entry for OWNER RIGHTS (OW). */
#define CLOSED L"O:SYD:P(A;;GA;;;SY)(A;;RC;;;OW)"
/* SYNCHRONIZE and PROCESS_QUERY_LIMITED_INFORMATION: whether it lives. */
#define MAY_WATCH L"(A;;0x00101000;;;WD)"
/* PROCESS_DUP_HANDLE and PROCESS_QUERY_INFORMATION as well. */
#define MAY_GIVE L"(A;;0x00101440;;;WD)"

static void set_security(HANDLE object, const wchar_t *sddl)
{
    struct security security;
    DWORD err = make_security(sddl, &security);
    if (err != 0)
        give_up("the director's own DACL", err);
    SetKernelObjectSecurity(
        object, DACL_SECURITY_INFORMATION, security.descriptor);
    SetKernelObjectSecurity(
        object, OWNER_SECURITY_INFORMATION, security.descriptor);
    drop_security(&security);
}

/* Keeps student programs from opening the director: by a DACL for the Win32
 * way, and on Wine by making the process undumpable, which closes its
 * /proc/PID/fd and /proc/PID/mem and ptrace to its neighbours. */
void protect_director(void)
{
    set_security(GetCurrentProcess(), CLOSED MAY_WATCH);
    set_security(GetCurrentThread(), CLOSED);
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
        set_security(GetCurrentProcess(), CLOSED MAY_GIVE);
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
