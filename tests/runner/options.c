/* options.c - what the whole program was told, by its environment mostly. */
#include "options.h"

#include <limits.h>
#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

static struct {
    double timeout_scale;
    bool sandbox_required;
    bool no_sandbox;
    bool colour;
    bool verbose;
    bool progress;
    int width;
    char director[PATH_MAX];
} options = {.timeout_scale = 1, .width = 80};

int wrong_use(const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    vfprintf(stderr, format, arguments);
    va_end(arguments);
    putc('\n', stderr);
    return 2;
}

static bool is_set(const char *name)
{
    const char *value = getenv(name);
    return value && *value && strcmp(value, "0") != 0;
}

static void read_terminal(void)
{
    const char *term = getenv("TERM");
    bool can_move = term && strcmp(term, "dumb") != 0;
    const char *no_colour = getenv("NO_COLOR");

    options.colour = isatty(STDOUT_FILENO) && can_move;
    if (is_set("FORCE_COLOR") || is_set("CLICOLOR_FORCE"))
        options.colour = true;
    if (no_colour && *no_colour)
        options.colour = false;
    options.progress = isatty(STDERR_FILENO) && can_move && !is_set("CI");

    struct winsize size;
    if (isatty(STDOUT_FILENO) && !ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) &&
        size.ws_col > 0)
        options.width = size.ws_col < 40 ? 40 : size.ws_col;
}

static void find_director(void)
{
    static const char name[] = "director.exe";
    ssize_t length = readlink("/proc/self/exe",
                              options.director,
                              sizeof(options.director) - sizeof(name));
    if (length < 0)
        length = 0;
    while (length > 0 && options.director[length - 1] != '/')
        length--;
    memcpy(options.director + length, name, sizeof(name));
}

static void forget_check_variables(void)
{
    static const char *const names[] = {"CK_RUN_SUITE",
                                        "CK_RUN_CASE",
                                        "CK_INCLUDE_TAGS",
                                        "CK_EXCLUDE_TAGS",
                                        "CK_VERBOSITY",
                                        "CK_FORK",
                                        "CK_DEFAULT_TIMEOUT",
                                        "CK_TIMEOUT_MULTIPLIER",
                                        "CK_LOG_FILE_NAME",
                                        "CK_XML_LOG_FILE_NAME",
                                        "CK_TAP_LOG_FILE_NAME",
                                        "CK_MAX_MSG_SIZE"};
    for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
        unsetenv(names[i]);
}

bool options_read(void)
{
    const char *scale = getenv("TIMEOUT_SCALE");
    if (scale && *scale) {
        char *end;
        options.timeout_scale = strtod(scale, &end);
        if (*end || !isfinite(options.timeout_scale) ||
            options.timeout_scale < 0.001 || options.timeout_scale > 1000) {
            wrong_use(
                "TIMEOUT_SCALE is a number from 0.001 to 1000, not \"%s\".",
                scale);
            return false;
        }
    }
    const char *sandbox = getenv("SANDBOX");
    if (sandbox && strcmp(sandbox, "required") == 0) {
        options.sandbox_required = true;
    } else if (sandbox && strcmp(sandbox, "off") == 0) {
        options.no_sandbox = true;
    } else if (sandbox && *sandbox) {
        wrong_use("SANDBOX is \"required\" or \"off\" or not set, not \"%s\".",
                  sandbox);
        return false;
    }
    options.verbose = is_set("V");
    read_terminal();
    find_director();
    forget_check_variables();
    return true;
}

bool options_settle_sandbox(void)
{
    if (options.no_sandbox) {
        fputs("Not sandboxed, as SANDBOX=off says: the programs can do what "
              "you can do.\n",
              stderr);
        return true;
    }
    const char *problem = sandbox_problem();
    if (!problem)
        return true;
    if (options.sandbox_required) {
        wrong_use("SANDBOX=required, but there is no sandbox: %s.", problem);
        return false;
    }
    fprintf(stderr,
            "Not sandboxed (%s): the programs can do what you can do.\n",
            problem);
    options.no_sandbox = true;
    return true;
}

double option_timeout_scale(void)
{
    return options.timeout_scale;
}

bool option_sandbox_required(void)
{
    return options.sandbox_required;
}

bool option_no_sandbox(void)
{
    return options.no_sandbox;
}

const char *option_director(void)
{
    return options.director;
}

bool option_colour(void)
{
    return options.colour;
}

int option_width(void)
{
    return options.width;
}

bool option_verbose(void)
{
    return options.verbose;
}

void options_set_verbose(void)
{
    options.verbose = true;
}

bool option_progress(void)
{
    return options.progress;
}
