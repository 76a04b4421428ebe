/* engine_test_ends.c - checks and runs that do not end as they should. */
#include "engine_test.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Runs only 01.one, which does this. */
static struct ran one_does(const char *environment, const char *deed)
{
    put("prog/01.one", "%s", deed);
    return sh("%s $G --lab 01 --programs prog --test one", environment);
}

static const char *seen(const char *field)
{
    char path[128];
    snprintf(path, sizeof(path), "extra_data.tests.0.extra_data.%s", field);
    const char *value = json_at(get("out/results.json"), path);
    return value ? value : "";
}

START_TEST(only_the_end_of_the_play_is_a_pass)
{
    static const char *const deeds[] = {
        "exit 0", "exit 1", "exit 3", "segv", "pass-then-exit 1", "kit 9"};
    for (size_t i = 0; i < sizeof(deeds) / sizeof(deeds[0]); i++) {
        struct ran ran = one_does("", deeds[i]);
        ck_assert_msg(ran.status == 1, "%s: status %d", deeds[i], ran.status);
        ck_assert_str_eq(last_line(ran.out), "0 passed, 1 failed, 0 skipped");
        expect_has(ran.out, "\nERROR 01.one (infrastructure");
        expect_has(ran.out, "an error of the kit");
        ck_assert_str_eq(seen("status"), "\"error\"");
        ck_assert_str_eq(seen("attempts"), "2");
    }
    one_does("", "exit 0");
    expect_has(seen("happened"), "ended with 0 before the check");
    one_does("", "segv");
    expect_has(seen("happened"), "signal 11");
    one_does("", "exit 3");
    expect_has(seen("happened"), "return value 3");
}
END_TEST

START_TEST(a_verdict_cannot_be_taken_back)
{
    struct ran ran = one_does("", "fail-then-pass");
    ck_assert_int_eq(ran.status, 1);
    ck_assert_str_eq(seen("status"), "\"failed\"");
    ck_assert_str_eq(seen("misconception"), "\"M02\"");
}
END_TEST

START_TEST(an_assertion_without_a_lesson_is_a_failure)
{
    ck_assert_int_eq(one_does("", "assert").status, 1);
    ck_assert_str_eq(seen("status"), "\"failed\"");
    expect_has(seen("happened"), "an assertion without a lesson");
    expect_has(seen("expected"), "fake_runner.c:");
}
END_TEST

START_TEST(an_error_of_the_kit_is_tried_once_more)
{
    struct ran ran = one_does("", "kit 1");
    ck_assert_int_eq(ran.status, 0);
    ck_assert_str_eq(last_line(ran.out), "1 passed, 0 failed, 0 skipped");
    expect_has(ran.out, "Run again after an error of the kit: 01.one");
    ck_assert_str_eq(seen("attempts"), "2");
    expect_has(get("out/events.jsonl"), "\"attempts\":2,\"retried_because\":");
    /* and no failure of the student's is */
    one_does("", "fail");
    ck_assert_str_eq(seen("attempts"), "1");
}
END_TEST

START_TEST(a_time_out_is_an_error_at_the_scaled_limit)
{
    /* 30 s * 0.02 */
    struct ran ran = one_does("TIMEOUT_SCALE=0.02", "hang");
    ck_assert_int_eq(ran.status, 1);
    ck_assert_double_ge(ran.seconds, 0.6);
    ck_assert_double_le(ran.seconds, 3.0);
    expect_has(ran.out, "\nERROR 01.one (timeout)\n");
    expect_has(ran.out, "did not end within 0.6 s");
    ck_assert_str_eq(seen("kind"), "\"timeout\"");
    ck_assert_str_eq(seen("attempts"), "1");
    expect_has(get("out/junit.xml"), "<error message=\"The check did not end");
    ck_assert_int_eq(one_does("TIMEOUT_SCALE=0.02", "sleep 300").status, 0);
    ck_assert_int_eq(one_does("TIMEOUT_SCALE=0.005", "sleep 300").status, 1);
}
END_TEST

