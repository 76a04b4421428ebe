/* engine_test_reports.c - the four files, and what forgery does to them. */
#include "engine_test.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Two labs with one of each outcome. */
static struct ran mixed(void)
{
    put("prog/01.two-early-client", "fail M05");
    put("prog/01.three", "skip");
    put("prog/01.four", "kit 9");
    put("prog/02.five", "kind crash");
    return sh("$G --lab 01,02 --programs prog");
}

static void expect_all_valid(void)
{
    expect_json(get("out/results.json"));
    expect_xml("out/junit.xml");
    expect_tap("out/results.tap");
    char *rest;
    char *events = get("out/events.jsonl");
    int lines = 0;
    for (char *line = strtok_r(events, "\n", &rest); line;
         line = strtok_r(NULL, "\n", &rest), lines++)
        expect_json(line);
    ck_assert_int_ge(lines, 2);
}

static const char *at(const char *path)
{
    const char *value = json_at(get("out/results.json"), path);
    ck_assert_msg(value != NULL, "results.json has no %s", path);
    return value;
}

START_TEST(every_report_is_valid_and_says_the_same)
{
    struct ran ran = mixed();
    ck_assert_int_eq(ran.status, 1);
    ck_assert_str_eq(last_line(ran.out), "2 passed, 3 failed, 1 skipped");
    expect_all_valid();

    char *xml = get("out/junit.xml");
    expect_has(xml,
               "<testsuites name=\"labs\" tests=\"6\" failures=\"2\" "
               "errors=\"1\" skipped=\"1\"");
    expect_has(xml,
               "<testsuite name=\"lab01\" tests=\"4\" failures=\"1\" "
               "errors=\"1\" skipped=\"1\"");
    expect_has(xml,
               "<failure message=\"the client's read ended with 109 "
               "ERROR_BROKEN_PIPE\" type=\"M05\">");
    expect_has(xml, "<skipped message=\"there is no second user here\"/>");
    expect_has(xml, "fake_runner.c\" line=\"");

    char *tap = get("out/results.tap");
    ck_assert(has_line(tap, "1..6"));
    ck_assert(has_line(
        tap, "not ok 4 - 01.four the server stops when it is asked to"));
    ck_assert(has_line(
        tap, "ok 1 - 01.one any bytes come back unchanged, whatever they are"));
    expect_has(tap,
               "ok 3 - 01.three 100 clients leave no handle behind \\# and no "
               "thread # SKIP there is no second user");
    expect_has(tap, "not ok 2 - 01.two-early-client");
    expect_has(tap, "  misconception: \"M05\"\n");
    expect_has(tap, "  kind: \"crash\"\n");
    expect_has(tap, "  severity: \"error\"\n");
}
END_TEST

START_TEST(results_follow_gradescopes_schema)
{
    mixed();
    /* 10 of lab 01's 100, 50 of lab 02's: 60 of 200 */
    ck_assert_str_eq(at("score"), "30");
    ck_assert_str_eq(at("output_format"), "\"text\"");
    ck_assert_str_eq(at("tests.0.score"), "10");
    ck_assert_str_eq(at("tests.0.max_score"), "10");
    ck_assert_str_eq(at("tests.0.status"), "\"passed\"");
    ck_assert_str_eq(at("tests.0.number"), "\"1.1\"");
    ck_assert_str_eq(at("tests.1.score"), "0");
    ck_assert_str_eq(at("tests.1.status"), "\"failed\"");
    ck_assert_str_eq(at("tests.1.tags"), "[\"lab01\",\"M05\"]");
    ck_assert_str_eq(at("tests.1.extra_data.misconception"), "\"M05\"");
    ck_assert_str_eq(at("tests.1.extra_data.id"), "\"01.two-early-client\"");
    ck_assert_str_eq(at("tests.4.extra_data.kind"), "\"crash\"");
    expect_has(at("tests.1.output"), "Expected: the client reads");
    expect_has(at("tests.1.output"), "make check LAB=01 TEST=two-early-client");
    expect_has(at("execution_time"), ".");
    /* no verdict, no score: neither the skipped nor the kit's error */
    ck_assert_ptr_null(json_at(get("out/results.json"), "tests.3.score"));
    ck_assert_ptr_null(json_at(get("out/results.json"), "tests.2.score"));
    ck_assert_str_eq(at("extra_data.open_points"), "70");
    ck_assert_str_eq(at("extra_data.labs.0.points"), "10");
    ck_assert_str_eq(at("extra_data.labs.1.points"), "50");
}
END_TEST

