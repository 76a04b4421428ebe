/* platform.c - whether the layer is needed at all. */
#include "platform.h"
#include "identity.h"
#include "native.h"

#include <stdlib.h>
#include <string.h>

bool platform_active;

void platform_start(void)
{
    const char *wish = getenv("NPLAB_PLATFORM");

    native_start();
    identity_start();
    platform_active =
        native_is_wine() && (wish == NULL || strcmp(wish, "off") != 0);
    if (platform_active)
        cfiles_start(GetModuleHandleW(L"msvcrt"));
}
