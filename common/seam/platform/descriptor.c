/* descriptor.c - see descriptor.h. */
#include "descriptor.h"
#include "../seam.h"
#include "access.h"
#include "identity.h"

#include <sddl.h>
#include <stdlib.h>

#define MAX_ACL 3500

/* The user of the thread's token: the owner of what the thread makes. (Wine's
 * own default owner is a group, fact D14; Windows takes Administrators for an
 * elevated administrator, which Wine does not have.) */
static bool read_user(void *buffer, DWORD size)
{
    HANDLE token = identity_token(TOKEN_QUERY);
    bool ok = token != NULL && seam_real.GetTokenInformation(
                                   token, TokenUser, buffer, size, &size);

    if (token != NULL)
        seam_real.CloseHandle(token);
    return ok;
}

static bool add_well_known(ACL *acl, WELL_KNOWN_SID_TYPE type, DWORD mask)
{
    BYTE sid[SECURITY_MAX_SID_SIZE];
    DWORD size = sizeof sid;

    return CreateWellKnownSid(type, NULL, sid, &size) &&
           AddAccessAllowedAce(acl, ACL_REVISION, mask, sid);
}

static bool make_default(ACL *acl, enum descriptor_default kind, PSID owner)
{
    return InitializeAcl(acl, MAX_ACL, ACL_REVISION) &&
           add_well_known(acl, WinLocalSystemSid, FILE_ALL_ACCESS) &&
           add_well_known(acl, WinBuiltinAdministratorsSid, FILE_ALL_ACCESS) &&
           AddAccessAllowedAce(acl, ACL_REVISION, FILE_ALL_ACCESS, owner) &&
           (kind != DEFAULT_PIPE ||
            (add_well_known(acl, WinWorldSid, FILE_GENERIC_READ) &&
             add_well_known(acl, WinAnonymousSid, FILE_GENERIC_READ)));
}

/* Objects never keep generic rights: they become the object's own. */
static void map_entries(ACL *acl)
{
    GENERIC_MAPPING mapping = access_file_mapping;

    for (DWORD i = 0; i < acl->AceCount; i++) {
        ACCESS_ALLOWED_ACE *ace = NULL;

        if (GetAce(acl, i, (void **)&ace) &&
            (ace->Header.AceType == ACCESS_ALLOWED_ACE_TYPE ||
             ace->Header.AceType == ACCESS_DENIED_ACE_TYPE))
            MapGenericMask(&ace->Mask, &mapping);
    }
}

/* Puts the parts together; `dacl` NULL is a NULL DACL. */
static bool assemble(
    PSID owner, PSID group, ACL *dacl, bool is_protected, void *out, DWORD size)
{
    SECURITY_DESCRIPTOR whole;
    union {
        ACL acl;
        BYTE room[MAX_ACL];
    } mapped;

    if (dacl != NULL) {
        if (dacl->AclSize > sizeof mapped) {
            SetLastError(ERROR_INVALID_ACL);
            return false;
        }
        memcpy(&mapped, dacl, dacl->AclSize);
        map_entries(&mapped.acl);
    }
    return InitializeSecurityDescriptor(&whole, SECURITY_DESCRIPTOR_REVISION) &&
           SetSecurityDescriptorOwner(&whole, owner, FALSE) &&
           SetSecurityDescriptorGroup(&whole, group, FALSE) &&
           SetSecurityDescriptorDacl(
               &whole, TRUE, dacl == NULL ? NULL : &mapped.acl, FALSE) &&
           SetSecurityDescriptorControl(&whole,
                                        SE_DACL_PROTECTED,
                                        is_protected ? SE_DACL_PROTECTED : 0) &&
           MakeSelfRelativeSD(&whole, out, &size);
}

static bool is_protected(PSECURITY_DESCRIPTOR descriptor)
{
    SECURITY_DESCRIPTOR_CONTROL control = 0;
    DWORD revision;

    GetSecurityDescriptorControl(descriptor, &control, &revision);
    return control & SE_DACL_PROTECTED;
}

bool descriptor_make(PSECURITY_DESCRIPTOR given,
                     enum descriptor_default kind,
                     void *out,
                     DWORD size)
{
    union {
        TOKEN_USER user;
        BYTE room[sizeof(TOKEN_USER) + SECURITY_MAX_SID_SIZE];
    } self;
    union {
        ACL acl;
        BYTE room[MAX_ACL];
    } standard;
    PSID owner = NULL, group = NULL;
    ACL *dacl = NULL;
    BOOL present = FALSE, defaulted;

    if (!read_user(&self, sizeof self))
        return false;
    if (given != NULL &&
        (!IsValidSecurityDescriptor(given) ||
         !GetSecurityDescriptorOwner(given, &owner, &defaulted) ||
         !GetSecurityDescriptorGroup(given, &group, &defaulted) ||
         !GetSecurityDescriptorDacl(given, &present, &dacl, &defaulted))) {
        SetLastError(ERROR_INVALID_SECURITY_DESCR);
        return false;
    }
    owner = owner == NULL ? self.user.User.Sid : owner;
    group = group == NULL ? self.user.User.Sid : group;
    if (!present) {
        if (!make_default(&standard.acl, kind, owner))
            return false;
        dacl = &standard.acl;
    }
    return assemble(
        owner, group, dacl, present && is_protected(given), out, size);
}

