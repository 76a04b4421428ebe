/* np_sd.h - security descriptors from their text form, SDDL. */
#ifndef NP_SD_H
#define NP_SD_H

#include "np_error.h"

/*
 * The access mask to give a pipe's clients: FILE_GENERIC_READ and
 * FILE_GENERIC_WRITE without FILE_CREATE_PIPE_INSTANCE (0x4). With
 * GENERIC_WRITE a client could create instances of the pipe, and so be its
 * server (P12).
 */
#define NP_CLIENT_ACCESS L"0x0012019B"

/*
 * np_sd_from_text - a SECURITY_ATTRIBUTES ready for a Create... call.
 *
 * sddl      in   for example L"D:P(A;;GA;;;OW)(A;;" NP_CLIENT_ACCESS L";;;WD)"
 * security  out  not inheritable; release it with np_sd_free. Zeroed, with a
 *                NULL descriptor, on failure: pass that to nothing, for it
 *                means the default descriptor. No descriptor, no object
 *
 * Returns 0; ERROR_INVALID_PARAMETER (87), ERROR_INVALID_ACL (1336),
 * ERROR_INVALID_SID (1337) or another code of the conversion.
 * Ref: ConvertStringSecurityDescriptorToSecurityDescriptor.
 */
NP_NODISCARD DWORD np_sd_from_text(const wchar_t *sddl,
                                   SECURITY_ATTRIBUTES *security);

/* np_sd_free - release it; a zeroed one and a second time do no harm. The
 * object made with it keeps its own copy. */
void np_sd_free(SECURITY_ATTRIBUTES *security);

#endif
