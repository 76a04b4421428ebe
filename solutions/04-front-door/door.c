/* door.c - see door.h. The only place that decides who may use the pipe. */
#include "door.h"
#include "np_sd.h"
#include "np_token.h"

#include <sddl.h>
#include <wchar.h>

enum { SID_TEXT_MAX = 200 }; /* the longest SID has 184 characters */

static DWORD copy_text(const wchar_t *from, wchar_t *to, size_t size)
{
    if (wcslen(from) >= size)
        return ERROR_INSUFFICIENT_BUFFER;
    wcscpy(to, from);
    return 0;
}

/* What somebody has typed, as a SID and nothing but a SID. */
static DWORD checked_sid(const wchar_t *typed, wchar_t *text, size_t size)
{
    PSID sid = NULL;
    wchar_t *canonical = NULL;
    DWORD err = 0;

    if (typed[0] == L'\0') /* Wine takes it for the SID S-1-0-0 */
        return ERROR_INVALID_SID;
    // BEGIN SOLUTION 04.1
    // STUB: /* TODO 04.1: typed becomes part of a descriptor's text, so it may
    // STUB:  * be nothing but a SID. Convert it to one, convert that back to
    // STUB:  * text (canonical), and copy_text this into text. */
    // STUB: (void)typed, (void)size, (void)copy_text;
    // STUB: text[0] = L'\0';
    // STUB: err = NP_TODO("04.1");
    /* There and back: what comes out is the text of a SID, whatever went in,
     * and cannot be the end of one entry and the beginning of another. */
    if (!ConvertStringSidToSidW(typed, &sid) ||
        !ConvertSidToStringSidW(sid, &canonical))
        err = np_last_error();
    else
        err = copy_text(canonical, text, size);
    // END SOLUTION 04.1
    LocalFree(canonical);
    LocalFree(sid);
    return err;
}

DWORD door_text(const wchar_t *who, wchar_t *sddl)
{
    const wchar_t *group = NULL;
    wchar_t sid[SID_TEXT_MAX];
    DWORD err = np_lab_group(&group);

    sddl[0] = L'\0';
    if (err != 0)
        return err;
    if (wcscmp(who, L"everyone") == 0)
        err = copy_text(L"S-1-1-0", sid, SID_TEXT_MAX);
    else if (wcscmp(who, L"group") == 0)
        err = copy_text(group, sid, SID_TEXT_MAX);
    else
        err = checked_sid(who, sid, SID_TEXT_MAX);
    if (err != 0)
        return err;
    // BEGIN SOLUTION 04.2
    // STUB: /* TODO 04.2: write the SDDL of a protected DACL with two entries:
    // STUB:  * everything for group, and for sid what a client needs, which is
    // STUB:  * less than GENERIC_READ and GENERIC_WRITE (np_sd.h). */
    // STUB: (void)group, (void)sid;
    // STUB: return NP_TODO("04.2");
    int length = swprintf(sddl,
                          DOOR_SDDL_MAX,
                          L"D:P(A;;GA;;;%ls)(A;;" NP_CLIENT_ACCESS L";;;%ls)",
                          group,
                          sid);
    if (length < 0) {
        sddl[0] = L'\0';
        return ERROR_INSUFFICIENT_BUFFER;
    }
    return 0;
    // END SOLUTION 04.2
}
