/*
 * vault.h - what the two programs of lab 06 agree on.
 *
 * The protocol, on a message pipe; a request is one message, and so is its
 * reply. A client sends as many requests as it likes, and closes the pipe.
 *
 *     LIST                     the names of the files
 *     GET name                 the content of a file
 *     PUT name \n content      makes it the content; a new file if need be
 *
 * A reply is a line, and after it the body: the content, or the names with a
 * line end after each. The line begins with one of these words; what follows
 * the word is for people.
 *
 *     OK        it was done
 *     DENIED    the system refuses this client
 *     ABSENT    there is no file of this name
 *     BAD       no such request, or not a name for a file of the vault
 *     FAILED    anything else
 */
#ifndef VAULT_H
#define VAULT_H

#define VAULT_PIPE L"\\\\.\\pipe\\nplab-06-vault"

enum {
    VAULT_NAME_MAX = 64,       /* bytes of a name */
    VAULT_CONTENT_MAX = 65536, /* bytes of a file */
    VAULT_LINE_MAX = 128,      /* bytes of a first line, with its end */
    VAULT_MESSAGE_MAX = VAULT_LINE_MAX + VAULT_CONTENT_MAX
};

#endif
