/* client.c - sends its argument. */
#include "tiny.h"

int wmain(int argc, wchar_t **argv)
{
    return send_text(TINY_PIPE, argc > 1 ? argv[1] : L"");
}
