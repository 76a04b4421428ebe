/*
 * server.c - a right submission of another design: one thread,
 * completion routines, and no SQLite. The ledger is a file to which each
 * request appends one block, in one write that goes through to the disk; what
 * it says is kept in memory. A block that is cut off at the end was never
 * answered.
 */
#include "np_args.h"
#include "np_token.h"

#include <sddl.h>
#include <stdlib.h>
#include <string.h>
#include <wchar.h>

enum { INSTANCES = 62, REQUEST = 512, REPLY = 16384, BLOCK = 4096 };

struct account {
    char name[65];
    long long balance;
    PSECURITY_DESCRIPTOR descriptor;
    struct account *next; /* by name */
};

struct move {
    char from[65], to[65], id[65], memo[REQUEST + 1];
    long long amount;
    struct move *next; /* the newest first */
};

struct client {
    HANDLE pipe;
    OVERLAPPED io;
    enum { WAITING, HEARING, DROPPING, TELLING } state;
    char request[65536]; /* room for what is too long, too */
    char reply[REPLY];
};

static struct client clients[INSTANCES];
static HANDLE events[INSTANCES + 1];
static struct account *accounts;
static struct move *moves;
static HANDLE file;
static bool printing; /* --audit */
static unsigned audited;
static const wchar_t *group;

/* ---- the file and what it says ---- */

static struct account *find(const char *name)
{
    struct account *at = accounts;
    while (at != NULL && strcmp(at->name, name) != 0)
        at = at->next;
    return at;
}

static bool read_account(const char *line, struct account *account)
{
    char digits[16];
    int used = 0;

    *account = (struct account){0};
    if (sscanf(line, "%64s %15[0-9] %n", account->name, digits, &used) != 2)
        return false;
    account->balance = strtoll(digits, NULL, 10);
    return used > 0 &&
           ConvertStringSecurityDescriptorToSecurityDescriptorA(
               line + used, SDDL_REVISION_1, &account->descriptor, NULL);
}

static void add_account(const char *line)
{
    struct account *new = malloc(sizeof *new);
    struct account **at = &accounts;

    if (new == NULL || !read_account(line, new))
        exit(1);
    while (*at != NULL && strcmp((*at)->name, new->name) < 0)
        at = &(*at)->next;
    new->next = *at;
    *at = new;
}

static void add_move(const struct move *move)
{
    struct move *new = malloc(sizeof *new);
    if (new == NULL)
        exit(1);
    *new = *move;
    new->next = moves;
    moves = new;
    find(move->from)->balance -= move->amount;
    find(move->to)->balance += move->amount;
}

/* A word of at most 64 bytes, and where the next one begins. */
static const char *word(const char *at, char out[65])
{
    size_t size = at != NULL ? strcspn(at, " ") : 0;

    if (size == 0 || size > 64)
        return NULL;
    memcpy(out, at, size);
    out[size] = '\0';
    return at[size] == ' ' ? at + size + 1 : at + size;
}

static bool read_move(const char *text, struct move *move)
{
    char digits[65];

    text = word(text, move->from);
    text = word(text, move->to);
    text = word(text, digits);
    text = word(text, move->id);
    if (text == NULL || strlen(digits) > 15 ||
        strspn(digits, "0123456789") != strlen(digits))
        return false;
    strcpy(move->memo, text);
    move->amount = strtoll(digits, NULL, 10);
    return move->amount > 0 && strcmp(move->from, move->to) != 0;
}

/* One line of a block. */
static void apply(const char *line)
{
    struct move move;

    if (line[0] == 'A')
        add_account(line + 1);
    else if (line[0] == 'M' && read_move(line + 1, &move))
        add_move(&move);
    else if (line[0] == 'D' && printing)
        printf("%u\t%s\n", ++audited, line + 1);
}

static void apply_all(char *lines)
{
    for (char *line = strtok(lines, "\n"); line; line = strtok(NULL, "\n"))
        apply(line);
}