START_TEST(nothing_outlives_its_check)
{
    ck_assert_int_eq(one_does("", "child").status, 0);
    expect_dead("prog/child.pid");
    ck_assert_int_eq(one_does("TIMEOUT_SCALE=0.02", "child-hang").status, 1);
    expect_dead("prog/child.pid");
}
END_TEST

START_TEST(nothing_of_one_check_meets_the_next)
{
    put("prog/01.one", "child");
    put("prog/01.two-early-client", "no-child");
    ck_assert_int_eq(sh("$G --lab 01 --programs prog --jobs 1").status, 0);
}
END_TEST

START_TEST(a_dead_worker_costs_one_check)
{
    put("prog/01.one", "kill-worker");
    struct ran ran = sh("$G --lab 01 --programs prog --jobs 1");
    ck_assert_int_eq(ran.status, 1);
    ck_assert_str_eq(last_line(ran.out), "3 passed, 1 failed, 0 skipped");
    expect_has(ran.out, "ended by signal 9");
    ck_assert_double_le(ran.seconds, 4);
}
END_TEST

/* Stops a run in its second check, whose sandbox-like child must die. */
static void stop_with(int signal)
{
    /* who is killed can end its check, but not what has left the check */
    put("prog/01.two-early-client",
        signal == SIGKILL ? "hang-here" : "child-hang");
    pid_t runner = sh_background("exec $G --lab 01 --programs prog --jobs 1");
    await_text("prog/child.pid", "\n");
    await_text("background.out", "PASS  01.one ");
    kill(runner, signal);
    ck_assert_int_eq(await_exit(runner), 128 + signal);
    expect_dead("prog/child.pid");
    if (signal == SIGKILL)
        return;
    char *out = get("background.out");
    ck_assert_str_eq(last_line(out), "1 passed, 0 failed, 3 skipped");
    expect_has(out, "3 checks were not run");
    expect_json(get("out/results.json"));
    expect_xml("out/junit.xml");
    expect_tap("out/results.tap");
    ck_assert_str_eq(json_at(get("out/results.json"), "score"), "10");
    ck_assert_str_eq(json_at(get("out/results.json"), "extra_data.finished"),
                     "false");
}

START_TEST(a_stopped_run_keeps_its_results)
{
    static const int signals[] = {SIGTERM, SIGINT, SIGHUP};
    stop_with(signals[_i]);
}
END_TEST

START_TEST(ctrl_c_keeps_the_results)
{
    put("prog/01.two-early-client", "child-hang");
    put("prog/01.one", "sleep 400"); /* until the child is there */
    struct ran ran =
        interrupted("exec $G --lab 01 --programs prog --jobs 2", "01.one");
    ck_assert_int_eq(ran.status, 128 + SIGINT);
    expect_has(ran.out, "Stopped by SIGINT: ");
    expect_dead("prog/child.pid");
    expect_json(get("out/results.json"));
}
END_TEST

START_TEST(a_killed_runner_leaves_no_process)
{
    stop_with(SIGKILL);
}
END_TEST

START_TEST(a_killed_runner_leaves_the_results_so_far)
{
    put("prog/01.one", "hang");
    put("prog/01.two-early-client", "sleep 2500");
    put("prog/01.three", "hang");
    /* the time-out of the first check makes the reports be written */
    pid_t runner = sh_background("TIMEOUT_SCALE=0.01; export TIMEOUT_SCALE; "
                                 "exec $G --lab 01 --programs prog --jobs 1");
    await_text("out/results.json", "timeout");
    kill(runner, SIGKILL);
    await_exit(runner);
    expect_json(get("out/results.json"));
    expect_has(get("out/results.json"), "\"finished\":false");
}
END_TEST

START_TEST(checks_own_variables_change_nothing)
{
    struct ran ran =
        sh("CK_FORK=no CK_RUN_CASE=none CK_RUN_SUITE=none "
           "CK_TIMEOUT_MULTIPLIER=0 CK_DEFAULT_TIMEOUT=0 "
           "CK_INCLUDE_TAGS=none CK_VERBOSITY=verbose "
           "CK_TAP_LOG_FILE_NAME=stray $G --lab 01 --programs prog");
    ck_assert_int_eq(ran.status, 0);
    ck_assert_str_eq(last_line(ran.out), "4 passed, 0 failed, 0 skipped");
    expect_lacks(ran.out, "Checks:");
    ck_assert(!exists("stray"));
}
END_TEST

