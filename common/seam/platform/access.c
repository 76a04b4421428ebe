/* access.c - see access.h. */
#include "access.h"
#include "identity.h"
#include "platform.h"
#include "subject.h"

const GENERIC_MAPPING access_file_mapping = {FILE_GENERIC_READ,
                                             FILE_GENERIC_WRITE,
                                             FILE_GENERIC_EXECUTE,
                                             FILE_ALL_ACCESS};

/* S-1-3-4, OWNER RIGHTS: whoever owns the object. */
static bool is_owner_rights(PSID sid)
{
    return IsWellKnownSid(sid, WinCreatorOwnerRightsSid);
}

/* What an entry allows or denies this subject; 0 when it is not about it. */
static DWORD entry_mask(const struct subject *subject,
                        bool is_owner,
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
            ? !is_owner
            : !subject_holds(subject, &ace->SidStart, denying))
        return 0;
    MapGenericMask(&mask, &copy);
    return mask;
}

static bool owns(const struct subject *subject, PSECURITY_DESCRIPTOR descriptor)
{
    PSID owner = NULL;
    BOOL defaulted;

    return GetSecurityDescriptorOwner(descriptor, &owner, &defaulted) &&
           owner != NULL && subject_holds(subject, owner, false);
}

/* The owner may always read the descriptor and change the DACL (fact D04),
 * unless an entry for OWNER RIGHTS says what he may instead. */
static DWORD rights_of_owner(ACL *dacl)
{
    ACCESS_ALLOWED_ACE *ace = NULL;

    for (DWORD i = 0; dacl != NULL && i < dacl->AceCount; i++)
        if (GetAce(dacl, i, (void **)&ace) &&
            !(ace->Header.AceFlags & INHERIT_ONLY_ACE) &&
            is_owner_rights(&ace->SidStart))
            return 0;
    return READ_CONTROL | WRITE_DAC;
}

