/* words.c - events, durations and identities in words. */
#include "words.h"

#include <string.h>

enum { LONG_US = 1000, OBJECT_COLUMNS = 28, ARGS_COLUMNS = 70 };

int64_t gap_before(const struct model *model, size_t row)
{
    if (row == 0)
        return 0;
    int64_t gap =
        model->flight.events[row].at - model->flight.events[row - 1].at;
    return gap >= BREAK_US ? gap : 0;
}

/* The words, without their beginning when they are longer than `most`. */
static void
add_end(struct text *text, const char *words, size_t most, const char *ellipsis)
{
    size_t columns = text_columns(words);
    if (columns > most) {
        text_add(text, "%s", ellipsis);
        words += text_offset(words, columns - most + text_columns(ellipsis));
    }
    text_add(text, "%s", words);
}

/* A pipe's prefix says nothing, nor does its name when it is the only one; of
 * a long path the last part says most. */
static void add_object(struct text *text,
                       const struct model *model,
                       const char *object,
                       const char *ellipsis)
{
    if (is_pipe(object) && model->pipe != NULL) {
        text_add(text, "pipe%s", object + path_size(object));
        return;
    }
    if (is_pipe(object))
        object += 9;
    const char *last = strrchr(object, '\\');
    if (text_columns(object) > OBJECT_COLUMNS && last != NULL &&
        text_columns(last) < OBJECT_COLUMNS - 3) {
        text_add(text, "%s", ellipsis);
        object = last;
    }
    add_end(text, object, OBJECT_COLUMNS, ellipsis);
}

/* Undoes %20 and %25; other escapes cannot be shown. */
static void add_decoded(struct text *text, const char *bytes, size_t size)
{
    for (size_t i = 0; i < size; i++) {
        bool escape = size - i >= 3 && (strncmp(bytes + i, "%20", 3) == 0 ||
                                        strncmp(bytes + i, "%25", 3) == 0);
        text_add(text,
                 "%c",
                 !escape               ? bytes[i]
                 : bytes[i + 2] == '0' ? ' '
                                       : '%');
        i += escape ? 2 : 0;
    }
}

/* The pipe's path is among most arguments: "pipe" stands for it here too. */
static void add_args(struct text *text,
                     const struct model *model,
                     const char *bytes,
                     size_t size,
                     const char *ellipsis)
{
    struct text args = {0}, words = {0};
    add_decoded(&args, bytes, size);
    const char *rest = args.bytes != NULL ? args.bytes : "";
    const char *pipe = model->pipe != NULL ? strstr(rest, model->pipe) : NULL;
    if (pipe != NULL) {
        text_add_bytes(&words, rest, (size_t)(pipe - rest));
        text_add(&words, "pipe");
        rest = pipe + strlen(model->pipe);
    }
    text_add(&words, "%s", rest);
    size_t most = text_offset(words.bytes, ARGS_COLUMNS);
    bool all = words.bytes[most] == '\0';
    text_add(text, " ");
    text_add_bytes(text, words.bytes, most);
    text_add(text, "%s", all ? "" : ellipsis);
    free_text(&args);
    free_text(&words);
}

static void add_process(struct text *text,
                        const struct model *model,
                        const struct event *event,
                        const char *ellipsis)
{
    size_t size = 0;
    const char *args = detail(event, "args", &size);
    if (args == NULL) {
        text_add(text, "ends");
        return;
    }
    text_add(text,
             "starts: %s",
             model->processes[model->lanes[event->lane].process].exe);
    size_t command = command_size(args, size);
    command += size - command >= 3 ? 3 : 0; /* and the %20 behind it */
    if (size > command)
        add_args(text, model, args + command, size - command, ellipsis);
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
        text_add(text,
                 "%s %lu%s%s",
                 strcmp(event->result, "FALSE") == 0 ? ""
                 : event_failed(event)               ? ": failed,"
                                                     : ",",
                 event->error,
                 name[0] != '\0' ? " " : "",
                 name);
    }
}

static void
add_who(struct text *text, const struct model *model, const struct event *event)
{
    if (event->finished && !same_who(event->before, event->after)) {
        if (event->after.level == LEVEL_SELF)
            text_add(text, ": itself again");
        else
            text_add(text,
                     ": now %s at %s",
                     who_name(model, event->after),
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

void add_rest(struct text *text,
              const struct model *model,
              size_t row,
              const char *ellipsis)
{
    const struct event *event = &model->flight.events[row];
    if (strcmp(event->call, "process") == 0) {
        text_add(text, " ");
        add_process(text, model, event, ellipsis);
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
        text_add(text,
                 ", %llu byte%s",
                 (unsigned long long)number,
                 number == 1 ? "" : "s");
    add_who(text, model, event);
    if (event->end - event->start >= LONG_US) {
        text_add(text, ", after ");
        add_duration(text, event->end - event->start);
    }
}
