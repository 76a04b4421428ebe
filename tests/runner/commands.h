/* commands.h - the runner's subcommands: each gets its own name as argv[0]
 * and returns the exit status. demo_main and run_main stand in engine.h. */
#ifndef NPLAB_COMMANDS_H
#define NPLAB_COMMANDS_H

#include <stdbool.h>
#include <stddef.h>

int grade_main(int argc, char **argv);
int audit_main(int argc, char **argv);
int list_main(int argc, char **argv);

/* The value of the option argv[*i], which moves on to it; NULL after one
 * sentence if there is none. */
const char *option_value(int argc, char **argv, int *i);

/* A whole number from low to high as option argv[*i]'s value; false after one
 * sentence. */
bool option_number(int argc, char **argv, int *i, int low, int high, int *out);

/* "3" or "03" as "03" in lab, if a check of that lab exists; else false after
 * one sentence that names the labs there are. */
bool lab_number(const char *text, char lab[3]);

/* mkdir -p; false after one sentence. */
bool make_folder_path(const char *path);

#endif
