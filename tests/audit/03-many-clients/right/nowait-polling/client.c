/* A transaction for each operand, in a thread; the main thread has the watch.
 */
#include <windows.h>
#include <shellapi.h>
#include <stdio.h>
#include <stdlib.h>
#include <io.h>
#include <fcntl.h>

static wchar_t *pipe_name = L"\\\\.\\pipe\\nplab-03-many-clients";
static wchar_t *texts[1000];
static int n_texts;
static DWORD ms = 5000;
static volatile LONG since, waiting;

static DWORD WINAPI go(LPVOID u)
{
    HANDLE h;
    DWORD begin = GetTickCount(), mode = PIPE_READMODE_MESSAGE | PIPE_WAIT, got;
    char q[5000], a[4096];
    (void)u;
    for (;;) {
        h = CreateFileW(pipe_name,
                        FILE_READ_DATA | FILE_WRITE_DATA |
                            FILE_WRITE_ATTRIBUTES,
                        0,
                        NULL,
                        OPEN_EXISTING,
                        SECURITY_SQOS_PRESENT,
                        NULL);
        if (h != INVALID_HANDLE_VALUE)
            break;
        DWORD e = GetLastError(), gone = GetTickCount() - begin;
        if (e != ERROR_PIPE_BUSY) {
            fprintf(stderr, "cannot open, %lu\n", e);
            return 1;
        }
        if (gone >= ms || !WaitNamedPipeW(pipe_name, ms - gone + 1)) {
            fprintf(stderr, "busy\n");
            return 1;
        }
    }
    if (!SetNamedPipeHandleState(h, &mode, NULL, NULL)) {
        fprintf(stderr, "mode, %lu\n", GetLastError());
        return 1;
    }
    for (int i = 0; i < n_texts; i++) {
        int len = (int)wcslen(texts[i]),
            n = len ? WideCharToMultiByte(
                          CP_UTF8, 0, texts[i], len, q, sizeof q, NULL, NULL)
                    : 0;
        since = (LONG)GetTickCount();
        waiting = 1;
        BOOL ok = TransactNamedPipe(h, q, (DWORD)n, a, sizeof a, &got, NULL);
        waiting = 0;
        if (!ok) {
            fprintf(stderr, "transact %d: %lu\n", i, GetLastError());
            return 1;
        }
        fwrite(a, 1, got, stdout);
        fputc('\n', stdout);
    }
    CloseHandle(h);
    return 0;
}

int main(void)
{
    int n;
    wchar_t **v = CommandLineToArgvW(GetCommandLineW(), &n);
    _setmode(1, _O_BINARY);
    for (int i = 1; i < n; i++)
        if (!_wcsicmp(v[i], L"--help"))
            return puts("client [--pipe NAME] [--timeout MS] TEXT..."), 0;
        else if (!_wcsicmp(v[i], L"--pipe") && i + 1 < n)
            pipe_name = v[++i];
        else if (!_wcsicmp(v[i], L"--timeout") && i + 1 < n)
            ms = wcstoul(v[++i], NULL, 0);
        else if (v[i][0] == '-')
            return fputs("no such option\n", stderr), 2;
        else
            texts[n_texts++] = v[i];
    if (n_texts == 0)
        return fputs("nothing to send\n", stderr), 2;
    HANDLE t = CreateThread(NULL, 0, go, NULL, 0, NULL);
    while (WaitForSingleObject(t, 10) != WAIT_OBJECT_0)
        if (waiting && GetTickCount() - (DWORD)since > ms) {
            fputs("no echo in time\n", stderr);
            fflush(NULL);
            _exit(1);
        }
    DWORD c = 1;
    GetExitCodeThread(t, &c);
    fflush(stdout);
    return (int)c;
}
