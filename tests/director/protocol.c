/* protocol.c - request lines in, answer lines out. */
#include "director.h"

#include "seal.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct buffer {
    char *bytes;
    size_t size, room;
};

static struct seal_key key;
static uint64_t request_number;
static struct buffer received; /* what was read and not yet used up */
static size_t line_size;       /* of the request being answered, with \n */
static char *cursor;           /* the next field of it */
static struct buffer answer;

struct block {
    struct block *next;
    max_align_t bytes[];
};
static struct block *blocks;

void give_up(const char *what, DWORD err)
{
    fprintf(stderr, "director: %s: error %lu\n", what, (unsigned long)err);
    fflush(stderr);
    ExitProcess(99);
}

void *scratch(size_t size)
{
    struct block *block = calloc(1, sizeof *block + size);
    if (block == NULL)
        give_up("memory", ERROR_NOT_ENOUGH_MEMORY);
    block->next = blocks;
    blocks = block;
    return block->bytes;
}

static void drop_scratch(void)
{
    while (blocks != NULL) {
        struct block *next = blocks->next;
        free(blocks);
        blocks = next;
    }
}

static void grow(struct buffer *buffer, size_t more)
{
    if (buffer->room - buffer->size >= more)
        return;
    size_t room = (buffer->size + more) * 2;
    char *bytes = realloc(buffer->bytes, room);
    if (bytes == NULL)
        give_up("memory", ERROR_NOT_ENOUGH_MEMORY);
    buffer->bytes = bytes;
    buffer->room = room;
}

static void append(struct buffer *buffer, const char *bytes, size_t size)
{
    grow(buffer, size);
    memcpy(buffer->bytes + buffer->size, bytes, size);
    buffer->size += size;
}

/* One line without its \n, NUL-terminated, or NULL at the end of input. */
static char *read_line(void)
{
    memmove(
        received.bytes, received.bytes + line_size, received.size - line_size);
    received.size -= line_size;
    line_size = 0;
    size_t searched = 0;
    for (;;) {
        char *end = received.size == searched
                        ? NULL
                        : memchr(received.bytes + searched,
                                 '\n',
                                 received.size - searched);
        if (end != NULL) {
            *end = '\0';
            line_size = (size_t)(end - received.bytes) + 1;
            return received.bytes;
        }
        searched = received.size;
        grow(&received, 65536);
        DWORD got = 0;
        if (!ReadFile(GetStdHandle(STD_INPUT_HANDLE),
                      received.bytes + received.size,
                      65536,
                      &got,
                      NULL) ||
            got == 0)
            return NULL;
        received.size += got;
    }
}

unsigned receive_key(void)
{
    grow(&received, 1);
    const char *line = read_line();
    unsigned long long first = 0, second = 0;
    unsigned tasks = 0;
    if (line == NULL ||
        sscanf(line, "key %16llx%16llx tasks %u", &first, &second, &tasks) != 3)
        give_up("no key", 0);
    key.half[0] = first;
    key.half[1] = second;
    return tasks;
}

bool next_request(const char **verb)
{
    drop_scratch();
    char *line = read_line();
    if (line == NULL)
        return false;
    size_t size = strlen(line);
    if (size < SEAL_DIGITS + 1 ||
        !seal_matches(
            seal_of(&key, line + SEAL_DIGITS + 1, size - SEAL_DIGITS - 1),
            line))
        give_up("a request without a valid seal", 0);
    cursor = line + SEAL_DIGITS + 1;
    if (take_number() != ++request_number)
        give_up("a request out of order", 0);
    *verb = cursor;
    cursor += strcspn(cursor, " ");
    if (*cursor != '\0')
        *cursor++ = '\0';
    answer.size = 0;
    append(&answer, "ok", 2);
    return true;
}

/* ---- fields ----------------------------------------------------------------
 */

static char *take_word(size_t *size)
{
    if (*cursor == '\0')
        give_up("a request lacks a field", 0);
    char *word = cursor;
    *size = strcspn(cursor, " ");
    cursor += *size;
    if (*cursor != '\0')
        *cursor++ = '\0';
    return word;
}