/* A block is its size in 8 digits, a line end, and its lines. */
static bool load(void)
{
    LARGE_INTEGER size;
    DWORD got = 0;

    if (!GetFileSizeEx(file, &size))
        return false;
    char *all = calloc(1, (size_t)size.QuadPart + 1);
    if (all == NULL || !ReadFile(file, all, (DWORD)size.QuadPart, &got, NULL))
        return false;
    size_t at = 0;
    while (got - at > 9) {
        size_t block = strtoul(all + at, NULL, 10);
        if (block == 0 || got - at - 9 < block)
            break;
        char kept = all[at + 9 + block];
        all[at + 9 + block] = '\0';
        apply_all(all + at + 9);
        at += 9 + block;
        all[at] = kept;
    }
    free(all);
    SetFilePointer(file, (LONG)at, NULL, FILE_BEGIN);
    return printing || SetEndOfFile(file);
}

/* Writes the lines, all or none, and then does what they say. */
static bool commit(char *lines)
{
    static char block[BLOCK * 64];
    DWORD written = 0;
    LARGE_INTEGER end, none = {0};
    int size = snprintf(
        block, sizeof block, "%08u\n%s", (unsigned)strlen(lines), lines);

    if (size < 0 || size >= (int)sizeof block ||
        !SetFilePointerEx(file, none, &end, FILE_CURRENT))
        return false;
    if (!WriteFile(file, block, (DWORD)size, &written, NULL) ||
        written != (DWORD)size) {
        SetFilePointerEx(file, end, NULL, FILE_BEGIN);
        SetEndOfFile(file);
        return false;
    }
    apply_all(lines);
    return true;
}

static bool open_file(const wchar_t *folder)
{
    wchar_t text[300];
    SECURITY_ATTRIBUTES closed = {sizeof closed, NULL, FALSE};

    _snwprintf(text, 300, L"D:P(A;OICI;FA;;;SY)(A;OICI;FA;;;%ls)", group);
    if (!ConvertStringSecurityDescriptorToSecurityDescriptorW(
            text, SDDL_REVISION_1, &closed.lpSecurityDescriptor, NULL))
        return false;
    /* Not in a folder that somebody else made: unless it has our file. */
    bool made = printing || CreateDirectoryW(folder, &closed);
    _snwprintf(text, 300, L"%ls\\blocks", folder);
    file = CreateFileW(text,
                       GENERIC_READ | GENERIC_WRITE,
                       /* alone */ 0,
                       &closed,
                       made && !printing ? CREATE_NEW : OPEN_EXISTING,
                       FILE_FLAG_WRITE_THROUGH,
                       NULL);
    LocalFree(closed.lpSecurityDescriptor);
    return file != INVALID_HANDLE_VALUE && load();
}

static bool open_accounts(const wchar_t *path)
{
    static char lines[BLOCK * 32];
    char line[2048], name[65];
    struct account account;
    FILE *list = _wfopen(path, L"rb");
    size_t used = 0;

    while (list != NULL && fgets(line, sizeof line, list) != NULL) {
        line[strcspn(line, "\r\n")] = '\0';
        if (line[0] == '#' || line[0] == '\0' ||
            (word(line, name) != NULL && find(name) != NULL))
            continue;
        if (!read_account(line, &account)) {
            fprintf(stderr, "no account: %s\n", line);
            return false;
        }
        LocalFree(account.descriptor);
        used +=
            (size_t)snprintf(lines + used, sizeof lines - used, "A%s\n", line);
    }
    if (list == NULL || fclose(list) != 0)
        return false;
    return used == 0 || commit(lines);
}

/* ---- who asks ---- */

static HANDLE token_of(HANDLE pipe)
{
    HANDLE token = NULL;

    if (ImpersonateNamedPipeClient(pipe)) {
        OpenThreadToken(GetCurrentThread(), TOKEN_QUERY, TRUE, &token);
        if (!RevertToSelf())
            TerminateProcess(GetCurrentProcess(), 3);
    }
    return token;
}

static bool may(HANDLE token, const struct account *account, DWORD right)
{
    GENERIC_MAPPING mapping = {1, 6, 1, 7};
    BYTE set[256];
    DWORD size = sizeof set, granted = 0;
    BOOL yes = FALSE;

    return token != NULL && account != NULL &&
           AccessCheck(account->descriptor,
                       token,
                       right,
                       &mapping,
                       (PRIVILEGE_SET *)(void *)set,
                       &size,
                       &granted,
                       &yes) &&
           yes;
}

/* ---- requests ---- */

