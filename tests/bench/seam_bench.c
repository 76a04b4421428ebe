/* seam_bench.c - what the platform layer costs: the same calls timed in two
 * processes at a time, one with the layer and one without.
 *
 *   seam_bench               starts the two measuring processes, lets them take
 *                            turns, and prints medians and their ratio
 *   seam_bench --measure N   measures all cases whenever it is asked to
 *
 * The turns are short and alternate, so that a change of the machine's speed
 * falls on both alike. It should be pinned to one CPU (taskset -c 0). */
#include <windows.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define ROUNDS 15
#define PIPE L"\\\\.\\pipe\\nplab-bench-"

enum { IMPERSONATE, MESSAGE, OPEN, CASES };

static const struct {
    const char *name;
    unsigned calls; /* in one round */
    double limit;   /* the greatest ratio allowed */
} cases[CASES] = {
    {"ImpersonateNamedPipeClient + RevertToSelf", 2000, 5.0},
    {"WriteFile + ReadFile, 64 bytes", 2000, 1.1},
    {"CreateFile on a pipe", 200, 2.0},
};

static HANDLE server, client;
static wchar_t pipe_name[64];

static HANDLE dial(void)
{
    return CreateFileW(pipe_name,
                       GENERIC_READ | GENERIC_WRITE,
                       0,
                       NULL,
                       OPEN_EXISTING,
                       0,
                       NULL);
}

static void exchange(void)
{
    char buffer[64] = "";
    DWORD done;

    if (!WriteFile(client, buffer, sizeof buffer, &done, NULL) ||
        !ReadFile(server, buffer, sizeof buffer, &done, NULL))
        ExitProcess(1);
}

static LONGLONG now(void)
{
    LARGE_INTEGER ticks;

    QueryPerformanceCounter(&ticks);
    return ticks.QuadPart;
}

/* The time that so many opens take; what is between them is not counted. */
static LONGLONG time_opens(unsigned calls)
{
    LONGLONG spent = 0;

    for (unsigned i = 0; i < calls; i++) {
        DWORD mode = PIPE_NOWAIT, wait = PIPE_WAIT;
        LONGLONG start;

        CloseHandle(client);
        DisconnectNamedPipe(server);
        SetNamedPipeHandleState(server, &mode, NULL, NULL);
        ConnectNamedPipe(server, NULL);
        SetNamedPipeHandleState(server, &wait, NULL, NULL);
        start = now();
        client = dial();
        spent += now() - start;
        if (client == INVALID_HANDLE_VALUE)
            ExitProcess(1);
        exchange();
    }
    return spent;
}

static LONGLONG time_case(int which)
{
    unsigned calls = cases[which].calls;
    LONGLONG start = now();

    if (which == OPEN)
        return time_opens(calls);
    for (unsigned i = 0; i < calls; i++) {
        if (which == MESSAGE)
            exchange();
        else if (!ImpersonateNamedPipeClient(server) || !RevertToSelf())
            ExitProcess(1);
    }
    return now() - start;
}

/* Each line of standard input asks for one case; the answer is nanoseconds. */
static int measure(void)
{
    LARGE_INTEGER frequency;
    int which;

    QueryPerformanceFrequency(&frequency);
    swprintf(
        pipe_name, ARRAYSIZE(pipe_name), PIPE L"%lu", GetCurrentProcessId());
    server = CreateNamedPipeW(pipe_name,
                              PIPE_ACCESS_DUPLEX,
                              PIPE_TYPE_MESSAGE,
                              1,
                              4096,
                              4096,
                              0,
                              NULL);
    client = dial();
    if (server == INVALID_HANDLE_VALUE || client == INVALID_HANDLE_VALUE)
        return 1;
    exchange();
    while (scanf("%d", &which) == 1 && which >= 0 && which < CASES) {
        double seconds = (double)time_case(which) / (double)frequency.QuadPart;

        printf("%.0f\n", seconds * 1e9 / cases[which].calls);
        fflush(stdout);
    }
    return 0;
}

struct meter {
    HANDLE ask, answer, process;
};

static struct meter start_meter(const wchar_t *platform)
{
    SECURITY_ATTRIBUTES inherit = {sizeof inherit, NULL, TRUE};
    STARTUPINFOW startup = {.cb = sizeof startup,
                            .dwFlags = STARTF_USESTDHANDLES};
    PROCESS_INFORMATION process = {0};
    wchar_t path[MAX_PATH], line[] = L"seam_bench --measure";
    struct meter meter = {NULL, NULL, NULL};

    GetModuleFileNameW(NULL, path, ARRAYSIZE(path));
    SetEnvironmentVariableW(L"NPLAB_PLATFORM", platform);
    CreatePipe(&startup.hStdInput, &meter.ask, &inherit, 0);
    CreatePipe(&meter.answer, &startup.hStdOutput, &inherit, 0);
    SetHandleInformation(meter.ask, HANDLE_FLAG_INHERIT, 0);
    SetHandleInformation(meter.answer, HANDLE_FLAG_INHERIT, 0);
    startup.hStdError = GetStdHandle(STD_ERROR_HANDLE);
    if (CreateProcessW(
            path, line, NULL, NULL, TRUE, 0, NULL, NULL, &startup, &process)) {
        meter.process = process.hProcess;
        CloseHandle(process.hThread);
    }
    CloseHandle(startup.hStdInput);
    CloseHandle(startup.hStdOutput);
    return meter;
}

static double ask(const struct meter *meter, int which)
{
    char text[32] = "";
    DWORD done = 0;
    int length = snprintf(text, sizeof text, "%d\n", which);

    if (!WriteFile(meter->ask, text, (DWORD)length, &done, NULL))
        return 0;
    memset(text, 0, sizeof text);
    if (!ReadFile(meter->answer, text, sizeof text - 1, &done, NULL))
        return 0;
    return strtod(text, NULL);
}

static int compare(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;

    return (x > y) - (x < y);
}

static double median(double *values)
{
    qsort(values, ROUNDS, sizeof *values, compare);
    return values[ROUNDS / 2];
}

static void end_meter(struct meter *meter)
{
    CloseHandle(meter->ask);
    CloseHandle(meter->answer);
    WaitForSingleObject(meter->process, 5000);
    CloseHandle(meter->process);
}

int main(int argc, char **argv)
{
    struct meter plain, layer;
    bool too_slow = false;

    if (argc == 2 && strcmp(argv[1], "--measure") == 0)
        return measure();
    plain = start_meter(L"off");
    layer = start_meter(L"on");
    if (plain.process == NULL || layer.process == NULL)
        return 1;
    printf("%-44s %9s %9s %6s %6s\n",
           "call",
           "plain us",
           "layer us",
           "ratio",
           "limit");
    for (int i = 0; i < CASES; i++) {
        double without[ROUNDS], with[ROUNDS], ratio;

        for (int round = 0; round < ROUNDS; round++) {
            without[round] = ask(&plain, i) / 1000;
            with[round] = ask(&layer, i) / 1000;
        }
        ratio = median(with) / median(without);
        printf("%-44s %9.2f %9.2f %6.2f %6.1f\n",
               cases[i].name,
               median(without),
               median(with),
               ratio,
               cases[i].limit);
        too_slow = too_slow || !(ratio <= cases[i].limit);
    }
    end_meter(&plain);
    end_meter(&layer);
    return too_slow ? 3 : 0;
}
