/*
 * load.c - measures a server of messages under a number of clients.
 *
 *     load SERVER.exe CLIENTS REQUESTS [MESSAGE [ACCOUNTS]]
 *
 * Starts the server, opens CLIENTS connections that stay open, lets each send
 * REQUESTS messages, one at a time, and prints
 *
 *     CLIENTS <tab> requests per second <tab> longest wait in microseconds
 *
 * The message is 64 bytes, or MESSAGE, in which %u becomes a number that no
 * other request has; its reply must begin with OK. ACCOUNTS is the text of lab
 * 10's accounts file, with | for its line ends.
 */
#include "np_error.h"
#include "np_handle.h"
#include "np_pipe.h"
#include "np_process.h"

#include <stdlib.h>
#include <wchar.h>

enum {
    MESSAGE_SIZE = 64,
    MOST_BYTES = 256,
    MOST_CLIENTS = 64,
    WARM_UP = 8, /* requests of each client */
    CONNECT_MS = 20000
};

static const wchar_t *message_format; /* NULL: 64 bytes, whatever is replied */

#define LOAD_PIPE L"\\\\.\\pipe\\nplab-bench-load"

/* Opens when all who shall meet there have come. */
struct gate {
    volatile LONG missing;
    HANDLE open;
};

struct client {
    HANDLE pipe;
    struct gate *begin;
    struct gate *end;
    unsigned requests;
    LONGLONG longest; /* QueryPerformanceCounter ticks */
    DWORD err;
};

static LONGLONG now(void)
{
    LARGE_INTEGER ticks;

    QueryPerformanceCounter(&ticks);
    return ticks.QuadPart;
}

static DWORD make_gate(struct gate *gate, unsigned count)
{
    gate->missing = (LONG)count;
    gate->open = CreateEventW(NULL, TRUE, FALSE, NULL);
    return gate->open == NULL ? np_last_error() : 0;
}

static void meet(struct gate *gate)
{
    if (InterlockedDecrement(&gate->missing) == 0)
        SetEvent(gate->open);
    WaitForSingleObject(gate->open, INFINITE);
}

static DWORD open_client(struct client *client)
{
    DWORD mode = PIPE_READMODE_MESSAGE;

    for (;;) {
        client->pipe =
            CreateFileW(LOAD_PIPE,
                        GENERIC_READ | GENERIC_WRITE,
                        0,
                        NULL,
                        OPEN_EXISTING,
                        SECURITY_SQOS_PRESENT | SECURITY_IDENTIFICATION,
                        NULL);
        if (client->pipe != INVALID_HANDLE_VALUE)
            break;
        DWORD err = np_last_error();
        if (err != ERROR_PIPE_BUSY)
            return err;
        if (!WaitNamedPipeW(LOAD_PIPE, CONNECT_MS))
            return np_last_error();
    }
    if (!SetNamedPipeHandleState(client->pipe, &mode, NULL, NULL))
        return np_last_error();
    return 0;
}

/* The next request, and its size. */
static DWORD next_message(char *message, size_t size)
{
    static volatile LONG number;
    wchar_t text[MOST_BYTES];

    memset(message, 'x', MESSAGE_SIZE);
    if (message_format == NULL)
        return MESSAGE_SIZE;
    swprintf(text, MOST_BYTES, message_format, InterlockedIncrement(&number));
    int made = WideCharToMultiByte(
        CP_UTF8, 0, text, -1, message, (int)size, NULL, NULL);
    return made > 0 ? (DWORD)made - 1 : 0;
}

static DWORD ask(HANDLE pipe)
{
    char message[MOST_BYTES];
    char reply[MOST_BYTES];
    DWORD size = next_message(message, sizeof message);
    DWORD done = 0;

    if (!WriteFile(pipe, message, size, &done, NULL) ||
        !ReadFile(pipe, reply, sizeof reply, &done, NULL))
        return np_last_error();
    if (message_format != NULL && (done < 2 || memcmp(reply, "OK", 2) != 0))
        return ERROR_INVALID_DATA;
    return 0;
}

static DWORD WINAPI run_client(void *argument)
{
    struct client *client = argument;

    /* The first request of a connection makes it known to the server; it is
     * not measured, nor is the start of the threads. */
    client->err = ask(client->pipe);
    meet(client->begin);
    for (unsigned i = 0; i < client->requests && client->err == 0; i++) {
        LONGLONG began = now();
        client->err = ask(client->pipe);
        LONGLONG took = now() - began;
        if (i >= WARM_UP && took > client->longest)
            client->longest = took;
    }
    /* To end a thread takes longer than a request: nobody leaves while others
     * are being measured. */
    meet(client->end);
    return 0;
}

/* Starts the server with a standard input that stays open: at its end the
 * labs' servers stop. */