bool descriptor_replace(void *descriptor,
                        DWORD size,
                        SECURITY_INFORMATION which,
                        PSECURITY_DESCRIPTOR by)
{
    PSID owner, group;
    ACL *dacl = NULL;
    BOOL present = FALSE, defaulted;
    bool guarded;
    void *copy;
    bool done;
    PSECURITY_DESCRIPTOR from = which & DACL_SECURITY_INFORMATION
                                    ? by
                                    : (PSECURITY_DESCRIPTOR)descriptor;

    if (!GetSecurityDescriptorOwner(
            which & OWNER_SECURITY_INFORMATION ? by : descriptor,
            &owner,
            &defaulted) ||
        !GetSecurityDescriptorGroup(
            which & GROUP_SECURITY_INFORMATION ? by : descriptor,
            &group,
            &defaulted) ||
        !GetSecurityDescriptorDacl(from, &present, &dacl, &defaulted) ||
        owner == NULL || group == NULL) {
        SetLastError(ERROR_INVALID_SECURITY_DESCR);
        return false;
    }
    guarded = is_protected(from);
    if (which & PROTECTED_DACL_SECURITY_INFORMATION)
        guarded = true;
    if (which & UNPROTECTED_DACL_SECURITY_INFORMATION)
        guarded = false;
    copy = malloc(size);
    if (copy == NULL)
        return false;
    done = assemble(owner, group, present ? dacl : NULL, guarded, copy, size);
    if (done)
        memcpy(descriptor, copy, size);
    free(copy);
    return done;
}

/* The flags that an entry of a folder has on what is made in it; false when it
 * is not for that. */
static bool inherited_flags(BYTE flags, bool is_folder, BYTE *result)
{
    if (!is_folder) {
        *result = INHERITED_ACE;
        return flags & OBJECT_INHERIT_ACE;
    }
    *result = INHERITED_ACE;
    if (!(flags & NO_PROPAGATE_INHERIT_ACE))
        *result |= flags & (OBJECT_INHERIT_ACE | CONTAINER_INHERIT_ACE);
    if (!(flags & CONTAINER_INHERIT_ACE))
        *result |= INHERIT_ONLY_ACE; /* only handed on to files */
    return (flags & CONTAINER_INHERIT_ACE) ||
           ((flags & OBJECT_INHERIT_ACE) &&
            !(flags & NO_PROPAGATE_INHERIT_ACE));
}

bool descriptor_inherit(void *descriptor,
                        DWORD size,
                        PSECURITY_DESCRIPTOR folder,
                        bool is_folder)
{
    union {
        ACL acl;
        BYTE room[MAX_ACL];
    } inherited;
    SECURITY_DESCRIPTOR by;
    BOOL present = FALSE, defaulted;
    ACL *dacl = NULL;

    if (!GetSecurityDescriptorDacl(folder, &present, &dacl, &defaulted) ||
        !present || dacl == NULL ||
        !InitializeAcl(&inherited.acl, sizeof inherited, ACL_REVISION))
        return false;
    for (DWORD i = 0; i < dacl->AceCount; i++) {
        ACE_HEADER *ace = NULL;
        BYTE flags;

        if (!GetAce(dacl, i, (void **)&ace) ||
            !inherited_flags(ace->AceFlags, is_folder, &flags) ||
            !AddAce(&inherited.acl, ACL_REVISION, MAXDWORD, ace, ace->AceSize))
            continue;
        GetAce(&inherited.acl, inherited.acl.AceCount - 1u, (void **)&ace);
        ace->AceFlags = flags;
    }
    return inherited.acl.AceCount != 0 &&
           InitializeSecurityDescriptor(&by, SECURITY_DESCRIPTOR_REVISION) &&
           SetSecurityDescriptorDacl(&by, TRUE, &inherited.acl, FALSE) &&
           descriptor_replace(descriptor, size, DACL_SECURITY_INFORMATION, &by);
}

BOOL descriptor_extract(PSECURITY_DESCRIPTOR descriptor,
                        SECURITY_INFORMATION which,
                        void *out,
                        DWORD size,
                        DWORD *needed)
{
    SECURITY_DESCRIPTOR part;
    PSID owner = NULL, group = NULL;
    ACL *dacl = NULL;
    BOOL present = FALSE, defaulted;
    DWORD room = size;
    DWORD error = GetLastError();

    GetSecurityDescriptorOwner(descriptor, &owner, &defaulted);
    GetSecurityDescriptorGroup(descriptor, &group, &defaulted);
    GetSecurityDescriptorDacl(descriptor, &present, &dacl, &defaulted);
    InitializeSecurityDescriptor(&part, SECURITY_DESCRIPTOR_REVISION);
    if (which & OWNER_SECURITY_INFORMATION)
        SetSecurityDescriptorOwner(&part, owner, FALSE);
    if (which & GROUP_SECURITY_INFORMATION)
        SetSecurityDescriptorGroup(&part, group, FALSE);
    if (which & DACL_SECURITY_INFORMATION) {
        SetSecurityDescriptorDacl(&part, present, dacl, FALSE);
        if (is_protected(descriptor))
            SetSecurityDescriptorControl(
                &part, SE_DACL_PROTECTED, SE_DACL_PROTECTED);
    }
    if (!MakeSelfRelativeSD(&part, out, &room)) {
        if (needed != NULL)
            *needed = room;
        return FALSE;
    }
    if (needed != NULL)
        *needed = room;
    SetLastError(error);
    return TRUE;
}

DWORD descriptor_read_rights(SECURITY_INFORMATION which)
{
    return which & SACL_SECURITY_INFORMATION
               ? READ_CONTROL | ACCESS_SYSTEM_SECURITY
               : READ_CONTROL;
}

DWORD descriptor_write_rights(SECURITY_INFORMATION which)
{
    DWORD rights = 0;

    if (which & (OWNER_SECURITY_INFORMATION | GROUP_SECURITY_INFORMATION))
        rights |= WRITE_OWNER;
    if (which & DACL_SECURITY_INFORMATION)
        rights |= WRITE_DAC;
    return rights;
}
