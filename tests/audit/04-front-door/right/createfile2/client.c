/* CreateFile2, overlapped with events. */
#include "np_args.h"
#include <wchar.h>
#include <stdlib.h>
#define USAGE "client [--pipe NAME] [--timeout MS] TEXT\n"
int wmain(int argc, wchar_t **argv)
{
    const wchar_t *name = L"\\\\.\\pipe\\nplab-04-front-door";
    DWORD ms = 5000, got = 0, size = 0, mode = PIPE_READMODE_MESSAGE;
    size_t len;
    char *out, back[1009];
    const struct np_option o[] = {
        {"--timeout", .number = &ms}, {"--pipe", .text = &name}, {0}};
    int s = np_args(&argc, argv, USAGE, o);
    if (s != NP_ARGS_GO_ON)
        return s;
    if (argc != 1)
        return np_wrong_usage(USAGE, "one TEXT");
    out = np_utf8(argv[0], &len);
    size = (DWORD)len;
    ULONGLONG end = GetTickCount64() + ms;
    CREATEFILE2_EXTENDED_PARAMETERS x = {
        .dwSize = sizeof x,
        .dwFileFlags = FILE_FLAG_OVERLAPPED,
        .dwSecurityQosFlags = SECURITY_SQOS_PRESENT | SECURITY_IDENTIFICATION |
                              SECURITY_EFFECTIVE_ONLY};
    HANDLE h;
    while ((h = CreateFile2(
                name, GENERIC_READ | GENERIC_WRITE, 0, OPEN_EXISTING, &x)) ==
           INVALID_HANDLE_VALUE) {
        DWORD e = np_last_error();
        if (e != ERROR_PIPE_BUSY || GetTickCount64() >= end)
            np_die(e, "opening %ls", name);
        Sleep(10);
    }
    if (!SetNamedPipeHandleState(h, &mode, NULL, NULL))
        np_die(np_last_error(), "mode");
    OVERLAPPED ov = {.hEvent = CreateEventW(NULL, TRUE, FALSE, NULL)};
    if (!TransactNamedPipe(h, out, size, back, sizeof back, NULL, &ov) &&
        GetLastError() != ERROR_IO_PENDING)
        np_die(np_last_error(), "transact");
    if (!GetOverlappedResultEx(h, &ov, &got, ms, FALSE)) {
        DWORD e = np_last_error();
        CancelIoEx(h, &ov);
        np_die(e, "reply");
    }
    fwrite(back, 1, got, stdout);
    fputc('\n', stdout);
    return 0;
}
