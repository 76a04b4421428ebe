/* expect.c - verdicts: what was expected, what happened, why, what to read. */
#include "play_internal.h"
#include "line_ends.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

static void stop_as(const char *kind,
                    const lesson *because,
                    const char *expected,
                    const char *happened) __attribute__((noreturn));

static void stop_as(const char *kind,
                    const lesson *because,
                    const char *expected,
                    const char *happened)
{
    static const lesson none = {.why = "", .read = ""};
    const lesson *told = because == NULL ? &none : because;
    play_stop(&(struct verdict){.kind = kind,
                                .misconception = told->misconception,
                                .expected = expected,
                                .happened = happened,
                                .why = told->why,
                                .read = told->read});
}

static char *format_kept(const char *format, va_list list)
{
    va_list again;
    va_copy(again, list);
    int size = vsnprintf(NULL, 0, format, again);
    va_end(again);
    char *text = keep((size_t)size + 1);
    vsnprintf(text, (size_t)size + 1, format, list);
    return text;
}

void fail(const lesson *because,
          const char *expected,
          const char *happened,
          ...)
{
    va_list list;
    va_start(list, happened);
    const char *text = format_kept(happened, list);
    va_end(list);
    stop_as("failed", because, expected, text);
}

void skip(const char *reason)
{
    play_skip(reason);
}

void expect(bool holds,
            const lesson *because,
            const char *expected,
            const char *happened,
            ...)
{
    if (holds)
        return;
    va_list list;
    va_start(list, happened);
    const char *text = format_kept(happened, list);
    va_end(list);
    stop_as("failed", because, expected, text);
}

/* ---- replies
 * ------------------------------------------------------------------------- */

static size_t first_difference(struct reply got, const void *want, size_t size)
{
    const unsigned char *wanted = want;
    size_t i = 0;
    while (i < got.size && i < size && got.bytes[i] == wanted[i])
        i++;
    return i;
}

void expect_bytes(struct reply got,
                  const void *want,
                  size_t size,
                  const lesson *because)
{
    bool right = got.size == size && memcmp(got.bytes, want, size) == 0;
    if (right && got.error == 0)
        return;
    const char *expected = keep_text("a reply of %zu byte%s: %s",
                                     size,
                                     size == 1 ? "" : "s",
                                     show(want, size));
    const char *arrived = got.size == 0
                              ? "Not one byte arrived"
                              : keep_text("Only %zu byte%s arrived, %s",
                                          got.size,
                                          got.size == 1 ? "" : "s",
                                          show(got.bytes, got.size));
    if (got.error == TIMED_OUT)
        stop_as("hang",
                because,
                expected,
                keep_text("%s, and %u ms passed.", arrived, scaled(0)));
    if (got.error != 0 && !right)
        stop_as("failed",
                because,
                expected,
                keep_text("%s, then the peer's read failed with %s.",
                          arrived,
                          code_text(got.error)));
    if (got.error != 0)
        stop_as("failed",
                because,
                expected,
                keep_text("The bytes arrived, but the peer's read ended with "
                          "%s.",
                          code_text(got.error)));
    size_t at = first_difference(got, want, size);
    const char *difference =
        at == got.size || at == size
            ? ""
            : keep_text(" The first difference is in byte %zu.", at + 1);
    stop_as("failed",
            because,
            expected,
            keep_text("%zu byte%s arrived: %s.%s",
                      got.size,
                      got.size == 1 ? "" : "s",
                      show(got.bytes, got.size),
                      difference));
}

void expect_text(struct reply got, const char *want, const lesson *because)
{
    expect_bytes(got, want, strlen(want), because);
}

void expect_error(uint32_t got,
                  uint32_t want,
                  const char *who,
                  const lesson *because)
{
    if (got == want)
        return;
    const char *expected =
        want == 0 ? keep_text("%s succeeds", who)
                  : keep_text("%s ends with %s", who, code_text(want));
    if (got == TIMED_OUT)
        stop_as("hang",
                because,
                expected,
                keep_text("It had not ended after %u ms.", scaled(0)));
    stop_as("failed",
            because,
            expected,
            got == 0 ? "It succeeded."
                     : keep_text("It ended with %s.", code_text(got)));
}

/* ---- programs
 * ------------------------------------------------------------------------- */

void expect_running(program p, const lesson *because)
{
    bool running = is_running(p);
    if (running)
        return;
    struct ending ending = await_end(p, 1);
    /* The state of the programs, which is added, says with what code. */
    stop_as(ending.code == 0 ? "silent-exit" : "failed",
            because,
            keep_text("%s is still running", name_of(p)),
            "It is not running any more.");
}

void expect_end(program p, uint32_t code, const lesson *because)
{
    struct ending ending = await_end(p, 0);
    if (ending.ended && ending.code == code)
        return;
    const char *expected =
        keep_text("%s ends with %s", name_of(p), exit_text(code));
    if (!ending.ended)
        stop_as("hang",
                because,
                expected,
                keep_text("It had not ended after %u ms.", scaled(0)));
    stop_as("failed",
            because,
            expected,
            keep_text("It ended with %s.", exit_text(ending.code)));
}

