/* levels.c - opens that Windows refuses to a thread below the Impersonation
 * level, with 1346 ERROR_BAD_IMPERSONATION_LEVEL (facts L07 to L10). Wine
 * looks at the token alone (D12). */
#include "identity.h"
#include "platform.h"
#include "text.h"

/* Defines platform_Name as: refuse by level, or go on. A new object without a
 * name is nobody's, so nothing is checked. */
#define LEVEL_CALL(result, refused, Name, checked, parameters, arguments)      \
    result WINAPI platform_##Name(parameters)                                  \
    {                                                                          \
        if ((checked) && !identity_may_open())                                 \
            return refused;                                                    \
        return seam_real.Name(arguments);                                      \
    }
LEVEL_CALL(HANDLE,
           NULL,
           CreateEventW,
           name != NULL,
           SEAM_P(SECURITY_ATTRIBUTES *security,
                  BOOL manual,
                  BOOL state,
                  LPCWSTR name),
           SEAM_P(security, manual, state, name))
LEVEL_CALL(
    HANDLE,
    NULL,
    CreateEventA,
    name != NULL,
    SEAM_P(SECURITY_ATTRIBUTES *security, BOOL manual, BOOL state, LPCSTR name),
    SEAM_P(security, manual, state, name))
LEVEL_CALL(HANDLE,
           NULL,
           OpenEventW,
           true,
           SEAM_P(DWORD access, BOOL inherit, LPCWSTR name),
           SEAM_P(access, inherit, name))
LEVEL_CALL(HANDLE,
           NULL,
           OpenEventA,
           true,
           SEAM_P(DWORD access, BOOL inherit, LPCSTR name),
           SEAM_P(access, inherit, name))
LEVEL_CALL(HANDLE,
           NULL,
           CreateMutexW,
           name != NULL,
           SEAM_P(SECURITY_ATTRIBUTES *security, BOOL owned, LPCWSTR name),
           SEAM_P(security, owned, name))
LEVEL_CALL(HANDLE,
           NULL,
           CreateMutexA,
           name != NULL,
           SEAM_P(SECURITY_ATTRIBUTES *security, BOOL owned, LPCSTR name),
           SEAM_P(security, owned, name))
LEVEL_CALL(HANDLE,
           NULL,
           OpenMutexW,
           true,
           SEAM_P(DWORD access, BOOL inherit, LPCWSTR name),
           SEAM_P(access, inherit, name))
LEVEL_CALL(HANDLE,
           NULL,
           OpenMutexA,
           true,
           SEAM_P(DWORD access, BOOL inherit, LPCSTR name),
           SEAM_P(access, inherit, name))
LEVEL_CALL(
    HANDLE,
    NULL,
    CreateSemaphoreW,
    name != NULL,
    SEAM_P(SECURITY_ATTRIBUTES *security, LONG count, LONG limit, LPCWSTR name),
    SEAM_P(security, count, limit, name))
LEVEL_CALL(
    HANDLE,
    NULL,
    CreateSemaphoreA,
    name != NULL,
    SEAM_P(SECURITY_ATTRIBUTES *security, LONG count, LONG limit, LPCSTR name),
    SEAM_P(security, count, limit, name))
LEVEL_CALL(HANDLE,
           NULL,
           OpenSemaphoreW,
           true,
           SEAM_P(DWORD access, BOOL inherit, LPCWSTR name),
           SEAM_P(access, inherit, name))
LEVEL_CALL(HANDLE,
           NULL,
           OpenSemaphoreA,
           true,
           SEAM_P(DWORD access, BOOL inherit, LPCSTR name),
           SEAM_P(access, inherit, name))
LEVEL_CALL(HANDLE,
           NULL,
           CreateFileMappingW,
           name != NULL,
           SEAM_P(HANDLE file,
                  SECURITY_ATTRIBUTES *security,
                  DWORD protect,
                  DWORD size_high,
                  DWORD size_low,
                  LPCWSTR name),
           SEAM_P(file, security, protect, size_high, size_low, name))
LEVEL_CALL(HANDLE,
           NULL,
           CreateFileMappingA,
           name != NULL,
           SEAM_P(HANDLE file,
                  SECURITY_ATTRIBUTES *security,
                  DWORD protect,
                  DWORD size_high,
                  DWORD size_low,
                  LPCSTR name),
           SEAM_P(file, security, protect, size_high, size_low, name))
LEVEL_CALL(HANDLE,
           NULL,
           OpenFileMappingW,
           true,
           SEAM_P(DWORD access, BOOL inherit, LPCWSTR name),
           SEAM_P(access, inherit, name))
LEVEL_CALL(HANDLE,
           NULL,
           OpenFileMappingA,
           true,
           SEAM_P(DWORD access, BOOL inherit, LPCSTR name),
           SEAM_P(access, inherit, name))
LEVEL_CALL(HANDLE,
           NULL,
           OpenProcess,
           true,
           SEAM_P(DWORD access, BOOL inherit, DWORD pid),
           SEAM_P(access, inherit, pid))

