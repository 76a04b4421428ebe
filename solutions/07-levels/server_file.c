/* server_file.c - see server_file.h. */
#include "server_file.h"
#include "np_client.h"
#include "np_handle.h"
#include "np_sd.h"
#include "np_token.h"

#include <aclapi.h>
#include <string.h>

/* Opens it as whoever this thread is. Says no more than CreateFileW does, so
 * that its caller can be itself again before it looks at the result. Should the
 * path lead to a pipe, whoever serves that gets no identity from us. */
static HANDLE open_now(const wchar_t *path)
{
    return CreateFileW(path,
                       GENERIC_READ,
                       FILE_SHARE_READ | FILE_SHARE_WRITE,
                       /* lpSecurityAttributes */ NULL,
                       OPEN_EXISTING,
                       SECURITY_SQOS_PRESENT | SECURITY_ANONYMOUS,
                       /* hTemplateFile */ NULL);
}

DWORD file_open_as_client(HANDLE pipe, const wchar_t *path, HANDLE *file)
{
    *file = NULL;
    // BEGIN SOLUTION 07.3
    // STUB: /* TODO 07.3: become the client, open_now, become yourself; and
    // STUB:  * only then look at what came of it. */
    // STUB: (void)pipe, (void)path, (void)open_now;
    // STUB: return NP_TODO("07.3");
    /* By the pipe and not by the caller's token: PROBE comes here also at
     * Anonymous, where there is none. */
    if (!ImpersonateNamedPipeClient(pipe))
        return np_last_error();
    *file = open_now(path);
    np_revert_or_die(); /* keeps the error of CreateFileW */
    if (*file != INVALID_HANDLE_VALUE)
        return 0;
    *file = NULL;
    return np_last_error();
    // END SOLUTION 07.3
}

/* 0 if this client may do that with the file, 5 if not; another code if the
 * question could not be answered. */
static DWORD may(HANDLE token, PSECURITY_DESCRIPTOR descriptor, DWORD access)
{
    GENERIC_MAPPING mapping = {FILE_GENERIC_READ,
                               FILE_GENERIC_WRITE,
                               FILE_GENERIC_EXECUTE,
                               FILE_ALL_ACCESS};
    PRIVILEGE_SET used = {0};
    DWORD used_size = sizeof used;
    DWORD granted = 0;
    BOOL allowed = FALSE;

    // BEGIN SOLUTION 07.4
    // STUB: /* TODO 07.4: AccessCheck answers two questions: did the call work,
    // STUB:  * and what is the answer? Do not take one for the other. */
    // STUB: (void)token, (void)descriptor, (void)access, (void)mapping;
    // STUB: (void)used, (void)used_size, (void)granted, (void)allowed;
    // STUB: return NP_TODO("07.4");
    if (!AccessCheck(descriptor,
                     token,
                     access,
                     &mapping,
                     &used,
                     &used_size,
                     &granted,
                     &allowed))
        return np_last_error();
    return allowed ? 0 : ERROR_ACCESS_DENIED;
    // END SOLUTION 07.4
}

/*
 * The descriptor comes from the open handle, not from the name: what was
 * checked is what will be read, whatever happens to the name meanwhile.
 *
 * Price: the server decides, and has to know the rules. AccessCheck knows the
 * descriptor; it does not know of a right that the parent folder gives, nor
 * that the server itself may read less than the client.
 */
DWORD file_open_if_allowed(HANDLE token, const wchar_t *path, HANDLE *file)
{
    PSECURITY_DESCRIPTOR descriptor = NULL;
    DWORD err = 0;

    *file = open_now(path);
    if (*file == INVALID_HANDLE_VALUE) {
        err = np_last_error();
        *file = NULL;
        return err;
    }
    /* Owner and group too: AccessCheck wants a whole descriptor (1338). */
    err = GetSecurityInfo(*file,
                          SE_FILE_OBJECT,
                          OWNER_SECURITY_INFORMATION |
                              GROUP_SECURITY_INFORMATION |
                              DACL_SECURITY_INFORMATION,
                          NULL,
                          NULL,
                          NULL,
                          NULL,
                          &descriptor);
    if (err == 0)
        err = may(token, descriptor, FILE_GENERIC_READ);
    if (err != 0)
        np_close(file);
    LocalFree(descriptor);
    return err;
}

DWORD file_open(HANDLE pipe,
                const struct caller *caller,
                const wchar_t *path,
                HANDLE *file)
{
    *file = NULL;
    // BEGIN SOLUTION 07.5
    // STUB: /* TODO 07.5: what does each level allow? */
    // STUB: (void)pipe, (void)caller, (void)path;
    // STUB: return NP_TODO("07.5");
    switch (caller->level) {
    case SecurityDelegation:
    case SecurityImpersonation:
        return file_open_as_client(pipe, path, file);
    case SecurityIdentification:
        return file_open_if_allowed(caller->token, path, file);
    case SecurityAnonymous:
        break;
    }
    /* Nobody known asks. "Everyone may read it" would be another reason to
     * serve, and is not asked here: see question 3 of the README. */
    return ERROR_CANT_OPEN_ANONYMOUS;
    // END SOLUTION 07.5
}

DWORD file_provide(const wchar_t *path)
{
    static const char content[] = "The lab group may read this.";
    const wchar_t *group = NULL;
    SECURITY_ATTRIBUTES security = {0};
    wchar_t sddl[64];
    HANDLE file = NULL;
    DWORD written = 0;
    DWORD err = np_lab_group(&group);

    if (err != 0)
        return err;
    swprintf(sddl, ARRAYSIZE(sddl), L"D:P(A;;FA;;;%ls)", group);
    err = np_sd_from_text(sddl, &security);
    if (err != 0)
        return err;
    file = CreateFileW(path,
                       GENERIC_WRITE,
                       0,
                       &security,
                       CREATE_NEW,
                       FILE_ATTRIBUTE_NORMAL,
                       NULL);
    if (file == INVALID_HANDLE_VALUE ||
        !WriteFile(file, content, sizeof content - 1, &written, NULL))
        err = np_last_error();
    np_close(&file);
    np_sd_free(&security);
    return err == ERROR_FILE_EXISTS ? 0 : err;
}
