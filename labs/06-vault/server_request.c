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

    /* TODO 06.2: say what is allowed, not what is forbidden. Mind
     * that name has size bytes and no NUL at its end. */
    (void)name, (void)size, (void)letters_and_digits;
    (void)is_one_of, (void)is_device;
    return NP_TODO("06.2") == 0;
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
    /* TODO 06.4: which codes mean that the system refuses this
     * client? Which one, that there is no such file? */
    case ERROR_ACCESS_DENIED:
    case ERROR_FILE_NOT_FOUND:
        return NP_TODO("06.4") == 0 ? "OK" : "FAILED";
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
