/* rows.h - the conformance suite: what Windows is said to do, one row a fact.
 *
 * The program is plain Win32. On Windows it asks the real kernel; on Wine it
 * is run with the platform layer and without. A row's function returns NULL
 * when the claim holds, and otherwise the text of what did not.
 *
 * The suite has never been run on Windows by its authors. A row that Windows
 * refutes is a bug in this suite or in the layer: please report it. */
#ifndef NPLAB_ROWS_H
#define NPLAB_ROWS_H

#include <windows.h>
#include <stdbool.h>

typedef const char *verdict; /* NULL: holds */

struct row {
    const char *fact; /* id in the fact table, a letter added for its parts */
    const char
        *grade; /* how well the claim is established: DOC, WIN-TEST, ... */
    const char *claim;
    verdict (*check)(void);
    /* Wine does not do it, with the layer either: must fail there. */
    bool known_difference;
};

#define ROW(fact, grade, claim)                                                \
    {                                                                          \
#fact, grade, claim, row_##fact, false                                 \
    }
#define KNOWN(fact, grade, claim)                                              \
    {                                                                          \
#fact, grade, claim, row_##fact, true                                  \
    }

/* Ends the row as not holding. The text names the place. */
#define NUMBER_TEXT_(n) #n
#define NUMBER_TEXT(n) NUMBER_TEXT_(n)
#define HOLDS(condition)                                                       \
    do {                                                                       \
        if (!(condition))                                                      \
            return "line " NUMBER_TEXT(__LINE__) ": " #condition;              \
    } while (0)

extern const char skipped[]; /* the verdict of a row not for this system */

extern const struct row pipe_rows[], pipe_access_rows[], stream_rows[],
    context_rows[], tracking_rows[], sharing_rows[], level_rows[], lent_rows[],
    token_rows[], object_rows[], file_rows[], folder_rows[], peer_rows[];

#endif
