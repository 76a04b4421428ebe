/*
 * server.c - a right submission of another design: the threads of the system's
 * pool, of which each request may get another; a journal that is truncated;
 * balances that are sums of entries and stored nowhere.
 */
#include "np_token.h"

#include <aclapi.h>
#include <sddl.h>
#include <sqlite3.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define READ_RIGHT 1u
#define DEPOSIT_RIGHT 2u
#define WITHDRAW_RIGHT 4u
#define NAME_SPACE 65

static sqlite3 *db;
static CRITICAL_SECTION lock;
static const char *pipe_name = "\\\\.\\pipe\\nplab-10-ledger";
static const char *folder = "ledger";
static const char *group; /* the lab group's SID */

int main(int argc, char **argv);

static int fail(const char *what)
{
    fprintf(stderr, "%s: error %lu\n", what, GetLastError());
    return 1;
}

/* ---- the database ---- */

static bool run(const char *sql)
{
    if (sqlite3_exec(db, sql, NULL, NULL, NULL) == SQLITE_OK)
        return true;
    fprintf(stderr, "%s: %s\n", sql, sqlite3_errmsg(db));
    return false;
}

/* A statement with its text parameters, up to the first NULL. */
static sqlite3_stmt *ready(const char *sql, const char *const *values)
{
    sqlite3_stmt *statement = NULL;

    if (sqlite3_prepare_v2(db, sql, -1, &statement, NULL) != SQLITE_OK)
        return NULL;
    for (int i = 0; values != NULL && values[i] != NULL; i++)
        sqlite3_bind_text(statement, i + 1, values[i], -1, SQLITE_TRANSIENT);
    return statement;
}
#define READY(sql, ...) ready(sql, (const char *const[]){__VA_ARGS__, NULL})

static bool finish(sqlite3_stmt *statement)
{
    bool ok = statement != NULL && sqlite3_step(statement) == SQLITE_DONE;
    sqlite3_finalize(statement);
    return ok;
}

static bool close_to_others(const char *path, PSECURITY_DESCRIPTOR closed)
{
    return SetFileSecurityA(path,
                            DACL_SECURITY_INFORMATION |
                                PROTECTED_DACL_SECURITY_INFORMATION,
                            closed) != 0;
}

/* A folder that was there may hold files with lists of their own. */
static bool close_all_to_others(PSECURITY_DESCRIPTOR closed)
{
    char path[2 * MAX_PATH];
    WIN32_FIND_DATAA found;
    bool ok = close_to_others(folder, closed);

    snprintf(path, sizeof path, "%s/*", folder);
    HANDLE files = FindFirstFileA(path, &found);
    if (!ok || files == INVALID_HANDLE_VALUE)
        return false;
    do {
        snprintf(path, sizeof path, "%s/%s", folder, found.cFileName);
        if (found.cFileName[0] != '.')
            ok = ok && close_to_others(path, closed);
    } while (FindNextFileA(files, &found));
    FindClose(files);
    return ok;
}

static bool is_closed_to_others(void)
{
    char sddl[200];
    SECURITY_ATTRIBUTES closed = {sizeof closed, NULL, FALSE};

    snprintf(sddl, sizeof sddl, "D:P(A;OICI;FA;;;SY)(A;OICI;FA;;;%s)", group);
    if (!ConvertStringSecurityDescriptorToSecurityDescriptorA(
            sddl, SDDL_REVISION_1, &closed.lpSecurityDescriptor, NULL))
        return false;
    bool ok = CreateDirectoryA(folder, &closed) != 0;
    if (!ok && GetLastError() == ERROR_ALREADY_EXISTS)
        ok = close_all_to_others(closed.lpSecurityDescriptor);
    LocalFree(closed.lpSecurityDescriptor);
    return ok;
}

static bool open_database(void)
{
    char path[MAX_PATH];

    snprintf(path, sizeof path, "%s/money.sqlite", folder);
    return sqlite3_open(path, &db) == SQLITE_OK &&
           run("PRAGMA locking_mode=EXCLUSIVE; PRAGMA journal_mode=TRUNCATE;"
               "PRAGMA synchronous=FULL; BEGIN EXCLUSIVE;"
               "CREATE TABLE IF NOT EXISTS account("
               " name PRIMARY KEY, opening INTEGER, sddl);"
               "CREATE TABLE IF NOT EXISTS move("
               " n INTEGER PRIMARY KEY, source, target, amount INTEGER, id,"
               " memo, UNIQUE(source, id));"
               "CREATE TABLE IF NOT EXISTS log(n INTEGER PRIMARY KEY, line);"
               "COMMIT");
}

