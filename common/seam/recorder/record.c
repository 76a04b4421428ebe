/* record.c - see record.h. */
#include "record.h"
#include "journal.h"
#include "lacks.h"
#include "learn.h"
#include "line.h"
#include "notes.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

bool record_active;
static LONGLONG ticks_per_second;

static LONGLONG now(void)
{
    LARGE_INTEGER ticks;

    QueryPerformanceCounter(&ticks);
    return ticks.QuadPart;
}

static LONGLONG microseconds(LONGLONG ticks)
{
    return ticks / ticks_per_second * 1000000 +
           ticks % ticks_per_second * 1000000 / ticks_per_second;
}

static void write_line(struct line *line)
{
    if (line->length >= sizeof line->text - 1)
        line->length = sizeof line->text - 1;
    line->text[line->length++] = '\n';
    journal_append(line->text, line->length);
}

static void line_api(struct line *line, const char *name)
{
    size_t length = strlen(name);

    if (seam_is_api(name, name, length - 1))
        length--;
    line_format(line, "%.*s", (int)length, name);
}

static void line_handle(struct line *line, HANDLE handle)
{
    line_format(line, "0x%llx", (unsigned long long)(ULONG_PTR)handle);
}

/* Shows one argument as its word of the table says, and takes from the list
 * what the call had there. Values behind pointers are valid only when the
 * call succeeded. */
static void show(struct line *details,
                 const char *word,
                 size_t key_length,
                 bool succeeded,
                 struct facts *facts,
                 va_list *arguments)
{
    const char *kind = word + key_length + 1;
    bool behind = *kind == '*';
    DWORD number = 0;
    void *pointer = NULL;

    kind += behind;
    if (behind || strchr("WAhop", *kind) != NULL)
        pointer = va_arg(*arguments, void *);
    else
        number = va_arg(*arguments, DWORD);

    if (behind && strncmp(word, "thread", key_length) == 0)
        facts->thread = pointer;
    if (behind && (pointer == NULL || !succeeded))
        return;
    if (behind && *kind == 'h')
        pointer = *(HANDLE *)pointer;
    else if (behind)
        number = *(DWORD *)pointer;
    if (*kind == 'h' && strncmp(word, "token", key_length) == 0)
        facts->token = pointer;
    if (*kind == 'h' && strncmp(word, "from", key_length) == 0)
        facts->from = pointer;
    if (*kind == 'h' && strncmp(word, "to", key_length) == 0)
        facts->to = pointer;
    if (behind && *kind == 'h' && strncmp(word, "handle", key_length) == 0)
        facts->copy = pointer;
    if ((*kind == 'o' || *kind == 'p') && pointer == NULL)
        return;

    line_format(details, " %.*s=", (int)key_length, word);
    switch (*kind) {
    case 'x':
        line_format(details, "0x%lx", number);
        break;
    case 'u':
        line_format(details, "%lu", number);
        break;
    case 'W':
        line_wide(details, pointer);
        break;
    case 'A':
        line_text(details, pointer);
        break;
    default:
        line_handle(details, pointer);
        break;
    }
}

/* Fills object and details from the arguments. */
static void read_arguments(enum seam_id id,
                           bool succeeded,
                           struct line *object,
                           struct line *details,
                           struct facts *facts,
                           va_list *arguments)
{
    const char *word = seam_names[id].record;
    struct note note;

    word += *word == '!';
    while (*word != '\0' && *word != '.') {
        size_t length = strcspn(word, " ");
        const char *colon = memchr(word, ':', length);

        if (*word == '-') {
            (void)va_arg(*arguments, void *);
        } else if (strncmp(word, "@h", 2) == 0) {
            facts->object = va_arg(*arguments, HANDLE);
            notes_get(facts->object, &note);
            if (learn_is_ours(facts))
                line_format(object, "%s", note.object);
        } else if (strncmp(word, "@W", 2) == 0) {
            facts->path = va_arg(*arguments, const wchar_t *);
            line_wide(object, facts->path);
        } else if (strncmp(word, "@A", 2) == 0) {
            facts->narrow_path = va_arg(*arguments, const char *);
            line_text(object, facts->narrow_path);
        } else if (colon != NULL) {
            show(details,
                 word,
                 (size_t)(colon - word),
                 succeeded,
                 facts,
                 arguments);
        }
        word += length;
        word += *word == ' ';
    }
}

