/*
 * door.h - what the two programs of lab 04 agree on, and who may use the pipe.
 *
 * A client writes a message of 0 to 1,000 bytes and gets one back:
 *
 *     welcome, TEXT
 *
 * as often as it likes over one connection.
 */
#ifndef DOOR_H
#define DOOR_H

#include "np_error.h"

#define DOOR_PIPE L"\\\\.\\pipe\\nplab-04-front-door"
#define DOOR_WELCOME "welcome, "

/* Bytes of the longest request and of the longest reply, and characters of
 * the longest descriptor in text form. */
enum { DOOR_REQUEST_MAX = 1000, DOOR_REPLY_MAX = 1024, DOOR_SDDL_MAX = 512 };

/*
 * door_text - the descriptor of the pipe as SDDL.
 *
 * who   in   whom to admit: L"everyone"; L"group", the lab group; or the SID
 *            of a user or group, L"S-1-5-11"
 * sddl  out  at least DOOR_SDDL_MAX characters; "" on failure
 *
 * Those admitted may connect, read and write. The lab group, to which the
 * server itself belongs, may do everything, and nobody else anything.
 *
 * Returns 0; ERROR_INVALID_SID (1337) when who is none of the three;
 * ERROR_INSUFFICIENT_BUFFER (122); or np_lab_group's codes.
 */
NP_NODISCARD DWORD door_text(const wchar_t *who, wchar_t *sddl);

#endif
