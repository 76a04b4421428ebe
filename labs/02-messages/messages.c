/* messages.c - see messages.h; linked into server and client. */
#include "messages.h"

#include <stdlib.h>

bool message_grow(struct message *message)
{
    DWORD room = message->room == 0 ? 512 : message->room * 2;

    if (room > REQUEST_MAX)
        return false;
    char *data = realloc(message->data, room);
    if (data == NULL)
        return false;
    message->data = data;
    message->room = room;
    return true;
}
