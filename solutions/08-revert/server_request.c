/* server_request.c - see server_request.h. */
#include "server_request.h"
#include "server_files.h"
#include "server_identity.h"
#include "server_jobs.h"
#include "server_log.h"
#include "np_handle.h"

#include <string.h>
#include <wchar.h>

static wchar_t folder_path[MAX_PATH];

struct request {
    char verb[8];
    char name[BROKER_NAME_MAX + 1];
    const char *rest; /* what follows the name */
    DWORD rest_size;
    wchar_t path[MAX_PATH];
};

DWORD request_folder(const wchar_t *folder)
{
    /* Room for a name and ".old" must be left. */
    DWORD room = MAX_PATH - BROKER_NAME_MAX - 8;
    DWORD length = GetFullPathNameW(folder, room, folder_path, NULL);

    if (length == 0)
        return np_last_error();
    return length < room ? 0 : ERROR_FILENAME_EXCED_RANGE;
}

/* The next word of at most size - 1 characters, and the space after it. Only
 * letters, digits, '.', '_' and '-' are accepted, and no dot at the start: no
 * separator, no drive, no stream. The names of devices are left to lab 06. */
static bool
take_word(const char **text, DWORD *left, char *word, DWORD word_size)
{
    DWORD n = 0;

    while (n < *left && (*text)[n] != ' ') {
        char c = (*text)[n];
        bool ok = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
                  (c >= '0' && c <= '9') || c == '_' || c == '-' ||
                  (c == '.' && n > 0);
        if (!ok || n + 1 >= word_size)
            return false;
        word[n++] = c;
    }
    word[n] = '\0';
    *text += n < *left ? n + 1 : n;
    *left -= n < *left ? n + 1 : n;
    return n > 0;
}

static void make_path(const char *name, wchar_t path[MAX_PATH])
{
    swprintf(path, MAX_PATH, L"%ls\\%hs", folder_path, name);
}

static bool parse(const char *message, DWORD size, struct request *request)
{
    *request = (struct request){0};
    if (!take_word(&message, &size, request->verb, sizeof request->verb) ||
        !take_word(&message, &size, request->name, sizeof request->name))
        return false;
    make_path(request->name, request->path);
    request->rest = message;
    request->rest_size = size;
    return true;
}

static DWORD
do_request(HANDLE pipe, const struct request *r, char *data, DWORD *got)
{
    const DWORD size = BROKER_REPLY_MAX - 3; /* "OK " */
    const char *rest = r->rest;
    DWORD rest_size = r->rest_size;
    char second[BROKER_NAME_MAX + 1];
    wchar_t target[MAX_PATH];

    if (strcmp(r->verb, "GET") == 0)
        return serve_get(pipe, r->path, data, size, got);
    if (strcmp(r->verb, "PUT") == 0)
        return serve_put(pipe, r->path, r->name, rest, rest_size);
    if (strcmp(r->verb, "COUNT") == 0)
        return serve_count(pipe, r->path, data, size, got);
    if (strcmp(r->verb, "SUM") == 0)
        return serve_sum(pipe, r->path, data, size, got);
    if (strcmp(r->verb, "COPY") != 0)
        return ERROR_INVALID_FUNCTION;
    if (!take_word(&rest, &rest_size, second, sizeof second))
        return ERROR_INVALID_NAME;
    make_path(second, target);
    return serve_copy(pipe, r->path, target);
}

void serve_request(HANDLE pipe,
                   const char *message,
                   size_t size,
                   char reply[BROKER_REPLY_MAX],
                   DWORD *reply_size)
{
    struct request request;
    char who[WHO_SIZE];
    HANDLE token = NULL;
    DWORD got = 0;
    DWORD err = ERROR_INVALID_NAME;

    /* For the log alone: who cannot be named can still be refused below. */
    if (client_token(pipe, &token) != 0)
        token = NULL;
    describe_token(token, who, sizeof who);
    np_close(&token);
    if (parse(message, (DWORD)size, &request))
        err = do_request(pipe, &request, reply + 3, &got);
    log_line("%lu %s %s, for %s", err, request.verb, request.name, who);
    if (err == 0) {
        memcpy(reply, "OK ", 3);
        *reply_size = 3 + got;
    } else {
        *reply_size = (DWORD)snprintf(reply, BROKER_REPLY_MAX, "NO %lu", err);
    }
}