/* Walks the entries in order. The first that speaks of a right decides it. */
static DWORD allowed_rights(const struct subject *subject,
                            PSECURITY_DESCRIPTOR descriptor,
                            const GENERIC_MAPPING *mapping)
{
    DWORD allowed = subject->may_take_ownership ? WRITE_OWNER : 0, denied = 0;
    BOOL present = FALSE, defaulted;
    bool is_owner;
    ACL *dacl = NULL;

    if (!GetSecurityDescriptorDacl(descriptor, &present, &dacl, &defaulted))
        return 0;
    is_owner = owns(subject, descriptor);
    if (is_owner)
        allowed |= rights_of_owner(present ? dacl : NULL);
    if (!present || dacl == NULL)
        return mapping->GenericAll | allowed;
    for (DWORD i = 0; i < dacl->AceCount; i++) {
        ACCESS_ALLOWED_ACE *ace = NULL;
        DWORD mask;

        if (!GetAce(dacl, i, (void **)&ace))
            break;
        mask = entry_mask(subject, is_owner, ace, mapping);
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

/* Decides for a token. `*granted` gets the rights asked for, or with
 * MAXIMUM_ALLOWED all there are. False: refused, or the token cannot be
 * queried. Changes the last error. */
static bool access_check(PSECURITY_DESCRIPTOR descriptor,
                         HANDLE token,
                         DWORD desired,
                         const GENERIC_MAPPING *mapping,
                         DWORD *granted)
{
    struct subject *subject = subject_of(token);
    DWORD allowed;

    *granted = 0;
    if (subject == NULL)
        return false;
    allowed = allowed_rights(subject, descriptor, mapping);
    subject_drop(subject);
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
    static struct subject *self;
    static LONG read_at;
    LONG now = identity_adjusted();
    DWORD allowed = 0, granted;
    HANDLE token;

    AcquireSRWLockExclusive(&lock);
    if (read_at != now &&
        seam_real.OpenProcessToken(GetCurrentProcess(), TOKEN_QUERY, &token)) {
        if (self != NULL)
            subject_drop(self);
        self = subject_of(token);
        read_at = self == NULL ? 0 : now;
        seam_real.CloseHandle(token);
    }
    if (self != NULL)
        allowed = allowed_rights(self, descriptor, &access_file_mapping);
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

/* A question that Wine would refuse, or answer with a privilege, is left to
 * it. */
static bool is_plain(const struct subject *subject,
                     PSECURITY_DESCRIPTOR descriptor,
                     DWORD desired,
                     const PRIVILEGE_SET *privileges,
                     const DWORD *privileges_size)
{
    const DWORD not_plain = GENERIC_ALL | GENERIC_READ | GENERIC_WRITE |
                            GENERIC_EXECUTE | ACCESS_SYSTEM_SECURITY |
                            WRITE_OWNER;
    PSID owner = NULL, group = NULL;
    BOOL defaulted;

    return subject->token.TokenType == TokenImpersonation &&
           subject->token.ImpersonationLevel >= SecurityIdentification &&
           (desired & not_plain) == 0 && privileges != NULL &&
           privileges_size != NULL && *privileges_size >= sizeof *privileges &&
           IsValidSecurityDescriptor(descriptor) &&
           GetSecurityDescriptorOwner(descriptor, &owner, &defaulted) &&
           GetSecurityDescriptorGroup(descriptor, &group, &defaulted) &&
           owner != NULL && group != NULL;
}

/* False: nothing was decided. */
static bool decide_plainly(PSECURITY_DESCRIPTOR descriptor,
                           HANDLE token,
                           DWORD desired,
                           const GENERIC_MAPPING *mapping,
                           PRIVILEGE_SET *privileges,
                           const DWORD *privileges_size,
                           DWORD *granted,
                           BOOL *status)
{
    struct subject *subject = subject_of(token);
    bool plain;

    if (subject == NULL)
        return false;
    plain = mapping != NULL && granted != NULL && status != NULL &&
            is_plain(subject, descriptor, desired, privileges, privileges_size);
    if (plain) {
        privileges->PrivilegeCount = 0;
        *granted = 0;
        *status = grant(allowed_rights(subject, descriptor, mapping),
                        desired,
                        mapping,
                        granted);
    }
    subject_drop(subject);
    return plain;
}

BOOL WINAPI platform_AccessCheck(PSECURITY_DESCRIPTOR descriptor,
                                 HANDLE token,
                                 DWORD desired,
                                 GENERIC_MAPPING *mapping,
                                 PRIVILEGE_SET *privileges,
                                 DWORD *privileges_size,
                                 DWORD *granted,
                                 BOOL *status)
{
    DWORD error = GetLastError();

    if (!decide_plainly(descriptor,
                        token,
                        desired,
                        mapping,
                        privileges,
                        privileges_size,
                        granted,
                        status)) {
        /* Wine checks the arguments and the token's level. */
        if (!seam_real.AccessCheck(descriptor,
                                   token,
                                   desired,
                                   mapping,
                                   privileges,
                                   privileges_size,
                                   granted,
                                   status))
            return FALSE;
        if (desired & ACCESS_SYSTEM_SECURITY)
            return TRUE; /* decided by a privilege, which Wine looks at */
        *status = access_check(descriptor, token, desired, mapping, granted);
    }
    /* The reason of a refusal is in the last error. */
    SetLastError(*status ? error : ERROR_ACCESS_DENIED);
    return TRUE;
}

/* Without a list of types and without an object's own SID it asks the same.
 * With them, Wine knows no answer, and neither do we. */
BOOL WINAPI platform_AccessCheckByType(PSECURITY_DESCRIPTOR descriptor,
                                       PSID self,
                                       HANDLE token,
                                       DWORD desired,
                                       OBJECT_TYPE_LIST *types,
                                       DWORD type_count,
                                       GENERIC_MAPPING *mapping,
                                       PRIVILEGE_SET *privileges,
                                       DWORD *privileges_size,
                                       DWORD *granted,
                                       BOOL *status)
{
    if (self != NULL || type_count != 0)
        return seam_real.AccessCheckByType(descriptor,
                                           self,
                                           token,
                                           desired,
                                           types,
                                           type_count,
                                           mapping,
                                           privileges,
                                           privileges_size,
                                           granted,
                                           status);
    return platform_AccessCheck(descriptor,
                                token,
                                desired,
                                mapping,
                                privileges,
                                privileges_size,
                                granted,
                                status);
}