/* The registry reports codes instead of setting the last error. */
LEVEL_CALL(
    LSTATUS,
    ERROR_BAD_IMPERSONATION_LEVEL,
    RegOpenKeyExW,
    true,
    SEAM_P(HKEY key, LPCWSTR name, DWORD options, REGSAM access, HKEY *opened),
    SEAM_P(key, name, options, access, opened))
LEVEL_CALL(
    LSTATUS,
    ERROR_BAD_IMPERSONATION_LEVEL,
    RegOpenKeyExA,
    true,
    SEAM_P(HKEY key, LPCSTR name, DWORD options, REGSAM access, HKEY *opened),
    SEAM_P(key, name, options, access, opened))

LEVEL_CALL(BOOL,
           FALSE,
           CreateProcessW,
           true,
           SEAM_P(LPCWSTR program,
                  LPWSTR line,
                  SECURITY_ATTRIBUTES *process_security,
                  SECURITY_ATTRIBUTES *thread_security,
                  BOOL inherit,
                  DWORD flags,
                  void *environment,
                  LPCWSTR folder,
                  STARTUPINFOW *startup,
                  PROCESS_INFORMATION *started),
           SEAM_P(program,
                  line,
                  process_security,
                  thread_security,
                  inherit,
                  flags,
                  environment,
                  folder,
                  startup,
                  started))
LEVEL_CALL(BOOL,
           FALSE,
           CreateProcessA,
           true,
           SEAM_P(LPCSTR program,
                  LPSTR line,
                  SECURITY_ATTRIBUTES *process_security,
                  SECURITY_ATTRIBUTES *thread_security,
                  BOOL inherit,
                  DWORD flags,
                  void *environment,
                  LPCSTR folder,
                  STARTUPINFOA *startup,
                  PROCESS_INFORMATION *started),
           SEAM_P(program,
                  line,
                  process_security,
                  thread_security,
                  inherit,
                  flags,
                  environment,
                  folder,
                  startup,
                  started))
LEVEL_CALL(BOOL,
           FALSE,
           CreateProcessAsUserW,
           true,
           SEAM_P(HANDLE token,
                  LPCWSTR program,
                  LPWSTR line,
                  SECURITY_ATTRIBUTES *process_security,
                  SECURITY_ATTRIBUTES *thread_security,
                  BOOL inherit,
                  DWORD flags,
                  void *environment,
                  LPCWSTR folder,
                  STARTUPINFOW *startup,
                  PROCESS_INFORMATION *started),
           SEAM_P(token,
                  program,
                  line,
                  process_security,
                  thread_security,
                  inherit,
                  flags,
                  environment,
                  folder,
                  startup,
                  started))
LEVEL_CALL(BOOL,
           FALSE,
           CreateProcessAsUserA,
           true,
           SEAM_P(HANDLE token,
                  LPCSTR program,
                  LPSTR line,
                  SECURITY_ATTRIBUTES *process_security,
                  SECURITY_ATTRIBUTES *thread_security,
                  BOOL inherit,
                  DWORD flags,
                  void *environment,
                  LPCSTR folder,
                  STARTUPINFOA *startup,
                  PROCESS_INFORMATION *started),
           SEAM_P(token,
                  program,
                  line,
                  process_security,
                  thread_security,
                  inherit,
                  flags,
                  environment,
                  folder,
                  startup,
                  started))

/* Wine starts the child with its parent's token (fact L12). */
BOOL WINAPI platform_CreateProcessWithTokenW(HANDLE token,
                                             DWORD logon,
                                             LPCWSTR program,
                                             LPWSTR line,
                                             DWORD flags,
                                             void *environment,
                                             LPCWSTR folder,
                                             STARTUPINFOW *startup,
                                             PROCESS_INFORMATION *started)
{
    (void)logon; /* profiles are the same for all tokens here */
    return platform_CreateProcessAsUserW(token,
                                         program,
                                         line,
                                         NULL,
                                         NULL,
                                         /* bInheritHandles */ FALSE,
                                         flags,
                                         environment,
                                         folder,
                                         startup,
                                         started);
}

/* A library that is in the process already is not opened again. */
static bool is_loaded(LPCWSTR name)
{
    DWORD error = GetLastError();
    bool loaded = name != NULL && GetModuleHandleW(name) != NULL;

    SetLastError(error);
    return loaded;
}

HMODULE WINAPI platform_LoadLibraryExW(LPCWSTR name, HANDLE file, DWORD flags)
{
    if (!is_loaded(name) && !identity_may_open())
        return NULL;
    return seam_real.LoadLibraryExW(name, file, flags);
}

HMODULE WINAPI platform_LoadLibraryExA(LPCSTR name, HANDLE file, DWORD flags)
{
    struct text wide;

    return platform_LoadLibraryExW(text_widen(&wide, name), file, flags);
}

HMODULE WINAPI platform_LoadLibraryW(LPCWSTR name)
{
    return platform_LoadLibraryExW(name, NULL, 0);
}

HMODULE WINAPI platform_LoadLibraryA(LPCSTR name)
{
    return platform_LoadLibraryExA(name, NULL, 0);
}
