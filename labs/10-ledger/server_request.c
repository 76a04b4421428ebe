/* server_request.c - see server_request.h. */
#include "server_request.h"
#include "ledger.h"

#include <string.h>

bool is_plain_text(const char *text, size_t size)
{
    for (size_t i = 0; i < size; i++) {
        unsigned char byte = (unsigned char)text[i];
        if (byte < 0x20 || byte == 0x7F)
            return false;
    }
    return size == 0 ||
           MultiByteToWideChar(
               CP_UTF8, MB_ERR_INVALID_CHARS, text, (int)size, NULL, 0) > 0;
}

bool take_word(struct slice *rest, struct slice *word)
{
    const char *space = memchr(rest->at, ' ', (size_t)rest->size);
    int used;

    *word = *rest;
    if (space != NULL)
        word->size = (int)(space - rest->at);
    used = word->size + (space != NULL ? 1 : 0);
    rest->at += used;
    rest->size -= used;
    return word->size > 0 && word->size <= LEDGER_WORD_MAX;
}

bool to_number(struct slice word, long long *number)
{
    *number = 0;
    if (word.size < 1 || word.size > LEDGER_DIGITS_MAX)
        return false;
    for (int i = 0; i < word.size; i++) {
        if (word.at[i] < '0' || word.at[i] > '9')
            return false;
        *number = *number * 10 + (word.at[i] - '0');
    }
    return true;
}

static bool is(struct slice word, const char *text)
{
    return (size_t)word.size == strlen(text) &&
           memcmp(word.at, text, (size_t)word.size) == 0;
}

static bool parse_move(struct slice rest, struct move *move)
{
    struct slice amount;

    if (!take_word(&rest, &move->from) || !take_word(&rest, &move->to) ||
        !take_word(&rest, &amount) || !take_word(&rest, &move->id))
        return false;
    move->memo = rest;
    return to_number(amount, &move->amount) && move->amount > 0 &&
           !(move->from.size == move->to.size &&
             memcmp(move->from.at, move->to.at, (size_t)move->to.size) == 0);
}

bool request_parse(const char *text, size_t size, struct request *request)
{
    struct slice rest = {text, (int)size};
    struct slice verb;

    *request = (struct request){0};
    if (size > LEDGER_REQUEST_MAX || !is_plain_text(text, size) ||
        !take_word(&rest, &verb))
        return false;
    if (is(verb, "LIST")) {
        request->verb = VERB_LIST;
        return text + size == verb.at + verb.size;
    }
    if (is(verb, "MOVE")) {
        request->verb = VERB_MOVE;
        return parse_move(rest, &request->move);
    }
    if (is(verb, "BALANCE"))
        request->verb = VERB_BALANCE;
    else if (is(verb, "HISTORY"))
        request->verb = VERB_HISTORY;
    else
        return false;
    return take_word(&rest, &request->move.from) &&
           text + size == request->move.from.at + request->move.from.size;
}
