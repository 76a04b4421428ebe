/* demo_script.h - a lab's demo.txt, read into steps.
 *
 *     # text                     narration; lines that follow each other join
 *     server [as WHO] ARGS       starts the server and waits for its pipe
 *     client [as WHO] ARGS       runs a client to its end
 *     client [as WHO] ARGS &     starts a client and goes on
 *     wait                       until every such client has ended
 *     stop                       ends the server's standard input, waits
 *     kill                       ends the server as the task manager would
 *     file NAME TEXT [SDDL]      puts a file into the programs' folder
 *
 * ARGS are words between blanks; "..." keeps blanks, and a backslash is a
 * backslash. WHO is an identity of play.h, like lesser. The programs get
 * --pipe with a fresh name in front, unless ARGS name a pipe.
 */
#ifndef NPLAB_DEMO_SCRIPT_H
#define NPLAB_DEMO_SCRIPT_H

#include "play.h"

#include <stdbool.h>
#include <stddef.h>

enum step_kind { NARRATE, SERVER, CLIENT, WAIT, STOP, KILL, PUT_FILE };

struct step {
    enum step_kind kind;
    char *text;                /* the line as written, or the whole narration */
    char *words[MAX_ARGS + 4]; /* of the line, up to the first NULL */
    bool beside;               /* "&" stood at the end */
};

struct script {
    struct step *steps;
    size_t count;
    char *text; /* what the words point into */
};

/* False after one sentence on standard error. */
bool script_read(const char *path, struct script *script);
void script_free(struct script *script);

#endif
