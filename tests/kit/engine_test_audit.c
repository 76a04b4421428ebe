/* engine_test_audit.c - the audit finds each kind of flaw, and only flaws. */
#include "engine_test.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void submission(const char *name)
{
    char path[128];
    snprintf(path, sizeof(path), "%s/server.exe", name);
    put(path, "%s", "");
    snprintf(path, sizeof(path), "%s/client.exe", name);
    put(path, "%s", "");
}

static void does(const char *name, const char *check, const char *deed)
{
    char path[128];
    snprintf(path, sizeof(path), "%s/%s", name, check);
    put(path, "%s", deed);
}

static const char LIST[] = "# lab 02 has two checks\n"
                           "02\tsolution\treference\tsolution\t-\t-\n"
                           "02\tstarter\tstarter\tstarter\t-\t-\n"
                           "02\twrong\tno-flush\tw1\t02.six\tM05\n"
                           "02\twrong\ttwo-reads\tw2\t02.five\t-\n"
                           "02\tright\tiocp\tright\t-\t-\n";

/* An audit in which every expectation is met. */
static void clean_audit(void)
{
    static const char *const names[] = {
        "solution", "starter", "w1", "w2", "right"};
    for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
        submission(names[i]);
    does("starter", "02.five", "fail");
    does("starter", "02.six", "fail");
    does("w1", "02.six", "fail M05");
    does("w1", "02.five", "fail M01");
    does("w2", "02.five", "kind crash");
    put("list", "%s", LIST);
}

static struct ran audit(const char *options)
{
    return sh("$R audit list --results out %s", options);
}

/* The clean audit plus one flaw: this sentence, and one failure more. */
static void expect_flaw(const char *sentence)
{
    struct ran ran = audit("");
    ck_assert_int_eq(ran.status, 1);
    expect_has(flat(ran.out), sentence);
    ck_assert_str_eq(last_line(ran.out), "6 passed, 1 failed, 0 skipped");
}

START_TEST(a_clean_audit_is_clean)
{
    clean_audit();
    struct ran ran = audit("");
    ck_assert_msg(ran.status == 0, "%s%s", ran.out, ran.err);
    ck_assert_str_eq(last_line(ran.out), "7 passed, 0 failed, 0 skipped");
    ck_assert(has_line(ran.out, "                     1  2"));
    ck_assert(has_line(ran.out, "solution  reference  .  ."));
    ck_assert(has_line(ran.out, "starter   starter    x  x"));
    ck_assert(has_line(ran.out, "wrong     no-flush   x  X"));
    ck_assert(has_line(ran.out, "wrong     two-reads  X  ."));
    ck_assert(has_line(ran.out, "right     iocp       .  ."));
    ck_assert(has_line(ran.out, " 2 02.six"));
    expect_has(get("out/events.jsonl"),
               "\"submission\":\"02 wrong/no-flush\",\"id\":\"02.six\"");
}
END_TEST

START_TEST(the_short_form_runs_only_what_it_needs)
{
    clean_audit();
    struct ran ran = audit("--short");
    ck_assert_int_eq(ran.status, 0);
    ck_assert_str_eq(last_line(ran.out), "7 passed, 0 failed, 0 skipped");
    ck_assert(has_line(ran.out, "wrong     no-flush      X"));
    ck_assert(has_line(ran.out, "wrong     two-reads  X   "));
    expect_has(ran.out, "8 checks run");
}
END_TEST

START_TEST(a_wrong_one_that_passes)
{
    clean_audit();
    does("w1", "02.six", "pass");
    struct ran ran = audit("");
    ck_assert_int_eq(ran.status, 1);
    expect_has(
        ran.out,
        "FAIL 02 wrong/no-flush was to be rejected by 02.six, but passed it.");
    expect_has(flat(ran.out), "FAIL No wrong submission fails 02.six.");
    ck_assert_str_eq(last_line(ran.out), "5 passed, 2 failed, 0 skipped");
}
END_TEST

START_TEST(a_wrong_one_rejected_for_another_reason)
{
    clean_audit();
    does("w1", "02.six", "fail M04");
    expect_flaw("02 wrong/no-flush was rejected by 02.six as it should, but "
                "for M04, not for M05.");
}
END_TEST

START_TEST(a_time_out_rejects_nothing)
{
    clean_audit();
    does("w1", "02.six", "hang");
    struct ran ran = sh("TIMEOUT_SCALE=0.01 $R audit list --results out");
    ck_assert_int_eq(ran.status, 1);
    expect_has(flat(ran.out), "but the check ended in an error");
    expect_has(flat(ran.out), "No wrong submission fails 02.six.");
}
END_TEST

START_TEST(a_right_one_that_fails)
{
    clean_audit();
    does("right", "02.five", "fail M02");
    expect_flaw("02 right/iocp is right, but 02.five did not pass.");
}
END_TEST

START_TEST(a_solution_that_fails_once_in_many)
{
    clean_audit();
    does("solution", "02.six", "flaky 20");
    ck_assert_int_eq(audit("").status, 0);
    clean_audit();
    remove("solution/flaky.count");
    struct ran ran = audit("--repeat 20");
    ck_assert_int_eq(ran.status, 1);
    expect_has(
        ran.out,
        "02 solution is right, but 02.six did not pass in 1 of 20 runs.");
    ck_assert(has_line(ran.out, "solution  reference  .  ?"));
}
END_TEST

