/* client.h - a client's open of a pipe. */
#ifndef NPLAB_CLIENT_H
#define NPLAB_CLIENT_H

#include <windows.h>

/* CreateFile for a path whose part after \\.\pipe\ is `name`. */
HANDLE client_open(LPCWSTR path,
                   LPCWSTR name,
                   DWORD access,
                   DWORD share,
                   SECURITY_ATTRIBUTES *security,
                   DWORD disposition,
                   DWORD flags,
                   HANDLE model);

#endif
