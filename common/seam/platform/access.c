/* access.c - see access.h. */
#include "access.h"
#include "identity.h"
#include "platform.h"

#include <stdlib.h>

const GENERIC_MAPPING access_file_mapping = {FILE_GENERIC_READ,
                                             FILE_GENERIC_WRITE,
                                             FILE_GENERIC_EXECUTE,
                                             FILE_ALL_ACCESS};

/* What of a token the check looks at. */
struct subject {
    TOKEN_USER *user;
    TOKEN_GROUPS *groups;
    bool may_take_ownership; /* SeTakeOwnershipPrivilege is enabled */
    bool is_owner;           /* of the object that is judged */
};

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

static void read_privileges(struct subject *subject, HANDLE token)
{
    TOKEN_PRIVILEGES *privileges = query(token, TokenPrivileges);

    for (DWORD i = 0; privileges != NULL && i < privileges->PrivilegeCount;
         i++) {
        const LUID_AND_ATTRIBUTES *one = &privileges->Privileges[i];

        if (one->Luid.LowPart == 9 /* SE_TAKE_OWNERSHIP_PRIVILEGE */ &&
            (one->Attributes & SE_PRIVILEGE_ENABLED))
            subject->may_take_ownership = true;
    }
    free(privileges);
}

static void forget(struct subject *subject)
{
    free(subject->user);
    free(subject->groups);
    subject->user = NULL;
    subject->groups = NULL;
}

static bool read_subject(struct subject *subject, HANDLE token)
{
    subject->user = query(token, TokenUser);
    subject->groups = query(token, TokenGroups);
    subject->may_take_ownership = false;
    if (subject->user == NULL || subject->groups == NULL) {
        forget(subject);
        return false;
    }
    read_privileges(subject, token);
    return true;
}

/* A deny-only SID counts for entries that deny, never for those that allow. */
static bool is_held(const struct subject *subject, PSID sid, bool denying)
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

/* S-1-3-4, OWNER RIGHTS: whoever owns the object. */
static bool is_owner_rights(PSID sid)
{
    return IsWellKnownSid(sid, WinCreatorOwnerRightsSid);
}

/* What an entry allows or denies this subject; 0 when it is not about it. */
static DWORD entry_mask(const struct subject *subject,
                        ACCESS_ALLOWED_ACE *ace,
                        const GENERIC_MAPPING *mapping)
{
    GENERIC_MAPPING copy = *mapping;
    bool denying = ace->Header.AceType == ACCESS_DENIED_ACE_TYPE;
    DWORD mask = ace->Mask;

    if (ace->Header.AceFlags & INHERIT_ONLY_ACE)
        return 0;
    if (!denying && ace->Header.AceType != ACCESS_ALLOWED_ACE_TYPE)
        return 0;
    if (is_owner_rights(&ace->SidStart)
            ? !subject->is_owner
            : !is_held(subject, &ace->SidStart, denying))
        return 0;
    MapGenericMask(&mask, &copy);
    return mask;
}

static bool owns(const struct subject *subject, PSECURITY_DESCRIPTOR descriptor)
{
    PSID owner = NULL;
    BOOL defaulted;

    return GetSecurityDescriptorOwner(descriptor, &owner, &defaulted) &&
           owner != NULL && is_held(subject, owner, false);
}

/* The owner may always read the descriptor and change the DACL (fact D04),
 * unless an entry for OWNER RIGHTS says what he may instead. */
static DWORD rights_of_owner(const struct subject *subject, ACL *dacl)
{
    DWORD rights = subject->may_take_ownership ? WRITE_OWNER : 0;
    ACCESS_ALLOWED_ACE *ace = NULL;

    if (!subject->is_owner)
        return rights;
    for (DWORD i = 0; dacl != NULL && i < dacl->AceCount; i++)
        if (GetAce(dacl, i, (void **)&ace) &&
            !(ace->Header.AceFlags & INHERIT_ONLY_ACE) &&
            is_owner_rights(&ace->SidStart))
            return rights;
    return rights | READ_CONTROL | WRITE_DAC;
}

