/* peers.c - the director's own clients and servers. */
#include "director.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define PEERS_MAX 4096
static struct peer {
    HANDLE pipe;
    HANDLE done; /* manual-reset event of the one operation under way */
    wchar_t *as;
    bool messages;
} peers[PEERS_MAX];
static size_t peer_count;

static struct peer *take_peer(void)
{
    uint64_t number = take_number();
    if (number >= peer_count)
        give_up("no such peer", 0);
    return &peers[number];
}

static void answer_new_peer(HANDLE pipe, const wchar_t *as, bool messages)
{
    if (peer_count == PEERS_MAX)
        give_up("too many peers", 0);
    struct peer *peer = &peers[peer_count];
    *peer = (struct peer){.pipe = pipe, .messages = messages};
    peer->done = CreateEventW(NULL, TRUE, FALSE, NULL);
    peer->as = as == NULL ? NULL : _wcsdup(as);
    answer_number(peer_count++);
}

/* ---- overlapped I/O
 * ------------------------------------------------------------ */

DWORD finish_io(
    HANDLE file, OVERLAPPED *io, BOOL started, moment deadline, DWORD *bytes)
{
    DWORD err = started ? 0 : GetLastError();
    bool late = false;
    *bytes = 0;
    if (err != 0 && err != ERROR_IO_PENDING && err != ERROR_MORE_DATA)
        return err;
    if (err == ERROR_IO_PENDING &&
        WaitForSingleObject(io->hEvent, left_until(deadline)) !=
            WAIT_OBJECT_0) {
        late = true;
        CancelIoEx(file, io);
    }
    /* Cancelled or not, the kernel owns io until this returns. */
    if (GetOverlappedResult(file, io, bytes, TRUE))
        return 0;
    err = GetLastError();
    return late && err == ERROR_OPERATION_ABORTED ? TIMED_OUT : err;
}

static OVERLAPPED new_io(struct peer *peer)
{
    ResetEvent(peer->done);
    return (OVERLAPPED){.hEvent = peer->done};
}

/* ---- opening
 * ------------------------------------------------------------------- */

DWORD open_pipe(const wchar_t *name,
                DWORD access,
                DWORD flags,
                moment deadline,
                HANDLE *out)
{
    for (;;) {
        *out = CreateFileW(name,
                           access,
                           0,
                           NULL,
                           OPEN_EXISTING,
                           FILE_FLAG_OVERLAPPED | flags,
                           NULL);
        if (*out != INVALID_HANDLE_VALUE)
            return 0;
        DWORD err = GetLastError(), left = left_until(deadline);
        if ((err != ERROR_PIPE_BUSY && err != ERROR_FILE_NOT_FOUND) ||
            left == 0)
            return err;
        if (err == ERROR_PIPE_BUSY)
            WaitNamedPipeW(name, left);
        else
            Sleep(1);
    }
}

DWORD generic_rights(uint64_t access)
{
    static const DWORD rights[3] = {
        GENERIC_READ | GENERIC_WRITE, GENERIC_READ, GENERIC_WRITE};
    return rights[access % 3];
}

/* connect PIPE ACCESS FLAGS AS MESSAGES MS -> PEER */
void do_connect(void)
{
    const wchar_t *name = take_text();
    DWORD access = generic_rights(take_number());
    DWORD flags = take_code();
    const wchar_t *as = take_text();
    bool messages = take_flag();
    moment deadline = after(take_number());
    HANDLE pipe = INVALID_HANDLE_VALUE;
    /* A read-only handle may not change its read mode without this (P21). */
    if (messages && (access & GENERIC_WRITE) == 0)
        access |= FILE_WRITE_ATTRIBUTES;

    DWORD err = wear(as);
    if (err == 0) {
        err = open_pipe(name, access, flags, deadline, &pipe);
        undress();
    }
    DWORD mode = PIPE_READMODE_MESSAGE;
    if (err == 0 && messages &&
        !SetNamedPipeHandleState(pipe, &mode, NULL, NULL)) {
        err = GetLastError();
        CloseHandle(pipe);
    }
    if (err != 0)
        answer_error(err);
    else
        answer_new_peer(pipe, as, messages);
}

/* listen PIPE MESSAGES INSTANCES BUFFER SDDL AS -> PEER */
void do_listen(void)
{
    const wchar_t *name = take_text();
    bool messages = take_flag();
    DWORD instances = take_code();
    DWORD buffer = take_code();
    const wchar_t *sddl = take_text();
    const wchar_t *as = take_text();
    struct security security;

    admit_clients();
    DWORD err = make_security(sddl, &security);
    if (err == 0)
        err = wear(as);
    if (err == 0) {
        HANDLE pipe = CreateNamedPipeW(
            name,
            PIPE_ACCESS_DUPLEX | FILE_FLAG_OVERLAPPED,
            PIPE_REJECT_REMOTE_CLIENTS |
                (messages ? PIPE_TYPE_MESSAGE | PIPE_READMODE_MESSAGE
                          : PIPE_TYPE_BYTE),
            instances,
            buffer,
            buffer,
            0,
            &security.attributes);
        if (pipe == INVALID_HANDLE_VALUE)
            err = GetLastError();
        undress();
        if (err == 0)
            answer_new_peer(pipe, as, messages);
    }
    drop_security(&security);
    if (err != 0)
        answer_error(err);
}

/* accept PEER MS */
void do_accept(void)
{
    struct peer *peer = take_peer();
    moment deadline = after(take_number());
    OVERLAPPED io = new_io(peer);
    DWORD bytes;
    BOOL started = ConnectNamedPipe(peer->pipe, &io);
    DWORD err = finish_io(peer->pipe, &io, started, deadline, &bytes);
    if (err != 0 && err != ERROR_PIPE_CONNECTED)
        answer_error(err);
}

