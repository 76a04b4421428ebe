/* lacks.h - what the identity on a thread is missing. */
#ifndef NPLAB_LACKS_H
#define NPLAB_LACKS_H

#include "line.h"

/* Appends " lacks=S-1-5-4,S-1-2-0", the groups of the calling thread's token
 * that count for deny entries alone, or " lacks=-" when there is none. Nothing
 * for a token that cannot be opened (1347). May change the last error. */
void lacks_describe(struct line *details);

#endif
