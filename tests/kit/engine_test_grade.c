/* engine_test_grade.c - what people see, and what wrong use is told. */
#include "engine_test.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

START_TEST(all_passed)
{
    struct ran ran = sh("$G --lab 01,02 --programs prog");
    ck_assert_int_eq(ran.status, 0);
    ck_assert_str_eq(last_line(ran.out), "6 passed, 0 failed, 0 skipped");
    ck_assert(has_line(ran.out, "Score: 100/100"));
    ck_assert_str_eq(ran.err, "");
    expect_has(ran.out, "PASS  01.one ");
    expect_has(ran.out, "10/10\n");
}
END_TEST

START_TEST(the_first_failure_is_whole_and_the_rest_counted)
{
    put("prog/01.one", "fail M05");
    put("prog/01.three", "fail");
    put("prog/01.two-early-client", "kind hang");
    struct ran ran = sh("$G --lab 01 --programs prog --src-label \"my work\"");
    ck_assert_int_eq(ran.status, 1);
    const char *p = strstr(ran.out, "\nFAIL 01.one (M05)\n");
    static const char *const order[] = {
        "any bytes come back",
        "  expected ",
        "  happened ",
        "  why ",
        "  read ",
        "  replay    make check LAB=01 TEST=one SRC='my work'\n",
        "  | server: TODO 01.2",
        "2 more failed: 01.two-early-client, 01.three; V=1",
        "\nScore: 40/100\n"};
    for (size_t i = 0; i < sizeof(order) / sizeof(order[0]); i++) {
        const char *next = p ? strstr(p, order[i]) : NULL;
        ck_assert_msg(
            next != NULL, "no \"%s\" in its place in:\n%s", order[i], ran.out);
        p = next;
    }
    expect_lacks(ran.out, "\nFAIL 01.three");
    ck_assert_int_le(longest_line(ran.out), 80);

    ran = sh("V=1 $G --lab 01 --programs prog");
    expect_has(ran.out, "\nFAIL 01.three\n");
    expect_has(ran.out, "\nFAIL 01.two-early-client (hang, M01)\n");
    expect_lacks(ran.out, "more failed");
    expect_has(ran.out, "TEST=one\n");
}
END_TEST

START_TEST(every_kind_is_told_apart)
{
    static const char *const kinds[] = {
        "crash", "hang", "silent-exit", "flood"};
    for (size_t i = 0; i < 4; i++) {
        char head[64];
        put("prog/01.one", "kind %s", kinds[i]);
        struct ran ran = sh("$G --lab 01 --programs prog --test one");
        snprintf(head, sizeof(head), "\nFAIL 01.one (%s, M01)\n", kinds[i]);
        expect_has(ran.out, head);
        ck_assert_int_eq(ran.status, 1);
    }
}
END_TEST

START_TEST(a_filter_runs_part_and_gives_no_score)
{
    put("prog/01.one", "fail M05");
    struct ran ran = sh("$G --lab 01 --programs prog --test early");
    ck_assert_int_eq(ran.status, 0);
    ck_assert_str_eq(last_line(ran.out), "1 passed, 0 failed, 0 skipped");
    expect_lacks(ran.out, "Score:");
    ck_assert_ptr_null(json_at(get("out/results.json"), "score"));
}
END_TEST

START_TEST(skips_are_neither_won_nor_lost)
{
    put("prog/01.three", "skip");
    struct ran ran = sh("$G --lab 01 --programs prog");
    ck_assert_int_eq(ran.status, 0);
    expect_has(ran.out, "  reason    there is no second user here\n");
    expect_has(ran.out, "30 points are not graded");
    ck_assert(has_line(ran.out, "Score: 70/100"));
    ck_assert_str_eq(last_line(ran.out), "3 passed, 0 failed, 1 skipped");
    /* nothing but skips proves nothing */
    ran = sh("$G --lab 01 --programs prog --test three");
    ck_assert_int_eq(ran.status, 2);
}
END_TEST

