/* engine_test_units.c - texts, and a record's rules, without a process. */
#include "engine_test.h"
#include "engine.h"
#include "line_ends.h"
#include "results.h"
#include "text.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static char *cleaned(const char *text)
{
    char *copy = strdup(text);
    clean_text(copy);
    return copy;
}

START_TEST(text_is_cleaned)
{
    static const struct {
        const char *in, *out;
    } cases[] = {
        {"plain\ntext", "plain\ntext"},
        {"a\r\nb\tc", "a\nb c"},
        {"\033[31mred\033[0m", "red"},
        {"\033[2J\033[10;20Hx", "x"},
        {"\033]0;title\ax", "x"},
        {"\033]0;title\033\\x", "x"},
        {"\033]0;unended\nnext", "\nnext"},
        {"\033Px\033\\y", "y"},
        {"\033cx", "x"},
        {"end\033", "end"},
        {"end\033[", "end"},
        {"bell\a back\b del\x7f", "bell back del"},
        {"\xc3\xa9 \xe2\x82\xac \xf0\x9f\x98\x80",
         "\xc3\xa9 \xe2\x82\xac \xf0\x9f\x98\x80"},
        {"bad \xff\xfe", "bad ??"},
        {"short \xc3", "short ?"},
        {"short \xe2\x82", "short ??"},
        {"overlong \xc0\xaf", "overlong ??"},
        {"surrogate \xed\xa0\x80", "surrogate ???"},
        {"c1 \xc2\x9b"
         "31m",
         "c1 ?31m"},
        {"bidi \xe2\x80\xae", "bidi ?"},
        {"not in XML \xef\xbf\xbe", "not in XML ?"},
        {"beyond \xf4\x90\x80\x80", "beyond ????"},
    };
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
        ck_assert_str_eq(cleaned(cases[i].in), cases[i].out);
}
END_TEST

START_TEST(long_text_is_cut_and_says_so)
{
    char small[16];
    copy_text(small, sizeof(small), "fifteen letters");
    ck_assert_str_eq(small, "fifteen letters");
    copy_text(small, sizeof(small), "sixteen letters!");
    ck_assert_str_eq(small, "sixteen l [cut]");
    copy_text(small, sizeof(small), NULL);
    ck_assert_str_eq(small, "");
    /* never in the middle of a character */
    copy_text(small,
              sizeof(small),
              "12345678\xc3\xa9"
              "90123456");
    ck_assert_str_eq(small, "12345678 [cut]");
    char tiny[4];
    copy_text(tiny, sizeof(tiny), "abcdef");
    ck_assert_str_eq(tiny, "abc");
}
END_TEST

START_TEST(the_last_lines_are_kept)
{
    char small[24];
    copy_last_lines(small, sizeof(small), "one\ntwo\n");
    ck_assert_str_eq(small, "one\ntwo\n");
    copy_last_lines(
        small, sizeof(small), "first line\nsecond line\nthe third\n");
    ck_assert_str_eq(small, "[cut]\nthe third\n");
    copy_last_lines(
        small, sizeof(small), "one line that is longer than all of it");
    ck_assert_uint_eq(strlen(small), sizeof(small) - 1);
    ck_assert_str_eq(small, "[cut]\ner than all of it");
}
END_TEST

static char *wrapped(const char *first, const char *text, int width)
{
    char *out;
    size_t size;
    FILE *f = open_memstream(&out, &size);
    print_wrapped(f, first, text, width);
    fclose(f);
    return out;
}

START_TEST(text_is_wrapped)
{
    ck_assert_str_eq(wrapped("a: ", "one two three four five six", 20),
                     "a: one two three\n   four five six\n");
    ck_assert_str_eq(wrapped("a: ", "line\nline", 40), "a: line\n   line\n");
    ck_assert_str_eq(wrapped("", "", 40), "\n");
    ck_assert_str_eq(wrapped("", "12345678901234567890", 16),
                     "1234567890123456\n7890\n");
    /* characters count, not bytes */
    ck_assert_str_eq(
        wrapped(
            "",
            "\xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9 23456789",
            16),
        "\xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9 23456789\n");
    for (int width = 20; width < 120; width++) {
        char *text =
            wrapped("  expected  ",
                    "The server must answer the next client, whatever "
                    "became of the one before it: \"\xe2\x82\xac\xe2\x82\xac\"",
                    width);
        ck_assert_int_le(longest_line(text), width < 28 ? 28 : width);
        free(text);
    }
}
END_TEST

START_TEST(commands_of_a_ci_service_are_broken)
{
    ck_assert_str_eq(wrapped("", "::error::x", 40), ": :error::x\n");
    ck_assert_str_eq(wrapped("", "a ##[error]x", 40), "a # #[error]x\n");
    ck_assert_str_eq(wrapped("", "std::string", 40), "std::string\n");
    expect_has(wrapped("", "12345678901234567 ::set-output x", 18),
               "\n: :set-output");
}
END_TEST

