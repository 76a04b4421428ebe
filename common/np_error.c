/* np_error.c - see np_error.h. */
#include "np_error.h"

#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

const char *np_code_name(DWORD code)
{
    static const struct {
        DWORD code;
        const char *name;
    } names[] = {
#define WIN32_CODE(number, name) {number, #name},
#define NT_CODE(number, name) {number, #name},
#include "win32_codes.def"
    };

    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
        if (names[i].code == code)
            return names[i].name;
    return "?";
}

enum { SYSTEM_TEXT_MAX = 256 }; /* UTF-16 units; a longer one is left out */

/* The system's text of a code; an empty string if it has none. */
static void system_text(DWORD err, char *text, int size)
{
    wchar_t wide[SYSTEM_TEXT_MAX];
    DWORD length = FormatMessageW(FORMAT_MESSAGE_FROM_SYSTEM |
                                      FORMAT_MESSAGE_IGNORE_INSERTS,
                                  /* lpSource */ NULL,
                                  err,
                                  /* dwLanguageId: the user's */ 0,
                                  wide,
                                  sizeof wide / sizeof wide[0],
                                  /* Arguments */ NULL);

    while (length > 0 && wcschr(L"\r\n .", wide[length - 1]) != NULL)
        length--;
    int bytes = WideCharToMultiByte(
        CP_UTF8, 0, wide, (int)length, text, size - 1, NULL, NULL);
    text[bytes] = '\0';
}

/* One fwrite a line: standard error is not buffered, and lines of several
 * programs must not mix. */
static void report(DWORD err, const char *format, va_list values)
{
    DWORD last = GetLastError();
    char call[512];
    char text[3 * SYSTEM_TEXT_MAX]; /* a UTF-16 unit is at most 3 bytes */
    char line[sizeof call + sizeof text + 64];

    vsnprintf(call, sizeof call, format, values);
    system_text(err, text, sizeof text);
    int length = snprintf(line,
                          sizeof line,
                          "%s: error %lu %s%s%s\n",
                          call,
                          err,
                          np_code_name(err),
                          text[0] != '\0' ? ": " : "",
                          text);
    if (length > 0)
        fwrite(line, 1, (size_t)length, stderr);
    fflush(stderr); /* Wine's C library holds it back in a pipe */
    SetLastError(last);
}

void np_warn(DWORD err, const char *format, ...)
{
    va_list values;
    va_start(values, format);
    report(err, format, values);
    va_end(values);
}

void np_die(DWORD err, const char *format, ...)
{
    va_list values;
    va_start(values, format);
    report(err, format, values);
    va_end(values);
    exit(1);
}

DWORD np_todo(const char *task)
{
    static SRWLOCK lock = SRWLOCK_INIT; /* threads find tasks, too */
    static const char *said[32];
    size_t i = 0;

    AcquireSRWLockExclusive(&lock);
    while (i < 32 && said[i] != NULL && strcmp(said[i], task) != 0)
        i++;
    if (i < 32 && said[i] == NULL) {
        char line[64];
        int length =
            snprintf(line, sizeof line, "TODO %s is not done yet\n", task);
        fwrite(line, 1, (size_t)length, stderr);
        fflush(stderr);
        said[i] = task;
    }
    ReleaseSRWLockExclusive(&lock);
    return ERROR_CALL_NOT_IMPLEMENTED;
}
