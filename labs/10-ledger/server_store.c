/* server_store.c - see server_store.h: the database, accounts and audit.
 * Moves are in server_moves.c, the folder in server_folder.c. */
#include "server_sql.h"
#include "ledger.h"
#include "np_args.h"

#include <stdlib.h>
#include <string.h>
#include <wchar.h>

static sqlite3 *database;
static sqlite3_stmt *statements[SQL_COUNT];

/* STRICT is not used: Ubuntu 20.04's SQLite does not have it. */
static const char SCHEMA[] =
    "CREATE TABLE IF NOT EXISTS accounts("
    "  name TEXT PRIMARY KEY NOT NULL,"
    "  balance INTEGER NOT NULL CHECK(balance >= 0),"
    "  descriptor BLOB NOT NULL) WITHOUT ROWID;"
    /* Each move is two entries: one out, one in. */
    "CREATE TABLE IF NOT EXISTS entries("
    "  number INTEGER PRIMARY KEY,"
    "  account TEXT NOT NULL REFERENCES accounts(name),"
    "  partner TEXT NOT NULL REFERENCES accounts(name),"
    "  change INTEGER NOT NULL CHECK(change <> 0),"
    "  id TEXT NOT NULL,"
    "  memo TEXT NOT NULL);"
    "CREATE INDEX IF NOT EXISTS history ON entries(account, number);"
    "CREATE UNIQUE INDEX IF NOT EXISTS once"
    "  ON entries(account, id) WHERE change < 0;"
    "CREATE TABLE IF NOT EXISTS audit("
    "  number INTEGER PRIMARY KEY,"
    "  at TEXT NOT NULL DEFAULT CURRENT_TIMESTAMP,"
    "  who TEXT NOT NULL,"
    "  request TEXT NOT NULL,"
    "  verdict TEXT NOT NULL);";

/* How the database is used. With the lock held all the time (EXCLUSIVE), the
 * write-ahead log needs no shared memory, and one commit is one flush. FULL:
 * a commit that was reported is on the disk. */
static const char SETTINGS[] = "PRAGMA locking_mode=EXCLUSIVE;"
                               "PRAGMA journal_mode=WAL;"
                               "PRAGMA synchronous=FULL;"
                               "PRAGMA foreign_keys=ON;";

static const char *const SQL[SQL_COUNT] = {
    [SQL_BEGIN] = "BEGIN IMMEDIATE",
    [SQL_COMMIT] = "COMMIT",
    [SQL_ROLLBACK] = "ROLLBACK",
    [SQL_ADD] = "INSERT INTO accounts(name, balance, descriptor)"
                " VALUES(?1, ?2, ?3) ON CONFLICT DO NOTHING",
    [SQL_FIND] = "SELECT balance, descriptor FROM accounts WHERE name = ?1",
    [SQL_LIST] = "SELECT balance, descriptor, name FROM accounts ORDER BY name",
    [SQL_AUDIT] = "INSERT INTO audit(who, request, verdict)"
                  " VALUES(?1, ?2, ?3)",
    [SQL_PRINT] = "SELECT number || char(9) || who || char(9) || request ||"
                  " char(9) || verdict FROM audit ORDER BY number",
    [SQL_MOVE_BEGIN] = "SAVEPOINT move",
    [SQL_MOVE_END] = "RELEASE move",
    [SQL_MOVE_UNDO] = "ROLLBACK TO move",
    [SQL_MOVE_SEEN] = "SELECT partner = ?3 AND change = -?4 AND memo = ?5"
                      " FROM entries"
                      " WHERE account = ?1 AND id = ?2 AND change < 0",
    [SQL_WITHDRAW] = "UPDATE accounts SET balance = balance - ?2"
                     " WHERE name = ?1 AND balance >= ?2",
    [SQL_DEPOSIT] = "UPDATE accounts SET balance = balance + ?2"
                    " WHERE name = ?1",
    [SQL_ENTER] = "INSERT INTO entries(account, partner, change, id, memo)"
                  " VALUES(?1, ?2, ?3, ?4, ?5)",
    [SQL_HISTORY] = "SELECT change, id, memo FROM"
                    " (SELECT number, change, id, memo FROM entries"
                    "  WHERE account = ?1 ORDER BY number DESC LIMIT ?2)"
                    " ORDER BY number",
};

static bool complain(const char *call, const char *object)
{
    fprintf(stderr,
            "%s(%.40s): error %d: %s\n",
            call,
            object,
            sqlite3_extended_errcode(database),
            sqlite3_errmsg(database));
    return false;
}

sqlite3_stmt *sql_ready(enum sql which)
{
    return statements[which];
}

void sql_bind(sqlite3_stmt *statement, int parameter, struct slice text)
{
    sqlite3_bind_text(statement, parameter, text.at, text.size, SQLITE_STATIC);
}

struct slice sql_text(sqlite3_stmt *statement, int column)
{
    /* The pointer first: it is what makes the value a text, and the size
     * that of the text. */
    const void *at = sqlite3_column_text(statement, column);
    return (struct slice){at, sqlite3_column_bytes(statement, column)};
}

bool sql_row(enum sql which, bool *failed)
{
    int result = sqlite3_step(statements[which]);

    if (result == SQLITE_ROW)
        return true;
    if (result != SQLITE_DONE)
        *failed = !complain("sqlite3_step", SQL[which]);
    sql_done(which);
    return false;
}

void sql_done(enum sql which)
{
    sqlite3_reset(statements[which]);
    sqlite3_clear_bindings(statements[which]);
}

