/* seam.h - the layer between a lab program and the system's functions.
 *
 * A lab program calls ReadFile through the import pointer __imp_ReadFile.
 * seam.c defines these pointers itself, one for each line of calls.def, so
 * that the call arrives here first. README.md beside this file has a drawing.
 *
 * Three parts use the one table and know nothing of each other:
 *   faults/    makes calls fail or wait on request (NPLAB_FAULTS, NPLAB_HOLD)
 *   platform/  gives Windows' behaviour where Wine lacks it
 *   recorder/  writes the flight record (NPLAB_RECORD)
 *
 * A program that finds a function by GetProcAddress, or through a DLL of its
 * own, goes around the seam; so does the C library, but for the platform's
 * part (platform/cfiles.c). */
#ifndef NPLAB_SEAM_H
#define NPLAB_SEAM_H

#include <windows.h>
#include <aclapi.h>
#include <sddl.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

/* Carries a list through a macro as one argument. */
#define SEAM_P(...) __VA_ARGS__

/* One number for each hooked call. */
enum seam_id {
#define SEAM_CALL(by, result, failure, Name, parameters, arguments, record)    \
    SEAM_##Name,
#define SEAM_CALL0(by, result, failure, Name, record) SEAM_##Name,
#include "calls.def"
#undef SEAM_CALL
#undef SEAM_CALL0
    SEAM_CALL_COUNT
};

/* The system's own functions. Those of advapi32 alone are NULL until they are
 * first called; seam_find looks them up. */
struct seam_real {
#define SEAM_CALL(by, result, failure, Name, parameters, arguments, record)    \
    result(WINAPI *Name)(parameters);
#define SEAM_CALL0(by, result, failure, Name, record)                          \
    result(WINAPI *Name)(void);
#include "calls.def"
#undef SEAM_CALL
#undef SEAM_CALL0
};
extern struct seam_real seam_real;

/* "CreateFileW", and the words that tell the recorder what to show of it. */
struct seam_name {
    const char *name;
    const char *result; /* its type: "BOOL", "HANDLE", ... */
    const char *record;
    void **real;
};
extern const struct seam_name seam_names[SEAM_CALL_COUNT];

/* Fills seam_real's entry for a call from the system's DLLs. Ends the process
 * when no DLL has it. Keeps the last error. */
void seam_find(enum seam_id id);

/* True when the names are the same but for a final A or W of the first:
 * "CreateFileW" is the API "CreateFile". */
bool seam_is_api(const char *name, const char *api, size_t api_length);

/* One call under way. */
struct seam_call {
    enum seam_id id;
    DWORD fault;          /* fail with this code instead of calling; 0: call */
    LONGLONG start;       /* QueryPerformanceCounter when the call was made */
    struct note *closing; /* the recorder's, while a handle is being closed */
};

#endif
