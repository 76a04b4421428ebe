/* server_files.c - see server_files.h. The only file of the server in which a
 * thread does anything as somebody else. */
#include "server_files.h"
#include "np_client.h"

#include <string.h>

static wchar_t vault[MAX_PATH]; /* full path, without a backslash at its end
                                 * unless it is C:\ */

DWORD files_begin(const wchar_t *folder)
{
    DWORD length = GetFullPathNameW(folder, MAX_PATH, vault, NULL);

    if (length == 0)
        return np_last_error();
    if (length >= MAX_PATH)
        return ERROR_FILENAME_EXCED_RANGE;
    if (length > wcslen(L"C:\\") && vault[length - 1] == L'\\')
        vault[length - 1] = L'\0';
    if (CreateDirectoryW(vault, NULL))
        return 0;
    DWORD err = np_last_error();
    if (err != ERROR_ALREADY_EXISTS)
        return err;
    /* A file of that name exists already, too. */
    return GetFileAttributesW(vault) & FILE_ATTRIBUTE_DIRECTORY
               ? 0
               : ERROR_DIRECTORY;
}

/* How CreateFileW is asked for each verb: for no more than the verb needs. */
static const struct way {
    DWORD access;
    DWORD share;
    DWORD disposition;
    DWORD flags;
} ways[] = {
    [VERB_LIST] = {FILE_LIST_DIRECTORY | SYNCHRONIZE,
                   FILE_SHARE_READ | FILE_SHARE_WRITE | FILE_SHARE_DELETE,
                   OPEN_EXISTING,
                   /* without this, a folder cannot be opened */
                   FILE_FLAG_BACKUP_SEMANTICS},
    [VERB_GET] = {GENERIC_READ, FILE_SHARE_READ, OPEN_EXISTING, 0},
    /* Not CREATE_ALWAYS: it would empty the file before the audit knows. */
    [VERB_PUT] = {GENERIC_WRITE, 0, OPEN_ALWAYS, 0},
};

/*
 * Price: the path begins with a drive letter, which is looked up as the
 * client, too. One from another logon session could have a C: of its own, and
 * would get what it may open there (R09). To rule that out, open the folder as
 * the server and the file relative to it (NtCreateFile with RootDirectory).
 */
DWORD files_open_as(HANDLE client, const struct request *request, HANDLE *file)
{
    const struct way *way = &ways[request->verb];
    wchar_t path[MAX_PATH + 1 + VAULT_NAME_MAX + 1];
    bool has_name = request->name[0] != L'\0';

    *file = NULL;
    wcscpy(path, vault);
    if (has_name)
        wcscat(wcscat(path, L"\\"), request->name);
    // BEGIN SOLUTION 06.3
    // STUB: /* TODO 06.3: act as the client for one call, CreateFileW. Be
    // STUB:  * yourself again before you look at what it returned. */
    // STUB: (void)client, (void)way;
    // STUB: return NP_TODO("06.3");
    if (!SetThreadToken(/* this thread */ NULL, client))
        return np_last_error();
    /* Anonymous: if the name should ever lead to a pipe, whoever serves it
     * gets no identity from us, neither ours nor the client's. */
    *file = CreateFileW(path,
                        way->access,
                        way->share,
                        /* lpSecurityAttributes: inherited */ NULL,
                        way->disposition,
                        way->flags | SECURITY_SQOS_PRESENT | SECURITY_ANONYMOUS,
                        /* hTemplateFile */ NULL);
    np_revert_or_die(); /* keeps the error of CreateFileW */
    if (*file != INVALID_HANDLE_VALUE)
        return 0;
    *file = NULL;
    return np_last_error();
    // END SOLUTION 06.3
}

static DWORD read_content(HANDLE file, struct reply *reply)
{
    DWORD got = 0;
    char more;
    DWORD rest = 0;

    if (!ReadFile(file,
                  reply->text + reply->size,
                  VAULT_CONTENT_MAX,
                  &got,
                  /* lpOverlapped */ NULL) ||
        !ReadFile(file, &more, sizeof more, &rest, NULL))
        return np_last_error();
    reply->size += got;
    return rest == 0 ? 0 : ERROR_FILE_TOO_LARGE;
}

/* Price: a server that is killed between the two calls leaves a file of the
 * old length. A new file that is renamed over the old one would not, but has
 * another owner and another descriptor. */
static DWORD write_content(HANDLE file, const struct request *request)
{
    DWORD written = 0;

    if (!WriteFile(file, request->content, request->size, &written, NULL) ||
        !SetEndOfFile(file))
        return np_last_error();
    return written == request->size ? 0 : ERROR_WRITE_FAULT;
}

/* Adds one entry of the folder, if it is a file that can be asked for. */
static bool add_name(struct reply *reply, const FILE_ID_BOTH_DIR_INFO *entry)
{
    char name[VAULT_NAME_MAX];
    size_t size = entry->FileNameLength / sizeof(wchar_t);

    if ((entry->FileAttributes & FILE_ATTRIBUTE_DIRECTORY) ||
        size > sizeof name)
        return true;
    for (size_t i = 0; i < size; i++)
        name[i] = entry->FileName[i] < 128 ? (char)entry->FileName[i] : '?';
    if (!name_is_allowed(name, size))
        return true;
    if (reply->size + size + 1 > sizeof reply->text)
        return false;
    memcpy(reply->text + reply->size, name, size);
    reply->size += (DWORD)size;
    reply->text[reply->size++] = '\n';
    return true;
}

static DWORD list_names(HANDLE folder, struct reply *reply)
{
    static union {
        FILE_ID_BOTH_DIR_INFO first;
        BYTE bytes[16384];
    } part;

    while (GetFileInformationByHandleEx(
        folder, FileIdBothDirectoryInfo, &part, sizeof part)) {
        DWORD offset = 0;
        const FILE_ID_BOTH_DIR_INFO *entry;
        do {
            entry = (const void *)(part.bytes + offset);
            if (!add_name(reply, entry))
                return ERROR_FILE_TOO_LARGE;
            offset += entry->NextEntryOffset;
        } while (entry->NextEntryOffset != 0);
    }
    DWORD err = np_last_error();
    return err == ERROR_NO_MORE_FILES ? 0 : err;
}

DWORD files_use(HANDLE file, const struct request *request, struct reply *reply)
{
    reply_line(reply, 0);
    switch (request->verb) {
    case VERB_LIST:
        return list_names(file, reply);
    case VERB_GET:
        return read_content(file, reply);
    case VERB_PUT:
        return write_content(file, request);
    }
    return ERROR_INVALID_DATA;
}
