/* blocked.c - names the Win32 call in which each thread of a program stands.
 *
 * A thread is suspended, its stack is read, and the return addresses on it
 * are compared with the export tables of the system's DLLs. Those stand at the
 * same addresses in every process, so the director looks into its own copy.
 * The call nearest to the program's own code is the one its author wrote.
 * This is a good guess, no proof: a stack also holds old addresses.
 */
#include "director.h"

#include <stdio.h>
#include <string.h>
#include <winternl.h>

#define STACK_WORDS 1024u

struct image {
    uintptr_t base, end;
};

static struct image image_of(uintptr_t base, uint32_t size)
{
    return (struct image){base, base + size};
}

static bool contains(struct image image, uintptr_t address)
{
    return address >= image.base && address < image.end;
}

static const IMAGE_NT_HEADERS64 *headers_of(const char *base)
{
    const IMAGE_DOS_HEADER *dos = (const void *)base;
    return (const void *)(base + dos->e_lfanew);
}

/* The system's DLLs in which a thread can stand still. */
static size_t system_images(struct image *images, size_t room)
{
    static const wchar_t *const names[] = {L"kernelbase.dll",
                                           L"kernel32.dll",
                                           L"advapi32.dll",
                                           L"msvcrt.dll",
                                           L"ucrtbase.dll",
                                           L"ws2_32.dll"};
    size_t count = 0;
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        const char *base = (const char *)GetModuleHandleW(names[i]);
        if (base != NULL && count < room)
            images[count++] = image_of(
                (uintptr_t)base, headers_of(base)->OptionalHeader.SizeOfImage);
    }
    return count;
}

/* The exported function that begins nearest below address. */
static const char *export_below(struct image image, uintptr_t address)
{
    const char *base = (const char *)image.base;
    const IMAGE_DATA_DIRECTORY *where =
        &headers_of(base)
             ->OptionalHeader.DataDirectory[IMAGE_DIRECTORY_ENTRY_EXPORT];
    if (where->Size == 0)
        return NULL;
    const IMAGE_EXPORT_DIRECTORY *exports =
        (const void *)(base + where->VirtualAddress);
    const DWORD *names = (const void *)(base + exports->AddressOfNames);
    const WORD *ordinals =
        (const void *)(base + exports->AddressOfNameOrdinals);
    const DWORD *functions = (const void *)(base + exports->AddressOfFunctions);
    const char *best = NULL;
    DWORD best_start = 0, target = (DWORD)(address - image.base);
    for (DWORD i = 0; i < exports->NumberOfNames; i++) {
        DWORD start = functions[ordinals[i]];
        if (start <= target && start > best_start) {
            best_start = start;
            best = base + names[i];
        }
    }
    return best;
}

/* Whether the bytes before address are a call, as before every return
 * address: E8 rel32, or FF /2 with or without a displacement. */
static bool follows_call(const unsigned char *address)
{
    return address[-5] == 0xE8 ||
           (address[-6] == 0xFF && (address[-5] & 0x38) == 0x10) ||
           (address[-3] == 0xFF && (address[-2] & 0x38) == 0x10) ||
           (address[-2] == 0xFF && (address[-1] & 0x38) == 0x10);
}

static struct image program_image(HANDLE process)
{
    PROCESS_BASIC_INFORMATION basic = {0};
    uintptr_t base = 0;
    char header[1024];
    SIZE_T got;
    if (NtQueryInformationProcess(
            process, ProcessBasicInformation, &basic, sizeof basic, NULL) != 0)
        return image_of(0, 0);
    /* PEB.ImageBaseAddress stands at offset 16 on 64-bit Windows. */
    if (!ReadProcessMemory(process,
                           (const char *)basic.PebBaseAddress + 16,
                           &base,
                           sizeof base,
                           &got) ||
        !ReadProcessMemory(
            process, (const void *)base, header, sizeof header, &got))
        return image_of(0, 0);
    const IMAGE_DOS_HEADER *dos = (const void *)header;
    if (dos->e_lfanew < 0 ||
        (size_t)dos->e_lfanew + sizeof(IMAGE_NT_HEADERS64) > sizeof header)
        return image_of(0, 0);
    return image_of(base, headers_of(header)->OptionalHeader.SizeOfImage);
}

static const char *
name_from_stack(const uintptr_t *stack, size_t words, struct image program)
{
    struct image images[8];
    size_t count = system_images(images, 8);
    const char *name = NULL;
    for (size_t i = 0; i < words; i++) {
        /* The first address in the program's own code is its caller. Stale
         * ones below it are rare: system calls save few registers. */
        if (name != NULL && contains(program, stack[i]))
            break;
        for (size_t k = 0; k < count; k++)
            if (contains(images[k], stack[i]) &&
                follows_call((const unsigned char *)stack[i])) {
                const char *found = export_below(images[k], stack[i]);
                if (found != NULL)
                    name = found;
            }
    }
    return name;
}

static void describe_thread(HANDLE process,
                            HANDLE thread,
                            struct image program,
                            char *text,
                            size_t room)
{
    static uintptr_t stack[STACK_WORDS];
    CONTEXT context = {.ContextFlags = CONTEXT_CONTROL};
    SIZE_T got = 0;
    if (!GetThreadContext(thread, &context)) {
        snprintf(text, room, "somewhere (it cannot be seen)");
        return;
    }
    if (contains(program, (uintptr_t)context.Rip)) {
        snprintf(text, room, "busy in its own code");
        return;
    }
    /* Near the stack's top a long read fails as a whole: halve it. */
    for (SIZE_T size = sizeof stack; size >= 256; size /= 2)
        if (ReadProcessMemory(process,
                              (const void *)(uintptr_t)context.Rsp,
                              stack,
                              size,
                              &got))
            break;
    const char *name = name_from_stack(stack, got / sizeof stack[0], program);
    if (name != NULL)
        snprintf(text, room, "in %s", name);
    else
        snprintf(text, room, "in the system");
}

/* blocked PROGRAM -> "thread 1 in ReadFile, thread 2 busy in its own code" */
void do_blocked(void)
{
    const struct student *student = take_student();
    DWORD ids[32];
    size_t count = threads_of(student->pid, ids, 32), used = 0;
    const size_t each = 96;
    char *text = scratch(count * each + 1);
    struct image program = program_image(student->process);
    for (size_t i = 0; i < count; i++) {
        char place[72] = "";
        HANDLE thread = OpenThread(
            THREAD_SUSPEND_RESUME | THREAD_GET_CONTEXT, FALSE, ids[i]);
        if (thread == NULL)
            continue;
        if (SuspendThread(thread) != (DWORD)-1) {
            describe_thread(
                student->process, thread, program, place, sizeof place);
            ResumeThread(thread);
        }
        CloseHandle(thread);
        used += (size_t)snprintf(text + used,
                                 each,
                                 "%sthread %zu %s",
                                 used == 0 ? "" : ", ",
                                 i + 1,
                                 place);
    }
    answer_bytes(text, used);
}
