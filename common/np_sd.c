/* np_sd.c - see np_sd.h. */
#include "np_sd.h"

#include <sddl.h>

DWORD np_sd_from_text(const wchar_t *sddl, SECURITY_ATTRIBUTES *security)
{
    PSECURITY_DESCRIPTOR descriptor = NULL;

    *security = (SECURITY_ATTRIBUTES){0};
    if (!ConvertStringSecurityDescriptorToSecurityDescriptorW(
            sddl, SDDL_REVISION_1, &descriptor, /* size, unused */ NULL))
        return np_last_error();
    security->nLength = sizeof *security;
    security->lpSecurityDescriptor = descriptor;
    return 0;
}

void np_sd_free(SECURITY_ATTRIBUTES *security)
{
    LocalFree(security->lpSecurityDescriptor);
    *security = (SECURITY_ATTRIBUTES){0};
}
