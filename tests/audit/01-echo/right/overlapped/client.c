/* client.c - small pieces, one OVERLAPPED for each direction. */
#include "np_args.h"
#include "np_error.h"
#include "np_handle.h"
#include "np_io.h"
#include "np_pipe.h"

#include <stdlib.h>
#include <string.h>

enum { PIECE = 700 };

static DWORD piece(HANDLE pipe, const char *data, DWORD size, DWORD timeout_ms)
{
    char back[PIECE];
    DWORD had = 0;
    DWORD err = np_write_all(pipe, data, size, timeout_ms);

    while (err == 0 && had < size) {
        DWORD got = 0;
        err = np_read(pipe, back + had, size - had, timeout_ms, &got);
        had += got;
    }
    fwrite(back, 1, had, stdout);
    return err;
}

int wmain(int argc, wchar_t **argv)
{
    const wchar_t *name = L"\\\\.\\pipe\\nplab-01-echo";
    DWORD timeout_ms = 5000;
    const struct np_option options[] = {
        {"--pipe", .text = &name}, {"--timeout", .number = &timeout_ms}, {0}};
    HANDLE pipe = NULL;
    char *text = NULL;
    size_t size = 0;
    DWORD err;

    int status = np_args(&argc, argv, "usage: client TEXT|-\n", options);
    if (status != NP_ARGS_GO_ON)
        return status;
    if (argc != 1)
        return np_wrong_usage("usage: client TEXT|-\n", "what shall I send?");
    err = np_connect(name, GENERIC_READ | GENERIC_WRITE, 0, timeout_ms, &pipe);
    if (err == 0 && wcscmp(argv[0], L"-") == 0) {
        char data[PIECE];
        while (err == 0 && (size = fread(data, 1, PIECE, stdin)) > 0)
            err = piece(pipe, data, (DWORD)size, timeout_ms);
    } else if (err == 0 && (text = np_utf8(argv[0], &size)) != NULL) {
        for (size_t at = 0; err == 0 && at < size; at += PIECE) {
            size_t part = size - at < PIECE ? size - at : PIECE;
            err = piece(pipe, text + at, (DWORD)part, timeout_ms);
        }
        if (err == 0)
            putchar('\n');
    }
    free(text);
    np_close(&pipe);
    if (err != 0)
        np_warn(err, "no echo from %ls", name);
    return err != 0;
}