/* Walks the entries in order. The first that speaks of a right decides it. */
static DWORD allowed_rights(struct subject *subject,
                            PSECURITY_DESCRIPTOR descriptor,
                            const GENERIC_MAPPING *mapping)
{
    DWORD allowed, denied = 0;
    BOOL present = FALSE, defaulted;
    ACL *dacl = NULL;

    if (!GetSecurityDescriptorDacl(descriptor, &present, &dacl, &defaulted))
        return 0;
    subject->is_owner = owns(subject, descriptor);
    allowed = rights_of_owner(subject, present ? dacl : NULL);
    if (!present || dacl == NULL)
        return mapping->GenericAll | allowed;
    for (DWORD i = 0; i < dacl->AceCount; i++) {
        ACCESS_ALLOWED_ACE *ace = NULL;
        DWORD mask;

        if (!GetAce(dacl, i, (void **)&ace))
            break;
        mask = entry_mask(subject, ace, mapping);
        if (ace->Header.AceType == ACCESS_DENIED_ACE_TYPE)
            denied |= mask & ~allowed;
        else
            allowed |= mask & ~denied;
    }
    return allowed;
}

/* Compares what is asked for with what is allowed. */
static bool grant(DWORD allowed,
                  DWORD desired,
                  const GENERIC_MAPPING *mapping,
                  DWORD *granted)
{
    GENERIC_MAPPING copy = *mapping;

    MapGenericMask(&desired, &copy);
    if (desired & MAXIMUM_ALLOWED) {
        desired &= ~(DWORD)MAXIMUM_ALLOWED;
        *granted = allowed;
        return (desired & ~allowed) == 0 && allowed != 0;
    }
    if ((desired & ~allowed) != 0)
        return false;
    *granted = desired;
    return true;
}

bool access_check(PSECURITY_DESCRIPTOR descriptor,
                  HANDLE token,
                  DWORD desired,
                  const GENERIC_MAPPING *mapping,
                  DWORD *granted)
{
    struct subject subject;
    DWORD allowed;

    *granted = 0;
    if (!read_subject(&subject, token))
        return false;
    allowed = allowed_rights(&subject, descriptor, mapping);
    forget(&subject);
    return grant(allowed, desired, mapping, granted);
}

static bool thread_may(PSECURITY_DESCRIPTOR descriptor, DWORD desired)
{
    HANDLE token = identity_token(TOKEN_QUERY);
    DWORD granted;
    bool allowed;

    if (token == NULL)
        return false;
    allowed = access_check(
        descriptor, token, desired, &access_file_mapping, &granted);
    seam_real.CloseHandle(token);
    return allowed;
}

/* The process's own token hardly ever changes, so it is read once. */
static bool process_may(PSECURITY_DESCRIPTOR descriptor, DWORD desired)
{
    static SRWLOCK lock = SRWLOCK_INIT;
    static struct subject self;
    static LONG read_at;
    LONG now = identity_adjusted();
    DWORD allowed = 0, granted;
    HANDLE token;

    AcquireSRWLockExclusive(&lock);
    if (read_at != now &&
        seam_real.OpenProcessToken(GetCurrentProcess(), TOKEN_QUERY, &token)) {
        forget(&self);
        read_at = read_subject(&self, token) ? now : 0;
        seam_real.CloseHandle(token);
    }
    if (read_at != 0)
        allowed = allowed_rights(&self, descriptor, &access_file_mapping);
    ReleaseSRWLockExclusive(&lock);
    return grant(allowed, desired, &access_file_mapping, &granted);
}

bool access_allows(PSECURITY_DESCRIPTOR descriptor, DWORD desired)
{
    DWORD error = GetLastError();
    bool allowed = identity_is_worn() ? thread_may(descriptor, desired)
                                      : process_may(descriptor, desired);

    SetLastError(error);
    return allowed;
}

/* Wine checks the arguments and the token's level; the verdict is ours. */
BOOL WINAPI platform_AccessCheck(PSECURITY_DESCRIPTOR descriptor,
                                 HANDLE token,
                                 DWORD desired,
                                 GENERIC_MAPPING *mapping,
                                 PRIVILEGE_SET *privileges,
                                 DWORD *privileges_size,
                                 DWORD *granted,
                                 BOOL *status)
{
    DWORD error;

    if (!seam_real.AccessCheck(descriptor,
                               token,
                               desired,
                               mapping,
                               privileges,
                               privileges_size,
                               granted,
                               status))
        return FALSE;
    error = GetLastError();
    if (desired & ACCESS_SYSTEM_SECURITY)
        return TRUE; /* decided by a privilege, which Wine looks at */
    *status = access_check(descriptor, token, desired, mapping, granted);
    /* The reason of a refusal is in the last error. */
    SetLastError(*status ? error : ERROR_ACCESS_DENIED);
    return TRUE;
}
