/* play_peers.c - the director's own clients and servers. */
#include "play_internal.h"

#include <string.h>

enum how { ONE_READ, EXACTLY, ONE_MESSAGE, TO_THE_END }; /* as in peers.c */

static const lesson REACHING = {
    .why = "A client opens a pipe with CreateFile. That succeeds only while "
           "an instance of the pipe waits for a client.",
    .read = "README, the part on the protocol; the CreateFile and "
            "ConnectNamedPipe pages"};
static const lesson TAKING = {
    .why = "A write to a pipe fails when the other end has been closed or "
           "disconnected, and waits while its buffer is full.",
    .read = "README, the part on the protocol; the WriteFile page"};
static const lesson SCENERY = {
    .why = "The check needs a server of its own for your client to meet.",
    .read = "the CreateNamedPipe page"};

static const char *or_pipe(const char *pipe)
{
    return pipe == NULL ? PIPE : pipe;
}

static void begin(const char *verb, peer p)
{
    line_begin(verb);
    put_number((uint64_t)p);
}

static const char *kind_for(uint32_t code)
{
    return code == TIMED_OUT ? "hang" : "failed";
}

/* ---- opening
 * ------------------------------------------------------------------------- */

uint32_t try_open_peer(peer *out, struct opening opening)
{
    uint32_t ms = opening.once ? 0 : scaled(opening.deadline_ms);
    *out = -1;
    line_begin("connect");
    put_text(or_pipe(opening.pipe));
    put_number(opening.access);
    put_number(opening.flags);
    put_text(opening.as);
    put_number(opening.messages);
    put_number(ms);
    uint32_t code = perform(ms);
    if (code == 0)
        *out = (peer)get_number();
    return code;
}

static const lesson PIPE_OF_BYTES = {
    .why = "Only a pipe that was created with PIPE_TYPE_MESSAGE keeps its "
           "messages apart, and only there a client may set the message read "
           "mode. The type is the server's choice, in CreateNamedPipe.",
    .read = "README, the contract (a pipe of messages); fact P21"};

void refuse_pipe_of_bytes(uint32_t code, struct opening opening)
{
    /* CreateFile itself has no reason for it. */
    if (code == 87 && opening.messages)
        fail(&PIPE_OF_BYTES,
             "the pipe is one of messages",
             "The client's SetNamedPipeHandleState(PIPE_READMODE_MESSAGE) "
             "failed with %s: the pipe is one of bytes.",
             code_text(code));
}

peer open_peer(struct opening opening)
{
    peer p;
    uint32_t code = try_open_peer(&p, opening);
    if (code == 0)
        return p;
    refuse_pipe_of_bytes(code, opening);
    bool waited = !opening.once && (code == 231 || code == 2);
    play_stop(&(struct verdict){
        .kind = waited ? "hang" : "failed",
        .expected = keep_text("a client can open %s", or_pipe(opening.pipe)),
        .happened =
            waited ? keep_text("CreateFile failed with %s, and for %u ms "
                               "nothing changed.",
                               code_text(code),
                               scaled(opening.deadline_ms))
                   : keep_text("CreateFile failed with %s.", code_text(code)),
        .why = REACHING.why,
        .read = REACHING.read});
}

uint32_t try_listen_peer(peer *out, struct listening listening)
{
    *out = -1;
    line_begin("listen");
    put_text(or_pipe(listening.pipe));
    put_number(listening.messages);
    put_number(listening.instances == 0 ? 1 : listening.instances);
    put_number(listening.buffer == 0 ? 4096 : listening.buffer);
    put_text(listening.sddl);
    put_text(listening.as);
    uint32_t code = perform(scaled(0));
    if (code == 0)
        *out = (peer)get_number();
    return code;
}

peer listen_peer(struct listening listening)
{
    peer p;
    uint32_t code = try_listen_peer(&p, listening);
    if (code != 0)
        fail(
            &SCENERY,
            keep_text("the check can serve %s itself", or_pipe(listening.pipe)),
            "CreateNamedPipe failed with %s.",
            code_text(code));
    return p;
}

uint32_t accept_client(peer server, uint32_t deadline_ms)
{
    uint32_t ms = scaled(deadline_ms);
    begin("accept", server);
    put_number(ms);
    return perform(ms);
}

void become(peer p, identity as)
{
    begin("become", p);
    put_text(as);
    perform_surely(0, "find an identity");
}

/* ---- talking
 * ---------------------------------------------------------------------------
 */

static struct reply take_reply(void)
{
    struct reply reply = {.error = (uint32_t)get_number()};
    struct text bytes = get_bytes();
    reply.bytes = (const unsigned char *)bytes.bytes;
    reply.size = bytes.size;
    return reply;
}

struct reply
try_say(peer p, const void *data, size_t size, uint32_t deadline_ms)
{
    uint32_t ms = scaled(deadline_ms);
    begin("write", p);
    put_number(ms);
    put_bytes(data == NULL ? "" : data, size);
    perform_surely(ms, "write to a pipe");
    struct reply reply = {.error = (uint32_t)get_number()};
    reply.size = get_number();
    return reply;
}

void say(peer p, const void *data, size_t size)
{
    struct reply reply = try_say(p, data, size, 0);
    if (reply.error == 0 && reply.size == size)
        return;
    const char *happened =
        reply.error == TIMED_OUT
            ? keep_text("%zu of %zu bytes went over within %u ms.",
                        reply.size,
                        size,
                        scaled(0))
            : keep_text("WriteFile failed with %s after %zu of %zu bytes.",
                        code_text(reply.error),
                        reply.size,
                        size);
    play_stop(&(struct verdict){
        .kind = kind_for(reply.error),
        .expected = keep_text("the other end takes the peer's %zu bytes", size),
        .happened = happened,
        .why = TAKING.why,
        .read = TAKING.read});
}

static struct reply read_as(peer p, enum how how, size_t size, uint32_t ms)
{
    begin("read", p);
    put_number(how);
    put_number(ms);
    put_number(size);
    perform_surely(ms, "read from a pipe");
    return take_reply();
}

struct reply hear(peer p, size_t max, uint32_t deadline_ms)
{
    return read_as(p, ONE_READ, max, scaled(deadline_ms));
}

struct reply hear_exactly(peer p, size_t size)
{
    return read_as(p, EXACTLY, size, scaled(0));
}

struct reply hear_message(peer p)
{
    return read_as(p, ONE_MESSAGE, 0, scaled(0));
}

struct reply hear_end(peer p)
{
    return read_as(p, TO_THE_END, 0, scaled(0));
}

struct reply transact(peer p, const void *data, size_t size)
{
    uint32_t ms = scaled(0);
    begin("transact", p);
    put_number(ms);
    put_bytes(data == NULL ? "" : data, size);
    perform_surely(ms, "transact on a pipe");
    return take_reply();
}

struct reply who_is(peer server)
{
    begin("who", server);
    perform_surely(scaled(0), "look at a client");
    return take_reply();
}

/* ---- parting
 * ------------------------------------------------------------------------------
 */

void hang_up(peer p)
{
    begin("hang_up", p);
    perform_surely(0, "close a pipe");
}

void disconnect(peer p)
{
    begin("disconnect", p);
    perform(0); /* 233 when the client has gone: the purpose is reached */
}
