/* main.c - runs all rows and writes one line for each.
 *
 *   conformance            every row: fact, grade, holds|differs|skipped, known
 *                          or -, claim, place; a tab between. Then "rows" and
 *                          their number, to show that it came to the end.
 *   conformance --role R A plays a role for a row that needs a process. */
#include "rows.h"
#include "stage.h"

#include <fcntl.h>
#include <io.h>
#include <stdio.h>
#include <wchar.h>

#define ROW_LIMIT_MS 30000
#define HANGS 3

const char skipped[] = "skipped";

static const struct row *const topics[] = {pipe_rows,
                                           pipe_access_rows,
                                           stream_rows,
                                           context_rows,
                                           tracking_rows,
                                           sharing_rows,
                                           level_rows,
                                           lent_rows,
                                           token_rows,
                                           object_rows,
                                           file_rows,
                                           folder_rows,
                                           peer_rows};
static const char *volatile running = "start";
static HANDLE row_ended;

/* Ends the program when one row takes too long. */
static DWORD WINAPI watch(void *unused)
{
    (void)unused;
    while (WaitForSingleObject(row_ended, ROW_LIMIT_MS) == WAIT_OBJECT_0)
        continue;
    fprintf(stderr, "%s hangs\n", running);
    TerminateProcess(GetCurrentProcess(), HANGS);
    return 0;
}

static void run(const struct row *row)
{
    verdict failed;
    const char *result;

    running = row->fact;
    stage_next_row();
    failed = row->check();
    stage_clear();
    SetEvent(row_ended);
    result = failed == NULL ? "holds" : failed == skipped ? failed : "differs";
    printf("%s\t%s\t%s\t%s\t%s\t%s\n",
           row->fact,
           row->grade,
           result,
           row->known_difference ? "known" : "-",
           row->claim,
           failed == NULL ? "-" : failed);
    fflush(stdout);
}

int wmain(int argc, wchar_t **argv);
int wmain(int argc, wchar_t **argv)
{
    HANDLE watcher;
    unsigned rows = 0;

    if (argc == 4 && wcscmp(argv[1], L"--role") == 0)
        return (int)play_role(argv[2], argv[3]);
    if (argc != 1) {
        fprintf(stderr, "usage: conformance\n");
        return 2;
    }
    _setmode(_fileno(stdout), _O_BINARY);
    row_ended = CreateEventW(NULL, FALSE, FALSE, NULL);
    watcher = CreateThread(NULL, 0, watch, NULL, 0, NULL);
    for (size_t i = 0; i < ARRAYSIZE(topics); i++)
        for (const struct row *row = topics[i]; row->fact != NULL;
             row++, rows++)
            run(row);
    printf("rows\t%u\n", rows);
    CloseHandle(watcher);
    return 0;
}
