/* main.c - the runner: it grades submissions, and it audits its own checks. */
#include "commands.h"
#include "jobs.h"
#include "options.h"
#include "text.h"

#include <stdio.h>
#include <string.h>

static const char USAGE[] =
    "usage: runner grade --lab NN[,NN] --programs DIR [--lab ...] [options]\n"
    "       runner audit LIST [options]\n"
    "       runner list\n"
    "       runner demo ...\n"
    "       runner run ...\n"
    "\n"
    "grade   checks the programs in DIR (server.exe, client.exe)\n"
    "  --test TEXT        only the checks with TEXT in their id\n"
    "  --results DIR      where the reports go (build/results)\n"
    "  --rubrics DIR      where NN-topic.rubric is (tests/checks)\n"
    "  --jobs N           checks side by side (one for each CPU)\n"
    "  --repeat N         every check N times; all of them must pass\n"
    "  --verbose          every failure whole, not only the first\n"
    "  --src-label TEXT   what SRC= was, for the replay commands\n"
    "  --build-log FILE   after --lab: what the compiler said about it\n"
    "  --build-failed     after --lab: it did not build\n"
    "  --compile PROGRAM COMMAND   compiles server or client into DIR, and\n"
    "                     checks the other one meanwhile\n"
    "\n"
    "audit   checks submissions whose verdicts are known (see audit.c)\n"
    "  --short            wrong ones: only the check that must fail\n"
    "  --repeat N         each solution N times\n"
    "  --repeat-all       everything N times\n"
    "  --results DIR, --jobs N as above\n"
    "\n"
    "environment: TIMEOUT_SCALE=2 doubles every limit; SANDBOX=required\n"
    "refuses to run without a sandbox, SANDBOX=off uses none; V=1 is\n"
    "--verbose; NO_COLOR=1 keeps colour off.\n"
    "\n"
    "exit status: 0 all passed, 1 something failed, 2 wrong use or set-up,\n"
    "128+N stopped by signal N\n";

int list_main(int argc, char **argv)
{
    size_t count;
    const struct check *const *all = all_checks(&count);
    if (!all)
        return 2;
    if (argc > 1)
        return wrong_use("runner list takes no %s.", argv[1]);
    for (size_t i = 0; i < count; i++) {
        char first[64];
        snprintf(first, sizeof(first), "%-32s ", all[i]->id);
        print_wrapped(stdout, first, all[i]->sentence, option_width());
    }
    return 0;
}

int main(int argc, char **argv)
{
    static const struct {
        const char *name;
        int (*main)(int, char **);
    } commands[] = {
        {"grade", grade_main},
        {"audit", audit_main},
        {"list", list_main},
        {"demo", demo_main},
        {"run", run_main},
    };
    if (argc < 2) {
        fputs(USAGE, stderr);
        return 2;
    }
    if (strcmp(argv[1], "--help") == 0 || strcmp(argv[1], "help") == 0) {
        fputs(USAGE, stdout);
        return 0;
    }
    if (!options_read())
        return 2;
    for (size_t i = 0; i < sizeof(commands) / sizeof(commands[0]); i++)
        if (strcmp(argv[1], commands[i].name) == 0)
            return commands[i].main(argc - 1, argv + 1);
    return wrong_use(
        "The runner has no command %s; `runner --help` lists them.", argv[1]);
}
