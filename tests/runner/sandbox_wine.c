/* sandbox_wine.c - finds Wine on Debian, Ubuntu and with WineHQ's packages. */
#include "sandbox.h"

#include <unistd.h>

#define DEBIAN_DLLS "/usr/lib/x86_64-linux-gnu/wine/x86_64-windows"

static const struct wine PLACES[] = {
    {"/usr/lib/wine/wine64", DEBIAN_DLLS, NULL},
    {"/usr/lib/x86_64-linux-gnu/wine/wine64", DEBIAN_DLLS, NULL},
    {"/usr/bin/wine64", DEBIAN_DLLS, NULL},
    {"/usr/bin/wine64", "/usr/lib/wine/x86_64-windows", NULL},
    {"/usr/bin/wine64", "/usr/lib64/wine/x86_64-windows", NULL},
    {"/opt/wine-stable/bin/wine64",
     "/opt/wine-stable/lib64/wine/x86_64-windows",
     "/opt/wine-stable"},
    {"/opt/wine-stable/bin/wine",
     "/opt/wine-stable/lib/wine/x86_64-windows",
     "/opt/wine-stable"},
    {"/usr/bin/wine", DEBIAN_DLLS, NULL},
};

const struct wine *find_wine(void)
{
    static const struct wine none;
    for (size_t i = 0; i < sizeof PLACES / sizeof PLACES[0]; i++)
        if (access(PLACES[i].loader, X_OK) == 0 &&
            access(PLACES[i].dlls, R_OK) == 0)
            return &PLACES[i];
    return &none;
}

const char *wine_problem(void)
{
    if (find_wine()->loader != NULL)
        return NULL;
    return "64-bit Wine was not found: wine64 and its folder x86_64-windows "
           "were looked for in /usr/lib/wine, /usr/bin, "
           "/usr/lib/x86_64-linux-gnu/wine and /opt/wine-stable; install the "
           "package wine64";
}