/* The compiler waits for the client's check, the server's for the compiler. */
START_TEST(a_program_is_checked_while_the_other_is_compiled)
{
    put("prog/01.two-early-client", "tell go");
    put("prog/01.one", "needs built");
    put("prog/01.three", "needs built");
    sh("mkfifo prog/go");
    struct ran ran = sh("$G --lab 01 --programs prog --jobs 2 --compile server "
                        "'read line <prog/go && : >prog/built'");
    ck_assert_str_eq(last_line(ran.out), "4 passed, 0 failed, 0 skipped");
    expect_order(ran.out, "PASS  01.one", "PASS  01.two-early-client");
}
END_TEST

START_TEST(what_does_not_build_is_not_graded_whatever_passed_meanwhile)
{
    put("prog/01.two-early-client", "tell go");
    sh("mkfifo prog/go");
    struct ran ran =
        sh("$G --lab 01 --programs prog --jobs 2 --compile server 'read line "
           "<prog/go; rm prog/server.exe; echo server.c:1: error: no "
           ">prog/server.log'");
    ck_assert_int_eq(ran.status, 1);
    expect_has(ran.out, "server.c:1: error: no");
    expect_lacks(ran.out, "PASS");
    expect_lacks(get("out/events.jsonl"), "test_end");
    ck_assert(has_line(ran.out, "Score: not graded"));
    ck_assert_str_eq(last_line(ran.out), "0 passed, 0 failed, 4 skipped");
}
END_TEST

START_TEST(a_stop_while_compiling_ends_the_compiler_and_counts_nothing)
{
    pid_t runner = sh_background(
        "exec $G --lab 01 --programs prog --jobs 2 --compile server "
        "'echo $$ >prog/child.pid; exec sleep 60'");
    await_text("prog/child.pid", "\n");
    kill(runner, SIGINT);
    ck_assert_int_eq(await_exit(runner), 130);
    expect_dead("prog/child.pid");
    expect_lacks(get("background.out"), "PASS");
}
END_TEST

START_TEST(repetitions_must_all_pass)
{
    put("prog/01.one", "flaky 5");
    struct ran ran = sh("$G --lab 01 --programs prog --repeat 6");
    ck_assert_int_eq(ran.status, 1);
    expect_has(ran.out, "FAIL  01.one");
    expect_has(ran.out, "      passed 5 of 6 times\n");
    ck_assert_str_eq(last_line(ran.out), "3 passed, 1 failed, 0 skipped");
}
END_TEST

START_TEST(the_score_is_rounded_down)
{
    put("rubrics/01-echo.rubric",
        "1 01.one\n1 01.two-early-client\n1 01.three\n0 01.four\ntotal 3\n");
    put("prog/01.one", "fail");
    struct ran ran = sh("$G --lab 01 --programs prog");
    ck_assert(has_line(ran.out, "Score: 66/100"));
    /* a lab's weight is its total: 1 of 3, 100 of 100 */
    put("prog/01.three", "fail");
    ran = sh("$G --lab 01,02 --programs prog");
    ck_assert(has_line(ran.out, "Score: 98/100"));
}
END_TEST

START_TEST(colour_only_at_a_terminal_and_always_with_a_word)
{
    put("prog/01.one", "fail");
    struct ran ran = at_terminal(50, "$G --lab 01 --programs prog");
    expect_has(ran.out, "\033[31mFAIL\033[0m");
    expect_has(ran.out, "\033[32mPASS\033[0m");
    ran = at_terminal(50, "NO_COLOR=1 $G --lab 01 --programs prog");
    expect_lacks(ran.out, "\033[3");
    /* wrapped at the terminal's width */
    ck_assert_int_le(longest_line(ran.out), 50);
    expect_has(ran.out, "FAIL");
    ran = at_terminal(50, "TERM=dumb $G --lab 01 --programs prog");
    expect_lacks(ran.out, "\033");
    ran = sh("$G --lab 01 --programs prog");
    expect_lacks(ran.out, "\033");
}
END_TEST

