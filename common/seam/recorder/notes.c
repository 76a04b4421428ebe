/* notes.c - see notes.h. */
#include "notes.h"
#include "../seam.h"

#include <stdlib.h>
#include <string.h>

/* Windows hands out small multiples of four; a rare greater one goes
 * unremembered. */
#define HANDLES 8192
#define KEPT_TEXTS 512
#define NAMES 128

static struct note *notes[HANDLES];
static const char *kept[KEPT_TEXTS];
static struct {
    const char *name;
    unsigned count;
} names[NAMES];
static SRWLOCK lock = SRWLOCK_INIT;
static DWORD who_slot, seen_slot;
static volatile LONG others_changed;

static size_t index_of(HANDLE handle)
{
    return (ULONG_PTR)handle / 4 < HANDLES ? (ULONG_PTR)handle / 4 : 0;
}

void notes_get(HANDLE handle, struct note *note)
{
    size_t i = index_of(handle);

    AcquireSRWLockShared(&lock);
    *note = notes[i] == NULL ? (struct note){0} : *notes[i];
    ReleaseSRWLockShared(&lock);
}

void notes_set(HANDLE handle, const struct note *note)
{
    size_t i = index_of(handle);

    if (i == 0)
        return;
    AcquireSRWLockExclusive(&lock);
    if (notes[i] == NULL)
        notes[i] = malloc(sizeof *notes[i]);
    if (notes[i] != NULL)
        *notes[i] = *note;
    ReleaseSRWLockExclusive(&lock);
}

struct note *notes_take(HANDLE handle)
{
    size_t i = index_of(handle);
    struct note *note;

    AcquireSRWLockExclusive(&lock);
    note = notes[i];
    notes[i] = NULL;
    ReleaseSRWLockExclusive(&lock);
    return note;
}

const char *notes_keep(const char *text)
{
    const char *found = "-";
    size_t i;

    AcquireSRWLockExclusive(&lock);
    for (i = 0; i < KEPT_TEXTS && kept[i] != NULL; i++)
        if (strcmp(kept[i], text) == 0)
            break;
    if (i < KEPT_TEXTS && kept[i] == NULL)
        kept[i] = _strdup(text);
    if (i < KEPT_TEXTS && kept[i] != NULL)
        found = kept[i];
    ReleaseSRWLockExclusive(&lock);
    return found;
}

unsigned notes_count(const char *name)
{
    const char *kept_name = notes_keep(name);
    unsigned count = 0;

    AcquireSRWLockExclusive(&lock);
    for (size_t i = 0; count == 0 && i < NAMES; i++) {
        if (names[i].name == NULL)
            names[i].name = kept_name;
        if (names[i].name == kept_name)
            count = ++names[i].count;
    }
    ReleaseSRWLockExclusive(&lock);
    return count;
}

void notes_others_changed(void)
{
    InterlockedIncrement(&others_changed);
}

static bool wears_token(void)
{
    HANDLE token;

    if (!seam_real.OpenThreadToken(
            GetCurrentThread(), TOKEN_QUERY, TRUE, &token))
        return GetLastError() != ERROR_NO_TOKEN;
    seam_real.CloseHandle(token);
    return true;
}

const char *notes_who(void)
{
    const char *who = TlsGetValue(who_slot);
    LONG now = others_changed;

    if ((LONG)(LONG_PTR)TlsGetValue(seen_slot) != now) {
        TlsSetValue(seen_slot, (void *)(LONG_PTR)now);
        if (!wears_token())
            who = NULL;
        else if (who == NULL || strcmp(who, "self") == 0)
            who = "token:put-on-by-another-thread";
        TlsSetValue(who_slot, (void *)(ULONG_PTR)who);
    }
    return who == NULL ? "self" : who;
}

void notes_set_who(const char *who)
{
    TlsSetValue(who_slot, (void *)(ULONG_PTR)who);
}

bool notes_start(void)
{
    who_slot = TlsAlloc();
    seen_slot = TlsAlloc();
    return who_slot != TLS_OUT_OF_INDEXES && seen_slot != TLS_OUT_OF_INDEXES;
}
