/* The pipe is a file: _wopen, and C streams on it. */
#include <windows.h>
#include <stdio.h>
#include <stdlib.h>
#include <wchar.h>
#include <io.h>
#include <fcntl.h>
#include <process.h>
static wchar_t *name = L"\\\\.\\pipe\\nplab-01-echo", *text;
static unsigned long ms = 5000;
static volatile LONG ticks;
static unsigned __stdcall dog(void *x)
{
    (void)x;
    for (;;) {
        LONG was = ticks;
        Sleep(ms);
        if (was == ticks && (was & 1)) {
            fputs("client: timeout\n", stderr);
            fflush(stderr);
            /* _exit may flush the stream that waits in its write. */
            TerminateProcess(GetCurrentProcess(), 1);
        }
    }
}
static int lose(const char *w)
{
    fprintf(stderr, "client: %s\n", w);
    fflush(stderr);
    _exit(1);
    return 1;
}
static void turn(FILE *w, FILE *r, const char *p, size_t n)
{
    char b[2048];
    ticks++;
    if (fwrite(p, 1, n, w) != n || fflush(w))
        lose("write");
    ticks++;
    while (n) {
        ticks++;
        size_t k = fread(b, 1, n < sizeof b ? n : sizeof b, r);
        ticks++;
        if (!k)
            lose("the end came early");
        if (fwrite(b, 1, k, stdout) != k)
            lose("stdout");
        n -= k;
    }
}
int wmain(int c, wchar_t **v)
{
    for (int i = 1; i < c; i++)
        if (!wcscmp(v[i], L"--help")) {
            printf("client [--pipe NAME] [--timeout MS] TEXT\n");
            return 0;
        } else if (!wcscmp(v[i], L"--pipe") && i + 1 < c)
            name = v[++i];
        else if (!wcscmp(v[i], L"--timeout") && i + 1 < c)
            ms = wcstoul(v[++i], 0, 10);
        else if (v[i][0] == '-' && v[i][1])
            return fputs("?\n", stderr), 2;
        else
            text = v[i];
    if (!text)
        return fputs("?\n", stderr), 2;
    _beginthreadex(NULL, 0, dog, NULL, 0, NULL);
    int fd;
    DWORD t0 = GetTickCount();
    while ((fd = _wopen(name, _O_RDWR | _O_BINARY)) < 0) {
        if (_doserrno != ERROR_PIPE_BUSY || GetTickCount() - t0 > ms) {
            lose("open");
        }
        Sleep(4);
    }
    FILE *w = _fdopen(fd, "wb"), *r = _fdopen(_dup(fd), "rb");
    setvbuf(r, NULL, _IONBF, 0);
    _setmode(0, _O_BINARY);
    _setmode(1, _O_BINARY);
    char b[4096];
    size_t n;
    if (!wcscmp(text, L"-"))
        while ((n = fread(b, 1, 2048, stdin)) > 0)
            turn(w, r, b, n);
    else {
        int z = WideCharToMultiByte(CP_UTF8, 0, text, -1, NULL, 0, 0, 0);
        char *u = malloc((size_t)z);
        WideCharToMultiByte(CP_UTF8, 0, text, -1, u, z, 0, 0);
        for (z--; z > 0; z -= (int)n, u += n)
            turn(w, r, u, n = (size_t)(z > 2048 ? 2048 : z));
        putchar('\n');
    }
    fclose(w);
    fclose(r);
    return 0;
}