START_TEST(wrong_use_ends_in_one_sentence)
{
    static const struct {
        const char *command, *sentence;
    } cases[] = {
        {"$R", "usage: runner"},
        {"$R fly", "no command fly"},
        {"$G", "wants --lab NN"},
        {"$G --lab 07 --programs prog",
         "no checks of a lab 07; there are some of 01, 02."},
        {"$G --lab x --programs prog", "a lab x"},
        {"$G --lab 01,1 --programs prog", "named twice"},
        {"$G --lab , --programs prog", "--lab wants one"},
        {"$G --lab 01", "Lab 01 has no --programs"},
        {"$G --lab", "--lab wants a value"},
        {"$G --programs prog", "--programs stands after the --lab"},
        {"$G --lab 01 --programs nowhere", "There is no folder nowhere."},
        {"$G --lab 01 --programs rubrics", "holds no server.exe"},
        {"$G --lab 01 --programs prog --test zzz",
         "No check of these labs has \"zzz\""},
        {"$G --lab 01 --programs prog --compile other true",
         "--compile wants server or client, and a command."},
        {"$G --lab 01,02 --programs prog --compile server true",
         "--compile is for one lab."},
        {"$G --lab 01 --programs prog --jobs 0",
         "--jobs wants a number from 1 to 256, not \"0\"."},
        {"$G --lab 01 --programs prog --jobs 2x", "not \"2x\""},
        {"$G --lab 01 --programs prog --fast", "does not know --fast"},
        {"$G --lab 01 --programs prog --results prog/server.exe/x",
         "cannot be made"},
        {"$G --lab 01 --programs prog --results prog/server.exe",
         "is no folder"},
        {"$G --lab 01 --programs prog --rubrics nowhere",
         "Lab 01 has no rubric"},
        {"TIMEOUT_SCALE=fast $G --lab 01 --programs prog",
         "TIMEOUT_SCALE is a number"},
        {"TIMEOUT_SCALE=nan $G --lab 01 --programs prog",
         "TIMEOUT_SCALE is a number"},
        {"TIMEOUT_SCALE=0 $G --lab 01 --programs prog",
         "TIMEOUT_SCALE is a number"},
        {"SANDBOX=maybe $G --lab 01 --programs prog",
         "SANDBOX is \"required\""},
        {"SANDBOX=required FAKE_SANDBOX_PROBLEM='no bwrap' $G --lab 01 "
         "--programs prog",
         "SANDBOX=required, but there is no sandbox: no bwrap."},
        {"$R list all", "takes no all"},
    };
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        struct ran ran = sh("%s", cases[i].command);
        ck_assert_msg(
            ran.status == 2, "%s: status %d", cases[i].command, ran.status);
        expect_has(ran.err, cases[i].sentence);
        ck_assert_msg(i == 0 || strchr(ran.err, '\n') == strrchr(ran.err, '\n'),
                      "more than one line: %s",
                      ran.err);
        ck_assert_str_eq(ran.out, "");
    }
}
END_TEST

START_TEST(rubric_mistakes_are_named)
{
    static const struct {
        const char *rubric, *sentence;
    } cases[] = {
        {"10 01.one\n20 01.three\n30 01.four\ntotal 60\n",
         "rubrics/01-echo.rubric: 01.two-early-client has no points."},
        {"10 01.one\n10 01.one\n",
         "01-echo.rubric:2: 01.one has its points already."},
        {"10 01.none\n", "rubric:1: the lab has no check 01.none."},
        {"10 02.five\n", "the lab has no check 02.five."},
        {"ten 01.one\n", "\"ten\" is no number of points"},
        {"-1 01.one\n", "\"-1\" is no number of points"},
        {"10\n", "a line is POINTS CHECK-ID"},
        {"10 01.one please\n", "a line is POINTS CHECK-ID"},
        {"25 01.one\n25 01.two-early-client\n25 01.three\n25 01.four\n",
         "the line \"total 100\" is missing."},
        {"25 01.one\n25 01.two-early-client\n25 01.three\n20 01.four\ntotal "
         "100\n",
         "add up to 95, but the total line says 100."},
        {"total 1\ntotal 1\n", "two total lines"},
    };
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        put("rubrics/01-echo.rubric", "%s", cases[i].rubric);
        struct ran ran = sh("$G --lab 01 --programs prog");
        ck_assert_int_eq(ran.status, 2);
        expect_has(ran.err, cases[i].sentence);
        ck_assert_ptr_eq(strchr(ran.err, '\n'), strrchr(ran.err, '\n'));
    }
    put("rubrics/01-other.rubric", "%s", "");
    expect_has(sh("$G --lab 01 --programs prog").err, "two rubrics");
}
END_TEST

