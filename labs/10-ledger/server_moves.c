/* server_moves.c - money from one account to another, and what is told of it
 * afterwards. See server_store.h. */
#include "server_sql.h"
#include "ledger.h"

/* One side of a move, in the books of its account. */
static bool enter(struct slice account,
                  struct slice partner,
                  long long change,
                  const struct move *move)
{
    sqlite3_stmt *statement = sql_ready(SQL_ENTER);

    sql_bind(statement, 1, account);
    sql_bind(statement, 2, partner);
    sqlite3_bind_int64(statement, 3, change);
    sql_bind(statement, 4, move->id);
    sql_bind(statement, 5, move->memo);
    return sql_run(SQL_ENTER);
}

/* Adds to or takes from one balance. *done tells whether it could be: the
 * statement for withdrawing finds no account that has less than the amount. */
static bool
book(enum sql which, struct slice account, long long amount, bool *done)
{
    sqlite3_stmt *statement = sql_ready(which);

    sql_bind(statement, 1, account);
    sqlite3_bind_int64(statement, 2, amount);
    if (!sql_run(which))
        return false;
    *done = sql_changed();
    return true;
}

/* Whether this id was used before, and for the same move. */
static enum store_result seen_before(const struct move *move)
{
    bool failed = false;
    bool same = false;
    sqlite3_stmt *statement = sql_ready(SQL_MOVE_SEEN);

    sql_bind(statement, 1, move->from);
    sql_bind(statement, 2, move->id);
    sql_bind(statement, 3, move->to);
    sqlite3_bind_int64(statement, 4, move->amount);
    sql_bind(statement, 5, move->memo);
    if (!sql_row(SQL_MOVE_SEEN, &failed))
        return failed ? STORE_FAILED : STORE_ABSENT;
    same = sqlite3_column_int(statement, 0) != 0;
    sql_done(SQL_MOVE_SEEN);
    return same ? STORE_DONE : STORE_TAKEN;
}

static enum store_result move_once(const struct move *move)
{
    bool done = false;

    /* TODO 10.5: has this id been used? If not: book and enter both
     * sides. The caller undoes it all unless you return STORE_DONE. */
    (void)move, (void)book, (void)enter, (void)seen_before, (void)done;
    (void)NP_TODO("10.5");
    return STORE_FAILED;
}

enum store_result store_transfer(const struct move *move)
{
    enum store_result result = STORE_FAILED;

    /* A savepoint, because the transaction holds other clients' requests,
     * which this one must not take down with it. */
    if (!sql_run(SQL_MOVE_BEGIN))
        return STORE_FAILED;
    result = move_once(move);
    if (result != STORE_DONE && !sql_run(SQL_MOVE_UNDO))
        result = STORE_FAILED;
    if (!sql_run(SQL_MOVE_END))
        result = STORE_FAILED;
    return result;
}

enum store_result store_history(struct slice name,
                                bool (*visit)(void *context,
                                              long long change,
                                              struct slice id,
                                              struct slice memo),
                                void *context)
{
    bool failed = false;
    bool go_on = true;
    sqlite3_stmt *statement = sql_ready(SQL_HISTORY);

    sql_bind(statement, 1, name);
    sqlite3_bind_int(statement, 2, LEDGER_HISTORY_MAX);
    while (go_on && sql_row(SQL_HISTORY, &failed))
        go_on = visit(context,
                      sqlite3_column_int64(statement, 0),
                      sql_text(statement, 1),
                      sql_text(statement, 2));
    sql_done(SQL_HISTORY);
    return failed ? STORE_FAILED : STORE_DONE;
}
