/*
 * expect.h - the verdicts of a check on what its play has shown.
 *
 * Each takes the lesson that is told when it does not hold; what was expected
 * and what happened are sentences for the learner.
 */
#ifndef NPLAB_EXPECT_H
#define NPLAB_EXPECT_H

#include "play.h"

/* What a failure teaches. No text may be NULL but misconception. */
typedef struct lesson {
    const char *misconception; /* "M05" of the catalogue, or NULL */
    const char *why;           /* why Windows does that */
    const char *read;          /* what to read */
} lesson;

/* Ends the check as failed. `expected` and the formatted text are sentences
 * for the learner. A program that crashed or hangs is named by the engine
 * itself, with its exit code or the call it is blocked in. */
void fail(const lesson *because,
          const char *expected,
          const char *happened,
          ...) __attribute__((format(printf, 3, 4), noreturn));

/* Ends the check as skipped: what it needs is not to be had here. */
void skip(const char *reason) __attribute__((noreturn));

void expect(bool holds,
            const lesson *because,
            const char *expected,
            const char *happened,
            ...) __attribute__((format(printf, 4, 5)));
void expect_bytes(struct reply got,
                  const void *want,
                  size_t size,
                  const lesson *because);
void expect_text(struct reply got, const char *want, const lesson *because);
/* `who` names the caller for the message: "the client's read". */
void expect_error(uint32_t got,
                  uint32_t want,
                  const char *who,
                  const lesson *because);
void expect_running(program p, const lesson *because);
/* Ended within the default deadline, with this code. */
void expect_end(program p, uint32_t code, const lesson *because);
/* As expect_end after end_input. */
void expect_stops(program server, const lesson *because);
/* Fails if a thread of the server wears a token. when: "After a reply". */
void expect_itself(program server, const char *when, const lesson *because);
/* What has to become of a server that is_stuck. reply: what it was asked
 * for; when: "After READ". */
void expect_end_of_stuck(program server,
                         struct reply reply,
                         const char *when,
                         const lesson *because);
/* Past the first `since` bytes of the record a thread whose revert was made to
 * fail does nothing any more but end the process. */
void expect_no_last_words(size_t since, const lesson *because);
/* Nothing on standard error past the first `since` bytes, but what a starter
 * says of itself. */
void expect_silence(struct text errors, size_t since, const lesson *because);
/* p, which has ended, printed exactly these bytes on standard output; expected
 * says so in a sentence, NULL in one that quotes them. What differs only by
 * \r\n for \n gets a lesson on text streams instead, and what stops being the
 * same at a 0 one on strings. */
void expect_printed(program p,
                    const void *want,
                    size_t size,
                    const char *expected,
                    const lesson *because);
/* p's output contains this, anywhere. */
void expect_output(program p, const char *part, const lesson *because);
void expect_errors_mention(program p, const char *part, const lesson *because);
/* p ends with 1, says something on standard error and prints nothing. when:
 * "without a server". */
void expect_complains(program p, const char *when, const lesson *because);
/* What who_is() tells of the client, "Anonymous" for 1347 too, begins with this
 * level. when: "with --level anonymous". */
void expect_lent_level(struct reply who,
                       const char *level,
                       const char *when,
                       const lesson *because);
/* A client of messages that says this every few milliseconds is served for as
 * long as it likes, which is longer than timeout_ms in all: the server's time
 * for one wait. When it is dropped it must have let the server wait; on a busy
 * machine it may have, which proves nothing. */
void expect_talker_kept(program server,
                        const char *pipe,
                        const char *says,
                        uint32_t timeout_ms,
                        const lesson *because);
/* say whose failure teaches. */
void expect_said(peer p, const void *data, size_t size, const lesson *because);
/* As connect_to; that it cannot be opened is because of the lesson. */
#define join(because, ...) join_peer((because), (struct opening){__VA_ARGS__})
peer join_peer(const lesson *because, struct opening opening);

/* "232 ERROR_NO_DATA", or "3221225477 (0xC0000005 STATUS_ACCESS_VIOLATION)". */
const char *code_text(uint32_t code);
/* Bytes made readable: "hi\n" or 68 69 ..., long ones cut in the middle with
 * the cut marked outside the quotes. */
const char *show(const void *bytes, size_t size);

#endif