static bool open_accounts(const char *path)
{
    char line[2048], name[NAME_SPACE], amount[20];
    FILE *file = fopen(path, "r");
    bool ok = file != NULL && run("BEGIN");

    while (ok && fgets(line, sizeof line, file) != NULL) {
        int at = 0;
        line[strcspn(line, "\r\n")] = '\0';
        if (line[0] == '#' || line[0] == '\0')
            continue;
        PSECURITY_DESCRIPTOR descriptor = NULL;
        ok = sscanf(line, "%64s %15[0-9] %n", name, amount, &at) == 2 &&
             at > 0 &&
             ConvertStringSecurityDescriptorToSecurityDescriptorA(
                 line + at, SDDL_REVISION_1, &descriptor, NULL) &&
             finish(READY("INSERT OR IGNORE INTO account"
                          " VALUES(?, CAST(? AS INTEGER), ?)",
                          name,
                          amount,
                          line + at));
        LocalFree(descriptor);
    }
    if (file != NULL)
        fclose(file);
    if (!ok)
        fprintf(stderr, "%s is no file of accounts\n", path);
    return ok && run("COMMIT");
}

/* ---- who may ---- */

static bool allows(HANDLE token, const char *sddl, DWORD right)
{
    GENERIC_MAPPING mapping = {READ_RIGHT, WITHDRAW_RIGHT, READ_RIGHT, 7};
    PRIVILEGE_SET set;
    DWORD size = sizeof set, granted;
    BOOL yes = FALSE;
    PSECURITY_DESCRIPTOR descriptor = NULL;

    bool ok =
        ConvertStringSecurityDescriptorToSecurityDescriptorA(
            sddl, SDDL_REVISION_1, &descriptor, NULL) &&
        AccessCheck(
            descriptor, token, right, &mapping, &set, &size, &granted, &yes) &&
        yes;
    LocalFree(descriptor);
    return ok;
}

static bool may(HANDLE token, const char *account, DWORD right)
{
    sqlite3_stmt *row =
        READY("SELECT sddl FROM account WHERE name = ?", account);
    bool ok = token != NULL && sqlite3_step(row) == SQLITE_ROW &&
              allows(token, (const char *)sqlite3_column_text(row, 0), right);
    sqlite3_finalize(row);
    return ok;
}

/* Called as the client; leaves as the server or not at all. */
static HANDLE token_of_client(HANDLE pipe)
{
    HANDLE token = NULL;

    if (!ImpersonateNamedPipeClient(pipe))
        return NULL;
    if (!OpenThreadToken(GetCurrentThread(), TOKEN_QUERY, TRUE, &token))
        token = NULL;
    if (!RevertToSelf())
        RaiseFailFastException(NULL, NULL, 0);
    return token;
}

/* ---- requests ---- */

static long long balance(const char *account)
{
    sqlite3_stmt *row = READY(
        "SELECT opening"
        " - (SELECT coalesce(sum(amount), 0) FROM move WHERE source = name)"
        " + (SELECT coalesce(sum(amount), 0) FROM move WHERE target = name)"
        " FROM account WHERE name = ?",
        account);
    long long found =
        sqlite3_step(row) == SQLITE_ROW ? sqlite3_column_int64(row, 0) : -1;
    sqlite3_finalize(row);
    return found;
}

static const char *move(char *const word[6], const char *memo)
{
    const char *reply = NULL;
    sqlite3_stmt *row =
        READY("SELECT target = ? AND amount = CAST(? AS INTEGER) AND memo = ?"
              " FROM move WHERE source = ? AND id = ?",
              word[2],
              word[3],
              memo,
              word[1],
              word[4]);
    if (sqlite3_step(row) == SQLITE_ROW)
        reply = sqlite3_column_int(row, 0) ? "OK" : "BAD id";
    sqlite3_finalize(row);
    if (reply != NULL)
        return reply;
    if (balance(word[1]) < strtoll(word[3], NULL, 10))
        return "SHORT";
    return finish(READY("INSERT INTO move(source, target, amount, id, memo)"
                        " VALUES(?, ?, CAST(? AS INTEGER), ?, ?)",
                        word[1],
                        word[2],
                        word[3],
                        word[4],
                        memo))
               ? "OK"
               : "FAILED";
}

