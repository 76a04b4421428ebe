/* server_identity.c - see server_identity.h. The only file of the server in
 * which a thread is ever anybody but itself. */
#include "server_identity.h"
#include "ledger.h"
#include "np_handle.h"
#include "np_token.h"

/* A thread that cannot become itself again would go on as the client: every
 * line it logged, every file it touched. So nothing runs any more, no logging
 * and no atexit function either. */
static void become_self(void)
{
    if (!RevertToSelf())
        TerminateProcess(GetCurrentProcess(), ERROR_CANNOT_IMPERSONATE);
}

/* Opens the token of the client whose message was read last. */
static DWORD open_client_token(HANDLE pipe, HANDLE *token)
{
    /* TODO 10.2: borrow the client's identity, open the thread's
     * token, and give the identity back at once, on every path. */
    (void)pipe, (void)become_self;
    *token = NULL;
    return NP_TODO("10.2");
}

DWORD identity_take(HANDLE pipe, struct identity *sender)
{
    DWORD err = open_client_token(pipe, &sender->token);

    if (err == 0)
        err = np_token_describe(sender->token, sender->who, sizeof sender->who);
    if (err != 0) {
        identity_drop(sender);
        snprintf(sender->who,
                 sizeof sender->who,
                 "unknown (%lu %s)",
                 err,
                 np_code_name(err));
    }
    return err;
}

void identity_drop(struct identity *sender)
{
    np_close(&sender->token);
}

bool identity_may(const struct identity *sender,
                  PSECURITY_DESCRIPTOR descriptor,
                  DWORD rights)
{
    /* What GENERIC_READ and its like mean for an account. Nobody asks for
     * them here, but AccessCheck wants to know. */
    GENERIC_MAPPING mapping = {.GenericRead = LEDGER_READ,
                               .GenericWrite = LEDGER_DEPOSIT | LEDGER_WITHDRAW,
                               .GenericExecute = LEDGER_READ,
                               .GenericAll = LEDGER_READ | LEDGER_DEPOSIT |
                                             LEDGER_WITHDRAW};
    PRIVILEGE_SET privileges;
    DWORD size = sizeof privileges;
    DWORD granted = 0;
    BOOL may = FALSE;

    if (sender->token == NULL)
        return false;
    /* TODO 10.3: ask AccessCheck. Two results tell: did the check
     * work, and what was its answer? No answer is a no. */
    (void)descriptor, (void)rights, (void)mapping, (void)size;
    (void)privileges, (void)granted;
    return NP_TODO("10.3") == 0 && may;
}
