/*
 * np_error.h - errors as values, and what a program says about them.
 *
 * A function of this library that can fail returns a DWORD: 0, or the Win32
 * code of what went wrong. The code is carried to where it can be reported
 * once, and nothing in between depends on GetLastError.
 */
#ifndef NP_ERROR_H
#define NP_ERROR_H

#include <windows.h>

#include <stdbool.h>
#include <stdio.h>

/* An error code that nobody looks at is a compiler warning. */
#define NP_NODISCARD __attribute__((warn_unused_result))

/* gnu_printf with %ls and %zu, because the library is compiled with
 * __USE_MINGW_ANSI_STDIO. */
#define NP_PRINTF(format_at, values_at)                                        \
    __attribute__((format(__MINGW_PRINTF_FORMAT, format_at, values_at)))

/* Every program here starts in wmain, which no header declares. */
int wmain(int argc, wchar_t **argv);

/*
 * np_last_error - GetLastError, but never 0.
 *
 * Call it as the next statement after an API that failed: any call in
 * between, even one that succeeds, may change the code. An API that fails
 * without setting a code gives ERROR_GEN_FAILURE (31), so that a failure
 * cannot pass for success.
 * Not for APIs that return their code, such as GetSecurityInfo and Reg*.
 */
static inline DWORD np_last_error(void)
{
    DWORD err = GetLastError();
    return err != 0 ? err : ERROR_GEN_FAILURE;
}

/*
 * np_code_name - the symbolic name of a Win32 or NTSTATUS code.
 *
 * Returns "ERROR_NO_DATA" for 232, and "?" for a code that is not in
 * win32_codes.def. The text is constant.
 */
const char *np_code_name(DWORD code);

/*
 * np_warn - say on standard error what failed.
 *
 *     np_warn(err, "CreateFileW(%ls)", name);
 *
 * prints, as one line of UTF-8,
 *
 *     CreateFileW(\\.\pipe\x): error 2 ERROR_FILE_NOT_FOUND: File not found
 *
 * err     in  a Win32 code
 * format  in  the call and the object it was made on, as for printf
 *
 * The text after the name is the system's (FormatMessageW) in the user's
 * language, without its line end and full stop; one of more than 255 UTF-16
 * units is left out. The call is cut at 511 bytes. %ls is for ASCII; give other
 * text through np_utf8 and %s. Keeps the thread's last error.
 */
void np_warn(DWORD err, const char *format, ...) NP_PRINTF(2, 3);

/* np_die - np_warn, then end the process with exit code 1. For main alone,
 * and only while it holds nothing that must be undone. */
void np_die(DWORD err, const char *format, ...) NP_PRINTF(2, 3)
    __attribute__((noreturn));

/*
 * NP_TODO - stands where a task of a lab is not done yet.
 *
 *     return NP_TODO("01.2");
 *
 * Prints "TODO 01.2 is not done yet" on standard error, once for each task
 * and process, and is ERROR_CALL_NOT_IMPLEMENTED (120).
 */
#define NP_TODO(task) np_todo(task)
DWORD np_todo(const char *task);

#endif
