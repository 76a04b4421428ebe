/*
 * np_main.c - lets a lab program be written with main instead of wmain.
 *
 * The programs are linked with -municode, so the C runtime calls wmain. The
 * linker takes this one from the library only when the program has none.
 */
#include <windows.h>
#include <stdlib.h>

int main(int argc, char **argv);
int wmain(int argc, wchar_t **wide);

/* The arguments as main gets them on Windows: in the ANSI code page. They
 * live as long as the process. */
int wmain(int argc, wchar_t **wide)
{
    char **argv = calloc((size_t)argc + 1, sizeof *argv);
    if (argv == NULL)
        return 1;
    for (int i = 0; i < argc; i++) {
        int size =
            WideCharToMultiByte(CP_ACP, 0, wide[i], -1, NULL, 0, NULL, NULL);
        argv[i] = malloc((size_t)size);
        if (argv[i] == NULL)
            return 1;
        WideCharToMultiByte(CP_ACP, 0, wide[i], -1, argv[i], size, NULL, NULL);
    }
    return main(argc, argv);
}
