/*
 * np_guard.c - ends a lab program that has written beyond an array on its
 * stack.
 *
 * The programs are compiled with -fstack-protector-strong: between the arrays
 * of a function and its return address lies a word that is looked at before the
 * return. The compiler's own library for it would be one more DLL to load.
 */
#include <windows.h>
#include <stdint.h>

extern uintptr_t __stack_chk_guard;
_Noreturn void __stack_chk_fail(void);

/* No text that runs over its array can hold it: it begins with a 0. */
uintptr_t __stack_chk_guard = (uintptr_t)0xFF0A0D5A3C96A500u;

/* As Windows does for a program built with Microsoft's /GS. Nothing on this
 * stack can be trusted, so nothing is tidied up. */
_Noreturn void __stack_chk_fail(void)
{
    static const char text[] =
        "An array on the stack was written beyond its end.\n";
    DWORD unused;

    WriteFile(
        GetStdHandle(STD_ERROR_HANDLE), text, sizeof text - 1, &unused, NULL);
    TerminateProcess(GetCurrentProcess(), STATUS_STACK_BUFFER_OVERRUN);
    for (;;)
        ;
}
