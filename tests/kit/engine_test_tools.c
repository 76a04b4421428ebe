/* engine_test_tools.c - folders, commands and terminals for the tests. */
#include "engine_test.h"

#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <limits.h>
#include <pty.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static char home[PATH_MAX];

static double now(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static void pause_briefly(void)
{
    struct timespec t = {.tv_nsec = 10 * 1000 * 1000};
    nanosleep(&t, NULL);
}

void put(const char *path, const char *format, ...)
{
    char folder[PATH_MAX];
    for (const char *slash = path; (slash = strchr(slash + 1, '/'));) {
        snprintf(folder, sizeof(folder), "%.*s", (int)(slash - path), path);
        ck_assert(mkdir(folder, 0777) == 0 || errno == EEXIST);
    }
    FILE *f = fopen(path, "w");
    ck_assert_ptr_nonnull(f);
    va_list arguments;
    va_start(arguments, format);
    vfprintf(f, format, arguments);
    va_end(arguments);
    fclose(f);
}

char *get(const char *path)
{
    char *text = NULL;
    size_t size = 0;
    FILE *f = fopen(path, "r");
    ck_assert_msg(f != NULL, "there is no %s", path);
    if (getdelim(&text, &size, '\0', f) < 0)
        text = strdup("");
    fclose(f);
    return text;
}

bool exists(const char *path)
{
    return access(path, F_OK) == 0;
}

void begin_folder(void)
{
    const char *tmp = getenv("TMPDIR");
    snprintf(home,
             sizeof(home),
             "%s/engine_test.XXXXXX",
             tmp && *tmp ? tmp : "/tmp");
    ck_assert_ptr_nonnull(mkdtemp(home));
    ck_assert_int_eq(chdir(home), 0);
    put("rubrics/01-echo.rubric",
        "# the first lab\n10 01.one\n20 01.two-early-client # more\n"
        "30 01.three\n\n40 01.four\ntotal 100\n");
    put("rubrics/02-messages.rubric", "50 02.five\n50 02.six\ntotal 100\n");
    put("prog/server.exe", "%s", "");
    put("prog/client.exe", "%s", "");
}

static int remove_one(const char *path,
                      const struct stat *info,
                      int type,
                      struct FTW *where)
{
    (void)info;
    (void)type;
    (void)where;
    return remove(path);
}

void end_folder(void)
{
    ck_assert_int_eq(chdir("/"), 0);
    nftw(home, remove_one, 16, FTW_DEPTH | FTW_PHYS);
}

static const char COMMANDS[] =
    "G=\"$R grade --rubrics rubrics --results out\"; ";

static void be_shell(const char *command)
{
    char *whole;
    if (asprintf(&whole, "%s%s", COMMANDS, command) < 0)
        _exit(126);
    execl("/bin/sh", "sh", "-c", whole, (char *)NULL);
    _exit(127);
}

pid_t sh_background(const char *command)
{
    pid_t pid = fork();
    ck_assert_int_ge(pid, 0);
    if (pid == 0) {
        int out = open("background.out", O_WRONLY | O_CREAT | O_TRUNC, 0666);
        int err = open("background.err", O_WRONLY | O_CREAT | O_TRUNC, 0666);
        dup2(out, STDOUT_FILENO);
        dup2(err, STDERR_FILENO);
        be_shell(command);
    }
    return pid;
}

int await_exit(pid_t process)
{
    int status;
    for (double until = now() + 20; now() < until; pause_briefly())
        if (waitpid(process, &status, WNOHANG) == process)
            return WIFEXITED(status) ? WEXITSTATUS(status)
                                     : 128 + WTERMSIG(status);
    kill(process, SIGKILL);
    ck_abort_msg("the runner did not end within 20 s");
}

struct ran sh(const char *format, ...)
{
    char *command;
    va_list arguments;
    va_start(arguments, format);
    ck_assert_int_ge(vasprintf(&command, format, arguments), 0);
    va_end(arguments);
    double began = now();
    int status = await_exit(sh_background(command));
    free(command);
    return (struct ran){
        status, get("background.out"), get("background.err"), now() - began};
}

static struct ran
talk(int columns, const char *command, const char *interrupt_after)
{
    struct winsize size = {.ws_row = 24, .ws_col = (unsigned short)columns};
    int terminal;
    double began = now();
    pid_t pid = forkpty(&terminal, NULL, NULL, &size);
    ck_assert_int_ge(pid, 0);
    if (pid == 0) {
        setenv("TERM", "xterm", 1);
        be_shell(command);
    }
    char *text = NULL;
    size_t length;
    FILE *f = open_memstream(&text, &length);
    char part[4096];
    for (ssize_t got; (got = read(terminal, part, sizeof(part))) > 0;) {
        for (ssize_t i = 0; i < got; i++)
            if (part[i] != '\r' || (i + 1 < got && part[i + 1] != '\n'))
                putc(part[i], f);
        fflush(f);
        if (interrupt_after && strstr(text, interrupt_after)) {
            ck_assert_int_eq(write(terminal, "\003", 1), 1);
            interrupt_after = NULL;
        }
    }
    fclose(f);
    close(terminal);
    int status = await_exit(pid);
    return (struct ran){status, text, text, now() - began};
}

struct ran at_terminal(int columns, const char *command)
{
    return talk(columns, command, NULL);
}

struct ran interrupted(const char *command, const char *after)
{
    return talk(80, command, after);
}

void expect_has(const char *text, const char *part)
{
    ck_assert_msg(strstr(text, part) != NULL, "no \"%s\" in:\n%s", part, text);
}

void expect_lacks(const char *text, const char *part)
{
    ck_assert_msg(strstr(text, part) == NULL, "\"%s\" is in:\n%s", part, text);
}

void expect_order(const char *text, const char *first, const char *second)
{
    expect_has(text, second);
    const char *p = strstr(text, first);
    ck_assert_msg(p && p < strstr(text, second),
                  "no \"%s\" before \"%s\" in:\n%s",
                  first,
                  second,
                  text);
}

bool has_line(const char *text, const char *line)
{
    size_t length = strlen(line);
    for (const char *p = text; (p = strstr(p, line)); p++)
        if ((p == text || p[-1] == '\n') && (!p[length] || p[length] == '\n'))
            return true;
    return false;
}

const char *last_line(const char *text)
{
    static char line[512];
    size_t end = strlen(text);
    ck_assert_msg(end > 0 && text[end - 1] == '\n', "no line end at the end");
    size_t begin = --end;
    while (begin > 0 && text[begin - 1] != '\n')
        begin--;
    snprintf(line, sizeof(line), "%.*s", (int)(end - begin), text + begin);
    return line;
}

char *flat(const char *text)
{
    char *copy = strdup(text);
    char *to = copy;
    for (; *text; text++)
        if ((*text != ' ' && *text != '\n') || to == copy || to[-1] != ' ')
            *to++ = *text == '\n' ? ' ' : *text;
    *to = '\0';
    return copy;
}

int longest_line(const char *text)
{
    int longest = 0, length = 0;
    for (; *text; text++) {
        if (*text == '\n')
            length = 0;
        else if (((unsigned char)*text & 0xC0) != 0x80)
            length++;
        if (length > longest)
            longest = length;
    }
    return longest;
}

void await_text(const char *path, const char *part)
{
    for (double until = now() + 10; now() < until; pause_briefly())
        if (exists(path) && strstr(get(path), part))
            return;
    ck_abort_msg("%s never held \"%s\"", path, part);
}

void expect_dead(const char *pid_file)
{
    pid_t pid = (pid_t)atoi(get(pid_file));
    ck_assert_int_gt(pid, 0);
    char path[64];
    snprintf(path, sizeof(path), "/proc/%d/stat", (int)pid);
    for (double until = now() + 2; now() < until; pause_briefly()) {
        /* a zombie that nobody reaps yet is dead, too */
        if (!exists(path))
            return;
        FILE *f = fopen(path, "r");
        char state = 'Z';
        if (f && fscanf(f, "%*d (%*[^)]) %c", &state) != 1)
            state = '?';
        if (f)
            fclose(f);
        if (state == 'Z' || state == 'X')
            return;
    }
    kill(pid, SIGKILL);
    ck_abort_msg("process %d lives on", (int)pid);
}
