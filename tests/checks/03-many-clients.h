/* 03-many-clients.h - what the checks of lab 03 share. */
#ifndef CHECKS_03_MANY_CLIENTS_H
#define CHECKS_03_MANY_CLIENTS_H

#include "check.h"

/* The longest message, from the README. */
enum { MESSAGE_MAX = 4096 };

/* A message of this size. The caller frees it. */
char *letters(size_t size);

/* The client says it, and hears the same. */
void expect_echo(peer client,
                 const char *message,
                 size_t size,
                 const lesson *because);

void expect_all_served(struct crowd_result result,
                       uint32_t clients,
                       const lesson *because);

#endif
