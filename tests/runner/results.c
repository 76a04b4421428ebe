/* results.c - the records of checks, and the log of events made of them. */
#include "results.h"
#include "engine.h"
#include "text.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

static const char *const KIND_NAMES[] = {
    [KIND_NONE] = "",
    [KIND_FAILED] = "failed",
    [KIND_CRASH] = "crash",
    [KIND_HANG] = "hang",
    [KIND_SILENT_EXIT] = "silent-exit",
    [KIND_FLOOD] = "flood",
    [KIND_TIMEOUT] = "timeout",
    [KIND_INFRASTRUCTURE] = "infrastructure",
};

/* The record of the check that this process runs. */
static struct record *current;
static const char *current_programs;

struct record *results_map(size_t count)
{
    void *memory = mmap(NULL,
                        (count ? count : 1) * sizeof(struct record),
                        PROT_READ | PROT_WRITE,
                        MAP_SHARED | MAP_ANONYMOUS | MAP_NORESERVE,
                        -1,
                        0);
    return memory == MAP_FAILED ? NULL : memory;
}

void results_unmap(struct record *records, size_t count)
{
    if (records)
        munmap(records, (count ? count : 1) * sizeof(struct record));
}

void results_select(struct record *record, const char *programs)
{
    current = record;
    current_programs = programs;
}

const char *option_programs_dir(void)
{
    return current_programs;
}

static enum kind kind_from(const char *name)
{
    for (enum kind kind = KIND_FAILED; kind <= KIND_INFRASTRUCTURE; kind++)
        if (name && strcmp(name, KIND_NAMES[kind]) == 0)
            return kind;
    return KIND_INFRASTRUCTURE; /* an unknown kind is our own mistake */
}

void record_failure(const char *kind,
                    const char *misconception,
                    const char *expected,
                    const char *happened,
                    const char *why,
                    const char *read,
                    const char *output)
{
    struct record *r = current;
    if (!r || r->has_verdict)
        return;
    r->has_verdict = true;
    r->kind = kind_from(kind);
    r->outcome = r->kind < KIND_TIMEOUT ? FAILED : ERROR;
    copy_text(r->misconception, sizeof(r->misconception), misconception);
    copy_text(r->expected, sizeof(r->expected), expected);
    copy_text(r->happened, sizeof(r->happened), happened);
    copy_text(r->why, sizeof(r->why), why);
    copy_text(r->read, sizeof(r->read), read);
    copy_last_lines(r->output, sizeof(r->output), output);
}

void record_lanes(const char *lanes)
{
    if (current && !current->has_verdict)
        copy_text(current->lanes, sizeof(current->lanes), lanes);
}

void record_skip(const char *reason)
{
    if (!current || current->has_verdict)
        return;
    current->has_verdict = true;
    current->outcome = SKIPPED;
    copy_text(current->happened, sizeof(current->happened), reason);
}

void record_pass(void)
{
    if (!current || current->has_verdict)
        return;
    current->has_verdict = true;
    current->outcome = PASSED;
}

static void forget_texts(struct record *r)
{
    r->misconception[0] = r->expected[0] = r->happened[0] = '\0';
    r->why[0] = r->read[0] = r->output[0] = '\0';
    r->lanes[0] = '\0';
}

void record_restart(struct record *record)
{
    record->has_verdict = false;
    record->outcome = NOT_RUN;
    record->kind = KIND_NONE;
    forget_texts(record);
}

void record_error(struct record *record, enum kind kind, const char *happened)
{
    forget_texts(record);
    record->outcome = ERROR;
    record->kind = kind;
    copy_text(record->happened, sizeof(record->happened), happened);
}

void record_clean(struct record *r)
{
    clean_text(r->misconception);
    clean_text(r->first_error);
    clean_text(r->expected);
    clean_text(r->happened);
    clean_text(r->why);
    clean_text(r->read);
    clean_text(r->output);
    clean_text(r->lanes);
}

const char *outcome_name(enum outcome outcome)
{
    static const char *const names[] = {
        "not-run", "passed", "failed", "skipped", "error"};
    return names[outcome];
}

const char *outcome_word(enum outcome outcome)
{
    static const char *const words[] = {
        "----", "PASS", "FAIL", "SKIP", "ERROR"};
    return words[outcome];
}

const char *kind_name(enum kind kind)
{
    return KIND_NAMES[kind];
}

FILE *events_open(const char *folder)
{
    char path[4096];
    int length = snprintf(path, sizeof(path), "%s/events.jsonl", folder);
    if (length < 0 || (size_t)length >= sizeof(path)) {
        errno = ENAMETOOLONG;
        return NULL;
    }
    return fopen(path, "we");
}

static void text_field(FILE *f, const char *name, const char *value)
{
    if (!value || !*value)
        return;
    fprintf(f, ",\"%s\":", name);
    json_string(f, value);
}

void events_write(FILE *f, const struct event *event)
{
    if (!f)
        return;
    const struct record *r = event->record;
    fprintf(f, "{\"t\":%.3f,\"ev\":", event->at);
    json_string(f, event->name);
    text_field(f, "submission", event->submission);
    text_field(f, "id", event->check);
    if (r) {
        text_field(f, "status", outcome_name(r->outcome));
        text_field(f, "kind", kind_name(r->kind));
        if (event->max_points)
            fprintf(f,
                    ",\"score\":%d,\"max\":%d",
                    event->points,
                    event->max_points);
        fprintf(f, ",\"seconds\":%.3f,\"slot\":%d", r->seconds, r->slot);
        text_field(f, "diag", r->misconception);
        text_field(f, "expected", r->expected);
        text_field(f, "happened", r->happened);
        text_field(f, "output", r->output);
        if (r->attempts > 1)
            fprintf(f, ",\"attempts\":%d", r->attempts);
        text_field(f, "retried_because", r->first_error);
    }
    text_field(f, "replay", event->replay);
    fputs("}\n", f);
    fflush(f); /* what happened so far survives whatever comes next */
}
