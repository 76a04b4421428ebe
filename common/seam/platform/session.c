/* session.c - see session.h. */
#include "session.h"
#include "../seam.h"
#include "mirror.h"
#include "processes.h"

#include <stdio.h>
#include <stdlib.h>

#define SECTION_NAME L"Local\\nplab-seam-2"
#define WAKER_NAME L"Local\\nplab-seam-2-waker"
#define TURNS 20            /* tries before a thread waits */
#define WAIT_MS 20          /* then the owner is suspected to be dead */
#define STEAL_AFTER_MS 5000 /* from a live process whose thread was killed */

static struct session *volatile session;
static HANDLE waker; /* semaphore: wakes one who waits for the lock */

static struct session *map_section(SECURITY_ATTRIBUTES *security)
{
    HANDLE section;
    void *view = NULL;

    section = seam_real.CreateFileMappingW(INVALID_HANDLE_VALUE,
                                           security,
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

static void open_session(void)
{
    static SRWLOCK opening = SRWLOCK_INIT;
    SECURITY_DESCRIPTOR everyone;
    SECURITY_ATTRIBUTES security = {sizeof security, &everyone, FALSE};

    InitializeSecurityDescriptor(&everyone, SECURITY_DESCRIPTOR_REVISION);
    SetSecurityDescriptorDacl(&everyone, TRUE, NULL, FALSE);
    AcquireSRWLockExclusive(&opening);
    if (session == NULL) {
        waker = seam_real.CreateSemaphoreW(&security, 0, MAXLONG, WAKER_NAME);
        session = map_section(&security);
    }
    ReleaseSRWLockExclusive(&opening);
}

struct session *session_get(void)
{
    DWORD error = GetLastError();

    if (session == NULL)
        open_session();
    SetLastError(error);
    return session;
}

static bool try_lock(void)
{
    LONG self = (LONG)GetCurrentProcessId();

    return InterlockedCompareExchange(&session->owner, self, 0) == 0;
}

/* Takes the lock from an owner that will not give it back. */
static bool steal_lock(DWORD waited_ms)
{
    LONG self = (LONG)GetCurrentProcessId();
    LONG other = session->owner;

    if (other == 0 ||
        (process_lives((DWORD)other) && waited_ms < STEAL_AFTER_MS) ||
        InterlockedCompareExchange(&session->owner, self, other) != other)
        return false;
    mirror_repair();
    return true;
}

/* Sleeps while others hold the lock: a thread that only yielded would take the
 * processor from the wineserver, which the owner waits for. */
static void wait_for_lock(void)
{
    DWORD started = GetTickCount();
    bool locked = false;

    InterlockedIncrement(&session->waiting);
    while (!locked) {
        locked = try_lock();
        if (!locked &&
            seam_real.WaitForSingleObject(waker, WAIT_MS) == WAIT_TIMEOUT)
            locked = steal_lock(GetTickCount() - started);
    }
    InterlockedDecrement(&session->waiting);
}

void session_lock(void)
{
    DWORD error = GetLastError();
    bool locked = false;

    session_get();
    for (int turn = 0; !locked && turn < TURNS; turn++) {
        locked = try_lock();
        if (!locked)
            YieldProcessor();
    }
    if (!locked)
        wait_for_lock();
    SetLastError(error);
}

void session_unlock(void)
{
    DWORD error = GetLastError();

    InterlockedExchange(&session->owner, 0);
    if (session->waiting != 0)
        ReleaseSemaphore(waker, 1, NULL);
    SetLastError(error);
}
