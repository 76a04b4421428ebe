/* names.c - codes, levels, durations and clients in words. */
#include "words.h"

#include <string.h>

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

/* SIDs by the names people know them under, with the SID behind. */
static void add_sid(struct text *text, const char *sid, size_t size)
{
    static const char *const names[][2] = {{"S-1-5-4", "INTERACTIVE"},
                                           {"S-1-2-0", "LOCAL"},
                                           {"S-1-5-32-544", "Administrators"},
                                           {"S-1-5-32-545", "Users"},
                                           {"S-1-5-11", "Authenticated Users"},
                                           {"S-1-1-0", "Everyone"}};
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
        if (strlen(names[i][0]) == size &&
            strncmp(names[i][0], sid, size) == 0) {
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

void add_name(struct text *text,
              const struct model *model,
              const struct identity *identity)
{
    bool shared = sharers(model, identity) > 1;
    text_add(
        text, "%.*s", shared ? 1 : (int)sizeof identity->name, identity->name);
}

void add_identity(struct text *text,
                  const struct model *model,
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
    size_t count = sharers(model, identity);
    if (count > 1)
        text_add(text, ", %zu connections", count);
    else if (identity->name[1] != '\0')
        text_add(text, ", connection %u", (unsigned)identity->who.connection);
    add_lacks(text, identity->lacks);
}
