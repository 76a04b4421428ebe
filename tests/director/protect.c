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
static void close_object(HANDLE object)
{
    struct security none;
    DWORD err = make_security(L"O:SYD:P(A;;GA;;;SY)(A;;RC;;;OW)", &none);
    if (err != 0)
        give_up("the director's own DACL", err);
    SetKernelObjectSecurity(object, DACL_SECURITY_INFORMATION, none.descriptor);
    SetKernelObjectSecurity(
        object, OWNER_SECURITY_INFORMATION, none.descriptor);
    drop_security(&none);
}

/* Keeps student programs from opening the director: by a DACL for the Win32
 * way, and on Wine by making the process undumpable, which closes its
 * /proc/PID/fd and /proc/PID/mem and ptrace to its neighbours. */
void protect_director(void)
{
    close_object(GetCurrentProcess());
    close_object(GetCurrentThread());
    if (on_wine())
        linux_call(157, 4, 0, NULL, NULL); /* prctl(PR_SET_DUMPABLE, 0) */
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
