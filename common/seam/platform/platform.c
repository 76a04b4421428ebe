/* platform.c - see platform.h. */
#include "platform.h"

bool platform_active;

void platform_start(void) {}
