/* server_log.c - see server_log.h. */
#include "server_log.h"
#include "np_handle.h"
#include "np_sd.h"
#include "np_token.h"

#include <stdarg.h>
#include <stdlib.h>

enum { LINE_MAX = 600 };

static const wchar_t *log_path;

static DWORD append(SECURITY_ATTRIBUTES *security, const char *line, DWORD size)
{
    DWORD written = 0;
    DWORD err = 0;
    /* Without FILE_WRITE_DATA every write goes to the end, whole. */
    HANDLE file = CreateFileW(log_path,
                              FILE_APPEND_DATA | SYNCHRONIZE,
                              FILE_SHARE_READ | FILE_SHARE_WRITE,
                              security,
                              OPEN_ALWAYS,
                              FILE_ATTRIBUTE_NORMAL,
                              /* hTemplateFile */ NULL);

    if (file == INVALID_HANDLE_VALUE)
        return np_last_error();
    if (!WriteFile(file, line, size, &written, NULL))
        err = np_last_error();
    np_close(&file);
    return err;
}

void log_line(const char *format, ...)
{
    char line[LINE_MAX + 1];
    va_list values;

    va_start(values, format);
    int length = vsnprintf(line, LINE_MAX, format, values);
    va_end(values);
    if (length < 0)
        return;
    if (length >= LINE_MAX)
        length = LINE_MAX - 1;
    line[length] = '\n';
    DWORD err = append(NULL, line, (DWORD)length + 1);
    if (err != 0)
        np_warn(err, "the log (%.*s)", length, line);
}

static void log_end(void)
{
    log_line("stopped");
}

DWORD log_begin(const wchar_t *path)
{
    static const char started[] = "started\n";
    SECURITY_ATTRIBUTES security = {0};
    const wchar_t *group = NULL;
    wchar_t sddl[64];
    DWORD err = np_lab_group(&group);

    log_path = path;
    if (err != 0)
        return err;
    swprintf(sddl, sizeof sddl / sizeof sddl[0], L"D:P(A;;FA;;;%ls)", group);
    err = np_sd_from_text(sddl, &security);
    if (err == 0)
        err = append(&security, started, sizeof started - 1);
    if (err == 0 && atexit(log_end) != 0)
        err = ERROR_NOT_ENOUGH_MEMORY;
    np_sd_free(&security);
    return err;
}
