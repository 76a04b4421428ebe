/* server.c - the system's own calls, NtFsControlFile, NtReadFile and
 * NtWriteFile, on a thread for each instance; the list of rights is made of
 * EXPLICIT_ACCESS. */
#include <windows.h>
#include <winternl.h>
#include <process.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <wchar.h>
#include <aclapi.h>
#include <sddl.h>

static const wchar_t *name = L"\\\\.\\pipe\\nplab-04-front-door";
static DWORD patience = 5000;
static const wchar_t *who = L"group";
static DWORD seats = 4;
/* -1: go on; else the exit code. */
static int arguments(int argc, wchar_t **argv)
{
    for (int i = 1; i < argc; i++) {
        wchar_t *end = NULL;
        if (wcscmp(argv[i], L"--help") == 0) {
            printf("usage: server [options]\n");
            return 0;
        } else if (wcscmp(argv[i], L"--pipe") == 0 && i + 1 < argc) {
            name = argv[++i];
        } else if (wcscmp(argv[i], L"--timeout") == 0 && i + 1 < argc) {
            patience = wcstoul(argv[++i], &end, 10);
            if (*end != 0)
                return fprintf(stderr, "bad number\n"), 2;
        } else if (wcscmp(argv[i], L"--admit") == 0 && i + 1 < argc) {
            who = argv[++i];
        } else if (wcscmp(argv[i], L"--instances") == 0 && i + 1 < argc) {
            seats = wcstoul(argv[++i], &end, 10);
            if (*end != 0 || seats < 1 || seats > 16)
                return fprintf(stderr, "1 to 16\n"), 2;
        } else {
            fprintf(stderr, "bad argument %ls\n", argv[i]);
            return 2;
        }
    }
    return -1;
}

/* The first of the three that the token has enabled. */
static PSID lab_group(void)
{
    static BYTE sid[3][SECURITY_MAX_SID_SIZE];
    static const WELL_KNOWN_SID_TYPE types[] = {
        WinInteractiveSid, WinLocalSid, WinBuiltinAdministratorsSid};
    for (int i = 0; i < 3; i++) {
        DWORD size = sizeof sid[i];
        BOOL has = FALSE;
        if (CreateWellKnownSid(types[i], NULL, sid[i], &size) &&
            CheckTokenMembership(NULL, sid[i], &has) && has)
            return sid[i];
    }
    return NULL;
}
static PSID whom(void)
{
    static BYTE world[SECURITY_MAX_SID_SIZE];
    DWORD size = sizeof world;
    PSID sid = NULL;
    if (wcscmp(who, L"group") == 0)
        return lab_group();
    if (wcscmp(who, L"everyone") == 0)
        return CreateWellKnownSid(WinWorldSid, NULL, world, &size) ? world
                                                                   : NULL;
    if (wcsncmp(who, L"S-1-", 4) != 0 || !ConvertStringSidToSidW(who, &sid))
        return NULL;
    return sid;
}
#define CLIENT                                                                 \
    (FILE_GENERIC_READ | FILE_READ_DATA | FILE_WRITE_DATA | FILE_WRITE_EA |    \
     FILE_WRITE_ATTRIBUTES)

#define PEND ((NTSTATUS)0x103)
#define LISTEN 0x110008
#define DISCONNECT 0x110004
static NTSTATUS(NTAPI *fs)(HANDLE,
                           HANDLE,
                           PIO_APC_ROUTINE,
                           PVOID,
                           PIO_STATUS_BLOCK,
                           ULONG,
                           PVOID,
                           ULONG,
                           PVOID,
                           ULONG);
static NTSTATUS(NTAPI *rd)(HANDLE,
                           HANDLE,
                           PIO_APC_ROUTINE,
                           PVOID,
                           PIO_STATUS_BLOCK,
                           PVOID,
                           ULONG,
                           PLARGE_INTEGER,
                           PULONG);
static NTSTATUS(NTAPI *wr)(HANDLE,
                           HANDLE,
                           PIO_APC_ROUTINE,
                           PVOID,
                           PIO_STATUS_BLOCK,
                           PVOID,
                           ULONG,
                           PLARGE_INTEGER,
                           PULONG);