START_TEST(all_may_be_repeated)
{
    clean_audit();
    does("w1", "02.six", "flaky 2");
    put("list",
        "02\twrong\tno-flush\tw1\t02.six\tM03\n"
        "02\twrong\ttwo-reads\tw2\t02.five\t-\n");
    struct ran ran = audit("--repeat 4 --repeat-all");
    ck_assert_int_eq(ran.status, 1);
    expect_has(flat(ran.out), "but passed it in 2 of");
}
END_TEST

START_TEST(a_starter_that_passes_or_says_nothing)
{
    clean_audit();
    does("starter", "02.five", "pass");
    does("starter", "02.six", "pass");
    expect_flaw("02 starter passes all checks: there is nothing to do.");
    does("starter", "02.six", "assert");
    expect_flaw(
        "02 starter fails, but no failure shows a line like \"TODO 02.1\".");
}
END_TEST

START_TEST(a_check_that_rejects_nothing)
{
    clean_audit();
    does("w1", "02.five", "pass");
    put("list",
        "02\tsolution\treference\tsolution\t-\t-\n"
        "02\twrong\tno-flush\tw1\t02.six\tM05\n");
    struct ran ran = audit("");
    ck_assert_int_eq(ran.status, 1);
    expect_has(flat(ran.out), "No wrong submission fails 02.five.");
    ck_assert_str_eq(last_line(ran.out), "3 passed, 1 failed, 0 skipped");
}
END_TEST

START_TEST(skips_prove_nothing)
{
    clean_audit();
    does("right", "02.five", "skip");
    struct ran ran = audit("");
    ck_assert_int_eq(ran.status, 0);
    ck_assert_str_eq(last_line(ran.out), "6 passed, 0 failed, 1 skipped");
    ck_assert(has_line(ran.out, "right     iocp       s  ."));
    does("right", "02.six", "fail");
    ck_assert_str_eq(last_line(audit("").out), "6 passed, 1 failed, 0 skipped");
    /* a skipped check rejects nothing, and is not found unable to */
    does("w1", "02.six", "skip");
    ck_assert_str_eq(last_line(audit("").out), "4 passed, 1 failed, 2 skipped");
}
END_TEST

START_TEST(a_submission_that_does_not_build)
{
    clean_audit();
    remove("right/server.exe");
    put("right/server.log",
        "%s",
        "server.c:3:1: error: unknown type name 'HANDEL'\n");
    expect_flaw("02 right/iocp did not build.");
    struct ran ran = audit("");
    expect_has(ran.out, "  | server.c:3:1: error: unknown type name");
    ck_assert(has_line(ran.out, "right     iocp       did not build"));
}
END_TEST

START_TEST(mistakes_in_the_list_are_named)
{
    static const struct {
        const char *list, *sentence;
    } cases[] = {
        {"", "The list list holds no submission."},
        {"02\tright\tx\n",
         "list:1: a line has six fields with tabs between, not 3."},
        {"02\tgood\tx\tright\t-\t-\n", "not \"good\"."},
        {"09\tright\tx\tright\t-\t-\n", "lab 09"},
        {"\n02\twrong\tx\tw1\t02.seven\t-\n",
         "list:2: \"02.seven\" is no check of lab 02."},
        {"02\twrong\tx\tw1\t-\t-\n", "\"-\" is no check of lab 02."},
        {"02\twrong\tx\tw1\t01.one\t-\n", "\"01.one\" is no check of lab 02."},
    };
    clean_audit();
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        put("list", "%s", cases[i].list);
        struct ran ran = audit("");
        ck_assert_int_eq(ran.status, 2);
        expect_has(ran.err, cases[i].sentence);
    }
    expect_has(sh("$R audit").err, "wants a list");
    expect_has(sh("$R audit nowhere").err, "cannot be read");
    expect_has(sh("$R audit list --loud").err, "does not know --loud");
}
END_TEST

TCase *audit_tests(void)
{
    TCase *t = tcase_create("audit");
    tcase_add_checked_fixture(t, begin_folder, end_folder);
    tcase_add_test(t, a_clean_audit_is_clean);
    tcase_add_test(t, the_short_form_runs_only_what_it_needs);
    tcase_add_test(t, a_wrong_one_that_passes);
    tcase_add_test(t, a_wrong_one_rejected_for_another_reason);
    tcase_add_test(t, a_time_out_rejects_nothing);
    tcase_add_test(t, a_right_one_that_fails);
    tcase_add_test(t, a_solution_that_fails_once_in_many);
    tcase_add_test(t, all_may_be_repeated);
    tcase_add_test(t, a_starter_that_passes_or_says_nothing);
    tcase_add_test(t, a_check_that_rejects_nothing);
    tcase_add_test(t, skips_prove_nothing);
    tcase_add_test(t, a_submission_that_does_not_build);
    tcase_add_test(t, mistakes_in_the_list_are_named);
    return t;
}