void expect_stops(program server, const lesson *because)
{
    end_input(server);
    struct ending ending = await_end(server, 0);
    if (ending.ended && ending.code == 0)
        return;
    const char *expected =
        keep_text("%s ends with exit code 0 when its standard input ends",
                  name_of(server));
    if (!ending.ended)
        stop_as("hang",
                because,
                expected,
                keep_text("It had not ended %u ms later.", scaled(0)));
    stop_as("failed",
            because,
            expected,
            keep_text("It ended with %s.", exit_text(ending.code)));
}

void expect_complains(program p, const char *when, const lesson *because)
{
    struct ending ending = await_end(p, 0);
    struct text printed = output_of(p);
    struct text errors = errors_of(p);
    const char *expected =
        keep_text("%s %s ends with exit code 1", when, name_of(p));
    if (!ending.ended)
        stop_as("hang",
                because,
                expected,
                keep_text("It had not ended after %u ms.", scaled(0)));
    if (ending.code != 1)
        stop_as("failed",
                because,
                expected,
                keep_text("It ended with %s.", exit_text(ending.code)));
    if (errors.size > 0 && printed.size == 0)
        return;
    stop_as("failed",
            because,
            keep_text("%s %s says why on standard error, and prints nothing "
                      "on standard output",
                      when,
                      name_of(p)),
            keep_text("Standard error has %s, standard output %s.",
                      show(errors.bytes, errors.size),
                      show(printed.bytes, printed.size)));
}

/* Instead of what the check is about, when only the stream is wrong. */
static const lesson TEXT_STREAM = {
    .misconception = "M56",
    .why = "The C runtime opens the standard streams as text and writes \\r\\n "
           "for each \\n. All else of it is right. Data have to go through a "
           "binary stream: _setmode(_fileno(stdout), _O_BINARY).",
    .read = "common/np_args.h; the _setmode page"};

static const lesson STRING = {
    .misconception = "M20",
    .why = "What came is bytes, and the count that the read gave: a 0 among "
           "them ends nothing. printf and puts stop there.",
    .read = "README, the contract (client: as it is); the ReadFile page"};

/* Whether it is as wanted up to a 0, and no further. */
static bool ends_at_a_zero(struct text got, const char *want, size_t size)
{
    size_t same = 0;
    while (same < got.size && same < size && got.bytes[same] == want[same])
        same++;
    return same > 0 && same < size && want[same] == '\0';
}

void expect_printed(program p,
                    const void *want,
                    size_t size,
                    const char *expected,
                    const lesson *because)
{
    struct text got = output_of(p);
    if (got.size == size && memcmp(got.bytes, want, size) == 0)
        return;
    if (is_as_text(got.bytes, got.size, want, size))
        because = &TEXT_STREAM;
    else if (ends_at_a_zero(got, want, size))
        because = &STRING;
    if (expected == NULL)
        expected = keep_text("%s prints %s on standard output, no more",
                             name_of(p),
                             show(want, size));
    if (got.size == 0)
        stop_as("failed", because, expected, "It printed nothing there.");
    stop_as("failed",
            because,
            expected,
            keep_text("It printed %zu byte%s: %s.",
                      got.size,
                      got.size == 1 ? "" : "s",
                      show(got.bytes, got.size)));
}

static bool has_part(struct text text, const char *part)
{
    return memmem(text.bytes, text.size, part, strlen(part)) != NULL;
}

static void expect_part(program p,
                        const char *part,
                        const char *where,
                        struct text (*read)(program),
                        const lesson *because)
{
    struct text text = read(p);
    /* What a program prints and what it answers go different ways: give a
     * living program a moment. */
    for (int i = 0; i < 40 && !has_part(text, part); i++) {
        bool ended = await_end(p, 25).ended;
        text = read(p);
        if (ended)
            break;
    }
    if (has_part(text, part))
        return;
    const char *expected = keep_text("%s prints %s on standard %s",
                                     name_of(p),
                                     show(part, strlen(part)),
                                     where);
    struct ending ending = {.ended = !is_running(p)};
    if (ending.ended)
        ending = await_end(p, 1);
    const char *kind =
        ending.ended && ending.code == 0 ? "silent-exit" : "failed";
    stop_as(kind,
            because,
            expected,
            text.size == 0
                ? "It printed nothing there."
                : keep_text("It printed %s.", show(text.bytes, text.size)));
}

void expect_output(program p, const char *part, const lesson *because)
{
    expect_part(p, part, "output", output_of, because);
}

void expect_errors_mention(program p, const char *part, const lesson *because)
{
    expect_part(p, part, "error", errors_of, because);
}

peer join_peer(const lesson *because, struct opening opening)
{
    peer client;
    uint32_t code = try_open_peer(&client, opening);
    refuse_pipe_of_bytes(code, opening);
    expect_error(code, 0, "the client's CreateFile", because);
    return client;
}

void expect_said(peer p, const void *data, size_t size, const lesson *because)
{
    expect_error(
        try_say(p, data, size, 0).error, 0, "the peer's WriteFile", because);
}
