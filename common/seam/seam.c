/* seam.c - the import pointers of the hooked calls, and what they lead to. */
#include "seam.h"
#include "faults/faults.h"
#include "platform/platform.h"
#include "recorder/record.h"

#include <stdlib.h>
#include <string.h>

struct seam_real seam_real;

/* What a call returns that was made to fail. */
#define FAILED_FALSE_(fault) FALSE
#define FAILED_NULL_(fault) NULL
#define FAILED_INVALID_(fault) INVALID_HANDLE_VALUE
#define FAILED_ONES_(fault) 0xFFFFFFFFu
#define FAILED_CODE_(fault) (fault)

/* The code with which a call failed; 0 when it succeeded. */
#define CODE_FALSE_(result, error) ((result) == FALSE ? (error) : 0)
#define CODE_NULL_(result, error) ((result) == NULL ? (error) : 0)
#define CODE_INVALID_(result, error)                                           \
    ((result) == INVALID_HANDLE_VALUE ? (error) : 0)
#define CODE_ONES_(result, error) ((DWORD)(result) == 0xFFFFFFFFu ? (error) : 0)
#define CODE_CODE_(result, error) ((DWORD)(result))

/* Who does the work of a call. */
#define TARGET_PASS(Name) seam_real.Name
#define TARGET_LAYER(Name) (platform_active ? platform_##Name : seam_real.Name)

/* True when a call must take the long way: something watches the calls. */
static bool watched;

/* The short name is for code that was compiled without dllimport; without it
 * the import library's own object would be linked, with a second pointer. */
#define SEAM_THUNK(Name)                                                       \
    __asm__(".globl " #Name "\n" #Name ":\n\tjmp *__imp_" #Name "(%rip)\n")

#define SEAM_HOOK(by,                                                          \
                  result_type,                                                 \
                  failure,                                                     \
                  Name,                                                        \
                  parameters,                                                  \
                  call_arguments,                                              \
                  more_arguments)                                              \
    static result_type WINAPI hook_##Name(parameters)                          \
    {                                                                          \
        struct seam_call call = {SEAM_##Name, 0, 0, NULL};                     \
        result_type result;                                                    \
        DWORD error;                                                           \
                                                                               \
        if (seam_real.Name == NULL)                                            \
            seam_find(SEAM_##Name);                                            \
        if (!watched)                                                          \
            return TARGET_##by(Name)(call_arguments);                          \
        call.fault = faults_before(SEAM_##Name more_arguments);                \
        if (record_active)                                                     \
            record_begin(&call more_arguments);                                \
        if (call.fault != 0) {                                                 \
            SetLastError(call.fault);                                          \
            result = (result_type)FAILED_##failure(call.fault);                \
        } else {                                                               \
            result = TARGET_##by(Name)(call_arguments);                        \
        }                                                                      \
        if (record_active) {                                                   \
            error = GetLastError();                                            \
            record_end(&call,                                                  \
                       (ULONG_PTR)result,                                      \
                       CODE_##failure(result, error) more_arguments);          \
            SetLastError(error);                                               \
        }                                                                      \
        return result;                                                         \
    }                                                                          \
    _Static_assert(__builtin_types_compatible_p(                               \
                       __typeof__(&Name), result_type(WINAPI *)(parameters)),  \
                   #Name " has another type in windows.h");                    \
    extern result_type(WINAPI *__imp_##Name)(parameters);                      \
    result_type(WINAPI *__imp_##Name)(parameters) = hook_##Name;               \
    SEAM_THUNK(Name);

#define SEAM_COMMA ,
#define SEAM_CALL(by, result, failure, Name, parameters, arguments, record)    \
    SEAM_HOOK(by,                                                              \
              result,                                                          \
              failure,                                                         \
              Name,                                                            \
              SEAM_P(parameters),                                              \
              SEAM_P(arguments),                                               \
              SEAM_P(SEAM_COMMA arguments))
#define SEAM_CALL0(by, result, failure, Name, record)                          \
    SEAM_HOOK(by, result, failure, Name, void, , )
#include "calls.def"
#undef SEAM_CALL
#undef SEAM_CALL0

const struct seam_name seam_names[SEAM_CALL_COUNT] = {
#define SEAM_CALL(by, result, failure, Name, parameters, arguments, record)    \
    {#Name, #result, record, (void **)&seam_real.Name},
#define SEAM_CALL0(by, result, failure, Name, record)                          \
    {#Name, #result, record, (void **)&seam_real.Name},
#include "calls.def"
#undef SEAM_CALL
#undef SEAM_CALL0
};

bool seam_is_api(const char *name, const char *api, size_t api_length)
{
    size_t length = strlen(name);

    if (strncmp(name, api, api_length) != 0)
        return false;
    return length == api_length ||
           (length == api_length + 1 &&
            (name[api_length] == 'W' || name[api_length] == 'A'));
}

/* Loaded in every program, but for the last: it is loaded when a call is made
 * that only it has. To ask whether it is there would be a search through
 * folders at each start. */
static HMODULE kernel32, kernelbase, msvcrt, advapi32;

static void *look_up(const char *name)
{
    const HMODULE dlls[] = {kernel32, kernelbase, msvcrt, advapi32};
    void *found = NULL;

    for (size_t i = 0; found == NULL && i < ARRAYSIZE(dlls); i++)
        if (dlls[i] != NULL)
            found = (void *)(ULONG_PTR)GetProcAddress(dlls[i], name);
    return found;
}

void seam_find(enum seam_id id)
{
    DWORD error = GetLastError();
    void *found;

    advapi32 = seam_real.LoadLibraryW(L"advapi32");
    found = look_up(seam_names[id].name);
    if (found == NULL)
        abort();
    *seam_names[id].real = found;
    SetLastError(error);
}

/* Runs before main. */
static void __attribute__((constructor)) seam_start(void)
{
    DWORD error = GetLastError();

    kernel32 = GetModuleHandleW(L"kernel32");
    kernelbase = GetModuleHandleW(L"kernelbase");
    msvcrt = GetModuleHandleW(L"msvcrt");
    for (int i = 0; i < SEAM_CALL_COUNT; i++)
        *seam_names[i].real = look_up(seam_names[i].name);
    platform_start();
    watched = faults_start();
    watched = record_start() || watched;
    SetLastError(error);
}
