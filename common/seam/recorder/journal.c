/* journal.c - see journal.h.
 *
 * On Wine two processes that append at once overwrite each other. So each
 * takes its place in the file from a counter in a section that they share,
 * and writes there. */
#include "journal.h"
#include "../seam.h"

#include <stdio.h>

static HANDLE file = INVALID_HANDLE_VALUE;
static volatile LONG64 *end; /* of the file, shared by all its writers */

/* FNV-1a of the path, in which upper and lower case are the same. */
static ULONGLONG hash_of(const char *path)
{
    ULONGLONG hash = 14695981039346656037u;

    for (; *path != '\0'; path++) {
        unsigned letter = (unsigned char)*path;

        if (letter >= 'A' && letter <= 'Z')
            letter += 'a' - 'A';
        hash = (hash ^ letter) * 1099511628211u;
    }
    return hash;
}

static bool share_end(const char *path)
{
    SECURITY_DESCRIPTOR everyone;
    SECURITY_ATTRIBUTES security = {sizeof security, &everyone, FALSE};
    LARGE_INTEGER size = {.QuadPart = 0};
    char name[64];
    HANDLE section;

    InitializeSecurityDescriptor(&everyone, SECURITY_DESCRIPTOR_REVISION);
    SetSecurityDescriptorDacl(&everyone, TRUE, NULL, FALSE);
    snprintf(name, sizeof name, "Local\\nplab-record-%016llx", hash_of(path));
    section = seam_real.CreateFileMappingA(
        INVALID_HANDLE_VALUE, &security, PAGE_READWRITE, 0, sizeof *end, name);
    if (section == NULL)
        return false;
    end = MapViewOfFile(section, FILE_MAP_ALL_ACCESS, 0, 0, sizeof *end);
    /* The section's handle stays open: its name lives as long as that. */
    if (end == NULL || !GetFileSizeEx(file, &size))
        return false;
    /* The first of them starts behind what the file holds already. */
    InterlockedCompareExchange64(end, size.QuadPart, 0);
    return true;
}

bool journal_open(const char *path)
{
    file = seam_real.CreateFileA(path,
                                 GENERIC_WRITE,
                                 FILE_SHARE_READ | FILE_SHARE_WRITE |
                                     FILE_SHARE_DELETE,
                                 NULL,
                                 OPEN_ALWAYS,
                                 FILE_ATTRIBUTE_NORMAL,
                                 NULL);
    return file != INVALID_HANDLE_VALUE && share_end(path);
}

void journal_append(const char *text, size_t length)
{
    LONG64 place = InterlockedExchangeAdd64(end, (LONG64)length);
    OVERLAPPED where = {0};
    DWORD written;

    where.Offset = (DWORD)place;
    where.OffsetHigh = (DWORD)(place >> 32);
    seam_real.WriteFile(file, text, (DWORD)length, &written, &where);
}
