/* client_trust.c - see client_trust.h. */
#include "client_trust.h"
#include "np_handle.h"
#include "np_token.h"

#include <aclapi.h>
#include <sddl.h>
#include <stdlib.h>

/* The user this process runs as; the caller frees it with LocalFree. */
static DWORD own_user(PSID *user)
{
    HANDLE token = NULL;
    void *info = NULL;
    DWORD err = 0;
    DWORD size;

    *user = NULL;
    if (!OpenProcessToken(GetCurrentProcess(), TOKEN_QUERY, &token))
        return np_last_error();
    err = np_token_info(token, TokenUser, &info);
    if (err != 0)
        goto out;
    size = GetLengthSid(((TOKEN_USER *)info)->User.Sid);
    *user = LocalAlloc(LMEM_FIXED, size);
    if (*user == NULL)
        err = ERROR_NOT_ENOUGH_MEMORY;
    else if (!CopySid(size, *user, ((TOKEN_USER *)info)->User.Sid))
        err = np_last_error();
out:
    free(info);
    np_close(&token);
    return err;
}

DWORD trust_begin(struct trust *trust, const wchar_t *owner)
{
    const wchar_t *group = NULL;
    PSID user = NULL;
    DWORD err;

    *trust = (struct trust){0};
    err = own_user(&user);
    if (err != 0)
        goto out;
    if (owner != NULL && !ConvertStringSidToSidW(owner, &trust->owner)) {
        err = np_last_error();
        goto out;
    }
    if (owner != NULL && !EqualSid(trust->owner, user))
        goto out; /* somebody else: that he made the pipe is enough */
    if (trust->owner == NULL) {
        trust->owner = user;
        user = NULL;
    }
    err = np_lab_group(&group);
    if (err == 0 && !ConvertStringSidToSidW(group, &trust->group))
        err = np_last_error();
out:
    LocalFree(user);
    return err;
}

void trust_end(struct trust *trust)
{
    LocalFree(trust->owner);
    LocalFree(trust->group);
    *trust = (struct trust){0};
}

/* Whether the pipe belongs to that user. */
static DWORD made_by(HANDLE pipe, PSID user, bool *yes)
{
    PSECURITY_DESCRIPTOR descriptor = NULL;
    PSID owner = NULL;
    DWORD err = 0;

    *yes = false;
    // BEGIN SOLUTION 09.2
    // STUB: /* TODO 09.2: ask the pipe, a kernel object, for its owner, and
    // STUB:  * compare. Who returns the code here, and what has to be freed? */
    // STUB: (void)pipe, (void)user, (void)owner;
    // STUB: err = NP_TODO("09.2");
    err = GetSecurityInfo(pipe,
                          SE_KERNEL_OBJECT,
                          OWNER_SECURITY_INFORMATION,
                          &owner,
                          NULL,
                          NULL,
                          NULL,
                          &descriptor);
    /* A descriptor may have no owner; nobody is not the one we want. */
    if (err == 0 && owner != NULL)
        *yes = EqualSid(owner, user);
    // END SOLUTION 09.2
    LocalFree(descriptor);
    return err;
}

/* The token of the process that made the instance we talk to; the caller
 * closes it. */
static DWORD server_token(HANDLE pipe, HANDLE *token)
{
    HANDLE process = NULL;
    ULONG id = 0;
    DWORD err = 0;

    *token = NULL;
    // BEGIN SOLUTION 09.3
    // STUB: /* TODO 09.3: which process is it? Open it, and its token, with no
    // STUB:  * more rights than it takes to look. */
    // STUB: (void)pipe, (void)id;
    // STUB: err = NP_TODO("09.3");
    /* A hint and no proof: the id can be in use again, or forged (N03). That
     * is the price of two identities with one SID; see question 3. */
    if (!GetNamedPipeServerProcessId(pipe, &id))
        err = np_last_error();
    if (err == 0) {
        process = OpenProcess(PROCESS_QUERY_LIMITED_INFORMATION, FALSE, id);
        if (process == NULL || !OpenProcessToken(process, TOKEN_QUERY, token))
            err = np_last_error();
    }
    // END SOLUTION 09.3
    np_close(&process);
    return err;
}

/* Whether the token has this group, and it counts. */
static DWORD has_group(HANDLE token, PSID group, bool *yes)
{
    void *info = NULL;
    DWORD err = np_token_info(token, TokenGroups, &info);
    TOKEN_GROUPS *all = info;

    *yes = false;
    for (DWORD i = 0; err == 0 && i < all->GroupCount; i++) {
        const SID_AND_ATTRIBUTES *one = &all->Groups[i];
        // BEGIN SOLUTION 09.4
        // STUB: /* TODO 09.4: set *yes if this one is the group, and counts. A
        // STUB:  * lesser token has it in its list, too. */
        // STUB: (void)one, (void)group;
        // STUB: err = NP_TODO("09.4");
        if (EqualSid(one->Sid, group) &&
            (one->Attributes & SE_GROUP_ENABLED) != 0 &&
            (one->Attributes & SE_GROUP_USE_FOR_DENY_ONLY) == 0)
            *yes = true;
        // END SOLUTION 09.4
    }
    free(info);
    return err;
}

DWORD
trust_check(HANDLE pipe, const struct trust *trust, const char **doubt)
{
    HANDLE token = NULL;
    bool yes = false;
    DWORD err;

    *doubt = "its owner cannot be learned";
    err = made_by(pipe, trust->owner, &yes);
    if (err == 0 && !yes)
        *doubt = "the pipe belongs to another user";
    if (err != 0 || !yes)
        goto out;
    if (trust->group == NULL) {
        *doubt = NULL;
        goto out;
    }
    *doubt = "the process that serves it cannot be looked at";
    err = server_token(pipe, &token);
    if (err == 0)
        err = has_group(token, trust->group, &yes);
    if (err == 0)
        *doubt = yes ? NULL : "a process with fewer rights serves it";
out:
    np_close(&token);
    return err;
}
