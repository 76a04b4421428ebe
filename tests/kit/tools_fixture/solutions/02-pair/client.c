/* client.c - sends its argument. */
#include "pair.h"

int wmain(int argc, wchar_t **argv)
{
    return send_text(PAIR_PIPE, argc > 1 ? argv[1] : L"");
}
