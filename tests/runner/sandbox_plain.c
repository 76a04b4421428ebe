/*
 * sandbox_plain.c - a private Windows where bubblewrap cannot make one.
 *
 * A Wine prefix of its own in a fresh folder, beside the director's, or in
 * /tmp when root has to become another user first. Nothing of the caller's
 * own Wine is used.
 */
#include "sandbox.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <unistd.h>

/* Whose it is going to be. */
static bool give_away(const char *path)
{
    return geteuid() != 0 || lchown(path, SANDBOX_UID, SANDBOX_UID) == 0;
}

/* Makes root/path and every folder on the way. */
static bool make_folders(const char *root, const char *path)
{
    char whole[512];
    int size = snprintf(whole, sizeof whole, "%s/%s", root, path);
    if (size < 0 || (size_t)size >= sizeof whole)
        return false;
    for (char *at = whole + strlen(root) + 1;; at++) {
        if (*at != '/' && *at != '\0')
            continue;
        char end = *at;
        *at = '\0';
        if ((mkdir(whole, 0755) != 0 && errno != EEXIST) || !give_away(whole))
            return false;
        *at = end;
        if (end == '\0')
            return true;
    }
}

static bool
write_file(const char *root, const char *path, const void *data, size_t size)
{
    char whole[512];
    snprintf(whole, sizeof whole, "%s/%s", root, path);
    FILE *file = fopen(whole, "we");
    if (file == NULL)
        return false;
    bool ok = fwrite(data, 1, size, file) == size;
    return fclose(file) == 0 && ok && give_away(whole);
}

static bool copy_file(const char *root, const char *path, const char *from)
{
    char whole[512], block[65536];
    snprintf(whole, sizeof whole, "%s/%s", root, path);
    int in = open(from, O_RDONLY | O_CLOEXEC);
    if (in < 0)
        return errno == ENOENT; /* a program that was not built */
    int out = open(whole, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0755);
    bool ok = out >= 0;
    for (ssize_t got; ok && (got = read(in, block, sizeof block)) > 0;)
        ok = write(out, block, (size_t)got) == got;
    close(in);
    if (out >= 0)
        close(out);
    return ok && give_away(whole);
}

static bool make_link(const char *root, const char *path, const char *to)
{
    char whole[512];
    snprintf(whole, sizeof whole, "%s/%s", root, path);
    return symlink(to, whole) == 0;
}

/* build/run/XXXXXX for build/kit/director.exe; /tmp for root, because the
 * other user may have no way to the caller's folders. */
static bool choose_folder(struct sandbox *box, const char *director)
{
    if (geteuid() == 0) {
        snprintf(box->folder, sizeof box->folder, "/tmp/nplab-XXXXXX");
    } else {
        char build[200];
        snprintf(build, sizeof build, "%s", director);
        for (int i = 0; i < 2; i++) {
            char *slash = strrchr(build, '/');
            if (slash != NULL)
                *slash = '\0';
        }
        snprintf(box->folder, sizeof box->folder, "%s/run", build);
        if (mkdir(box->folder, 0755) != 0 && errno != EEXIST)
            return false;
        snprintf(box->folder, sizeof box->folder, "%s/run/XXXXXX", build);
    }
    if (mkdtemp(box->folder) == NULL) {
        box->folder[0] = '\0';
        return false;
    }
    return give_away(box->folder);
}

bool make_plain(struct sandbox *box, const struct sandbox_plan *plan)
{
    if (!choose_folder(box, plan->director))
        return false;
    const char *root = box->folder;
    bool ok =
        make_folders(root, "drive_c/lab") && make_folders(root, "drive_c/kit");
    for (size_t i = 0; ok && PREFIX_FOLDERS[i] != NULL; i++)
        ok = make_folders(root, PREFIX_FOLDERS[i]);
    for (const struct prefix_file *file = PREFIX_FILES; ok && file->path;
         file++)
        ok = write_file(root, file->path, file->text, strlen(file->text));
    ok = ok && make_link(root, "dosdevices/c:", "../drive_c") &&
         make_link(root, "drive_c/windows/system32", find_wine()->dlls) &&
         copy_file(root, "drive_c/kit/director.exe", plan->director);
    for (size_t i = 0; ok && i < SANDBOX_FILES && plan->files[i].path; i++) {
        char path[256];
        snprintf(path, sizeof path, "drive_c/lab/%s", plan->files[i].name);
        ok = copy_file(root, path, plan->files[i].path);
    }
    /* Wine's server leaves its starter; it is ours to end, so it has to
     * become our child when it does. */
    prctl(PR_SET_CHILD_SUBREAPER, 1);
    return ok;
}

void exec_plain(const struct sandbox *box)
{
    char work[300];
    clearenv();
    for (size_t i = 0; WINE_ENVIRONMENT[i][0] != NULL; i++)
        setenv(WINE_ENVIRONMENT[i][0], WINE_ENVIRONMENT[i][1], 1);
    setenv("WINEPREFIX", box->folder, 1);
    setenv("HOME", box->folder, 1);
    snprintf(work, sizeof work, "%s/drive_c/work", box->folder);
    if (chdir(work) == 0)
        execl(find_wine()->loader,
              "wine64",
              "C:\\kit\\director.exe",
              (char *)NULL);
}

static void remove_tree(int parent, const char *name)
{
    int folder =
        openat(parent, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
    DIR *list = folder < 0 ? NULL : fdopendir(folder);
    if (list != NULL) {
        for (struct dirent *entry; (entry = readdir(list)) != NULL;) {
            if (strcmp(entry->d_name, ".") == 0 ||
                strcmp(entry->d_name, "..") == 0)
                continue;
            if (entry->d_type == DT_DIR)
                remove_tree(dirfd(list), entry->d_name);
            else
                unlinkat(dirfd(list), entry->d_name, 0);
        }
        closedir(list);
    }
    unlinkat(parent, name, AT_REMOVEDIR);
}

/*
 * The folder of the Wine server's socket, which it leaves behind. Debian's
 * Wine makes /tmp/wine-XXXXXX and keeps that name in the prefix; a hostile
 * program may have changed it, so nothing but such a name is believed.
 * Elsewhere it is /tmp/.wine-UID/server-DEVICE-INODE of the prefix.
 */
static void remove_server_folder(const char *prefix)
{
    char path[300], name[32] = "";
    struct stat facts;
    int tmp = open("/tmp", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    snprintf(path, sizeof path, "%s/wineserver", prefix);
    FILE *file = fopen(path, "re");
    if (file != NULL) {
        if (fscanf(file, "%31s", name) == 1 && strlen(name) == 11 &&
            strncmp(name, "wine-", 5) == 0 && strchr(name, '/') == NULL)
            remove_tree(tmp, name);
        fclose(file);
    }
    if (stat(prefix, &facts) == 0) {
        snprintf(path,
                 sizeof path,
                 ".wine-%u/server-%llx-%llx",
                 facts.st_uid,
                 (unsigned long long)facts.st_dev,
                 (unsigned long long)facts.st_ino);
        remove_tree(tmp, path);
    }
    close(tmp);
}

void remove_plain(const struct sandbox *box)
{
    if (box->folder[0] == '\0')
        return;
    remove_server_folder(box->folder);
    remove_tree(AT_FDCWD, box->folder);
}
