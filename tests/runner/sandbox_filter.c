/*
 * sandbox_filter.c - the system calls of Linux that no Windows program needs.
 *
 * Under Wine a Windows program can make them with a bare syscall instruction.
 * The namespaces hold it in any case; this keeps it from the parts of the
 * kernel where most ways out of namespaces have been found. ptrace stays
 * allowed, because Wine's server reads other processes' memory with it.
 */
#include "sandbox.h"

#include <linux/audit.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <stddef.h>
#include <sys/syscall.h>

#define LOAD(field)                                                            \
    BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, field))
#define ANSWER(action) BPF_STMT(BPF_RET | BPF_K, (action))
#define REFUSE(number)                                                         \
    BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, (number), 0, 1),                       \
        ANSWER(SECCOMP_RET_ERRNO | 1) /* EPERM */

static const struct sock_filter FILTER[] = {
    /* int 0x80 and x32 would number the calls in another way. */
    LOAD(arch),
    BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, AUDIT_ARCH_X86_64, 1, 0),
    ANSWER(SECCOMP_RET_KILL_PROCESS),
    LOAD(nr),
    BPF_JUMP(BPF_JMP | BPF_JGE | BPF_K, 0x40000000, 0, 1),
    ANSWER(SECCOMP_RET_KILL_PROCESS),
    REFUSE(SYS_symlink),
    REFUSE(SYS_symlinkat),
    REFUSE(SYS_mount),
    REFUSE(SYS_umount2),
    REFUSE(SYS_pivot_root),
    REFUSE(SYS_chroot),
    REFUSE(SYS_move_mount),
    REFUSE(SYS_open_tree),
    REFUSE(SYS_fsopen),
    REFUSE(SYS_fsmount),
    REFUSE(SYS_fsconfig),
    REFUSE(SYS_unshare),
    REFUSE(SYS_setns),
    REFUSE(SYS_add_key),
    REFUSE(SYS_request_key),
    REFUSE(SYS_keyctl),
    REFUSE(SYS_bpf),
    REFUSE(SYS_perf_event_open),
    REFUSE(SYS_userfaultfd),
    REFUSE(SYS_io_uring_setup),
    REFUSE(SYS_io_uring_enter),
    REFUSE(SYS_io_uring_register),
    REFUSE(SYS_kexec_load),
    REFUSE(SYS_init_module),
    REFUSE(SYS_finit_module),
    REFUSE(SYS_open_by_handle_at),
    REFUSE(SYS_acct),
    REFUSE(SYS_swapon),
    REFUSE(SYS_quotactl),
    REFUSE(SYS_vmsplice),
    ANSWER(SECCOMP_RET_ALLOW),
};

const void *sandbox_filter(size_t *size)
{
    *size = sizeof FILTER;
    return FILTER;
}