static void list(HANDLE token, char *out)
{
    sqlite3_stmt *row =
        READY("SELECT name, sddl FROM account ORDER BY name", NULL);
    while (sqlite3_step(row) == SQLITE_ROW)
        if (allows(
                token, (const char *)sqlite3_column_text(row, 1), READ_RIGHT))
            out += sprintf(out, "\n%s", sqlite3_column_text(row, 0));
    sqlite3_finalize(row);
}

static void history(const char *account, char *out)
{
    sqlite3_stmt *row = READY(
        "SELECT * FROM (SELECT n, iif(source = ?1, -amount, amount), id, memo"
        " FROM move WHERE source = ?1 OR target = ?1 ORDER BY n DESC LIMIT 20)"
        " ORDER BY n",
        account);
    while (sqlite3_step(row) == SQLITE_ROW) {
        const char *memo = (const char *)sqlite3_column_text(row, 3);
        out += sprintf(out,
                       "\n%+lld %s%s%s",
                       sqlite3_column_int64(row, 1),
                       sqlite3_column_text(row, 2),
                       *memo ? " " : "",
                       memo);
    }
    sqlite3_finalize(row);
}

static bool is_amount(const char *text)
{
    size_t size = strlen(text);
    return size > 0 && size <= 15 && strspn(text, "0123456789") == size &&
           strspn(text, "0") < size;
}

/* Cuts the request into its words. The rest is the memo. */
static int cut(char *text, char *word[6], char **memo)
{
    int count = 0;
    int most = strncmp(text, "MOVE ", 5) == 0 ? 5 : 4;

    for (;;) {
        char *space = strchr(text, ' ');
        word[count++] = text;
        if (space != NULL)
            *space = '\0';
        if (strlen(text) == 0 || strlen(text) > 64)
            return 0;
        *memo = space != NULL ? space + 1 : text + strlen(text);
        if (space == NULL || count == most)
            return count;
        text = space + 1;
    }
}

static bool is_text(const char *text, size_t size)
{
    for (size_t i = 0; i < size; i++)
        if ((unsigned char)text[i] < 32 || text[i] == 127)
            return false;
    return size > 0 &&
           MultiByteToWideChar(
               CP_UTF8, MB_ERR_INVALID_CHARS, text, (int)size, NULL, 0) > 0;
}

static void answer(HANDLE token, const char *text, size_t size, char *out)
{
    char copy[513] = "", who[256] = "nobody", *word[6], *memo = NULL;
    bool granted = false;

    strcpy(out, "BAD");
    if (size > 512 || !is_text(text, size))
        return;
    memcpy(copy, text, size);
    int count = cut(copy, word, &memo);
    if (count == 0)
        return;
    bool is_move = strcmp(word[0], "MOVE") == 0;
    bool is_list = strcmp(word[0], "LIST") == 0;
    bool is_balance = strcmp(word[0], "BALANCE") == 0;
    if (is_move
            ? count != 5 || !is_amount(word[3]) || strcmp(word[1], word[2]) == 0
        : is_list
            ? count != 1
            : count != 2 || (!is_balance && strcmp(word[0], "HISTORY") != 0))
        return;

    if (token != NULL && np_token_describe(token, who, sizeof who) != 0)
        return;
    EnterCriticalSection(&lock);
    bool ok = run("BEGIN IMMEDIATE");
    if (is_move)
        granted = may(token, word[1], WITHDRAW_RIGHT) &&
                  may(token, word[2], DEPOSIT_RIGHT);
    else
        granted = is_list ? token != NULL : may(token, word[1], READ_RIGHT);
    strcpy(out, granted ? "OK" : "DENIED");
    if (ok && granted) {
        if (is_move)
            strcpy(out, move(word, memo));
        else if (is_list)
            list(token, out + 2);
        else if (is_balance)
            sprintf(out, "OK %lld", balance(word[1]));
        else
            history(word[1], out + 2);
    }
    sqlite3_stmt *line = READY("INSERT INTO log(line) VALUES(?||?||?||?||?)",
                               who,
                               "\t",
                               "",
                               "\t",
                               granted ? "granted" : "denied");
    sqlite3_bind_text(line, 3, text, (int)size, SQLITE_TRANSIENT);
    if (!finish(line) || !ok || !run("COMMIT")) {
        if (!sqlite3_get_autocommit(db))
            run("ROLLBACK");
        strcpy(out, "FAILED");
    }
    LeaveCriticalSection(&lock);
}

struct client {
    HANDLE pipe;
    char request[513];
    char reply[20000];
};