static const char *
answer_move(HANDLE token, const struct move *move, const char *text, char *line)
{
    struct account *from = find(move->from);

    if (!may(token, from, 4) || !may(token, find(move->to), 2))
        return "DENIED";
    for (struct move *old = moves; old != NULL; old = old->next)
        if (strcmp(old->id, move->id) == 0 &&
            strcmp(old->from, move->from) == 0)
            return strcmp(old->to, move->to) == 0 &&
                           old->amount == move->amount &&
                           strcmp(old->memo, move->memo) == 0
                       ? "OK"
                       : "BAD the id is taken";
    if (from->balance < move->amount)
        return "SHORT";
    sprintf(line, "M%s\n", text + 5);
    return "OK";
}

static void answer_history(const char *name, char *reply)
{
    struct move *newest[20];
    int count = 0;

    for (struct move *at = moves; at != NULL && count < 20; at = at->next)
        if (strcmp(at->from, name) == 0 || strcmp(at->to, name) == 0)
            newest[count++] = at;
    while (count-- > 0) {
        struct move *at = newest[count];
        reply += sprintf(reply,
                         "\n%c%lld %s%s%s",
                         strcmp(at->from, name) == 0 ? '-' : '+',
                         at->amount,
                         at->id,
                         at->memo[0] ? " " : "",
                         at->memo);
    }
}

static bool is_text(const char *text, DWORD size)
{
    for (DWORD i = 0; i < size; i++)
        if ((unsigned char)text[i] < ' ' || text[i] == 127)
            return false;
    return size > 0 &&
           MultiByteToWideChar(
               CP_UTF8, MB_ERR_INVALID_CHARS, text, (int)size, NULL, 0) != 0;
}

static void answer(HANDLE token, const char *bytes, DWORD size, char *reply)
{
    char text[REQUEST + 1], name[65], lines[BLOCK] = "", who[256] = "nobody";
    struct move move;

    strcpy(reply, "BAD");
    if (size > REQUEST || !is_text(bytes, size))
        return;
    memcpy(text, bytes, size);
    text[size] = '\0';
    if (token != NULL && np_token_describe(token, who, sizeof who) != 0)
        return;
    if (strcmp(text, "LIST") == 0) {
        strcpy(reply, token != NULL ? "OK" : "DENIED");
        char *end = reply + strlen(reply);
        for (struct account *at = accounts; at != NULL; at = at->next)
            if (may(token, at, 1))
                end += sprintf(end, "\n%s", at->name);
    } else if (strncmp(text, "MOVE ", 5) == 0) {
        if (!read_move(text + 5, &move))
            return;
        strcpy(reply, answer_move(token, &move, text, lines));
    } else {
        bool history = strncmp(text, "HISTORY ", 8) == 0;
        const char *end = word(text + 8, name);
        if ((!history && strncmp(text, "BALANCE ", 8) != 0) || end == NULL ||
            strlen(name) != strlen(text + 8))
            return;
        struct account *account = find(name);
        strcpy(reply, may(token, account, 1) ? "OK" : "DENIED");
        if (reply[0] == 'O' && history)
            answer_history(name, reply + 2);
        else if (reply[0] == 'O')
            sprintf(reply, "OK %lld", account->balance);
    }
    sprintf(lines + strlen(lines),
            "D%s\t%s\t%s\n",
            who,
            text,
            strcmp(reply, "DENIED") == 0 ? "denied" : "granted");
    if (!commit(lines))
        strcpy(reply, "FAILED");
}

/* ---- pipes ---- */

static void CALLBACK heard(DWORD err, DWORD size, OVERLAPPED *io);

/* hEvent is the program's own to use with the Ex functions; it serves
 * ConnectNamedPipe here. */
static void listen_for_client(struct client *c)
{
    c->state = WAITING;
    c->io.hEvent = events[c - clients];
    if (!ConnectNamedPipe(c->pipe, &c->io) &&
        GetLastError() != ERROR_IO_PENDING)
        SetEvent(c->io.hEvent); /* it is there, or has left again */
}

static void wait_for_client(struct client *c)
{
    DisconnectNamedPipe(c->pipe);
    listen_for_client(c);
}

static void hear(struct client *c)
{
    if (!ReadFileEx(c->pipe, c->request, sizeof c->request, &c->io, heard))
        wait_for_client(c);
}

