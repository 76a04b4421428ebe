/* play_record.c - who the threads of a program are, and were: by a look at
 * them, and by the flight record. */
#include "play_internal.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void expect_itself(program server, const char *when, const lesson *because)
{
    const char *identities = identities_of(server);
    if (identities[0] == '\0')
        expect_running(server, because);
    for (const char *at = identities; *at != '\0';) {
        size_t size = strcspn(at, "\n");
        expect(size >= 5 && memcmp(at + size - 5, " self", 5) == 0,
               because,
               "between two requests every thread of the server is the server",
               "%s, one was still somebody else (thread, level, groups it "
               "lacks): %.*s.",
               when,
               (int)size,
               at);
        at += size + (at[size] == '\n');
    }
}

bool next_recorded(const char **at, struct recorded *call)
{
    enum { END = 1, PID, TID, CALL, OBJECT, ERROR = 7, WHO, DETAILS, FIELDS };
    static char line[8192];

    while (**at != '\0') {
        size_t size = strcspn(*at, "\n");
        char *field[FIELDS], *rest = line;
        size_t count = 0;
        snprintf(line, sizeof line, "%.*s", (int)size, *at);
        *at += size + ((*at)[size] == '\n');
        while (rest != NULL && count < FIELDS)
            field[count++] = strsep(&rest, "\t");
        if (count < FIELDS)
            continue; /* the program ended in the middle of it */
        *call = (struct recorded){.has_ended = strcmp(field[END], "-") != 0,
                                  .pid = strtoul(field[PID], NULL, 10),
                                  .tid = strtoul(field[TID], NULL, 10),
                                  .call = field[CALL],
                                  .object = field[OBJECT],
                                  .error = field[ERROR],
                                  .who = field[WHO],
                                  .details = field[DETAILS]};
        return true;
    }
    return false;
}

bool next_recorded_end(const char **at, struct recorded *call)
{
    while (next_recorded(at, call))
        if (call->has_ended)
            return true;
    return false;
}

bool was_itself(const struct recorded *call)
{
    return strcmp(call->who, "self") == 0;
}

static bool is_revert(const struct recorded *call)
{
    return strcmp(call->call, "RevertToSelf") == 0 ||
           strcmp(call->call, "SetThreadToken") == 0;
}

/* A revert that was made to fail, of the calling thread or, by SetThreadToken,
 * of another one. A thread that is itself loses nothing by it. */
static bool has_failed_to_revert(const struct recorded *call)
{
    return strstr(call->details, "fault=") != NULL && is_revert(call) &&
           (!was_itself(call) || strcmp(call->call, "SetThreadToken") == 0);
}

bool is_stuck(size_t since)
{
    const char *at = flight_record() + since;
    struct recorded call;
    unsigned long stuck = 0; /* the thread that called */

    while (next_recorded_end(&at, &call)) {
        if (has_failed_to_revert(&call))
            stuck = call.tid;
        else if (call.tid == stuck && !is_revert(&call))
            return true; /* it has gone on */
        else if (call.tid == stuck && was_itself(&call))
            stuck = 0;
    }
    return stuck != 0;
}

void expect_end_of_stuck(program server,
                         struct reply reply,
                         const char *when,
                         const lesson *because)
{
    expect(reply.error != 0 || reply.size == 0,
           because,
           "when its revert has failed the server answers nobody any more",
           "%s, the client got %s.",
           when,
           show(reply.bytes, reply.size));
    struct ending ending = await_end(server, 1000);
    expect(ending.ended && ending.code != 0,
           because,
           "when its revert has failed the server's process ends, and not with "
           "exit code 0",
           ending.ended ? "%s, it ended with 0." : "%s, it goes on.",
           when);
}

void expect_no_last_words(size_t since, const lesson *because)
{
    const char *at = flight_record() + since;
    struct recorded call;
    unsigned long failed = 0; /* the thread */

    while (next_recorded(&at, &call)) {
        if (failed == 0) {
            if (strstr(call.details, "fault=5") != NULL)
                failed = call.tid;
            continue;
        }
        expect(call.tid != failed ||
                   strcmp(call.call, "TerminateProcess") == 0 ||
                   is_revert(&call),
               because,
               "after the failed revert the process ends, and nothing else",
               "The thread went on, as %s, with %s %s.",
               call.who,
               call.call,
               call.object);
    }
}

void expect_silence(struct text errors, size_t since, const lesson *because)
{
    for (const char *line = errors.bytes + since; *line != '\0';) {
        size_t length = strcspn(line, "\n");
        expect(memcmp(line, "TODO ", 5) == 0,
               because,
               "after the failed revert nothing is written to standard error",
               "It says %s.",
               show(line, length));
        line += length + (line[length] == '\n');
    }
}

bool path_ends_with(const char *path, const char *end)
{
    size_t size = strlen(path), length = strlen(end);
    return size >= length && strcasecmp(path + size - length, end) == 0;
}

unsigned last_open(const char *file)
{
    const char *at = flight_record();
    struct recorded call;
    unsigned count = 0, last = 0;

    while (next_recorded_end(&at, &call))
        if (strcmp(call.call, "CreateFile") == 0) {
            count++;
            if (path_ends_with(call.object, file))
                last = count;
        }
    return last;
}
