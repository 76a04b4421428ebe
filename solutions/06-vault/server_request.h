/* server_request.h - what a request says, and what a reply says. */
#ifndef SERVER_REQUEST_H
#define SERVER_REQUEST_H

#include "vault.h"
#include "np_error.h"

enum verb { VERB_LIST, VERB_GET, VERB_PUT };

struct request {
    enum verb verb;
    wchar_t name[VAULT_NAME_MAX + 1]; /* an allowed one; empty for LIST */
    const char *content;              /* of PUT; points into the message */
    DWORD size;
};

struct reply {
    DWORD size;
    char text[VAULT_MESSAGE_MAX];
};

/*
 * name_is_allowed - whether this can only be a file in the vault's folder.
 *
 * name  in  size bytes, whatever the client sent
 *
 * True for 1 to VAULT_NAME_MAX of the characters A-Z a-z 0-9 . _ - that begin
 * with a letter or digit, do not end with a dot, and do not name a device.
 * Ref: Naming Files, Paths, and Namespaces.
 */
bool name_is_allowed(const char *name, size_t size);

/*
 * request_parse - takes a message apart.
 *
 * Returns 0; ERROR_INVALID_NAME (123) for a name that is not allowed;
 * ERROR_INVALID_DATA (13) for anything else that is no request.
 */
NP_NODISCARD DWORD request_parse(const char *text,
                                 size_t size,
                                 struct request *request);

/* word_of - the reply's word for what became of a request: 0 or a code. */
const char *word_of(DWORD err);

/* reply_line - makes the reply the line for err, without a body. */
void reply_line(struct reply *reply, DWORD err);

#endif
