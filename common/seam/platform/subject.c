/* subject.c - see subject.h. */
#include "subject.h"
#include "../seam.h"
#include "identity.h"

#include <stdlib.h>

enum { KEPT = 16 };

/* One that somebody holds stays when its place is taken. */
struct counted {
    struct subject
        subject;   /* the first member: outside, this is all there is */
    LONG adjusted; /* identity_adjusted() when it was read */
    LONG holders;  /* the list is one of them */
};

static struct counted *kept[KEPT];
static unsigned next_place;
static SRWLOCK lock = SRWLOCK_INIT;

static void *query(HANDLE token, TOKEN_INFORMATION_CLASS class)
{
    DWORD size = 0;
    void *buffer;

    seam_real.GetTokenInformation(token, class, NULL, 0, &size);
    buffer = malloc(size == 0 ? 1 : size);
    if (buffer != NULL &&
        !seam_real.GetTokenInformation(token, class, buffer, size, &size)) {
        free(buffer);
        buffer = NULL;
    }
    return buffer;
}

static bool may_take_ownership(HANDLE token)
{
    TOKEN_PRIVILEGES *privileges = query(token, TokenPrivileges);
    bool may = false;

    for (DWORD i = 0; privileges != NULL && i < privileges->PrivilegeCount;
         i++) {
        const LUID_AND_ATTRIBUTES *one = &privileges->Privileges[i];

        if (one->Luid.LowPart == 9 /* SE_TAKE_OWNERSHIP_PRIVILEGE */ &&
            (one->Attributes & SE_PRIVILEGE_ENABLED))
            may = true;
    }
    free(privileges);
    return may;
}

static void release(struct counted *one)
{
    if (one == NULL || InterlockedDecrement(&one->holders) != 0)
        return;
    free(one->subject.user);
    free(one->subject.groups);
    free(one);
}

static struct counted *read_subject(HANDLE token, const TOKEN_STATISTICS *facts)
{
    struct counted *one = calloc(1, sizeof *one);

    if (one == NULL)
        return NULL;
    one->holders = 1;
    one->adjusted = identity_adjusted();
    one->subject.token = *facts;
    one->subject.user = query(token, TokenUser);
    one->subject.groups = query(token, TokenGroups);
    one->subject.may_take_ownership = may_take_ownership(token);
    if (one->subject.user == NULL || one->subject.groups == NULL) {
        release(one);
        return NULL;
    }
    return one;
}

static bool same_number(LUID one, LUID other)
{
    return one.LowPart == other.LowPart && one.HighPart == other.HighPart;
}

static struct counted *find(const TOKEN_STATISTICS *facts)
{
    for (int i = 0; i < KEPT; i++) {
        struct counted *one = kept[i];

        if (one != NULL && one->adjusted == identity_adjusted() &&
            same_number(one->subject.token.TokenId, facts->TokenId) &&
            same_number(one->subject.token.ModifiedId, facts->ModifiedId))
            return one;
    }
    return NULL;
}

struct subject *subject_of(HANDLE token)
{
    TOKEN_STATISTICS facts;
    struct counted *found, *replaced = NULL;
    DWORD size;

    if (!seam_real.GetTokenInformation(
            token, TokenStatistics, &facts, sizeof facts, &size))
        return NULL;
    AcquireSRWLockExclusive(&lock);
    found = find(&facts);
    if (found == NULL) {
        found = read_subject(token, &facts);
        if (found != NULL) {
            replaced = kept[next_place];
            kept[next_place] = found;
            next_place = (next_place + 1) % KEPT;
        }
    }
    if (found != NULL)
        InterlockedIncrement(&found->holders);
    ReleaseSRWLockExclusive(&lock);
    release(replaced);
    return found == NULL ? NULL : &found->subject;
}

void subject_drop(struct subject *subject)
{
    release((struct counted *)subject);
}

bool subject_holds(const struct subject *subject, PSID sid, bool denying)
{
    DWORD attributes;

    if (EqualSid(sid, subject->user->User.Sid)) {
        attributes = subject->user->User.Attributes;
        return denying || !(attributes & SE_GROUP_USE_FOR_DENY_ONLY);
    }
    for (DWORD i = 0; i < subject->groups->GroupCount; i++) {
        attributes = subject->groups->Groups[i].Attributes;
        if (!EqualSid(sid, subject->groups->Groups[i].Sid))
            continue;
        if (attributes & SE_GROUP_USE_FOR_DENY_ONLY)
            return denying;
        return attributes & SE_GROUP_ENABLED;
    }
    return false;
}
