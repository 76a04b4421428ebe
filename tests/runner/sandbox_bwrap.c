/* sandbox_bwrap.c - the private Windows inside bubblewrap. */
#include "sandbox.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#define ARGUMENTS_MAX 256

static char *arguments[ARGUMENTS_MAX + 1];
static size_t argument_count;

static void add(const char *argument)
{
    if (argument_count < ARGUMENTS_MAX)
        arguments[argument_count++] = strdup(argument);
}

static void add_all(const char *const *list)
{
    while (*list != NULL)
        add(*list++);
}

static void add_file(int file, const char *folder, const char *name)
{
    char number[16], path[512];
    snprintf(number, sizeof number, "%d", file);
    snprintf(path, sizeof path, "%s/%s", folder, name);
    add("--file");
    add(number);
    add(path);
}

int memory_file(const void *text, size_t size)
{
    int file = memfd_create("nplab", 0);
    if (file >= 0 && (write(file, text, size) != (ssize_t)size ||
                      lseek(file, 0, SEEK_SET) != 0)) {
        close(file);
        return -1;
    }
    return file;
}

static void add_namespaces(const struct wine *wine)
{
    static const char *const ALWAYS[] = {"bwrap",
                                         "--unshare-all",
                                         "--unshare-user",
                                         "--die-with-parent",
                                         "--cap-drop",
                                         "ALL",
                                         "--hostname",
                                         "nplab",
                                         "--ro-bind",
                                         "/usr",
                                         "/usr",
                                         "--symlink",
                                         "usr/lib",
                                         "/lib",
                                         "--symlink",
                                         "usr/lib64",
                                         "/lib64",
                                         "--symlink",
                                         "usr/bin",
                                         "/bin",
                                         "--ro-bind-try",
                                         "/etc/ld.so.cache",
                                         "/etc/ld.so.cache",
                                         "--proc",
                                         "/proc",
                                         "--dev",
                                         "/dev",
                                         "--size",
                                         "33554432",
                                         "--tmpfs",
                                         "/tmp",
                                         "--size",
                                         "100663296",
                                         "--tmpfs",
                                         "/p",
                                         "--size",
                                         "100663296",
                                         "--tmpfs",
                                         "/kit",
                                         NULL};
    add_all(ALWAYS);
    if (!bwrap_is_old)
        add("--disable-userns");
    if (wine->extra_root != NULL) {
        add("--ro-bind");
        add(wine->extra_root);
        add(wine->extra_root);
    }
}

static void add_prefix(const struct wine *wine)
{
    for (const char *const *folder = PREFIX_FOLDERS; *folder; folder++) {
        char path[256];
        snprintf(path, sizeof path, "/p/%s", *folder);
        add("--dir");
        add(path);
    }
    for (const struct prefix_file *file = PREFIX_FILES; file->path; file++)
        add_file(memory_file(file->text, strlen(file->text)), "/p", file->path);
    const char *const links[] = {"--symlink",
                                 "../drive_c",
                                 "/p/dosdevices/c:",
                                 "--symlink",
                                 wine->dlls,
                                 "/p/drive_c/windows/system32",
                                 "--symlink",
                                 "/kit/lab",
                                 "/p/drive_c/lab",
                                 "--symlink",
                                 "/kit/kit",
                                 "/p/drive_c/kit",
                                 NULL};
    add_all(links);
}

/* Wine starts wineboot for the first program of every new Windows. It is not
 * wanted here, and to fail with an empty file takes 3 ms less than to be
 * forbidden by an override. */
static void hide_wineboot(const struct wine *wine)
{
    char path[512], number[16];
    snprintf(path, sizeof path, "%s/wineboot.exe", wine->dlls);
    if (access(path, R_OK) != 0)
        return;
    snprintf(number, sizeof number, "%d", memory_file("", 0));
    add("--ro-bind-data");
    add(number);
    add(path);
}

static void add_environment(void)
{
    static const char *const places[] = {"--clearenv",
                                         "--setenv",
                                         "WINEPREFIX",
                                         "/p",
                                         "--setenv",
                                         "HOME",
                                         "/p",
                                         NULL};
    add_all(places);
    for (size_t i = 0; WINE_ENVIRONMENT[i][0] != NULL; i++) {
        add("--setenv");
        add(WINE_ENVIRONMENT[i][0]);
        add(WINE_ENVIRONMENT[i][1]);
    }
}

void exec_bwrap(const struct sandbox_plan *plan, const int *files)
{
    const struct wine *wine = find_wine();
    size_t filter_size, i;
    const void *filter = sandbox_filter(&filter_size);
    char number[16];

    argument_count = 0;
    add_namespaces(wine);
    add_prefix(wine);
    hide_wineboot(wine);
    add("--dir");
    add("/kit/lab");
    for (i = 0; i < SANDBOX_FILES && plan->files[i].path != NULL; i++)
        if (files[i] >= 0)
            add_file(files[i], "/kit/lab", plan->files[i].name);
    add_file(files[i], "/kit/kit", "director.exe");
    static const char *const CLOSED[] = {"--remount-ro",
                                         "/kit",
                                         "--remount-ro",
                                         "/dev",
                                         "--remount-ro",
                                         "/",
                                         "--chdir",
                                         "/p/drive_c/work",
                                         NULL};
    add_all(CLOSED);
    add_environment();
    add("--seccomp");
    snprintf(number, sizeof number, "%d", memory_file(filter, filter_size));
    add(number);
    add(wine->loader);
    add("C:\\kit\\director.exe");
    arguments[argument_count] = NULL;
    execvp("bwrap", arguments);
}
