/* server_request.c - see server_request.h. Nothing here opens anything. */
#include "server_request.h"

#include <stdlib.h>
#include <string.h>

/* Whether text, up to size, is word, in upper or lower case. */
static bool is_word(const char *text, size_t size, const char *word)
{
    return size == strlen(word) && _strnicmp(text, word, size) == 0;
}

/* Names that Windows takes for a device, whatever folder stands in front and
 * whatever follows their first dot. */
static bool is_device(const char *name, size_t size)
{
    const char *dot = memchr(name, '.', size);
    size_t stem = dot == NULL ? size : (size_t)(dot - name);

    if (stem == 4 && name[3] >= '0' && name[3] <= '9')
        return is_word(name, 3, "COM") || is_word(name, 3, "LPT");
    return is_word(name, stem, "CON") || is_word(name, stem, "PRN") ||
           is_word(name, stem, "AUX") || is_word(name, stem, "NUL");
}

/* strchr would find the NUL at the end of set, too. */
static bool is_one_of(char c, const char *set)
{
    return c != '\0' && strchr(set, c) != NULL;
}

bool name_is_allowed(const char *name, size_t size)
{
    static const char letters_and_digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
                                             "abcdefghijklmnopqrstuvwxyz"
                                             "0123456789";

    // BEGIN SOLUTION 06.2
    // STUB: /* TODO 06.2: say what is allowed, not what is forbidden. Mind
    // STUB:  * that name has size bytes and no NUL at its end. */
    // STUB: (void)name, (void)size, (void)letters_and_digits;
    // STUB: (void)is_one_of, (void)is_device;
    // STUB: return NP_TODO("06.2") == 0;
    if (size == 0 || size > VAULT_NAME_MAX)
        return false;
    for (size_t i = 0; i < size; i++)
        if (!is_one_of(name[i], letters_and_digits) &&
            (i == 0 || !is_one_of(name[i], "._-")))
            return false;
    return name[size - 1] != '.' && !is_device(name, size);
    // END SOLUTION 06.2
}

DWORD request_parse(const char *text, size_t size, struct request *request)
{
    const char *end = memchr(text, '\n', size);
    size_t line = end == NULL ? size : (size_t)(end - text);

    *request = (struct request){0};
    if (end == NULL && is_word(text, line, "LIST")) {
        request->verb = VERB_LIST;
        return 0;
    }
    if (end == NULL && line >= 4 && is_word(text, 4, "GET "))
        request->verb = VERB_GET;
    else if (end != NULL && line >= 4 && is_word(text, 4, "PUT "))
        request->verb = VERB_PUT;
    else
        return ERROR_INVALID_DATA;
    if (!name_is_allowed(text + 4, line - 4))
        return ERROR_INVALID_NAME;
    for (size_t i = 0; i < line - 4; i++)
        request->name[i] = (unsigned char)text[4 + i];
    if (request->verb == VERB_PUT) {
        request->content = end + 1;
        request->size = (DWORD)(size - line - 1);
    }
    return request->size <= VAULT_CONTENT_MAX ? 0 : ERROR_INVALID_DATA;
}

const char *word_of(DWORD err)
{
    switch (err) {
    case 0:
        return "OK";
    case ERROR_INVALID_DATA:
    case ERROR_INVALID_NAME:
        return "BAD";
    // BEGIN SOLUTION 06.4
    // STUB: /* TODO 06.4: which codes mean that the system refuses this
    // STUB:  * client? Which one, that there is no such file? */
    // STUB: case ERROR_ACCESS_DENIED:
    // STUB: case ERROR_FILE_NOT_FOUND:
    // STUB:     return NP_TODO("06.4") == 0 ? "OK" : "FAILED";
    case ERROR_FILE_NOT_FOUND:
        return "ABSENT";
    case ERROR_ACCESS_DENIED:
    /* The client lent its identity to be looked at, or not even that; or
     * Windows did not trust this server with more. It is a no like any other,
     * and never a reason to try again as the server. */
    case ERROR_BAD_IMPERSONATION_LEVEL:
    case ERROR_CANT_OPEN_ANONYMOUS:
    case ERROR_CANNOT_IMPERSONATE:
        return "DENIED";
    // END SOLUTION 06.4
    default:
        return "FAILED";
    }
}

void reply_line(struct reply *reply, DWORD err)
{
    int length;

    if (err == 0)
        length = snprintf(reply->text, VAULT_LINE_MAX, "OK\n");
    else
        length = snprintf(reply->text,
                          VAULT_LINE_MAX,
                          "%s %lu %s\n",
                          word_of(err),
                          err,
                          np_code_name(err));
    reply->size = (DWORD)length;
}