START_TEST(a_second_main_is_explained)
{
    put("prog/server.log",
        "ld: early.o: multiple definition of `wmain'; server.o: first here\n");
    ck_assert_int_eq(remove("prog/server.exe"), 0);
    struct ran ran = sh("$G --lab 01 --programs prog");
    expect_has(flat(ran.out), "keep it elsewhere");
}
END_TEST

START_TEST(a_build_failure_has_no_score)
{
    put("prog/server.log",
        "server.c: In function 'serve':\n"
        "server.c:12:5: error: expected ';' before 'return' \033[31m\n"
        "   12 |     return 0;\n");
    ck_assert_int_eq(remove("prog/server.exe"), 0);
    struct ran ran = sh("$G --lab 01 --programs prog");
    ck_assert_int_eq(ran.status, 1);
    expect_has(ran.out, "Not graded: lab 01-echo did not build.");
    expect_has(ran.out, "server.c:12:5: error: expected ';'");
    expect_lacks(ran.out, "In function");
    ck_assert(has_line(ran.out, "Score: not graded"));
    ck_assert_str_eq(last_line(ran.out), "0 passed, 0 failed, 4 skipped");
    expect_all_valid();
    ck_assert_ptr_null(json_at(get("out/results.json"), "score"));
    ck_assert_ptr_null(json_at(get("out/results.json"), "tests"));
    expect_has(at("output"), "server.c:12:5: error:");
    expect_has(get("out/events.jsonl"),
               "\"ev\":\"build_failed\",\"submission\":\"01-echo\"}");
    ck_assert_str_eq(at("extra_data.graded"), "false");
    expect_has(get("out/junit.xml"),
               "<error message=\"did not build: not graded\"");
    ck_assert(has_line(get("out/results.tap"), "not ok 1 - lab 01 builds"));
}
END_TEST

START_TEST(warnings_are_shown_once_and_cost_nothing)
{
    put("prog/server.log",
        "server.c: In function 'serve':\n"
        "server.c:12:5: warning: unused variable 'x' [-Wunused-variable]\n"
        "   12 |     int x;\n"
        "shared.c:3:1: warning: 'f' defined but not used\n");
    put("prog/client.log", "shared.c:3:1: warning: 'f' defined but not used\n");
    struct ran ran = sh("$G --lab 01 --programs prog");
    ck_assert_int_eq(ran.status, 0);
    expect_has(ran.out, "The compiler warned of something in lab 01-echo:");
    expect_has(ran.out, "server.c:12:5: warning: unused variable 'x'");
    expect_lacks(ran.out, "In function");
    ck_assert_ptr_eq(strstr(ran.out, "shared.c:3:1"),
                     strrchr(ran.out, '|') + 2);
    ck_assert(has_line(ran.out, "Score: 100/100"));
    expect_all_valid();
    expect_has(at("extra_data.labs.0.compiler_warnings"), "server.c:12:5");
    ran = sh("rm prog/server.log prog/client.log; $G --lab 01 --programs prog");
    expect_lacks(ran.out, "warned");
}
END_TEST

