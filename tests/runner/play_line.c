/* play_line.c - one request line to the director and one answer line back.
 * The form of the lines is in tests/director/director.h. */
#include "play_internal.h"

#include "../director/seal.h"

#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <time.h>
#include <unistd.h>

/* The longest answer: a stream of 1 MiB in hexadecimal, or a crowd's. */
#define ANSWER_LIMIT (64u * 1024u * 1024u)

static struct buffer {
    char *bytes;
    size_t size, room;
} out, in;
static struct sandbox *box;
static struct seal_key key;
static uint64_t sent; /* the number of the last request */
static char *cursor;
static enum { GOOD, GONE, SILENT, GARBLED } state;

static void grow(struct buffer *buffer, size_t more)
{
    if (buffer->room - buffer->size >= more)
        return;
    buffer->room = (buffer->size + more) * 2;
    buffer->bytes = realloc(buffer->bytes, buffer->room);
    if (buffer->bytes == NULL)
        abort();
}

static void append(const char *text, size_t size)
{
    grow(&out, size);
    memcpy(out.bytes + out.size, text, size);
    out.size += size;
}

static int64_t milliseconds(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

bool line_is_lost(void)
{
    return state != GOOD;
}

bool line_was_silent(void)
{
    return state == SILENT || state == GARBLED;
}

/* ---- requests
 * ------------------------------------------------------------------ */

void line_begin(const char *verb)
{
    char head[96];
    int size = snprintf(head,
                        sizeof head,
                        "%0*d %llu %s",
                        SEAL_DIGITS,
                        0,
                        (unsigned long long)++sent,
                        verb);
    out.size = 0;
    append(head, (size_t)size);
}

void put_number(uint64_t number)
{
    char text[32];
    int size = snprintf(text, sizeof text, " %llu", (unsigned long long)number);
    append(text, (size_t)size);
}

void put_bytes(const void *bytes, size_t size)
{
    static const char digits[] = "0123456789abcdef";
    const unsigned char *from = bytes;
    if (from == NULL) {
        append(" -", 2);
        return;
    }
    append(" x", 2);
    grow(&out, 2 * size);
    for (size_t i = 0; i < size; i++) {
        out.bytes[out.size++] = digits[from[i] >> 4];
        out.bytes[out.size++] = digits[from[i] & 15];
    }
}

void put_text(const char *text)
{
    put_bytes(text, text == NULL ? 0 : strlen(text));
}

static bool send_all(const char *bytes, size_t size)
{
    while (size > 0) {
        ssize_t done = write(box->to, bytes, size);
        if (done < 0 && errno == EINTR)
            continue;
        if (done <= 0)
            return false;
        bytes += done;
        size -= (size_t)done;
    }
    return true;
}

void line_connect(struct sandbox *sandbox)
{
    char text[96];
    box = sandbox;
    sent = 0;
    in.size = 0;
    state = GOOD;
    if (getrandom(&key, sizeof key, 0) != sizeof key)
        play_broken("The kernel gave no random bytes.");
    int size = snprintf(text,
                        sizeof text,
                        "key %016llx%016llx tasks %u\n",
                        (unsigned long long)key.half[0],
                        (unsigned long long)key.half[1],
                        box->tasks);
    if (!send_all(text, (size_t)size))
        state = GONE;
}

/* ---- answers
 * ------------------------------------------------------------------- */

/* One whole line into `in`, NUL in place of its \n; false if none came. */
static bool receive_line(uint32_t ms)
{
    int64_t deadline = milliseconds() + ms;
    in.size = 0;
    for (;;) {
        int64_t left = deadline - milliseconds();
        struct pollfd ready = {.fd = box->from, .events = POLLIN};
        int count = poll(&ready, 1, left < 0 ? 0 : (int)left);
        if (count < 0 && errno == EINTR)
            continue;
        if (count <= 0) {
            state = SILENT;
            return false;
        }
        grow(&in, 65536);
        ssize_t got = read(box->from, in.bytes + in.size, 65536);
        if (got < 0 && errno == EINTR)
            continue;
        if (got <= 0) {
            state = GONE;
            return false;
        }
        in.size += (size_t)got;
        if (in.bytes[in.size - 1] == '\n') {
            in.bytes[in.size - 1] = '\0';
            return true;
        }
        if (in.size > ANSWER_LIMIT) {
            state = GARBLED;
            return false;
        }
    }
}

/* Nothing but the director's own answer to this very request will do. */
static bool is_genuine(void)
{
    char *end;
    size_t prefix = SEAL_DIGITS + 1;
    if (in.size < prefix + 1 || strlen(in.bytes) != in.size - 1)
        return false;
    if (!seal_matches(seal_of(&key, in.bytes + prefix, in.size - 1 - prefix),
                      in.bytes))
        return false;
    if (strtoull(in.bytes + prefix, &end, 10) != sent || *end != ' ')
        return false;
    cursor = end + 1;
    return true;
}

uint32_t perform(uint32_t ms)
{
    /* The director keeps its own deadline; this one is for the director, on
     * a busy machine. */
    const uint32_t grace = scaled(4000);
    if (state != GOOD)
        return TIMED_OUT;
    append("\n", 1);
    seal_write(
        seal_of(&key, out.bytes + SEAL_DIGITS + 1, out.size - SEAL_DIGITS - 2),
        out.bytes);
    if (!send_all(out.bytes, out.size))
        state = GONE;
    else if (receive_line(ms + grace) && !is_genuine())
        state = GARBLED;
    if (state != GOOD && play_is_stopping())
        return TIMED_OUT;
    if (state != GOOD)
        play_broken("%s", "");
    if (strncmp(cursor, "ok", 2) == 0) {
        cursor += 2;
        return NO_ERROR_CODE;
    }
    cursor += strcspn(cursor, " ");
    return (uint32_t)get_number();
}

void perform_surely(uint32_t ms, const char *what)
{
    uint32_t code = perform(ms);
    if (code != 0)
        play_broken("The director could not %s: %s.", what, code_text(code));
}

uint64_t get_number(void)
{
    char *end;
    if (*cursor != ' ')
        play_broken("The director's answer lacks a number.");
    uint64_t number = strtoull(cursor + 1, &end, 10);
    if (end == cursor + 1)
        play_broken("The director's answer has no number where one belongs.");
    cursor = end;
    return number;
}

static unsigned digit(char c)
{
    return c <= '9' ? (unsigned)(c - '0') : (unsigned)(c - 'a') + 10u;
}

struct text get_bytes(void)
{
    if (cursor[0] != ' ' || cursor[1] != 'x')
        play_broken("The director's answer lacks bytes.");
    cursor += 2;
    size_t size = strspn(cursor, "0123456789abcdef") / 2;
    char *bytes = keep(size + 1);
    for (size_t i = 0; i < size; i++, cursor += 2)
        bytes[i] = (char)(digit(cursor[0]) * 16u + digit(cursor[1]));
    return (struct text){bytes, size};
}