static void put_head(struct line *line, LONGLONG start, const char *end)
{
    line_format(line,
                "%lld\t%s\t%lu\t%lu\t",
                microseconds(start),
                end,
                GetCurrentProcessId(),
                GetCurrentThreadId());
}

void record_begin(struct seam_call *call, ...)
{
    DWORD error = GetLastError();
    struct line line = {0}, object = {0}, details = {0};
    struct facts facts = {0};
    va_list arguments;

    call->start = now();
    if (call->id == SEAM_CloseHandle) {
        va_start(arguments, call);
        call->closing = notes_take(va_arg(arguments, HANDLE));
        va_end(arguments);
    }
    if (seam_names[call->id].record[0] == '!') {
        va_start(arguments, call);
        read_arguments(call->id, false, &object, &details, &facts, &arguments);
        va_end(arguments);
        put_head(&line, call->start, "-");
        line_api(&line, seam_names[call->id].name);
        line_format(&line,
                    "\t%s\t-\t0\t%s\t%s",
                    object.length == 0 ? "-" : object.text,
                    notes_who(),
                    details.length == 0 ? "-" : details.text + 1);
        write_line(&line);
    }
    SetLastError(error);
}

static void line_result(struct line *line, const char *type, ULONG_PTR result)
{
    if (strcmp(type, "BOOL") == 0)
        line_format(line, "%s", result ? "TRUE" : "FALSE");
    else if (type[0] == 'H' || strchr(type, '*') != NULL)
        line_handle(line, (HANDLE)result);
    else
        line_format(line, "%lu", (DWORD)result);
}

/* Calls after which the object is better named by the handle they made. */
static bool makes_named_handle(enum seam_id id)
{
    return id == SEAM_CreateNamedPipeW || id == SEAM_CreateNamedPipeA ||
           id == SEAM_CreateFileW || id == SEAM_CreateFileA;
}

static bool puts_on_identity(enum seam_id id)
{
    return id == SEAM_ImpersonateNamedPipeClient ||
           id == SEAM_ImpersonateLoggedOnUser || id == SEAM_ImpersonateSelf;
}

void record_end(struct seam_call *call, ULONG_PTR result, DWORD error, ...)
{
    struct line line = {0}, object = {0}, details = {0};
    struct facts facts = {0};
    struct note note;
    char end[24];
    va_list arguments;

    if (seam_names[call->id].record[0] == '\0')
        return;
    snprintf(end, sizeof end, "%lld", microseconds(now()));
    va_start(arguments, error);
    read_arguments(call->id, error == 0, &object, &details, &facts, &arguments);
    va_end(arguments);
    if (call->closing != NULL) {
        object.length = 0;
        line_format(&object, "%s", call->closing->object);
    }
    if (error == 0)
        learn(call->id, &facts, result);
    if (error == 0 && makes_named_handle(call->id)) {
        notes_get((HANDLE)result, &note);
        object.length = 0;
        line_format(&object, "%s", note.object);
    }
    if (error == 0 && puts_on_identity(call->id))
        lacks_describe(&details);
    if (call->fault != 0)
        line_format(&details, " fault=%lu", call->fault);

    put_head(&line, call->start, end);
    line_api(&line, seam_names[call->id].name);
    line_format(&line, "\t%s\t", object.length == 0 ? "-" : object.text);
    line_result(&line, seam_names[call->id].result, result);
    line_format(&line,
                "\t%lu\t%s\t%s",
                error,
                notes_who(),
                details.length == 0 ? "-" : details.text + 1);
    write_line(&line);
    free(call->closing);
}

static void write_process_line(const char *name, const wchar_t *value)
{
    struct line line = {0};

    put_head(&line, now(), "-");
    line_format(&line, "process\t-\t-\t0\t%s\t%s", notes_who(), name);
    if (value != NULL)
        line_wide(&line, value);
    write_line(&line);
}

static void write_process_end(void)
{
    write_process_line("end", NULL);
}

bool record_start(void)
{
    const char *path = getenv("NPLAB_RECORD");
    LARGE_INTEGER frequency;

    if (path == NULL || *path == '\0' || !notes_start())
        return false;
    QueryPerformanceFrequency(&frequency);
    ticks_per_second = frequency.QuadPart;
    if (!journal_open(path)) {
        fprintf(stderr,
                "NPLAB_RECORD: CreateFile(%s): error %lu\n",
                path,
                GetLastError());
        ExitProcess(2);
    }
    record_active = true;
    write_process_line("args=", GetCommandLineW());
    atexit(write_process_end);
    return true;
}
