/*
 * np_winmain_ansi.c - the same for WinMain, as np_winmain.c is for wWinMain. A
 * file of its own: the linker takes all of one or nothing.
 */
#include <windows.h>
#include <stdlib.h>

int WINAPI wWinMain(HINSTANCE instance,
                    HINSTANCE before,
                    wchar_t *arguments,
                    int show)
{
    int size =
        WideCharToMultiByte(CP_ACP, 0, arguments, -1, NULL, 0, NULL, NULL);
    char *narrow = malloc((size_t)size);

    if (narrow == NULL)
        return 1;
    WideCharToMultiByte(CP_ACP, 0, arguments, -1, narrow, size, NULL, NULL);
    return WinMain(instance, before, narrow, show);
}
