/*
 * np_winmain.c - lets a lab program be written with wWinMain instead of main
 * (np_main.c). The linker takes this main only when the program has none.
 */
#include <windows.h>
#include <wchar.h>

int main(void);

/* The command line behind the program's name, which may be quoted. */
static wchar_t *behind_the_name(wchar_t *line)
{
    const wchar_t *end = *line == L'"' ? L"\"" : L" \t";

    line += *line == L'"';
    line += wcscspn(line, end);
    line += *line == L'"';
    return line + wcsspn(line, L" \t");
}

int main(void)
{
    return wWinMain(GetModuleHandleW(NULL),
                    NULL,
                    behind_the_name(GetCommandLineW()),
                    SW_SHOWDEFAULT);
}
