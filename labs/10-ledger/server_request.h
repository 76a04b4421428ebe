/* server_request.h - what a message asks for. */
#ifndef SERVER_REQUEST_H
#define SERVER_REQUEST_H

#include "server_store.h"

enum verb { VERB_BALANCE, VERB_HISTORY, VERB_LIST, VERB_MOVE };

struct request {
    enum verb verb;
    struct move move; /* its from is the account of BALANCE and HISTORY */
};

/* request_parse - false unless the bytes are a request as ledger.h has it, to
 * the last byte. The slices point into text. */
NP_NODISCARD bool
request_parse(const char *text, size_t size, struct request *request);

/* The first word and what follows the space after it. False if it is empty
 * or longer than LEDGER_WORD_MAX. */
NP_NODISCARD bool take_word(struct slice *rest, struct slice *word);

/* A decimal number of at most LEDGER_DIGITS_MAX digits and nothing else. */
NP_NODISCARD bool to_number(struct slice word, long long *number);

/* Valid UTF-8 without control characters: in a line of the audit, a line end
 * would begin a line that no server wrote. */
NP_NODISCARD bool is_plain_text(const char *text, size_t size);

#endif
