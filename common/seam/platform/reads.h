/* reads.h - how far a server has read on each of its connections.
 *
 * A synchronous read tells at once. An overlapped one tells when it is done,
 * which may be seen by any thread in several ways; it is counted when the
 * program asks for its result, or at the latest when the answer is needed. */
#ifndef NPLAB_READS_H
#define NPLAB_READS_H

#include "session.h"

/* A read of so many bytes was completed. */
void reads_count(struct end *end, DWORD bytes);

/* An overlapped read is about to be made. Its ticket. */
LONG reads_begin(struct end *end, OVERLAPPED *overlapped);

/* The read of this ticket was made by ReadFileEx: reads_completed, which was
 * given to the system, counts it and calls the program's routine. */
void reads_routine(LONG ticket, LPOVERLAPPED_COMPLETION_ROUTINE routine);
void CALLBACK reads_completed(DWORD error, DWORD bytes, OVERLAPPED *overlapped);

/* It failed at once, or was completed at once. */
void reads_end(LONG ticket, OVERLAPPED *overlapped);

/* The program has seen this operation's end, if it is over. Any OVERLAPPED
 * may be given. All three keep the last error. */
void reads_settle(OVERLAPPED *overlapped);
void reads_settle_end(struct end *end);

/* The connection is over. */
void reads_forget(struct end *end);

#endif
