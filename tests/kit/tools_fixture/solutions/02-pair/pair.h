/* pair.h - what both sides know. */
#define PAIR_PIPE L"\\\\.\\pipe\\nplab-02-pair"
