/* identity.c - see identity.h. */
#include "identity.h"
#include "../seam.h"

#include <stdlib.h>

/* What is in the thread's slot: the identity number below, and above it the
 * value of others_changed for which the number was true. */
#define NUMBER_BITS 24
#define NUMBER_MASK ((1u << NUMBER_BITS) - 1)

static DWORD slot;
static volatile LONG numbers;        /* identity numbers given out */
static volatile LONG others_changed; /* threads must ask again */
static volatile LONG adjusted = 1;   /* tokens may have another content */

/* Copies of the process token as it was at one value of `adjusted`. */
static struct {
    LONG adjusted;
    HANDLE token;
} own_copies[4][2];
static SRWLOCK copies_lock = SRWLOCK_INIT;

void identity_start(void)
{
    slot = TlsAlloc();
    if (slot == TLS_OUT_OF_INDEXES)
        abort();
}

static void set_number(LONG number)
{
    ULONG_PTR since = (ULONG)others_changed;

    TlsSetValue(
        slot,
        (void *)(since << NUMBER_BITS | ((ULONG_PTR)number & NUMBER_MASK)));
}

static LONG new_number(void)
{
    LONG number;

    do
        number = InterlockedIncrement(&numbers) & (LONG)NUMBER_MASK;
    while (number == 0);
    return number;
}

void identity_worn(void)
{
    set_number(new_number());
}

void identity_reverted(void)
{
    set_number(0);
}

void identity_of_others_changed(void)
{
    InterlockedIncrement(&others_changed);
}

void identity_tokens_adjusted(void)
{
    InterlockedIncrement(&adjusted);
}

LONG identity_adjusted(void)
{
    return adjusted;
}

static LONG number_now(void)
{
    DWORD error = GetLastError();
    ULONG_PTR value = (ULONG_PTR)TlsGetValue(slot);
    HANDLE token;

    if (value >> NUMBER_BITS != (ULONG)others_changed) {
        bool worn = true;

        if (seam_real.OpenThreadToken(
                GetCurrentThread(), TOKEN_QUERY, TRUE, &token))
            seam_real.CloseHandle(token);
        else
            worn = GetLastError() != ERROR_NO_TOKEN;
        set_number(worn ? new_number() : 0);
        value = (ULONG_PTR)TlsGetValue(slot);
    }
    SetLastError(error);
    return (LONG)(value & NUMBER_MASK);
}

bool identity_is_worn(void)
{
    return number_now() != 0;
}

LONGLONG identity_writer(void)
{
    ULONGLONG pid = GetCurrentProcessId();
    ULONGLONG number = (ULONG)number_now();

    return (LONGLONG)(pid << 44 | number << 20 | ((ULONG)adjusted & 0xFFFFFu));
}

SECURITY_IMPERSONATION_LEVEL identity_level(void)
{
    DWORD error = GetLastError();
    SECURITY_IMPERSONATION_LEVEL level = SecurityImpersonation;
    HANDLE token;
    DWORD size;

    if (identity_is_worn()) {
        if (seam_real.OpenThreadToken(
                GetCurrentThread(), TOKEN_QUERY, TRUE, &token)) {
            seam_real.GetTokenInformation(
                token, TokenImpersonationLevel, &level, sizeof level, &size);
            seam_real.CloseHandle(token);
        } else if (GetLastError() == ERROR_CANT_OPEN_ANONYMOUS) {
            level = SecurityAnonymous;
        }
    }
    SetLastError(error);
    return level;
}

bool identity_may_open(void)
{
    if (identity_level() >= SecurityImpersonation)
        return true;
    SetLastError(ERROR_BAD_IMPERSONATION_LEVEL);
    return false;
}

HANDLE identity_token(DWORD access)
{
    HANDLE token = NULL;

    if (identity_is_worn()) {
        if (seam_real.OpenThreadToken(GetCurrentThread(), access, TRUE, &token))
            return token;
        if (GetLastError() != ERROR_NO_TOKEN)
            return NULL;
    }
    if (!seam_real.OpenProcessToken(GetCurrentProcess(), access, &token))
        return NULL;
    return token;
}

/* Takes away the privileges that are not enabled. Disabled groups cannot
 * arise on Wine 8, where AdjustTokenGroups is missing; deny-only ones stay, as
 * on Windows. */
static bool keep_effective(HANDLE token)
{
    union {
        TOKEN_PRIVILEGES list;
        BYTE room[sizeof(TOKEN_PRIVILEGES) + 64 * sizeof(LUID_AND_ATTRIBUTES)];
    } all;
    DWORD size, removed = 0;

    if (!seam_real.GetTokenInformation(
            token, TokenPrivileges, &all, sizeof all, &size))
        return false;
    for (DWORD i = 0; i < all.list.PrivilegeCount; i++) {
        if (all.list.Privileges[i].Attributes & SE_PRIVILEGE_ENABLED)
            continue;
        all.list.Privileges[removed] = all.list.Privileges[i];
        all.list.Privileges[removed++].Attributes = SE_PRIVILEGE_REMOVED;
    }
    all.list.PrivilegeCount = removed;
    return removed == 0 || seam_real.AdjustTokenPrivileges(
                               token, FALSE, &all.list, sizeof all, NULL, NULL);
}

static HANDLE copy_token(SECURITY_IMPERSONATION_LEVEL level, bool effective)
{
    HANDLE token = identity_token(TOKEN_DUPLICATE | TOKEN_QUERY);
    HANDLE copy = NULL;

    if (token == NULL)
        return NULL;
    if (!seam_real.DuplicateTokenEx(
            token, TOKEN_ALL_ACCESS, NULL, level, TokenImpersonation, &copy))
        copy = NULL;
    if (copy != NULL && effective && !keep_effective(copy)) {
        seam_real.CloseHandle(copy);
        copy = NULL;
    }
    seam_real.CloseHandle(token);
    return copy;
}

HANDLE identity_snapshot(SECURITY_IMPERSONATION_LEVEL level,
                         bool effective,
                         bool *owned)
{
    HANDLE token;
    LONG now = adjusted;

    *owned = identity_is_worn();
    if (*owned) {
        /* A lesser level cannot be lent on as more (fact I16, unverified). */
        if (identity_level() < SecurityImpersonation) {
            SetLastError(ERROR_BAD_IMPERSONATION_LEVEL);
            return NULL;
        }
        return copy_token(level, effective);
    }
    AcquireSRWLockExclusive(&copies_lock);
    token = own_copies[level][effective].token;
    if (token == NULL || own_copies[level][effective].adjusted != now) {
        if (token != NULL)
            seam_real.CloseHandle(token);
        token = copy_token(level, effective);
        own_copies[level][effective].token = token;
        own_copies[level][effective].adjusted = now;
    }
    ReleaseSRWLockExclusive(&copies_lock);
    return token;
}
