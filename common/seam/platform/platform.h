/* platform.h - Windows' rules for pipes, tokens and files, kept on Wine. */
#ifndef NPLAB_PLATFORM_H
#define NPLAB_PLATFORM_H

#include "../seam.h"

/* True on Wine, unless NPLAB_PLATFORM=off. */
extern bool platform_active;

void platform_start(void);

/* Puts the layer behind the C library's calls on files, pipes and handles. */
void cfiles_start(HMODULE library);

/* platform_Name stands in for Name, for the LAYER lines of the table. */
#define PLATFORM_LAYER(Name, result, parameters)                               \
    result WINAPI platform_##Name(parameters);
#define PLATFORM_PASS(Name, result, parameters)
#define SEAM_CALL(by, result, failure, Name, parameters, arguments, record)    \
    PLATFORM_##by(Name, result, SEAM_P(parameters))
#define SEAM_CALL0(by, result, failure, Name, record)                          \
    PLATFORM_##by(Name, result, void)
#include "../calls.def"
#undef SEAM_CALL
#undef SEAM_CALL0

#endif