void do_become(void)
{
    struct peer *peer = take_peer();
    const wchar_t *as = take_text();
    DWORD err = find_identity(as, NULL, NULL);
    free(peer->as);
    peer->as = as == NULL ? NULL : _wcsdup(as);
    if (err != 0)
        answer_error(err);
}

/* ---- talking
 * ------------------------------------------------------------------- */

/* write PEER MS BYTES -> ERROR WRITTEN */
void do_write(void)
{
    struct peer *peer = take_peer();
    moment deadline = after(take_number());
    size_t size;
    const unsigned char *data = take_bytes(&size);
    OVERLAPPED io = new_io(peer);
    DWORD bytes = 0, err = wear(peer->as);
    if (err == 0) {
        BOOL started = WriteFile(peer->pipe, data, (DWORD)size, NULL, &io);
        DWORD start_error = started ? 0 : GetLastError();
        undress();
        SetLastError(start_error);
        err = finish_io(peer->pipe, &io, started, deadline, &bytes);
    }
    answer_number(err);
    answer_number(bytes);
}

enum how { ONE_READ, EXACTLY, ONE_MESSAGE, TO_THE_END };
#define READ_LIMIT (16u * 1024u * 1024u) /* an endless sender must not win */

struct heard {
    unsigned char *bytes;
    size_t size, room;
};

static DWORD
read_once(struct peer *peer, struct heard *heard, size_t most, moment deadline)
{
    if (heard->room - heard->size < most) {
        size_t room = (heard->size + most) * 2;
        unsigned char *bytes = scratch(room);
        if (heard->size > 0)
            memcpy(bytes, heard->bytes, heard->size);
        heard->bytes = bytes;
        heard->room = room;
    }
    OVERLAPPED io = new_io(peer);
    DWORD bytes;
    BOOL started = ReadFile(
        peer->pipe, heard->bytes + heard->size, (DWORD)most, NULL, &io);
    DWORD err = finish_io(peer->pipe, &io, started, deadline, &bytes);
    heard->size += bytes;
    return err;
}

static DWORD hear(struct peer *peer,
                  enum how how,
                  size_t size,
                  moment deadline,
                  struct heard *heard)
{
    DWORD err;
    switch (how) {
    case EXACTLY:
        do
            err = read_once(peer, heard, size - heard->size, deadline);
        while ((err == 0 || err == ERROR_MORE_DATA) && heard->size < size);
        return heard->size == size ? 0 : err;
    case ONE_MESSAGE:
        do
            err = read_once(peer, heard, 65536, deadline);
        while (err == ERROR_MORE_DATA && heard->size < READ_LIMIT);
        return err;
    case TO_THE_END:
        do
            err = read_once(peer, heard, 65536, deadline);
        while ((err == 0 || err == ERROR_MORE_DATA) &&
               heard->size < READ_LIMIT);
        return err;
    case ONE_READ:
    default:
        return read_once(peer, heard, size, deadline);
    }
}

/* read PEER HOW MS SIZE -> ERROR BYTES */
void do_read(void)
{
    struct peer *peer = take_peer();
    enum how how = (enum how)take_number();
    moment deadline = after(take_number());
    size_t size = take_number();
    struct heard heard = {0};
    DWORD err = hear(peer, how, size, deadline, &heard);
    answer_number(err);
    answer_bytes(heard.bytes, heard.size);
}

/* transact PEER MS BYTES -> ERROR BYTES: one TransactNamedPipe, and what is
 * left of the reply by ReadFile */
void do_transact(void)
{
    struct peer *peer = take_peer();
    moment deadline = after(take_number());
    size_t size;
    unsigned char *data = take_bytes(&size);
    struct heard heard = {.room = 65536};
    DWORD bytes = 0, err = wear(peer->as);
    heard.bytes = scratch(heard.room);
    if (err == 0) {
        OVERLAPPED io = new_io(peer);
        BOOL started = TransactNamedPipe(peer->pipe,
                                         data,
                                         (DWORD)size,
                                         heard.bytes,
                                         (DWORD)heard.room,
                                         NULL,
                                         &io);
        DWORD start_error = started ? 0 : GetLastError();
        undress();
        SetLastError(start_error);
        err = finish_io(peer->pipe, &io, started, deadline, &bytes);
        heard.size = bytes;
        if (err == ERROR_MORE_DATA)
            err = hear(peer, ONE_MESSAGE, 0, deadline, &heard);
    }
    answer_number(err);
    answer_bytes(heard.bytes, heard.size);
}

/* who PEER -> ERROR TEXT */
void do_who(void)
{
    struct peer *peer = take_peer();
    char text[DESCRIPTION_SIZE] = "";
    HANDLE token = NULL;
    DWORD err = 0;
    if (!ImpersonateNamedPipeClient(peer->pipe)) {
        err = GetLastError();
    } else {
        if (!OpenThreadToken(GetCurrentThread(), TOKEN_QUERY, TRUE, &token))
            err = GetLastError();
        undress();
    }
    if (is_anonymous(err))
        snprintf(text, sizeof text, "Anonymous");
    if (token != NULL) {
        describe_token(token, text);
        CloseHandle(token);
    }
    answer_number(err);
    answer_utf8(text);
}

/* ---- parting
 * ------------------------------------------------------------------- */

void do_hang_up(void)
{
    struct peer *peer = take_peer();
    if (peer->pipe != INVALID_HANDLE_VALUE)
        CloseHandle(peer->pipe);
    peer->pipe = INVALID_HANDLE_VALUE;
}

void do_disconnect(void)
{
    if (!DisconnectNamedPipe(take_peer()->pipe))
        answer_error(GetLastError());
}
