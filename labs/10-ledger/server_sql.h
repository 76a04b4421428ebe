/* server_sql.h - the prepared statements that server_store.c and
 * server_moves.c share. Values are always bound, never part of the text. */
#ifndef SERVER_SQL_H
#define SERVER_SQL_H

#include "server_store.h"

#include <sqlite3.h>

enum { LEDGER_DESCRIPTOR_MAX = 4096 }; /* bytes of an account's descriptor */

enum sql {
    SQL_BEGIN,
    SQL_COMMIT,
    SQL_ROLLBACK,
    SQL_ADD,
    SQL_FIND,
    SQL_LIST,
    SQL_AUDIT,
    SQL_PRINT,
    SQL_MOVE_BEGIN,
    SQL_MOVE_END,
    SQL_MOVE_UNDO,
    SQL_MOVE_SEEN,
    SQL_WITHDRAW,
    SQL_DEPOSIT,
    SQL_ENTER,
    SQL_HISTORY,
    SQL_COUNT
};

/* The statement, to bind values to it. They have to live until it is done. */
sqlite3_stmt *sql_ready(enum sql which);
void sql_bind(sqlite3_stmt *statement, int parameter, struct slice text);

/* Goes to the next row. False at the end, and after an error, which is said
 * on standard error and sets *failed; the statement is done then. */
bool sql_row(enum sql which, bool *failed);
void sql_done(enum sql which); /* before its end: makes it ready again */

NP_NODISCARD bool sql_run(enum sql which); /* one without interesting rows */
bool sql_changed(void); /* whether the last statement changed one row */

/* A column's text, valid until the next row. */
struct slice sql_text(sqlite3_stmt *statement, int column);

#endif
