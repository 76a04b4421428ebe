/* text.h - names given to the A calls, for the W code behind. */
#ifndef NPLAB_TEXT_H
#define NPLAB_TEXT_H

#include <windows.h>

struct text {
    wchar_t wide[2048];
};

/* The name in UTF-16, kept in *text; NULL stays NULL. A name that does not fit
 * becomes one that no file has. Keeps the last error. */
const wchar_t *text_widen(struct text *text, const char *name);

#endif
