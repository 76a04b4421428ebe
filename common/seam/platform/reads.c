/* reads.c - see reads.h. */
#include "reads.h"
#include "mirror.h"

#define MAX_READS 1024
#define STATUS_OVERFLOW 0x80000005u /* part of a message: 234 */

/* Overlapped reads whose end has not been seen. */
static struct {
    LONG ticket; /* 0: this entry is free */
    OVERLAPPED *overlapped;
    struct end *end;
    LPOVERLAPPED_COMPLETION_ROUTINE routine; /* ReadFileEx: the program's */
} reads[MAX_READS];
static DWORD limit;        /* entries at and beyond this are free */
static volatile LONG open; /* entries in use */
static LONG tickets;
static SRWLOCK lock = SRWLOCK_INIT;

void reads_count(struct end *end, DWORD bytes)
{
    LONG64 length = bytes;

    if (bytes == 0 && mirror_pipe_of(end)->is_message_type)
        length = 1;
    InterlockedExchangeAdd64(&end->consumed, length);
}

LONG reads_begin(struct end *end, OVERLAPPED *overlapped)
{
    LONG ticket = 0;

    AcquireSRWLockExclusive(&lock);
    for (DWORD i = 0; ticket == 0 && i < MAX_READS; i++) {
        if (reads[i].ticket != 0)
            continue;
        ticket = ++tickets;
        reads[i].ticket = ticket;
        reads[i].overlapped = overlapped;
        reads[i].end = end;
        reads[i].routine = NULL;
        limit = i >= limit ? i + 1 : limit;
        InterlockedIncrement(&open);
    }
    ReleaseSRWLockExclusive(&lock);
    return ticket;
}

static void drop(DWORD i)
{
    reads[i].ticket = 0;
    InterlockedDecrement(&open);
    while (limit != 0 && reads[limit - 1].ticket == 0)
        limit--;
}

/* Counts one read if it is over. */
static void settle(DWORD i)
{
    const OVERLAPPED *overlapped = reads[i].overlapped;
    DWORD status = (DWORD)overlapped->Internal;

    if (status == STATUS_PENDING)
        return;
    if (status == 0 || status == STATUS_OVERFLOW)
        reads_count(reads[i].end, (DWORD)overlapped->InternalHigh);
    drop(i);
}

void reads_end(LONG ticket, OVERLAPPED *overlapped)
{
    AcquireSRWLockExclusive(&lock);
    for (DWORD i = 0; i < limit; i++)
        if (reads[i].ticket == ticket && reads[i].overlapped == overlapped) {
            settle(i);
            break;
        }
    ReleaseSRWLockExclusive(&lock);
}

void reads_routine(LONG ticket, LPOVERLAPPED_COMPLETION_ROUTINE routine)
{
    AcquireSRWLockExclusive(&lock);
    for (DWORD i = 0; i < limit; i++)
        if (reads[i].ticket == ticket)
            reads[i].routine = routine;
    ReleaseSRWLockExclusive(&lock);
}

/* The program may do with its OVERLAPPED what it likes from here on: it is
 * looked at first. */
void CALLBACK reads_completed(DWORD error, DWORD bytes, OVERLAPPED *overlapped)
{
    LPOVERLAPPED_COMPLETION_ROUTINE routine = NULL;

    AcquireSRWLockExclusive(&lock);
    for (DWORD i = limit; i-- != 0;)
        if (reads[i].ticket != 0 && reads[i].overlapped == overlapped &&
            reads[i].routine != NULL) {
            routine = reads[i].routine;
            settle(i);
        }
    ReleaseSRWLockExclusive(&lock);
    if (routine != NULL)
        routine(error, bytes, overlapped);
}

void reads_settle(OVERLAPPED *overlapped)
{
    if (open == 0 || overlapped == NULL)
        return;
    AcquireSRWLockExclusive(&lock);
    for (DWORD i = limit; i-- != 0;)
        if (reads[i].ticket != 0 && reads[i].overlapped == overlapped)
            settle(i);
    ReleaseSRWLockExclusive(&lock);
}

/* A program may free an OVERLAPPED without asking for its result. */
static bool is_readable(const void *address)
{
    MEMORY_BASIC_INFORMATION region;

    return VirtualQuery(address, &region, sizeof region) != 0 &&
           region.State == MEM_COMMIT && !(region.Protect & PAGE_NOACCESS);
}

void reads_settle_end(struct end *end)
{
    if (open == 0)
        return;
    AcquireSRWLockExclusive(&lock);
    for (DWORD i = limit; i-- != 0;) {
        if (reads[i].ticket == 0 || reads[i].end != end)
            continue;
        if (is_readable(reads[i].overlapped))
            settle(i);
        else
            drop(i);
    }
    ReleaseSRWLockExclusive(&lock);
}

void reads_forget(struct end *end)
{
    if (open == 0)
        return;
    AcquireSRWLockExclusive(&lock);
    for (DWORD i = limit; i-- != 0;)
        if (reads[i].ticket != 0 && reads[i].end == end)
            drop(i);
    ReleaseSRWLockExclusive(&lock);
}
