/* session.c - see session.h. */
#include "session.h"
#include "../seam.h"
#include "mirror.h"
#include "processes.h"

#include <stdio.h>
#include <stdlib.h>

#define SECTION_NAME L"Local\\nplab-seam-1"
/* Turns without the lock before the owner is suspected to be dead, and before
 * it is taken from a live one whose thread must have been killed. */
#define SUSPECT_AFTER 500
#define STEAL_AFTER_MS 5000

static struct session *session;

static struct session *map_section(void)
{
    SECURITY_DESCRIPTOR everyone;
    SECURITY_ATTRIBUTES security = {sizeof security, &everyone, FALSE};
    HANDLE section;
    void *view = NULL;

    InitializeSecurityDescriptor(&everyone, SECURITY_DESCRIPTOR_REVISION);
    SetSecurityDescriptorDacl(&everyone, TRUE, NULL, FALSE);
    section = seam_real.CreateFileMappingW(INVALID_HANDLE_VALUE,
                                           &security,
                                           PAGE_READWRITE,
                                           0,
                                           sizeof(struct session),
                                           SECTION_NAME);
    if (section != NULL)
        view = MapViewOfFile(section, FILE_MAP_ALL_ACCESS, 0, 0, 0);
    if (view == NULL) {
        fprintf(stderr, "platform layer: no section: %lu\n", GetLastError());
        abort();
    }
    /* The handle stays open: under Wine a view alone does not keep the name. */
    return view;
}

struct session *session_get(void)
{
    DWORD error = GetLastError();

    if (session == NULL) {
        struct session *mine = map_section();

        if (InterlockedCompareExchangePointer(
                (void *volatile *)&session, mine, NULL) != NULL)
            UnmapViewOfFile(mine);
    }
    SetLastError(error);
    return session;
}

void session_lock(void)
{
    DWORD error = GetLastError();
    volatile LONG *owner = &session_get()->owner;
    LONG self = (LONG)GetCurrentProcessId();
    DWORD started = GetTickCount();

    for (unsigned turn = 1;; turn++) {
        LONG other = InterlockedCompareExchange(owner, self, 0);

        if (other == 0)
            break;
        if (turn % SUSPECT_AFTER == 0 &&
            ((other != self && !process_lives((DWORD)other)) ||
             GetTickCount() - started > STEAL_AFTER_MS) &&
            InterlockedCompareExchange(owner, self, other) == other) {
            mirror_repair();
            break;
        }
        SwitchToThread();
    }
    SetLastError(error);
}

void session_unlock(void)
{
    InterlockedExchange(&session->owner, 0);
}
