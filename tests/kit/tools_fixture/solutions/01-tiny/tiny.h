/* tiny.h - what both sides know. */
#define TINY_PIPE L"\\\\.\\pipe\\nplab-01-tiny"
