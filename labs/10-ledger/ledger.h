/*
 * ledger.h - what the two programs of lab 10 agree on.
 *
 * A request is one message of UTF-8 text without control characters, its
 * words separated by one space:
 *
 *     BALANCE account
 *     HISTORY account
 *     LIST
 *     MOVE from to amount id [memo]
 *
 * The reply is one message. Its first word is OK, DENIED, SHORT (not enough
 * money), BAD (no such request) or FAILED (the server could not). What
 * follows OK: a space and the balance; or a line for each account or entry,
 * each begun with \n; or nothing.
 */
#ifndef LEDGER_H
#define LEDGER_H

#define LEDGER_PIPE L"\\\\.\\pipe\\nplab-10-ledger"

/* The rights that an account's security descriptor gives, as they stand in
 * the access mask of its entries: "(A;;0x3;;;WD)" lets everyone read and
 * deposit. The low 16 bits of a mask are the object's own to define. */
enum {
    LEDGER_READ = 0x0001,    /* its balance, its history, its name in LIST */
    LEDGER_DEPOSIT = 0x0002, /* MOVE money into it */
    LEDGER_WITHDRAW = 0x0004 /* MOVE money out of it */
};

enum {
    LEDGER_REQUEST_MAX = 512, /* bytes of a request */
    LEDGER_WORD_MAX = 64,     /* bytes of an account's name, and of an id */
    LEDGER_DIGITS_MAX = 15,   /* digits of an amount */
    LEDGER_HISTORY_MAX = 20,  /* entries that HISTORY shows: the newest */
    LEDGER_REPLY_MAX = 16384  /* bytes of a reply; LIST shows what fits */
};

#endif
