/* play_reply.c - requests and replies of one message each, replies in words,
 * and what a client lends. */
#include "play_internal.h"

#include <stdio.h>
#include <string.h>

struct reply reply_to(peer p, const void *request, size_t size)
{
    struct reply reply = try_say(p, request, size, 0);
    return reply.error == 0 ? hear_message(p)
                            : (struct reply){.error = reply.error};
}

bool reply_begins(struct reply reply, const char *with)
{
    size_t size = strlen(with);
    return reply.error == 0 && reply.size >= size &&
           memcmp(reply.bytes, with, size) == 0;
}

const char *reply_line(struct reply reply, const char *begin)
{
    static char line[4096];
    size_t size = strlen(begin);
    const char *text = (const char *)reply.bytes;

    line[0] = '\0';
    for (size_t at = 0; reply.error == 0 && at < reply.size;) {
        const char *end = memchr(text + at, '\n', reply.size - at);
        size_t length =
            end != NULL ? (size_t)(end - text) - at : reply.size - at;
        if (length >= size && memcmp(text + at, begin, size) == 0) {
            snprintf(line,
                     sizeof line,
                     "%.*s",
                     (int)(length - size),
                     text + at + size);
            break;
        }
        at += length + 1;
    }
    return line;
}

const char *reply_shown(struct reply reply)
{
    return reply.error == 0 ? show(reply.bytes, reply.size)
                            : code_text(reply.error);
}

void expect_lent_level(struct reply who,
                       const char *level,
                       const char *when,
                       const lesson *because)
{
    expect(who.size >= strlen(level) &&
               memcmp(who.bytes, level, strlen(level)) == 0,
           because,
           keep_text("%s the client lends %s", when, level),
           "The server got %s.",
           who.size > 0 ? show(who.bytes, who.size) : code_text(who.error));
}
