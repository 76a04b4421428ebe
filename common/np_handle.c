/* np_handle.c - see np_handle.h. */
#include "np_handle.h"

void np_close(HANDLE *handle)
{
    if (*handle != NULL && *handle != INVALID_HANDLE_VALUE) {
        DWORD last = GetLastError();
        CloseHandle(*handle);
        SetLastError(last);
    }
    *handle = NULL;
}
