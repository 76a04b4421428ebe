/* readable.c - codes and bytes as a learner can read them. */
#include "play_internal.h"

#include <stdio.h>
#include <string.h>

static const struct code {
    uint32_t number;
    const char *name;
} WIN32_CODES[] =
    {
#define WIN32_CODE(number, name) {(number), #name},
#include "../../common/win32_codes.def"
#undef WIN32_CODE
},
  NT_CODES[] = {
#define NT_CODE(number, name) {(number), #name},
#include "../../common/win32_codes.def"
#undef NT_CODE
};

static const char *
find_name(const struct code *codes, size_t count, uint32_t number)
{
    for (size_t i = 0; i < count; i++)
        if (codes[i].number == number)
            return codes[i].name;
    return NULL;
}

static const char *nt_name(uint32_t code)
{
    return find_name(NT_CODES, sizeof NT_CODES / sizeof NT_CODES[0], code);
}

const char *code_text(uint32_t code)
{
    if (code == TIMED_OUT)
        return "no answer before the deadline";
    if (code >= 0x80000000u) {
        const char *nt = nt_name(code);
        return keep_text("%u (0x%08X%s%s)",
                         code,
                         code,
                         nt == NULL ? "" : " ",
                         nt == NULL ? "" : nt);
    }
    const char *name = find_name(
        WIN32_CODES, sizeof WIN32_CODES / sizeof WIN32_CODES[0], code);
    return name == NULL ? keep_text("%u", code)
                        : keep_text("%u %s", code, name);
}

/* Windows ends a program with the exception's NTSTATUS. A program that means
 * to say "failed" may well end with -1, which is none. */
bool is_crash(uint32_t code)
{
    return code >> 24 == 0xC0 || (code >= 0x80000000u && nt_name(code) != NULL);
}

const char *exit_text(uint32_t code)
{
    if (is_crash(code))
        return keep_text("exit code %s", code_text(code));
    if (code >= 0x80000000u)
        return keep_text("exit code %u (%d)", code, (int)code);
    if (code == 3)
        return "exit code 3 (abort() or a failed assert() ends so)";
    return keep_text("exit code %u", code);
}

/* ---- bytes
 * ----------------------------------------------------------------------- */

#define SHOWN 96u /* bytes of a long text; half of them from each end */

static bool is_text(const unsigned char *bytes, size_t size)
{
    size_t odd = 0;
    for (size_t i = 0; i < size; i++)
        if ((bytes[i] < 32 && strchr("\n\r\t", bytes[i]) == NULL) ||
            bytes[i] == 0 || bytes[i] > 126)
            odd++;
    return odd * 8 <= size;
}

static size_t
show_part(char *to, const unsigned char *bytes, size_t size, bool text)
{
    size_t used = 0;
    if (text)
        to[used++] = '"';
    for (size_t i = 0; i < size; i++) {
        unsigned char c = bytes[i];
        const char *special = c == 0 ? NULL : strchr("\nn\rr\tt\"\"\\\\", c);
        if (!text)
            used += (size_t)sprintf(to + used, "%s%02x", i > 0 ? " " : "", c);
        else if (special != NULL && strchr("\n\r\t\"\\", c) != NULL)
            used += (size_t)sprintf(
                to + used, "\\%c", c == '"' || c == '\\' ? c : special[1]);
        else if (c < 32 || c > 126)
            used += (size_t)sprintf(to + used, "\\x%02x", c);
        else
            to[used++] = (char)c;
    }
    if (text)
        to[used++] = '"';
    to[used] = '\0';
    return used;
}

const char *show(const void *bytes, size_t size)
{
    if (size == 0)
        return "no bytes";
    const unsigned char *from = bytes;
    bool text = is_text(from, size);
    size_t most = text ? SHOWN : SHOWN / 3;
    char *shown = keep(SHOWN * 4 + 128);
    if (size <= most) {
        show_part(shown, from, size, text);
        return shown;
    }
    size_t used = show_part(shown, from, most / 2, text);
    used += (size_t)sprintf(
        shown + used, " (%zu bytes left out) ", size - 2 * (most / 2));
    show_part(shown + used, from + size - most / 2, most / 2, text);
    return shown;
}