/* One request: by a thread of the pool, which the next one may not get. */
static DWORD WINAPI serve(void *parameter)
{
    struct client *client = parameter;
    DWORD got = 0, sent;
    bool whole = ReadFile(client->pipe, client->request, 513, &got, NULL) != 0;
    bool too_long = !whole && GetLastError() == ERROR_MORE_DATA;
    bool go_on = whole || too_long;

    while (go_on && !whole && GetLastError() == ERROR_MORE_DATA)
        whole = ReadFile(client->pipe, client->request, 513, &got, NULL) != 0;
    if (go_on) {
        HANDLE token = token_of_client(client->pipe);
        answer(token, client->request, too_long ? 9999 : got, client->reply);
        if (token != NULL)
            CloseHandle(token);
        go_on = WriteFile(client->pipe,
                          client->reply,
                          (DWORD)strlen(client->reply),
                          &sent,
                          NULL) &&
                QueueUserWorkItem(serve, client, WT_EXECUTELONGFUNCTION);
    }
    if (!go_on) {
        CloseHandle(client->pipe);
        free(client);
    }
    return 0;
}

static bool begin(HANDLE pipe)
{
    struct client *client = calloc(1, sizeof *client);

    if (client == NULL)
        return false;
    client->pipe = pipe;
    if (QueueUserWorkItem(serve, client, WT_EXECUTELONGFUNCTION))
        return true;
    free(client);
    return false;
}

static DWORD WINAPI watch_input(void *unused)
{
    char bytes[64];
    DWORD got;

    while (ReadFile(GetStdHandle(STD_INPUT_HANDLE), bytes, 64, &got, NULL) &&
           got > 0)
        ;
    EnterCriticalSection(&lock); /* nobody writes from here on */
    (void)unused;
    ExitProcess(0);
}

static int serve_all(void)
{
    char sddl[200];
    SECURITY_ATTRIBUTES security = {sizeof security, NULL, FALSE};
    DWORD first = FILE_FLAG_FIRST_PIPE_INSTANCE;

    snprintf(sddl, sizeof sddl, "D:P(A;;GA;;;%s)(A;;0x0012019b;;;WD)", group);
    if (!ConvertStringSecurityDescriptorToSecurityDescriptorA(
            sddl, SDDL_REVISION_1, &security.lpSecurityDescriptor, NULL))
        return fail(sddl);
    CloseHandle(CreateThread(NULL, 0, watch_input, NULL, 0, NULL));
    for (;; first = 0) {
        HANDLE pipe =
            CreateNamedPipeA(pipe_name,
                             PIPE_ACCESS_DUPLEX | first,
                             PIPE_TYPE_MESSAGE | PIPE_READMODE_MESSAGE |
                                 PIPE_REJECT_REMOTE_CLIENTS,
                             PIPE_UNLIMITED_INSTANCES,
                             2048,
                             2048,
                             0,
                             &security);
        if (pipe == INVALID_HANDLE_VALUE)
            return fail(pipe_name);
        bool connected = ConnectNamedPipe(pipe, NULL) ||
                         GetLastError() == ERROR_PIPE_CONNECTED;
        if (!connected || !begin(pipe))
            CloseHandle(pipe);
    }
}

int main(int argc, char **argv)
{
    const char *accounts = NULL;
    bool audit = false;
    const wchar_t *wide;
    static char narrow[100];

    for (int i = 1; i < argc; i++) {
        bool more = i + 1 < argc;
        if (strcmp(argv[i], "--audit") == 0)
            audit = true;
        else if (strcmp(argv[i], "--pipe") == 0 && more)
            pipe_name = argv[++i];
        else if (strcmp(argv[i], "--database") == 0 && more)
            folder = argv[++i];
        else if (strcmp(argv[i], "--accounts") == 0 && more)
            accounts = argv[++i];
        else
            return fprintf(stderr, "usage: see the README\n"), 2;
    }
    InitializeCriticalSection(&lock);
    if (np_lab_group(&wide) != 0)
        return fail("no lab group");
    snprintf(narrow, sizeof narrow, "%ls", wide);
    group = narrow;
    if (!audit && !is_closed_to_others())
        return fail(folder);
    if (!open_database())
        return fail("no database");
    if (audit) {
        sqlite3_stmt *row = READY("SELECT n, line FROM log ORDER BY n", NULL);
        while (sqlite3_step(row) == SQLITE_ROW)
            printf("%lld\t%s\n",
                   sqlite3_column_int64(row, 0),
                   sqlite3_column_text(row, 1));
        sqlite3_finalize(row);
        return 0;
    }
    if (accounts != NULL && !open_accounts(accounts))
        return 1;
    return serve_all();
}
