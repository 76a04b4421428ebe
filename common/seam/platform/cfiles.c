/* cfiles.c - the C library's files: fopen, _open, rename, _read, _close ...
 *
 * All of them end in a few calls that the library imports from kernel32. The
 * import pointers are its own, not the program's, so they are changed in the
 * library. */
#include "platform.h"

#include <string.h>

#define HOOK(Name)                                                             \
    {                                                                          \
#Name, (ULONG_PTR)platform_##Name                                      \
    }

static const struct {
    const char *name;
    ULONG_PTR function;
} hooks[] = {
    HOOK(CreateFileW),
    HOOK(CreateFileA),
    HOOK(ReadFile),
    HOOK(WriteFile),
    HOOK(CloseHandle),
    HOOK(DuplicateHandle),
    HOOK(DeleteFileW),
    HOOK(DeleteFileA),
    HOOK(MoveFileExW),
    HOOK(MoveFileExA),
    HOOK(GetFileAttributesW),
    HOOK(GetFileAttributesA),
    HOOK(CreateDirectoryW),
    HOOK(CreateDirectoryA),
    HOOK(RemoveDirectoryW),
    HOOK(RemoveDirectoryA),
    HOOK(FindFirstFileW),
    HOOK(FindFirstFileA),
};

static ULONG_PTR hook_of(const char *name)
{
    for (size_t i = 0; i < ARRAYSIZE(hooks); i++)
        if (strcmp(hooks[i].name, name) == 0)
            return hooks[i].function;
    return 0;
}

/* Changes the pointers of what is imported from one DLL. */
static void hook_imports(BYTE *base, const IMAGE_IMPORT_DESCRIPTOR *dll)
{
    const IMAGE_THUNK_DATA *names =
        (const void *)(base + dll->OriginalFirstThunk);
    IMAGE_THUNK_DATA *pointers = (void *)(base + dll->FirstThunk);
    size_t count = 0;
    DWORD before;

    while (names[count].u1.AddressOfData != 0)
        count++;
    if (!VirtualProtect(
            pointers, count * sizeof *pointers, PAGE_READWRITE, &before))
        return;
    for (size_t i = 0; i < count; i++) {
        const IMAGE_IMPORT_BY_NAME *import =
            (const void *)(base + names[i].u1.AddressOfData);
        ULONG_PTR hook = IMAGE_SNAP_BY_ORDINAL(names[i].u1.Ordinal)
                             ? 0
                             : hook_of((const char *)import->Name);

        if (hook != 0)
            pointers[i].u1.Function = hook;
    }
    VirtualProtect(pointers, count * sizeof *pointers, before, &before);
}

void cfiles_start(HMODULE library)
{
    BYTE *base = (BYTE *)library;
    const IMAGE_DOS_HEADER *dos = (const void *)base;
    const IMAGE_NT_HEADERS *nt = (const void *)(base + dos->e_lfanew);
    DWORD imports =
        nt->OptionalHeader.DataDirectory[IMAGE_DIRECTORY_ENTRY_IMPORT]
            .VirtualAddress;
    const IMAGE_IMPORT_DESCRIPTOR *dll = (const void *)(base + imports);

    for (; imports != 0 && dll->Name != 0; dll++)
        if (_stricmp((const char *)base + dll->Name, "kernel32.dll") == 0)
            hook_imports(base, dll);
}
