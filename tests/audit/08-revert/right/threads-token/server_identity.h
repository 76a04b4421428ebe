/*
 * server_identity.h - whose rights this thread has.
 *
 * A thread is the server, or it is one client. Between become_client and
 * become_self it is the client, in all that it does.
 */
#ifndef SERVER_IDENTITY_H
#define SERVER_IDENTITY_H

#include "np_error.h"

/* Room for a client's description. */
enum { WHO_SIZE = 256 };

/* Makes the thread the client whose message was read last. After an error it
 * is still the server: do nothing for that client. */
NP_NODISCARD DWORD become_client(HANDLE pipe);

/* Makes the thread the server again, or does not return. */
void become_self(void);

/* Ends the process, for a thread that could not be made the server again. */
void give_up(DWORD err);

/* The client's token: TOKEN_QUERY and TOKEN_DUPLICATE. The caller closes it;
 * NULL on failure. */
NP_NODISCARD DWORD client_token(HANDLE pipe, HANDLE *token);

/* A token in words, for the log; NULL is "unknown". */
void describe_token(HANDLE token, char *who, size_t size);

#endif
