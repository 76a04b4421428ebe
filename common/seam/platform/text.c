/* text.c - see text.h. */
#include "text.h"

#include <wchar.h>

const wchar_t *text_widen(struct text *text, const char *name)
{
    DWORD error = GetLastError();
    UINT page = AreFileApisANSI() ? CP_ACP : CP_OEMCP;

    if (name == NULL)
        return NULL;
    if (MultiByteToWideChar(
            page, 0, name, -1, text->wide, ARRAYSIZE(text->wide)) == 0)
        wcscpy(text->wide, L"\\\\?\\name too long");
    SetLastError(error);
    return text->wide;
}
