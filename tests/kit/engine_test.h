/* engine_test.h - tools of the tests that drive the runner's engine. */
#ifndef NPLAB_ENGINE_TEST_H
#define NPLAB_ENGINE_TEST_H

#include <check.h>
#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

/* Every test starts in an empty folder of its own, its current folder, with
 * rubrics/01-echo.rubric, rubrics/02-messages.rubric and a submission of both
 * labs in prog/ (empty programs; the fake checks only want the folder). */
void begin_folder(void);
void end_folder(void);

/* Writes a file, with its folders. */
void put(const char *path, const char *format, ...)
    __attribute__((format(printf, 2, 3)));
/* A file's text; fails the test if there is none. Never freed. */
char *get(const char *path);
bool exists(const char *path);

/* What a shell command did. $R is the fake runner, $G is "$R grade --rubrics
 * rubrics --results out". A signal is a status of 128 and more. */
struct ran {
    int status;
    char *out, *err;
    double seconds;
};
struct ran sh(const char *format, ...) __attribute__((format(printf, 1, 2)));
/* Starts it and lets it run; its process id is the runner's own ("exec $R").
 * Its output goes to the files background.out and background.err. */
pid_t sh_background(const char *command);
int await_exit(pid_t process);
/* The same at a terminal of so many columns; out holds both streams. */
struct ran at_terminal(int columns, const char *command);
/* The same, with Ctrl+C typed as soon as this was printed. */
struct ran interrupted(const char *command, const char *after);

void expect_has(const char *text, const char *part);
void expect_lacks(const char *text, const char *part);
/* Both are there, and the first before the second. */
void expect_order(const char *text, const char *first, const char *second);
/* Whether one of its lines is exactly this. */
bool has_line(const char *text, const char *line);
const char *last_line(const char *text);
/* A copy in which every run of spaces and line ends is one space: to find a
 * sentence however it was wrapped. */
char *flat(const char *text);
/* That many characters in the longest line. */
int longest_line(const char *text);

/* Waits at most ten seconds for the file to hold the text. */
void await_text(const char *path, const char *part);
/* Waits at most two seconds for the process, named in a file, to be gone. */
void expect_dead(const char *pid_file);

/* Fails the test unless it is one JSON value in valid UTF-8. */
void expect_json(const char *text);
/* The value at "tests.0.score": its text as it stands, in a static buffer;
 * NULL if there is none. */
const char *json_at(const char *text, const char *path);
/* Well-formed XML 1.0, by a small check here and by xmllint if there is one. */
void expect_xml(const char *path);
/* TAP 13: version, plan, numbers, closed blocks, and prove's opinion. */
void expect_tap(const char *path);

TCase *unit_tests(void);
TCase *report_tests(void);
TCase *grade_tests(void);
TCase *end_tests(void);
TCase *audit_tests(void);

#endif
