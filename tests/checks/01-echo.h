/* 01-echo.h - what the checks of lab 01 share. */
#ifndef CHECKS_01_ECHO_H
#define CHECKS_01_ECHO_H

#include "check.h"

/* The name that is served, and opened, without --pipe. */
#define ECHO_PIPE "\\\\.\\pipe\\nplab-01-echo"

/* What the README allows a client to have under way. */
enum { UNDER_WAY = 4096 };

/* Bytes of every value, in no short pattern. The caller frees them. */
char *every_byte(size_t size);

#endif
