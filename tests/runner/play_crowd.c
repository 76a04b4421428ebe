/* play_crowd.c - many clients at once: requests made and replies judged. */
#include "play_internal.h"

#include <stdlib.h>
#include <string.h>

struct request {
    char *bytes;
    size_t size;
};

static struct request make_request(const struct crowd *crowd)
{
    static const char letters[] =
        "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789";
    size_t prefix = crowd->prefix == NULL ? 0 : strlen(crowd->prefix);
    struct request made = {keep(prefix + crowd->size + 1),
                           prefix + crowd->size};
    if (prefix > 0)
        memcpy(made.bytes, crowd->prefix, prefix);
    for (size_t i = prefix; i < made.size; i++)
        made.bytes[i] = letters[(size_t)random() % (sizeof letters - 1)];
    return made;
}

static bool is_right(const struct crowd *crowd,
                     const struct request *request,
                     struct text reply)
{
    if (crowd->is_right != NULL)
        return crowd->is_right((const unsigned char *)request->bytes,
                               request->size,
                               (const unsigned char *)reply.bytes,
                               reply.size);
    return reply.size == request->size &&
           memcmp(reply.bytes, request->bytes, reply.size) == 0;
}

enum fate { SERVED, WRONG, FAILED, LATE };

static void count_client(struct crowd_result *result, enum fate fate)
{
    switch (fate) {
    case SERVED:
        result->served++;
        break;
    case WRONG:
        result->wrong++;
        break;
    case FAILED:
        result->failed++;
        break;
    case LATE:
        result->late++;
        break;
    }
}

struct crowd_result run_crowd(struct crowd crowd)
{
    struct crowd_result result = {0};
    uint32_t ms = scaled(crowd.deadline_ms);
    size_t rounds = crowd.rounds == 0 ? 1 : crowd.rounds;
    size_t count = crowd.clients * rounds;
    struct request *requests = keep(count * sizeof *requests);

    line_begin("crowd");
    put_text(crowd.pipe == NULL ? PIPE : crowd.pipe);
    put_number(crowd.flags);
    put_number(crowd.messages);
    put_number(crowd.reconnect);
    put_number(ms);
    put_number(crowd.reply_size);
    put_number(crowd.clients);
    put_number(rounds);
    for (size_t i = 0; i < count; i++) {
        requests[i] = make_request(&crowd);
        put_bytes(requests[i].bytes, requests[i].size);
    }
    perform_surely(ms, "start a crowd of clients");
    for (size_t client = 0; client < crowd.clients; client++) {
        enum fate fate = SERVED;
        for (size_t round = 0; round < rounds; round++) {
            const struct request *request = &requests[client * rounds + round];
            uint32_t code = (uint32_t)get_number();
            struct text reply = get_bytes();
            if (code != 0 && code != TIMED_OUT && result.first_error == 0)
                result.first_error = code;
            /* The first thing that went wrong is the client's fate. */
            if (fate != SERVED)
                continue;
            if (code == TIMED_OUT)
                fate = LATE;
            else if (code != 0)
                fate = FAILED;
            else if (!is_right(&crowd, request, reply))
                fate = WRONG;
        }
        count_client(&result, fate);
    }
    return result;
}