uint64_t take_number(void)
{
    size_t size;
    const char *word = take_word(&size);
    char *end;
    uint64_t number = strtoull(word, &end, 10);
    if (*end != '\0')
        give_up("a field is no number", 0);
    return number;
}

uint32_t take_code(void)
{
    return (uint32_t)take_number();
}

bool take_flag(void)
{
    return take_number() != 0;
}

static unsigned digit(char c)
{
    if (c >= '0' && c <= '9')
        return (unsigned)(c - '0');
    if (c >= 'a' && c <= 'f')
        return (unsigned)(c - 'a') + 10u;
    give_up("a field is not hexadecimal", 0);
}

unsigned char *take_bytes(size_t *size)
{
    size_t digits;
    const char *word = take_word(&digits);
    *size = 0;
    if (word[0] == '-')
        return NULL;
    /* A leading x lets a field hold no bytes at all and still be there. */
    word++, digits--;
    unsigned char *bytes = scratch(digits / 2 + 1);
    for (size_t i = 0; i < digits / 2; i++)
        bytes[i] =
            (unsigned char)(digit(word[2 * i]) * 16u + digit(word[2 * i + 1]));
    *size = digits / 2;
    return bytes;
}

wchar_t *take_text(void)
{
    size_t size;
    const char *text = (const char *)take_bytes(&size);
    if (text == NULL)
        return NULL;
    int room = MultiByteToWideChar(CP_UTF8, 0, text, -1, NULL, 0);
    wchar_t *wide = scratch((size_t)(room + 1) * sizeof *wide);
    MultiByteToWideChar(CP_UTF8, 0, text, -1, wide, room);
    return wide;
}

/* ---- answers
 * ----------------------------------------------------------------- */

void answer_number(uint64_t number)
{
    char text[32];
    int size = snprintf(text, sizeof text, " %llu", (unsigned long long)number);
    append(&answer, text, (size_t)size);
}

void answer_bytes(const void *bytes, size_t size)
{
    static const char digits[] = "0123456789abcdef";
    const unsigned char *from = bytes;
    grow(&answer, 2 * size + 2);
    char *to = answer.bytes + answer.size;
    *to++ = ' ';
    *to++ = 'x';
    for (size_t i = 0; i < size; i++) {
        *to++ = digits[from[i] >> 4];
        *to++ = digits[from[i] & 15];
    }
    answer.size += 2 * size + 2;
}

void answer_utf8(const char *text)
{
    answer_bytes(text, strlen(text));
}

void answer_text(const wchar_t *text)
{
    int room = WideCharToMultiByte(CP_UTF8, 0, text, -1, NULL, 0, NULL, NULL);
    char *utf8 = scratch((size_t)room + 1);
    WideCharToMultiByte(CP_UTF8, 0, text, -1, utf8, room, NULL, NULL);
    answer_utf8(utf8);
}

void answer_error(DWORD err)
{
    answer.size = 0;
    append(&answer, "error", 5);
    answer_number(err);
}

void send_answer(void)
{
    char number[32];
    int head = snprintf(
        number, sizeof number, "%llu ", (unsigned long long)request_number);
    size_t prefix = SEAL_DIGITS + 1 + (size_t)head;
    append(&answer, "\n", 1);
    grow(&answer, prefix);
    memmove(answer.bytes + prefix, answer.bytes, answer.size);
    answer.size += prefix;
    memcpy(answer.bytes + SEAL_DIGITS + 1, number, (size_t)head);
    answer.bytes[SEAL_DIGITS] = ' ';
    seal_write(seal_of(&key,
                       answer.bytes + SEAL_DIGITS + 1,
                       answer.size - SEAL_DIGITS - 2),
               answer.bytes);
    DWORD written;
    for (size_t done = 0; done < answer.size; done += written)
        if (!WriteFile(GetStdHandle(STD_OUTPUT_HANDLE),
                       answer.bytes + done,
                       (DWORD)(answer.size - done),
                       &written,
                       NULL))
            ExitProcess(98);
}
