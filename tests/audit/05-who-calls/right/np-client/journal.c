/* journal.c - see journal.h; of use to the server alone. */
#include "journal.h"
#include "np_handle.h"

#include <string.h>

DWORD journal_add(const wchar_t *file, const char *line)
{
    static SRWLOCK lock = SRWLOCK_INIT;
    char text[2048];
    DWORD written = 0;
    DWORD err = 0;
    HANDLE log = NULL;

    snprintf(text, sizeof text - 1, "%s", line);
    strcat(text, "\n");
    AcquireSRWLockExclusive(&lock);
    if (file == NULL) {
        fputs(text, stdout);
        fflush(stdout);
        goto out;
    }
    /* Only to append: what is written already cannot be changed with it. */
    log = CreateFileW(file,
                      FILE_APPEND_DATA,
                      FILE_SHARE_READ | FILE_SHARE_WRITE,
                      /* lpSecurityAttributes: the folder's */ NULL,
                      OPEN_ALWAYS,
                      FILE_ATTRIBUTE_NORMAL,
                      NULL);
    if (log == INVALID_HANDLE_VALUE ||
        !WriteFile(log, text, (DWORD)strlen(text), &written, NULL))
        err = np_last_error();
out:
    np_close(&log);
    ReleaseSRWLockExclusive(&lock);
    return err;
}
