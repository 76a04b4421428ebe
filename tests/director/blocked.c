/*
 * blocked.c - names the Win32 call in which each thread of a program stands.
 *
 * A thread is suspended, its stack is copied, and its frames are unwound with
 * the tables that every 64-bit DLL carries. The system's DLLs stand at the
 * same addresses in every process, so the director looks into its own copies.
 * The last of their functions before the program's own code is the one its
 * author called.
 */
#include "director.h"

#include <stdio.h>
#include <string.h>
#include <winternl.h>

#define STACK_SIZE 16384u
#define FRAMES_MAX 40

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

/* The DLL at an address, in the director and so in every program. */
static struct image system_image(uintptr_t address)
{
    HMODULE module = NULL;
    if (!GetModuleHandleExW(GET_MODULE_HANDLE_EX_FLAG_FROM_ADDRESS |
                                GET_MODULE_HANDLE_EX_FLAG_UNCHANGED_REFCOUNT,
                            (LPCWSTR)address,
                            &module))
        return image_of(0, 0);
    return image_of(
        (uintptr_t)module,
        headers_of((const char *)module)->OptionalHeader.SizeOfImage);
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

/* A copy of the top of a thread's stack, and where it stood. */
struct stack_copy {
    uintptr_t from;
    size_t size;
    char bytes[STACK_SIZE];
};

static void copy_stack(HANDLE process, uintptr_t top, struct stack_copy *copy)
{
    SIZE_T got = 0;
    copy->from = top;
    copy->size = 0;
    /* Near the stack's end a long read fails as a whole: halve it. */
    for (SIZE_T size = STACK_SIZE; size >= 256 && copy->size == 0; size /= 2)
        if (ReadProcessMemory(
                process, (const void *)top, copy->bytes, size, &got))
            copy->size = got;
}

/* Registers that point into the thread's stack point into the copy instead. */
static void move_to_copy(DWORD64 *value, const struct stack_copy *copy)
{
    if (*value >= copy->from && *value < copy->from + copy->size)
        *value = (uintptr_t)copy->bytes + (*value - copy->from);
}

static bool is_in_copy(DWORD64 value, const struct stack_copy *copy)
{
    uintptr_t first = (uintptr_t)copy->bytes;
    return value >= first && value + 256 < first + copy->size;
}

/* One frame outwards. False when the copy has been used up. */
static bool unwind(CONTEXT *context, const struct stack_copy *copy)
{
    DWORD64 base, frame;
    void *handler_data;
    DWORD64 *const kept[] = {&context->Rsp,
                             &context->Rbp,
                             &context->Rbx,
                             &context->Rsi,
                             &context->Rdi,
                             &context->R12,
                             &context->R13,
                             &context->R14,
                             &context->R15};
    for (size_t i = 0; i < sizeof kept / sizeof kept[0]; i++)
        move_to_copy(kept[i], copy);
    if (!is_in_copy(context->Rsp, copy))
        return false;
    RUNTIME_FUNCTION *function =
        RtlLookupFunctionEntry(context->Rip, &base, NULL);
    if (function == NULL) {
        /* A function without a frame: its return address is on top. */
        memcpy(&context->Rip, (const void *)context->Rsp, sizeof context->Rip);
        context->Rsp += sizeof context->Rip;
        return true;
    }
    RtlVirtualUnwind(UNW_FLAG_NHANDLER,
                     base,
                     context->Rip,
                     function,
                     context,
                     &handler_data,
                     &frame,
                     NULL);
    return true;
}

/* The outermost system function before the program's own code; for a thread
 * that has none of it on its stack, the innermost one. */
static const char *
find_call(HANDLE process, CONTEXT *context, struct image program)
{
    static struct stack_copy copy;
    const char *outermost = NULL, *innermost = NULL;
    uintptr_t own = (uintptr_t)GetModuleHandleW(NULL);
    uintptr_t ntdll = (uintptr_t)GetModuleHandleW(L"ntdll.dll");
    copy_stack(process, (uintptr_t)context->Rsp, &copy);
    for (int i = 0; i < FRAMES_MAX; i++) {
        uintptr_t address = (uintptr_t)context->Rip;
        struct image image = system_image(address);
        /* The director's own image may stand where theirs does. */
        if (contains(program, address) || image.base == own)
            return outermost;
        if (image.base == 0)
            break;
        const char *found = export_below(image, address);
        if (found != NULL)
            outermost = found;
        if (innermost == NULL && image.base != ntdll)
            innermost = found;
        if (!unwind(context, &copy))
            break;
    }
    return innermost;
}

static void describe_thread(HANDLE process,
                            HANDLE thread,
                            struct image program,
                            char *text,
                            size_t room)
{
    CONTEXT context = {.ContextFlags = CONTEXT_CONTROL | CONTEXT_INTEGER};
    if (!GetThreadContext(thread, &context)) {
        snprintf(text, room, "where it cannot be seen");
        return;
    }
    if (contains(program, (uintptr_t)context.Rip)) {
        snprintf(text, room, "busy in its own code");
        return;
    }
    const char *name = find_call(process, &context, program);
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
