/*
 * memory.c - runs a program and prints the most memory it held, in KiB.
 *
 *     memory PROGRAM ARGS...      its output is dropped
 */
#include <fcntl.h>
#include <stdio.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

int main(int argc, char **argv)
{
    struct rusage used;
    int status;

    if (argc < 2)
        return 2;
    pid_t child = fork();
    if (child == 0) {
        int nowhere = open("/dev/null", O_WRONLY);
        dup2(nowhere, STDOUT_FILENO);
        dup2(nowhere, STDERR_FILENO);
        execvp(argv[1], argv + 1);
        _exit(127);
    }
    if (child < 0 || wait4(child, &status, 0, &used) != child)
        return 1;
    printf("%ld\n", used.ru_maxrss);
    return WIFEXITED(status) && WEXITSTATUS(status) < 2 ? 0 : 1;
}
