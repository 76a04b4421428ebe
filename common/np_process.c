/* np_process.c - see np_process.h. */
#include "np_process.h"
#include "np_handle.h"
#include "np_token.h"

#include <sddl.h>

DWORD np_lesser_token(HANDLE *token)
{
    const wchar_t *group = NULL;
    SID_AND_ATTRIBUTES disable = {NULL, 0};
    HANDLE own = NULL;
    DWORD err = np_lab_group(&group);

    *token = NULL;
    if (err != 0)
        return err;
    if (!ConvertStringSidToSidW(group, &disable.Sid))
        return np_last_error();
    if (!OpenProcessToken(GetCurrentProcess(),
                          TOKEN_DUPLICATE | TOKEN_ASSIGN_PRIMARY | TOKEN_QUERY,
                          &own)) {
        err = np_last_error();
        goto out;
    }
    if (!CreateRestrictedToken(own,
                               /* Flags */ 0,
                               /* DisableSidCount */ 1,
                               &disable,
                               /* DeletePrivilegeCount */ 0,
                               NULL,
                               /* RestrictedSidCount */ 0,
                               NULL,
                               token)) {
        err = np_last_error();
        *token = NULL;
    }
out:
    np_close(&own);
    LocalFree(disable.Sid);
    return err;
}

DWORD np_start_process(HANDLE token, wchar_t *command_line, HANDLE *process)
{
    STARTUPINFOW startup = {.cb = sizeof startup};
    PROCESS_INFORMATION started = {0};
    BOOL ok;

    *process = NULL;
    startup.dwFlags = STARTF_USESTDHANDLES;
    startup.hStdInput = GetStdHandle(STD_INPUT_HANDLE);
    startup.hStdOutput = GetStdHandle(STD_OUTPUT_HANDLE);
    startup.hStdError = GetStdHandle(STD_ERROR_HANDLE);
    if (token == NULL)
        ok = CreateProcessW(NULL,
                            command_line,
                            NULL,
                            NULL,
                            /* bInheritHandles */ TRUE,
                            /* dwCreationFlags */ 0,
                            NULL,
                            NULL,
                            &startup,
                            &started);
    else
        ok = CreateProcessAsUserW(token,
                                  /* lpApplicationName */ NULL,
                                  command_line,
                                  /* lpProcessAttributes */ NULL,
                                  /* lpThreadAttributes */ NULL,
                                  /* bInheritHandles */ TRUE,
                                  /* dwCreationFlags */ 0,
                                  /* lpEnvironment: ours */ NULL,
                                  /* lpCurrentDirectory: ours */ NULL,
                                  &startup,
                                  &started);
    if (!ok)
        return np_last_error();
    np_close(&started.hThread);
    *process = started.hProcess;
    return 0;
}
