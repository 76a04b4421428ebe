/* crowd.c - many clients at once, each on a thread of its own. */
#include "director.h"

#include <stdlib.h>
#include <string.h>

struct plan {
    const wchar_t *pipe;
    DWORD flags;
    bool messages, reconnect;
    size_t rounds;
    size_t reply_size; /* byte pipes: how long a reply is; 0: as the request */
    moment deadline;
    HANDLE begin; /* opens for all clients at once */
};

struct turn {
    const unsigned char *request;
    size_t size;
    unsigned char *reply;
    size_t reply_room, reply_size;
    DWORD err;
};

struct client {
    const struct plan *plan;
    struct turn *turns;
    HANDLE pipe, done;
};

static DWORD join_in(struct client *client)
{
    const struct plan *plan = client->plan;
    DWORD mode = PIPE_READMODE_MESSAGE;
    DWORD err = open_pipe(plan->pipe,
                          GENERIC_READ | GENERIC_WRITE,
                          plan->flags,
                          plan->deadline,
                          &client->pipe);
    if (err == 0 && plan->messages &&
        !SetNamedPipeHandleState(client->pipe, &mode, NULL, NULL))
        err = GetLastError();
    if ((err == ERROR_PIPE_BUSY || err == ERROR_FILE_NOT_FOUND) &&
        left_until(plan->deadline) == 0)
        err = TIMED_OUT;
    return err;
}

static void leave(struct client *client)
{
    if (client->pipe != INVALID_HANDLE_VALUE)
        CloseHandle(client->pipe);
    client->pipe = INVALID_HANDLE_VALUE;
}

/* One part of a reply; the buffer has room for the longest one allowed. */
static DWORD hear_part(struct client *client, struct turn *turn, size_t most)
{
    OVERLAPPED io = {.hEvent = client->done};
    DWORD bytes;
    if (turn->reply_size + most > turn->reply_room)
        most = turn->reply_room - turn->reply_size;
    if (most == 0)
        return ERROR_MORE_DATA;
    ResetEvent(client->done);
    BOOL started = ReadFile(
        client->pipe, turn->reply + turn->reply_size, (DWORD)most, NULL, &io);
    DWORD err =
        finish_io(client->pipe, &io, started, client->plan->deadline, &bytes);
    turn->reply_size += bytes;
    return err;
}

static DWORD take_turn(struct client *client, struct turn *turn)
{
    const struct plan *plan = client->plan;
    OVERLAPPED io = {.hEvent = client->done};
    DWORD bytes;
    ResetEvent(client->done);
    BOOL started =
        WriteFile(client->pipe, turn->request, (DWORD)turn->size, NULL, &io);
    DWORD err = finish_io(client->pipe, &io, started, plan->deadline, &bytes);
    if (err != 0)
        return err;
    if (plan->messages) {
        do {
            err = hear_part(client, turn, turn->reply_room);
        } while (err == ERROR_MORE_DATA && turn->reply_size < turn->reply_room);
    } else {
        size_t want = plan->reply_size == 0 ? turn->size : plan->reply_size;
        while (err == 0 && turn->reply_size < want)
            err = hear_part(client, turn, want - turn->reply_size);
    }
    return err;
}

static DWORD CALLBACK play_client(void *context)
{
    struct client *client = context;
    const struct plan *plan = client->plan;
    DWORD err = 0;
    WaitForSingleObject(plan->begin, INFINITE);
    for (size_t i = 0; i < plan->rounds; i++) {
        if (err == 0 && client->pipe == INVALID_HANDLE_VALUE)
            err = join_in(client);
        if (err == 0)
            err = take_turn(client, &client->turns[i]);
        client->turns[i].err = err;
        if (plan->reconnect)
            leave(client);
    }
    leave(client);
    return 0;
}

/* Starts a thread a client and waits for them all. Every wait in them has
 * the plan's deadline, so this ends. */
static DWORD play_all(struct client *clients, size_t count, HANDLE begin)
{
    HANDLE *threads = scratch(count * sizeof *threads);
    size_t started = 0;
    DWORD err = 0;
    while (err == 0 && started < count) {
        clients[started].done = CreateEventW(NULL, TRUE, FALSE, NULL);
        threads[started] = CreateThread(NULL,
                                        65536,
                                        play_client,
                                        &clients[started],
                                        STACK_SIZE_PARAM_IS_A_RESERVATION,
                                        NULL);
        if (threads[started] == NULL)
            err = GetLastError();
        else
            started++;
    }
    SetEvent(begin);
    for (size_t i = 0; i < started; i++) {
        WaitForSingleObject(threads[i], INFINITE);
        CloseHandle(threads[i]);
    }
    for (size_t i = 0; i < count; i++)
        if (clients[i].done != NULL)
            CloseHandle(clients[i].done);
    return err;
}

/* crowd PIPE FLAGS MESSAGES RECONNECT MS REPLY_SIZE CLIENTS ROUNDS REQUEST...
 * -> for each request: ERROR REPLY */
void do_crowd(void)
{
    struct plan plan = {0};
    plan.pipe = take_text();
    plan.flags = take_code();
    plan.messages = take_flag();
    plan.reconnect = take_flag();
    uint64_t ms = take_number();
    plan.reply_size = take_number();
    size_t count = take_number();
    plan.rounds = take_number();
    struct client *clients = scratch(count * sizeof *clients);
    struct turn *turns = scratch(count * plan.rounds * sizeof *turns);
    for (size_t i = 0; i < count * plan.rounds; i++) {
        turns[i].request = take_bytes(&turns[i].size);
        turns[i].reply_room = turns[i].size + plan.reply_size + 4096;
        turns[i].reply = scratch(turns[i].reply_room);
    }
    for (size_t i = 0; i < count; i++)
        clients[i] = (struct client){.plan = &plan,
                                     .turns = turns + i * plan.rounds,
                                     .pipe = INVALID_HANDLE_VALUE};
    plan.begin = CreateEventW(NULL, TRUE, FALSE, NULL);
    plan.deadline = after(ms);
    DWORD err = play_all(clients, count, plan.begin);
    CloseHandle(plan.begin);
    if (err != 0) {
        answer_error(err);
        return;
    }
    for (size_t i = 0; i < count * plan.rounds; i++) {
        answer_number(turns[i].err);
        answer_bytes(turns[i].reply, turns[i].reply_size);
    }
}
