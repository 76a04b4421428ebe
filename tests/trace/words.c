/* words.c - events, durations and identities in words. */
#include "words.h"

#include <string.h>

enum { BREAK_US = 10000, LONG_US = 1000, OBJECT_COLUMNS = 28 };

const char *code_name(unsigned long code)
{
    static const struct {
        unsigned long code;
        const char *name;
    } names[] = {
#define WIN32_CODE(number, name) {number, #name},
#define NT_CODE(number, name) {number, #name},
/* No codes here; this only makes the macros known. */
#include "win32_codes.def"
    };
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
        if (names[i].code == code)
            return names[i].name;
    return "";
}

const char *level_name(enum level level)
{
    switch (level) {
    case LEVEL_SELF:
        return "itself";
    case LEVEL_ANONYMOUS:
        return "Anonymous";
    case LEVEL_IDENTIFICATION:
        return "Identification";
    case LEVEL_IMPERSONATION:
        return "Impersonation";
    case LEVEL_DELEGATION:
        return "Delegation";
    }
    return "?";
}

void add_duration(struct text *text, int64_t microseconds)
{
    double ms = (double)microseconds / 1000;
    if (ms < 99.5)
        text_add(text, ms < 9.95 ? "%.1f ms" : "%.0f ms", ms);
    else if (ms < 999.5)
        text_add(text, "%.0f ms", ms);
    else
        text_add(text, ms < 9950 ? "%.2f s" : "%.1f s", ms / 1000);
}

int64_t gap_before(const struct model *model, size_t row)
{
    if (row == 0)
        return 0;
    int64_t gap =
        model->flight.events[row].at - model->flight.events[row - 1].at;
    return gap >= BREAK_US ? gap : 0;
}

/* The end of a long path says most; a pipe's prefix says nothing. */
static void add_object(struct text *text, const struct model *model,
                       const char *object, const char *ellipsis)
{
    if (is_pipe(object) && model->pipe != NULL) {
        text_add(text, "pipe%s", object + path_size(object));
        return;
    }
    if (is_pipe(object))
        object += 9;
    size_t columns = text_columns(object);
    if (columns <= OBJECT_COLUMNS) {
        text_add(text, "%s", object);
        return;
    }
    size_t left = columns - (OBJECT_COLUMNS - text_columns(ellipsis));
    text_add(text, "%s%s", ellipsis, object + text_offset(object, left));
}

/* Undoes %20 and %25; other escapes cannot be shown. */
static void add_decoded(struct text *text, const char *bytes, size_t size)
{
    for (size_t i = 0; i < size; i++) {
        bool escape = size - i >= 3 && (strncmp(bytes + i, "%20", 3) == 0 ||
                                        strncmp(bytes + i, "%25", 3) == 0);
        text_add(text, "%c",
                 !escape ? bytes[i] : bytes[i + 2] == '0' ? ' ' : '%');
        i += escape ? 2 : 0;
    }
}

static void add_process(struct text *text, const struct event *event)
{
    size_t exe_size = 0, args_size = 0, exit_size = 0;
    const char *exe = detail(event, "exe", &exe_size);
    const char *args = detail(event, "args", &args_size);
    const char *code = detail(event, "code", &exit_size);
    text_add(text, exe != NULL ? "starts: " : "ends");
    if (exe != NULL)
        add_decoded(text, exe, exe_size);
    if (args != NULL) {
        text_add(text, " ");
        add_decoded(text, args, args_size);
    }
    if (code != NULL)
        text_add(text, ", exit code %.*s", (int)exit_size, code);
}

static void add_result(struct text *text, const struct event *event)
{
    if (!event->finished)
        text_add(text, " did not return");
    else if (strncmp(event->result, "0x", 2) == 0 && !event_failed(event))
        text_add(text, " = %s", event->result);
    else if (strcmp(event->result, "TRUE") == 0)
        text_add(text, " TRUE");
    else if (strcmp(event->result, "-") != 0 && !event_failed(event))
        text_add(text, " %s", event->result);
    else if (strcmp(event->result, "FALSE") == 0)
        text_add(text, " FALSE");
    if (event->finished && event->error != 0) {
        const char *name = code_name(event->error);
        text_add(text, "%s %lu%s%s",
                 strcmp(event->result, "FALSE") == 0 ? ""
                 : event_failed(event)               ? ": failed,"
                                                     : ",",
                 event->error, name[0] != '\0' ? " " : "", name);
    }
}