bool sql_run(enum sql which)
{
    bool failed = false;

    while (sql_row(which, &failed))
        ;
    return !failed;
}

static bool prepare_all(void)
{
    for (int i = 0; i < SQL_COUNT; i++) {
        if (sqlite3_prepare_v3(database,
                               SQL[i],
                               /* nByte: to its NUL */ -1,
                               SQLITE_PREPARE_PERSISTENT,
                               &statements[i],
                               /* pzTail */ NULL) != SQLITE_OK)
            return complain("sqlite3_prepare", SQL[i]);
    }
    return true;
}

bool store_open(const wchar_t *folder, bool create)
{
    char *in = np_utf8(folder, NULL);
    char *path = in != NULL ? sqlite3_mprintf("%s\\ledger.db", in) : NULL;
    int flags = SQLITE_OPEN_READWRITE | (create ? SQLITE_OPEN_CREATE : 0);
    bool ok = false;

    free(in);
    if (path == NULL) {
        np_warn(ERROR_NOT_ENOUGH_MEMORY, "store_open");
        return false;
    }
    if (sqlite3_open_v2(path, &database, flags, /* zVfs */ NULL) != SQLITE_OK)
        complain("sqlite3_open", path);
    else if (sqlite3_exec(database, SETTINGS, NULL, NULL, NULL) != SQLITE_OK ||
             sqlite3_exec(database, SCHEMA, NULL, NULL, NULL) != SQLITE_OK)
        complain("sqlite3_exec", path);
    else
        ok = prepare_all();
    sqlite3_free(path);
    if (!ok)
        store_close();
    return ok;
}

void store_close(void)
{
    for (int i = 0; i < SQL_COUNT; i++) {
        sqlite3_finalize(statements[i]);
        statements[i] = NULL;
    }
    sqlite3_close(database);
    database = NULL;
}

bool store_begin(void)
{
    return sql_run(SQL_BEGIN);
}

bool store_commit(void)
{
    if (sql_run(SQL_COMMIT))
        return true;
    store_rollback();
    return false;
}

void store_rollback(void)
{
    /* Some errors have rolled back already. */
    if (!sqlite3_get_autocommit(database) && !sql_run(SQL_ROLLBACK))
        complain("sqlite3_step", "ROLLBACK");
}

bool sql_changed(void)
{
    return sqlite3_changes(database) == 1;
}

enum store_result
store_add(struct slice name, long long balance, PSECURITY_DESCRIPTOR descriptor)
{
    sqlite3_stmt *statement = statements[SQL_ADD];

    sql_bind(statement, 1, name);
    sqlite3_bind_int64(statement, 2, balance);
    sqlite3_bind_blob(statement,
                      3,
                      descriptor,
                      (int)GetSecurityDescriptorLength(descriptor),
                      SQLITE_STATIC);
    return sql_run(SQL_ADD) ? STORE_DONE : STORE_FAILED;
}

/* Takes balance and descriptor out of a row. The descriptor is copied, because
 * SQLite's bytes may begin at any address, and a descriptor's may not. */
static bool take_account(sqlite3_stmt *row, struct account *account)
{
    static union {
        SECURITY_DESCRIPTOR_RELATIVE head;
        unsigned char bytes[LEDGER_DESCRIPTOR_MAX];
    } copy;
    const void *blob = sqlite3_column_blob(row, 1);
    int size = sqlite3_column_bytes(row, 1);

    if (blob == NULL || size < (int)sizeof copy.head ||
        size > (int)sizeof copy) {
        fprintf(stderr, "an account's descriptor is damaged\n");
        return false;
    }
    memcpy(&copy, blob, (size_t)size);
    account->balance = sqlite3_column_int64(row, 0);
    account->descriptor = &copy;
    return true;
}

enum store_result store_find(struct slice name, struct account *account)
{
    bool failed = false;
    sqlite3_stmt *statement = statements[SQL_FIND];

    sql_bind(statement, 1, name);
    if (!sql_row(SQL_FIND, &failed))
        return failed ? STORE_FAILED : STORE_ABSENT;
    failed = !take_account(statement, account);
    sql_done(SQL_FIND);
    return failed ? STORE_FAILED : STORE_DONE;
}

enum store_result store_list(bool (*visit)(void *context,
                                           struct slice name,
                                           const struct account *account),
                             void *context)
{
    bool failed = false;
    bool go_on = true;
    struct account account;
    sqlite3_stmt *statement = statements[SQL_LIST];

    while (go_on && sql_row(SQL_LIST, &failed)) {
        failed = !take_account(statement, &account);
        go_on = !failed && visit(context, sql_text(statement, 2), &account);
    }
    sql_done(SQL_LIST);
    return failed ? STORE_FAILED : STORE_DONE;
}

enum store_result
store_audit(const char *who, struct slice request, const char *verdict)
{
    sqlite3_stmt *statement = statements[SQL_AUDIT];

    sql_bind(statement, 1, (struct slice){who, (int)strlen(who)});
    sql_bind(statement, 2, request);
    sql_bind(statement, 3, (struct slice){verdict, (int)strlen(verdict)});
    return sql_run(SQL_AUDIT) ? STORE_DONE : STORE_FAILED;
}

enum store_result store_print_audit(void)
{
    bool failed = false;

    while (sql_row(SQL_PRINT, &failed)) {
        struct slice line = sql_text(statements[SQL_PRINT], 0);
        printf("%.*s\n", line.size, line.at);
    }
    return failed ? STORE_FAILED : STORE_DONE;
}
