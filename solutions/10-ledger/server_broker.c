/* server_broker.c - see server_broker.h: what a request says, whether its
 * sender may, and what the reply is. */
#include "server_broker.h"
#include "server_request.h"

#include <stdarg.h>

/* Adds to a reply. False, and nothing added, when it would not fit. */
NP_PRINTF(2, 3)
static bool add(struct reply *reply, const char *format, ...)
{
    va_list values;
    size_t room = sizeof reply->text - reply->size;

    va_start(values, format);
    int length = vsnprintf(reply->text + reply->size, room, format, values);
    va_end(values);
    if (length < 0 || (size_t)length >= room)
        return false;
    reply->size += (size_t)length;
    return true;
}

static void say(struct reply *reply, const char *text)
{
    reply->size = 0;
    add(reply, "%s", text);
}

/* A decision, and if it was yes, what came of it. */
enum outcome { DENIED, GRANTED, TOO_SHORT, ID_TAKEN, FAILED };

static enum outcome outcome_of(enum store_result result)
{
    switch (result) {
    case STORE_DONE:
        return GRANTED;
    case STORE_ABSENT:
        /* As if it were somebody else's: who may not see an account does not
         * learn whether there is one. */
        return DENIED;
    case STORE_SHORT:
        return TOO_SHORT;
    case STORE_TAKEN:
        return ID_TAKEN;
    case STORE_FAILED:
        break;
    }
    return FAILED;
}

/* Finds the account, and decides on the rights to it. */
static enum outcome decide(const struct identity *sender,
                           struct slice name,
                           DWORD rights,
                           struct account *account)
{
    enum outcome outcome = outcome_of(store_find(name, account));

    if (outcome == GRANTED &&
        !identity_may(sender, account->descriptor, rights))
        outcome = DENIED;
    return outcome;
}

static enum outcome answer_balance(const struct identity *sender,
                                   const struct request *request,
                                   struct reply *reply)
{
    struct account account;
    enum outcome outcome =
        decide(sender, request->move.from, LEDGER_READ, &account);

    if (outcome == GRANTED)
        add(reply, " %lld", account.balance);
    return outcome;
}

static bool
add_entry(void *reply, long long change, struct slice id, struct slice memo)
{
    return add(reply,
               "\n%+lld %.*s%s%.*s",
               change,
               id.size,
               id.at,
               memo.size > 0 ? " " : "",
               memo.size,
               memo.at);
}

static enum outcome answer_history(const struct identity *sender,
                                   const struct request *request,
                                   struct reply *reply)
{
    struct account account;
    enum outcome outcome =
        decide(sender, request->move.from, LEDGER_READ, &account);

    if (outcome == GRANTED)
        outcome =
            outcome_of(store_history(request->move.from, add_entry, reply));
    return outcome;
}

struct listing {
    const struct identity *sender;
    struct reply *reply;
};

static bool
add_account(void *context, struct slice name, const struct account *account)
{
    struct listing *listing = context;

    if (!identity_may(listing->sender, account->descriptor, LEDGER_READ))
        return true;
    return add(listing->reply, "\n%.*s", name.size, name.at);
}

/* Everyone whom we know may ask, and sees what is his to see. */
static enum outcome answer_list(const struct identity *sender,
                                struct reply *reply)
{
    struct listing listing = {sender, reply};

    if (sender->token == NULL)
        return DENIED;
    return outcome_of(store_list(add_account, &listing));
}

static enum outcome answer_move(const struct identity *sender,
                                const struct request *request)
{
    // BEGIN SOLUTION 10.4
    // STUB: /* TODO 10.4: decide on both accounts, then move the money. */
    // STUB: (void)sender, (void)request;
    // STUB: (void)NP_TODO("10.4");
    // STUB: return FAILED;
    struct account account;
    enum outcome outcome =
        decide(sender, request->move.from, LEDGER_WITHDRAW, &account);

    if (outcome == GRANTED)
        outcome = decide(sender, request->move.to, LEDGER_DEPOSIT, &account);
    if (outcome == GRANTED)
        outcome = outcome_of(store_transfer(&request->move));
    return outcome;
    // END SOLUTION 10.4
}

static enum outcome answer_verb(const struct identity *sender,
                                const struct request *request,
                                struct reply *reply)
{
    switch (request->verb) {
    case VERB_BALANCE:
        return answer_balance(sender, request, reply);
    case VERB_HISTORY:
        return answer_history(sender, request, reply);
    case VERB_LIST:
        return answer_list(sender, reply);
    case VERB_MOVE:
        return answer_move(sender, request);
    }
    return DENIED;
}

/* False when the transaction is to be given up. */
static bool answer_one(struct exchange *exchange)
{
    static const char *const replies[] = {
        [DENIED] = "DENIED",
        [TOO_SHORT] = "SHORT",
        [ID_TAKEN] = "BAD the id was used for another move"};
    struct request request;
    enum outcome outcome;

    if (exchange->too_long ||
        !request_parse(exchange->text, exchange->size, &request)) {
        /* Not understood, so there was nothing to decide. */
        say(&exchange->reply, "BAD no such request");
        return true;
    }
    say(&exchange->reply, "OK");
    outcome = answer_verb(&exchange->sender, &request, &exchange->reply);
    if (outcome == FAILED) /* nothing was decided that could be audited */
        return false;
    if (outcome != GRANTED)
        say(&exchange->reply, replies[outcome]);
    return store_audit(exchange->sender.who,
                       (struct slice){exchange->text, (int)exchange->size},
                       outcome == DENIED ? "denied" : "granted") == STORE_DONE;
}

void broker_answer(struct exchange *const exchanges[], size_t count)
{
    bool ok = store_begin();

    for (size_t i = 0; ok && i < count; i++)
        ok = answer_one(exchanges[i]);
    /* No answer without its line in the audit, and none before it. */
    ok = ok && store_commit();
    if (!ok) {
        store_rollback();
        for (size_t i = 0; i < count; i++)
            say(&exchanges[i]->reply, "FAILED");
    }
}