static void add_who(struct text *text, const struct model *model,
                    const struct event *event)
{
    if (event->finished && !same_who(event->before, event->after)) {
        if (event->after.level == LEVEL_SELF)
            text_add(text, ": itself again");
        else
            text_add(text, ": now %s at %s", who_name(model, event->after),
                     level_name(event->after.level));
        return;
    }
    if (opens_object(event) && event->before.level != LEVEL_SELF)
        text_add(text, ", as %s", who_name(model, event->before));
    if (event->borrowed == NO_INDEX)
        return;
    const struct borrowed *borrowed = &model->borrowed[event->borrowed];
    if (!same_who(event->before, borrowed->who))
        text_add(text, ", opened as %s", who_name(model, borrowed->who));
}

void add_rest(struct text *text, const struct model *model, size_t row,
              const char *ellipsis)
{
    const struct event *event = &model->flight.events[row];
    if (strcmp(event->call, "process") == 0) {
        text_add(text, " ");
        add_process(text, event);
        return;
    }
    uint64_t number = 0;
    if (event->object[0] != '\0' && strcmp(event->object, "-") != 0) {
        text_add(text, " ");
        add_object(text, model, event->object, ellipsis);
    } else if (detail_number(event, "handle", &number)) {
        text_add(text, " handle 0x%llx", (unsigned long long)number);
    }
    add_result(text, event);
    if (detail_number(event, "fault", &number))
        text_add(text, ", made to fail");
    if (detail_number(event, "bytes", &number) && event->finished)
        text_add(text, ", %llu byte%s", (unsigned long long)number,
                 number == 1 ? "" : "s");
    add_who(text, model, event);
    if (event->end - event->start >= LONG_US) {
        text_add(text, ", after ");
        add_duration(text, event->end - event->start);
    }
}

/* SIDs by the names people know them under, with the SID behind. */
static void add_sid(struct text *text, const char *sid, size_t size)
{
    static const char *const names[][2] = {
        {"S-1-5-4", "INTERACTIVE"},
        {"S-1-2-0", "LOCAL"},
        {"S-1-5-32-544", "Administrators"},
        {"S-1-5-32-545", "Users"},
        {"S-1-5-11", "Authenticated Users"},
        {"S-1-1-0", "Everyone"}};
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
        if (strlen(names[i][0]) == size && strncmp(names[i][0], sid, size) == 0) {
            text_add(text, "%s (%s)", names[i][1], names[i][0]);
            return;
        }
    text_add_bytes(text, sid, size);
}

static void add_lacks(struct text *text, const char *lacks)
{
    if (lacks[0] == '\0')
        return;
    if (strcmp(lacks, "-") == 0 || strcmp(lacks, "none") == 0) {
        text_add(text, ": lacks no group");
        return;
    }
    text_add(text, ": lacks ");
    while (*lacks != '\0') {
        size_t size = strcspn(lacks, ",");
        add_sid(text, lacks, size);
        lacks += size;
        if (*lacks == ',') {
            text_add(text, ", ");
            lacks++;
        }
    }
}

void add_identity(struct text *text, const struct model *model,
                  const struct identity *identity)
{
    const char *exe = "process";
    if (identity->who.pid == 0) {
        text_add(text, "a token that is no pipe client's");
        return;
    }
    for (size_t i = 0; i < model->process_count; i++)
        if (model->processes[i].pid == identity->who.pid)
            exe = model->processes[i].exe;
    text_add(text, "%s %u", exe, (unsigned)identity->who.pid);
    if (identity->name[1] != '\0')
        text_add(text, ", connection %u", (unsigned)identity->who.connection);
    add_lacks(text, identity->lacks);
}