START_TEST(each_slot_has_its_core_and_they_work_side_by_side)
{
    static const char *const ids[] = {
        "01.one", "01.three", "01.four", "01.two-early-client"};
    for (size_t i = 0; i < 4; i++) {
        char path[64];
        snprintf(path, sizeof(path), "prog/%s", ids[i]);
        put(path, "sleep 400");
    }
    struct ran ran = sh("$G --lab 01 --programs prog --jobs 4");
    ck_assert_int_eq(ran.status, 0);
    ck_assert_double_lt(ran.seconds, 1.2);
    ran = sh("$G --lab 01 --programs prog --jobs 1");
    ck_assert_double_ge(ran.seconds, 1.6);
    for (size_t i = 0; i < 4; i++) {
        char path[64];
        snprintf(path, sizeof(path), "prog/%s", ids[i]);
        put(path, "core");
    }
    ck_assert_int_eq(sh("$G --lab 01 --programs prog --jobs 4").status, 0);
}
END_TEST

START_TEST(who_waits_holds_up_nobody)
{
    put("prog/02.five", "heed go");
    put("prog/02.six", "tell go");
    struct ran ran =
        sh("mkfifo prog/go && taskset -c 0 $G --lab 02 --programs prog");
    ck_assert_str_eq(last_line(ran.out), "2 passed, 0 failed, 0 skipped");
}
END_TEST

START_TEST(lines_come_in_order_whoever_is_first)
{
    put("prog/01.one", "sleep 300");
    struct ran ran = sh("$G --lab 01 --programs prog --jobs 4");
    expect_order(ran.out, "01.one", "01.two");
    expect_order(ran.out, "01.two", "01.three");
}
END_TEST

START_TEST(long_runs_show_their_progress_at_a_terminal)
{
    put("prog/01.one", "sleep 2600");
    struct ran ran = at_terminal(80, "$G --lab 01 --programs prog --jobs 1");
    expect_has(ran.out, "checks done");
    put("prog/01.one", "pass");
    expect_lacks(at_terminal(80, "$G --lab 01 --programs prog").out,
                 "checks done");
}
END_TEST

START_TEST(a_closed_output_does_not_lose_the_results)
{
    struct ran ran = sh("$G --lab 01 --programs prog | head -n 1");
    ck_assert_int_eq(ran.status, 0);
    await_text("out/results.json", "\"score\":100");
}
END_TEST

TCase *end_tests(void)
{
    TCase *t = tcase_create("ends");
    tcase_add_checked_fixture(t, begin_folder, end_folder);
    tcase_add_test(t, only_the_end_of_the_play_is_a_pass);
    tcase_add_test(t, a_verdict_cannot_be_taken_back);
    tcase_add_test(t, an_assertion_without_a_lesson_is_a_failure);
    tcase_add_test(t, an_error_of_the_kit_is_tried_once_more);
    tcase_add_test(t, a_time_out_is_an_error_at_the_scaled_limit);
    tcase_add_test(t, nothing_outlives_its_check);
    tcase_add_test(t, nothing_of_one_check_meets_the_next);
    tcase_add_test(t, a_dead_worker_costs_one_check);
    tcase_add_loop_test(t, a_stopped_run_keeps_its_results, 0, 3);
    tcase_add_test(t, ctrl_c_keeps_the_results);
    tcase_add_test(t, a_killed_runner_leaves_no_process);
    tcase_add_test(t, a_killed_runner_leaves_the_results_so_far);
    tcase_add_test(t, checks_own_variables_change_nothing);
    tcase_add_test(t, each_slot_has_its_core_and_they_work_side_by_side);
    tcase_add_test(t, who_waits_holds_up_nobody);
    tcase_add_test(t, lines_come_in_order_whoever_is_first);
    tcase_add_test(t, long_runs_show_their_progress_at_a_terminal);
    tcase_add_test(t, a_closed_output_does_not_lose_the_results);
    return t;
}