START_TEST(a_build_failure_in_one_lab_leaves_the_others_points)
{
    put("other/client.exe", "%s", "");
    put("log", "%s", "server.c:1:1: fatal error: no.h: No such file\n");
    struct ran ran =
        sh("$G --lab 01 --programs prog"
           " --lab 02 --programs other --build-log log --build-failed");
    ck_assert_int_eq(ran.status, 1);
    ck_assert(has_line(ran.out, "Lab 01-echo                  100/100 points"));
    ck_assert(has_line(ran.out, "Lab 02-messages              not graded"));
    ck_assert(has_line(ran.out, "Score: not graded"));
    expect_all_valid();
    ck_assert_ptr_null(json_at(get("out/results.json"), "score"));
    ck_assert_ptr_null(json_at(get("out/results.json"), "tests"));
    ck_assert_str_eq(at("extra_data.labs.0.points"), "100");
    ck_assert_str_eq(at("extra_data.tests.0.extra_data.status"), "\"passed\"");
}
END_TEST

START_TEST(forged_output_stays_output)
{
    put("prog/01.one", "hostile");
    struct ran ran = sh("V=1 $G --lab 01 --programs prog");
    ck_assert_int_eq(ran.status, 1);
    ck_assert_str_eq(last_line(ran.out), "3 passed, 1 failed, 0 skipped");
    ck_assert(!has_line(ran.out, "99 passed, 0 failed, 0 skipped"));
    ck_assert(!has_line(ran.out, "Score: 100/100"));
    for (const char *p = ran.out; (p = strchr(p, '\n')); p++)
        ck_assert_msg(strncmp(p + 1 + strspn(p + 1, " "), "::", 2) != 0,
                      "a CI service would obey: %.40s",
                      p + 1);
    expect_lacks(ran.out, "##[error]");
    expect_lacks(ran.out, "\033");
    expect_lacks(ran.out, "\a");
    ck_assert_int_le(longest_line(ran.out), 80);
    expect_all_valid();
    ck_assert_str_eq(at("score"), "90");
    ck_assert(!has_line(get("out/results.tap"), "ok 1 - forged"));
    expect_lacks(get("out/results.tap"), "\n  ...\n  ...");
    static const char *const files[] = {"out/results.json",
                                        "out/junit.xml",
                                        "out/results.tap",
                                        "out/events.jsonl"};
    for (size_t i = 0; i < 4; i++) {
        expect_lacks(get(files[i]), "\033");
        expect_lacks(get(files[i]), "\r");
        expect_lacks(get(files[i]), "title");
    }
}
END_TEST

START_TEST(old_reports_are_not_taken_for_new_ones)
{
    put("out/results.json", "{\"score\":100}");
    put("prog/01.four", "hang");
    pid_t runner = sh_background("exec $G --lab 01 --programs prog --jobs 1");
    await_text("out/events.jsonl", "run_begin");
    bool stale = exists("out/results.json") &&
                 strcmp(get("out/results.json"), "{\"score\":100}") == 0;
    kill(runner, SIGKILL);
    await_exit(runner);
    ck_assert(!stale);
}
END_TEST

START_TEST(events_tell_the_run_in_order)
{
    mixed();
    char *events = get("out/events.jsonl");
    expect_has(events, "\"ev\":\"run_begin\"}\n");
    expect_has(
        events,
        "\"id\":\"01.four\",\"status\":\"error\",\"kind\":\"infrastructure\"");
    expect_has(events, "\"retried_because\":\"the client's read");
    expect_has(events, "\"diag\":\"M05\"");
    expect_order(events, "01.one", "01.four");
    expect_order(events, "01.two-early-client", "02.five");
    expect_has(strrchr(events, '{'), "\"ev\":\"run_end\"");
}
END_TEST

TCase *report_tests(void)
{
    TCase *t = tcase_create("reports");
    tcase_add_checked_fixture(t, begin_folder, end_folder);
    tcase_add_test(t, every_report_is_valid_and_says_the_same);
    tcase_add_test(t, results_follow_gradescopes_schema);
    tcase_add_test(t, a_second_main_is_explained);
    tcase_add_test(t, a_build_failure_has_no_score);
    tcase_add_test(t, warnings_are_shown_once_and_cost_nothing);
    tcase_add_test(t, a_build_failure_in_one_lab_leaves_the_others_points);
    tcase_add_test(t, forged_output_stays_output);
    tcase_add_test(t, old_reports_are_not_taken_for_new_ones);
    tcase_add_test(t, events_tell_the_run_in_order);
    return t;
}
