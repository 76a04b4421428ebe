/*
 * engine_test.c - tests of the runner's engine: verdicts, reports, limits.
 *
 * usage: engine_test [FAKE-RUNNER]     (fake_runner beside this program)
 *
 * The units are called directly; everything else runs the fake runner (see
 * fake_runner.c) as a user would and reads what it prints and writes.
 */
#include "engine_test.h"

#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* What must not leak in from the caller's shell. */
static void forget_environment(void)
{
    static const char *const names[] = {"TIMEOUT_SCALE",
                                        "SANDBOX",
                                        "NO_COLOR",
                                        "V",
                                        "FORCE_COLOR",
                                        "CLICOLOR_FORCE",
                                        "CI",
                                        "GITHUB_ACTIONS"};
    for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
        unsetenv(names[i]);
}

int main(int argc, char **argv)
{
    char beside[PATH_MAX], runner[PATH_MAX];
    const char *slash = strrchr(argv[0], '/');
    int folder = slash ? (int)(slash + 1 - argv[0]) : 0;
    snprintf(beside, sizeof(beside), "%.*sfake_runner", folder, argv[0]);
    const char *path = argc == 2 ? argv[1] : beside;
    if (argc > 2 || !realpath(path, runner)) {
        fprintf(
            stderr, "There is no %s; usage: engine_test [FAKE-RUNNER]\n", path);
        return 2;
    }
    setenv("R", runner, 1);
    forget_environment();

    Suite *suite = suite_create("engine");
    static TCase *(*const parts[])(void) = {
        unit_tests, report_tests, grade_tests, end_tests, audit_tests};
    for (size_t i = 0; i < sizeof(parts) / sizeof(parts[0]); i++) {
        TCase *part = parts[i]();
        tcase_set_timeout(part, 60);
        suite_add_tcase(suite, part);
    }
    SRunner *checks = srunner_create(suite);
    srunner_run_all(checks, CK_ENV);
    int failed = srunner_ntests_failed(checks);
    printf("%d passed, %d failed, 0 skipped\n",
           srunner_ntests_run(checks) - failed,
           failed);
    srunner_free(checks);
    return failed ? 1 : 0;
}