START_TEST(quoted_lines_keep_their_mark)
{
    char *out;
    size_t size;
    FILE *f = open_memstream(&out, &size);
    print_quoted(f, "| ", "one\n\n  two words and a very long line\n", 20);
    fclose(f);
    ck_assert_str_eq(out,
                     "| one\n| \n|   two words and a \n| very long line\n");
}
END_TEST

START_TEST(words_for_a_shell_and_strings_for_json)
{
    char *out;
    size_t size;
    FILE *f = open_memstream(&out, &size);
    shell_word(f, "../my-lab/01");
    putc(' ', f);
    shell_word(f, "my lab's $HOME");
    putc(' ', f);
    shell_word(f, "");
    putc(' ', f);
    json_string(f, "a\"b\\c\nd\x01");
    putc(' ', f);
    xml_attribute(f, "<a&\"b\">\n");
    xml_text(f, "\n");
    fclose(f);
    ck_assert_str_eq(
        out,
        "../my-lab/01 'my lab'\\''s $HOME' '' \"a\\\"b\\\\c\\nd\\u0001\" "
        "&lt;a&amp;&quot;b&quot;&gt;&#10;\n");
}
END_TEST

START_TEST(the_first_verdict_stands)
{
    struct record *r = results_map(3);
    results_select(&r[0], "/programs");
    ck_assert_str_eq(option_programs_dir(), "/programs");
    record_pass();
    record_failure("failed", NULL, "late", "late", NULL, NULL, NULL);
    ck_assert_int_eq(r[0].outcome, PASSED);
    results_select(&r[1], "/programs");
    record_failure("crash", "M05", "e", "h", "w", "r", "o");
    record_pass();
    record_skip("late");
    ck_assert_int_eq(r[1].outcome, FAILED);
    ck_assert_int_eq(r[1].kind, KIND_CRASH);
    ck_assert_str_eq(r[1].happened, "h");
    results_select(&r[2], "/programs");
    record_failure("no such kind", NULL, NULL, NULL, NULL, NULL, NULL);
    ck_assert_int_eq(r[2].outcome, ERROR);
    ck_assert_int_eq(r[2].kind, KIND_INFRASTRUCTURE);
    results_unmap(r, 3);
}
END_TEST

START_TEST(every_kind_has_its_outcome)
{
    static const struct {
        const char *kind;
        enum outcome outcome;
    } cases[] = {{"failed", FAILED},
                 {"crash", FAILED},
                 {"hang", FAILED},
                 {"silent-exit", FAILED},
                 {"flood", FAILED},
                 {"infrastructure", ERROR}};
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        struct record *r = results_map(1);
        results_select(r, "/");
        record_failure(cases[i].kind, NULL, NULL, NULL, NULL, NULL, NULL);
        ck_assert_int_eq(r->outcome, cases[i].outcome);
        ck_assert_str_eq(kind_name(r->kind), cases[i].kind);
        results_unmap(r, 1);
    }
}
END_TEST

START_TEST(a_text_stream_is_told_from_wrong_bytes)
{
    static const struct {
        const char *want, *got;
        bool as_text;
    } cases[] = {
        {"one\n", "one\r\n", true},
        {"a\nb\n", "a\r\nb\r\n", true},
        {"a\r\n", "a\r\r\n", true},
        {"one\n", "one\n", false},
        {"one\n", "two\r\n", false},
        {"one\n", "one\n\n", false},
        {"a\nb\n", "a\r\nb\n", false},
        {"one\n", "one\r\n!", false},
        {"one", "one\r\n", false},
        {"", "\r\n", false},
    };
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
        ck_assert_msg(is_as_text(cases[i].got,
                                 strlen(cases[i].got),
                                 cases[i].want,
                                 strlen(cases[i].want)) == cases[i].as_text,
                      "case %zu",
                      i);
}
END_TEST

TCase *unit_tests(void)
{
    TCase *t = tcase_create("units");
    tcase_add_test(t, text_is_cleaned);
    tcase_add_test(t, long_text_is_cut_and_says_so);
    tcase_add_test(t, the_last_lines_are_kept);
    tcase_add_test(t, text_is_wrapped);
    tcase_add_test(t, commands_of_a_ci_service_are_broken);
    tcase_add_test(t, quoted_lines_keep_their_mark);
    tcase_add_test(t, words_for_a_shell_and_strings_for_json);
    tcase_add_test(t, the_first_verdict_stands);
    tcase_add_test(t, every_kind_has_its_outcome);
    tcase_add_test(t, a_text_stream_is_told_from_wrong_bytes);
    return t;
}