START_TEST(a_missing_sandbox_is_said)
{
    struct ran ran =
        sh("FAKE_SANDBOX_PROBLEM='no bwrap' $G --lab 01 --programs prog");
    ck_assert_int_eq(ran.status, 0);
    expect_has(ran.err, "Not sandboxed (no bwrap): ");
    ran = sh("SANDBOX=off $G --lab 01 --programs prog");
    expect_has(ran.err, "Not sandboxed, as SANDBOX=off says");
    ran = sh("SANDBOX=required $G --lab 01 --programs prog");
    ck_assert_int_eq(ran.status, 0);
    expect_lacks(ran.out, "sandbox");
    expect_lacks(ran.err, "sandbox");
}
END_TEST

START_TEST(one_folder_or_a_folder_for_each_lab)
{
    put("tree/01-echo/server.exe", "%s", "");
    put("tree/01-echo/client.exe", "%s", "");
    put("tree/01-echo/01.one", "fail");
    put("tree/02-messages/server.exe", "%s", "");
    put("tree/02-messages/client.exe", "%s", "");
    struct ran ran = sh("$G --lab 1,2 --programs tree");
    ck_assert_int_eq(ran.status, 1);
    ck_assert(has_line(ran.out, "Lab 01-echo                   90/100 points"));
    ck_assert_str_eq(last_line(ran.out), "5 passed, 1 failed, 0 skipped");
}
END_TEST

START_TEST(other_commands)
{
    struct ran ran = sh("$R list");
    ck_assert_int_eq(ran.status, 0);
    expect_has(ran.out, "01.two-early-client              a client that opens");
    expect_has(ran.out, "02.six");
    ck_assert_int_eq(sh("$R --help").status, 0);
    ck_assert_int_eq(sh("$R demo seven").status, 7);
    ck_assert_int_eq(sh("$R run a b").status, 3);
}
END_TEST

TCase *grade_tests(void)
{
    TCase *t = tcase_create("grade");
    tcase_add_checked_fixture(t, begin_folder, end_folder);
    tcase_add_test(t, all_passed);
    tcase_add_test(t, the_first_failure_is_whole_and_the_rest_counted);
    tcase_add_test(t, every_kind_is_told_apart);
    tcase_add_test(t, a_filter_runs_part_and_gives_no_score);
    tcase_add_test(t, skips_are_neither_won_nor_lost);
    tcase_add_test(t, a_program_is_checked_while_the_other_is_compiled);
    tcase_add_test(t,
                   what_does_not_build_is_not_graded_whatever_passed_meanwhile);
    tcase_add_test(t,
                   a_stop_while_compiling_ends_the_compiler_and_counts_nothing);
    tcase_add_test(t, repetitions_must_all_pass);
    tcase_add_test(t, the_score_is_rounded_down);
    tcase_add_test(t, colour_only_at_a_terminal_and_always_with_a_word);
    tcase_add_test(t, wrong_use_ends_in_one_sentence);
    tcase_add_test(t, rubric_mistakes_are_named);
    tcase_add_test(t, a_missing_sandbox_is_said);
    tcase_add_test(t, one_folder_or_a_folder_for_each_lab);
    tcase_add_test(t, other_commands);
    return t;
}