static void CALLBACK told(DWORD err, DWORD size, OVERLAPPED *io)
{
    struct client *c = CONTAINING_RECORD(io, struct client, io);

    (void)size;
    c->state = HEARING;
    if (err == 0)
        hear(c);
    else
        wait_for_client(c);
}

static void CALLBACK heard(DWORD err, DWORD size, OVERLAPPED *io)
{
    struct client *c = CONTAINING_RECORD(io, struct client, io);

    if (err == ERROR_MORE_DATA) {
        c->state = DROPPING;
        hear(c);
    } else if (err != 0) {
        wait_for_client(c);
    } else {
        HANDLE token = token_of(c->pipe);
        answer(token,
               c->request,
               c->state == DROPPING ? REQUEST + 1 : size,
               c->reply);
        if (token != NULL)
            CloseHandle(token);
        c->state = TELLING;
        if (!WriteFileEx(
                c->pipe, c->reply, (DWORD)strlen(c->reply), &c->io, told))
            wait_for_client(c);
    }
}

static DWORD WINAPI watch_input(void *stop)
{
    char bytes[64];
    DWORD got = 0;

    while (ReadFile(GetStdHandle(STD_INPUT_HANDLE), bytes, 64, &got, NULL) &&
           got > 0)
        ;
    SetEvent(stop);
    return 0;
}

static int serve(const wchar_t *name)
{
    SECURITY_ATTRIBUTES security = {sizeof security, NULL, FALSE};
    wchar_t sddl[200];

    _snwprintf(sddl, 200, L"D:P(A;;GA;;;%ls)(A;;0x12019b;;;WD)", group);
    if (!ConvertStringSecurityDescriptorToSecurityDescriptorW(
            sddl, SDDL_REVISION_1, &security.lpSecurityDescriptor, NULL))
        return 1;
    events[INSTANCES] = CreateEventW(NULL, TRUE, FALSE, NULL);
    for (int i = 0; i < INSTANCES; i++) {
        struct client *c = &clients[i];
        events[i] = CreateEventW(NULL, TRUE, FALSE, NULL);
        c->pipe =
            CreateNamedPipeW(name,
                             PIPE_ACCESS_DUPLEX | FILE_FLAG_OVERLAPPED |
                                 (i == 0 ? FILE_FLAG_FIRST_PIPE_INSTANCE : 0),
                             PIPE_TYPE_MESSAGE | PIPE_READMODE_MESSAGE |
                                 PIPE_REJECT_REMOTE_CLIENTS,
                             INSTANCES,
                             REPLY,
                             REPLY,
                             0,
                             &security);
        if (c->pipe == INVALID_HANDLE_VALUE) {
            fprintf(stderr, "no pipe: %lu\n", GetLastError());
            return 1;
        }
        /* Not disconnected: a client may be there already. */
        listen_for_client(c);
    }
    CloseHandle(CreateThread(NULL, 0, watch_input, events[INSTANCES], 0, NULL));
    for (;;) {
        DWORD i = WaitForMultipleObjectsEx(
            INSTANCES + 1, events, FALSE, INFINITE, /* bAlertable */ TRUE);
        if (i == WAIT_IO_COMPLETION)
            continue;
        if (i >= INSTANCES)
            return 0;
        ResetEvent(events[i]);
        clients[i].state = HEARING;
        hear(&clients[i]);
    }
}

int wmain(int argc, wchar_t **argv)
{
    const wchar_t *name = L"\\\\.\\pipe\\nplab-10-ledger";
    const wchar_t *folder = L"ledger", *list = NULL;
    const struct np_option options[] = {{"--pipe", .text = &name},
                                        {"--database", .text = &folder},
                                        {"--accounts", .text = &list},
                                        {"--audit", .flag = &printing},
                                        {0}};
    int status = np_args(&argc, argv, "see the README\n", options);

    if (status != NP_ARGS_GO_ON)
        return status;
    if (np_lab_group(&group) != 0 || !open_file(folder)) {
        fprintf(stderr, "no ledger: %lu\n", GetLastError());
        return 1;
    }
    if (printing)
        return 0;
    return list != NULL && !open_accounts(list) ? 1 : serve(name);
}
