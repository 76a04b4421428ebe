/* journal.h - the server's log: one line for each request. */
#ifndef JOURNAL_H
#define JOURNAL_H

#include "np_error.h"

/*
 * journal_add - append a line.
 *
 * file  in  opened for this line alone; NULL: standard output
 * line  in  without its line end
 *
 * Any thread may call it. Call it as yourself: who opens the file is whom
 * Windows asks for the right to.
 * Returns 0; or the code of CreateFileW or WriteFile.
 */
NP_NODISCARD DWORD journal_add(const wchar_t *file, const char *line);

#endif