static DWORD
start_server(const wchar_t *path, const wchar_t *options, HANDLE *server)
{
    SECURITY_ATTRIBUTES inherited = {sizeof inherited, NULL, TRUE};
    HANDLE input = NULL;
    HANDLE kept_open = NULL; /* until this process ends */
    wchar_t command[1024];
    DWORD err;

    if (!CreatePipe(&input, &kept_open, &inherited, 0))
        return np_last_error();
    SetHandleInformation(kept_open, HANDLE_FLAG_INHERIT, 0);
    SetStdHandle(STD_INPUT_HANDLE, input);
    swprintf(command, 1024, L"\"%ls\" --pipe %ls%ls", path, LOAD_PIPE, options);
    err = np_start_process(NULL, command, server);
    np_close(&input);
    return err;
}

static DWORD await_server(HANDLE server)
{
    ULONGLONG until = GetTickCount64() + CONNECT_MS;

    while (!WaitNamedPipeW(LOAD_PIPE, 1)) {
        DWORD err = np_last_error();
        if (err == ERROR_SEM_TIMEOUT)
            return 0;
        if (err != ERROR_FILE_NOT_FOUND)
            return err;
        if (WaitForSingleObject(server, 1) == WAIT_OBJECT_0)
            return ERROR_PROCESS_ABORTED;
        if (GetTickCount64() > until)
            return WAIT_TIMEOUT;
    }
    return 0;
}

/* Starts a thread for each client and lets them all begin at once; returns
 * when the last is done, with the seconds between. After an error, threads may
 * be left waiting for the others: they end with the process. */
static DWORD
run_clients(struct client *clients, unsigned count, double *seconds)
{
    static struct gate begin, end;
    LARGE_INTEGER frequency;
    DWORD err = make_gate(&begin, count + 1);

    if (err == 0)
        err = make_gate(&end, count + 1);
    for (unsigned i = 0; i < count && err == 0; i++) {
        clients[i].begin = &begin;
        clients[i].end = &end;
        HANDLE thread = CreateThread(NULL, 0, run_client, &clients[i], 0, NULL);
        if (thread == NULL)
            err = np_last_error();
        np_close(&thread);
    }
    if (err != 0)
        return err;
    meet(&begin);
    LONGLONG began = now();
    meet(&end);
    QueryPerformanceFrequency(&frequency);
    *seconds = (double)(now() - began) / (double)frequency.QuadPart;
    return 0;
}

static DWORD measure(struct client *clients, unsigned count)
{
    LARGE_INTEGER frequency;
    LONGLONG longest = 0;
    double seconds = 0;
    DWORD err = 0;

    QueryPerformanceFrequency(&frequency);
    for (unsigned i = 0; i < count && err == 0; i++)
        err = open_client(&clients[i]);
    if (err == 0)
        err = run_clients(clients, count, &seconds);
    for (unsigned i = 0; i < count; i++) {
        if (err == 0)
            err = clients[i].err;
        if (clients[i].longest > longest)
            longest = clients[i].longest;
        np_close(&clients[i].pipe);
    }
    if (err == 0)
        printf("%u\t%.0f\t%lld\n",
               count,
               (double)count * clients[0].requests / seconds,
               longest * 1000000 / frequency.QuadPart);
    return err;
}

static bool write_accounts(const wchar_t *text)
{
    FILE *file = _wfopen(L"accounts.txt", L"wb");

    if (file == NULL)
        return false;
    for (; *text != L'\0'; text++)
        fputc(*text == L'|' ? '\n' : (char)*text, file);
    fputc('\n', file);
    return fclose(file) == 0;
}

int wmain(int argc, wchar_t **argv)
{
    static struct client clients[MOST_CLIENTS];
    HANDLE server = NULL;
    DWORD err;

    if (argc < 4 || argc > 6) {
        fputs("usage: load SERVER.exe CLIENTS REQUESTS [MESSAGE [ACCOUNTS]]\n",
              stderr);
        return 2;
    }
    unsigned count = (unsigned)wcstoul(argv[2], NULL, 10);
    if (count == 0 || count > MOST_CLIENTS) {
        fprintf(stderr, "load: CLIENTS is 1 to %d\n", MOST_CLIENTS);
        return 2;
    }
    for (unsigned i = 0; i < count; i++)
        clients[i].requests = (unsigned)wcstoul(argv[3], NULL, 10);

    message_format = argc > 4 ? argv[4] : NULL;
    if (argc > 5 && !write_accounts(argv[5])) {
        fputs("load: accounts.txt cannot be written\n", stderr);
        return 1;
    }
    err = start_server(
        argv[1], argc > 5 ? L" --accounts accounts.txt" : L"", &server);
    if (err == 0)
        err = await_server(server);
    if (err == 0)
        err = measure(clients, count);
    if (err != 0)
        np_warn(err, "measuring %ls", argv[1]);
    if (server != NULL)
        TerminateProcess(server, 0);
    np_close(&server);
    return err == 0 ? 0 : 1;
}