static HANDLE stop;
static _Thread_local HANDLE done;
static void native(void)
{
    HMODULE nt = GetModuleHandleW(L"ntdll");
    fs = (void *)(ULONG_PTR)GetProcAddress(nt, "NtFsControlFile");
    rd = (void *)(ULONG_PTR)GetProcAddress(nt, "NtReadFile");
    wr = (void *)(ULONG_PTR)GetProcAddress(nt, "NtWriteFile");
    stop = CreateEventW(NULL, TRUE, FALSE, NULL);
}
/* 0x102: timeout, 0xC0000120: stop */
static NTSTATUS end_of(HANDLE pipe, NTSTATUS st, IO_STATUS_BLOCK *io, DWORD ms)
{
    HANDLE both[] = {done, stop};
    if (st != PEND)
        return st;
    DWORD woken = WaitForMultipleObjects(2, both, FALSE, ms);
    if (woken != WAIT_OBJECT_0) {
        CancelIo(pipe);
        WaitForSingleObject(done, INFINITE);
        if (io->Status == (NTSTATUS)0xC0000120)
            return woken == WAIT_TIMEOUT ? 0x102 : (NTSTATUS)0xC0000120;
    }
    return io->Status;
}

static unsigned __stdcall seat(void *handle)
{
    HANDLE pipe = handle;
    IO_STATUS_BLOCK io;
    char text[9 + 1000];
    done = CreateEventW(NULL, TRUE, FALSE, NULL);
    memcpy(text, "welcome, ", 9);
    for (;;) {
        NTSTATUS st =
            end_of(pipe,
                   fs(pipe, done, NULL, NULL, &io, LISTEN, NULL, 0, NULL, 0),
                   &io,
                   INFINITE);
        if (st == (NTSTATUS)0xC0000120)
            return 0;
        do {
            memset(&io, 0, sizeof io);
            st = end_of(
                pipe,
                rd(pipe, done, NULL, NULL, &io, text + 9, 1000, NULL, NULL),
                &io,
                patience);
            if (st == 0)
                st = end_of(pipe,
                            wr(pipe,
                               done,
                               NULL,
                               NULL,
                               &io,
                               text,
                               9 + (ULONG)io.Information,
                               NULL,
                               NULL),
                            &io,
                            patience);
        } while (st == 0);
        if (st == (NTSTATUS)0xC0000120)
            return 0;
        end_of(pipe,
               fs(pipe, done, NULL, NULL, &io, DISCONNECT, NULL, 0, NULL, 0),
               &io,
               INFINITE);
    }
}
int wmain(int argc, wchar_t **argv);

int wmain(int argc, wchar_t **argv)
{
    EXPLICIT_ACCESSW entries[2] = {0};
    ACL *acl = NULL;
    SECURITY_DESCRIPTOR absolute;
    BYTE relative[1000];
    DWORD size = sizeof relative;
    HANDLE threads[16], pipes[16];
    SECURITY_ATTRIBUTES sa = {sizeof sa, relative, FALSE};
    int code = arguments(argc, argv);
    if (code >= 0)
        return code;
    native();
    PSID group = lab_group(), sid = whom();
    if (group == NULL || sid == NULL)
        return fprintf(stderr, "whom? %ls\n", who), 1;
    entries[0].grfAccessPermissions = FILE_ALL_ACCESS;
    entries[0].grfAccessMode = GRANT_ACCESS;
    BuildTrusteeWithSidW(&entries[0].Trustee, group);
    entries[1].grfAccessPermissions = 0x12019B;
    entries[1].grfAccessMode = GRANT_ACCESS;
    BuildTrusteeWithSidW(&entries[1].Trustee, sid);
    if (SetEntriesInAclW(EqualSid(group, sid) ? 1 : 2, entries, NULL, &acl) !=
            0 ||
        !InitializeSecurityDescriptor(&absolute, 1) ||
        !SetSecurityDescriptorDacl(&absolute, TRUE, acl, FALSE) ||
        !SetSecurityDescriptorControl(
            &absolute, SE_DACL_PROTECTED, SE_DACL_PROTECTED) ||
        !MakeSelfRelativeSD(&absolute, relative, &size))
        return fprintf(stderr, "no descriptor\n"), 1;
    for (DWORD i = 0; i < seats; i++) {
        pipes[i] =
            CreateNamedPipeW(name,
                             PIPE_ACCESS_DUPLEX | FILE_FLAG_OVERLAPPED |
                                 (i == 0 ? FILE_FLAG_FIRST_PIPE_INSTANCE : 0),
                             PIPE_TYPE_MESSAGE | PIPE_READMODE_MESSAGE |
                                 PIPE_REJECT_REMOTE_CLIENTS,
                             seats,
                             2000,
                             2000,
                             0,
                             &sa);
        if (pipes[i] == INVALID_HANDLE_VALUE)
            return fprintf(stderr, "no pipe: %lu\n", GetLastError()), 1;
    }
    for (DWORD i = 0; i < seats; i++)
        threads[i] = (HANDLE)_beginthreadex(NULL, 0, seat, pipes[i], 0, NULL);
    while (getchar() != EOF)
        ;
    SetEvent(stop);
    WaitForMultipleObjects(seats, threads, TRUE, INFINITE);
    return 0;
}
