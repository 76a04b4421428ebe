/*
 * check.h - as much of the Check library as the runner uses, for MSYS2.
 *
 * MSYS2 packages Check for native programs only, and those cannot fork. The
 * names and what they mean are Check's own (https://libcheck.github.io/check);
 * whatever is not here is not used. Nobody has run this on Windows yet; the
 * engine's tests pass with it on Linux (make check-msys).
 */
#ifndef NPLAB_MSYS_CHECK_H
#define NPLAB_MSYS_CHECK_H

typedef struct {
    const char *name;
    void (*run)(int unused);
    const char *file;
    int line;
} TTest;

#define START_TEST(name)                                                       \
    static void name##_run(int _i);                                            \
    static const TTest name##_ttest = {#name, name##_run, __FILE__, __LINE__}; \
    static const TTest *const name = &name##_ttest;                            \
    static void name##_run(int _i __attribute__((unused)))
#define END_TEST

/* One suite with one case with one test: that is how the runner uses them. */
typedef struct Suite Suite;
typedef struct TCase TCase;
typedef struct SRunner SRunner;
typedef struct TestResult TestResult;

typedef void (*SFun)(void);
enum fork_status { CK_FORK };
enum print_output { CK_SILENT };
enum test_result { CK_PASS, CK_FAILURE, CK_ERROR };

Suite *suite_create(const char *name);
TCase *tcase_create(const char *name);
void suite_add_tcase(Suite *suite, TCase *tcase);
void tcase_add_checked_fixture(TCase *tcase, SFun setup, SFun teardown);
void tcase_set_timeout(TCase *tcase, double seconds);
void tcase_add_test(TCase *tcase, const TTest *test);

SRunner *srunner_create(Suite *suite);
void srunner_set_fork_status(SRunner *runner, enum fork_status status);
void srunner_run_all(SRunner *runner, enum print_output output);
int srunner_ntests_run(SRunner *runner);
/* The caller frees the array, and srunner_free what it points to. */
TestResult **srunner_results(SRunner *runner);
void srunner_free(SRunner *runner);

int tr_rtype(const TestResult *result);
const char *tr_msg(const TestResult *result);
const char *tr_lfile(const TestResult *result);
int tr_lno(const TestResult *result);

/* Ends the test's process; the message is what tr_msg then tells. */
void abort_test(const char *file, int line, const char *format, ...)
    __attribute__((noreturn, format(printf, 3, 4)));
#define ck_abort_msg(...) abort_test(__FILE__, __LINE__, __VA_ARGS__)
#define ck_abort() ck_abort_msg("Failed")
#define ck_assert(holds)                                                       \
    ((holds)                                                                   \
         ? (void)0                                                             \
         : abort_test(__FILE__, __LINE__, "Assertion '%s' failed", #holds))
#define ck_assert_ptr_nonnull(pointer) ck_assert((pointer) != NULL)

#endif
