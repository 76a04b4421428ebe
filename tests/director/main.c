/* main.c - the director: reads a request, does it, answers, until told to go.
 *
 * director.exe [LAB_FOLDER WORK_FOLDER]
 */
#include "director.h"

#include <stdio.h>
#include <string.h>

static const struct {
    const char *name;
    void (*act)(void);
} VERBS[] = {
    {"start", do_start},
    {"await_pipe", do_await_pipe},
    {"await_held", do_await_held},
    {"release", do_release},
    {"await_end", do_await_end},
    {"input", do_input},
    {"end_input", do_end_input},
    {"kill", do_kill},
    {"lift_limit", do_lift_limit},
    {"output", do_output},
    {"errors", do_errors},
    {"measure", do_measure},
    {"children", do_children},
    {"blocked", do_blocked},
    {"identities", do_identities},
    {"connect", do_connect},
    {"listen", do_listen},
    {"accept", do_accept},
    {"become", do_become},
    {"write", do_write},
    {"read", do_read},
    {"transact", do_transact},
    {"who", do_who},
    {"hang_up", do_hang_up},
    {"disconnect", do_disconnect},
    {"crowd", do_crowd},
    {"put_file", do_put_file},
    {"get_file", do_get_file},
    {"make_folder", do_make_folder},
    {"list_folder", do_list_folder},
    {"security_of", do_security_of},
    {"try_file", do_try_file},
    {"pipe_security", do_pipe_security},
    {"flight_record", do_flight_record},
    {"hello", do_hello},
};

static const wchar_t *lab = L"C:\\lab";
static const wchar_t *work = L"C:\\work";

const wchar_t *lab_folder(void)
{
    return lab;
}

const wchar_t *work_folder(void)
{
    return work;
}

wchar_t *in_folder(const wchar_t *folder, const wchar_t *path)
{
    size_t room = wcslen(folder) + wcslen(path) + 2;
    wchar_t *whole = scratch(room * sizeof *whole);
    _snwprintf(whole, room, L"%ls\\%ls", folder, path);
    return whole;
}

wchar_t *in_work_folder(const wchar_t *path)
{
    return in_folder(work, path);
}

const wchar_t *record_path(void)
{
    static wchar_t path[MAX_PATH + 32];
    if (path[0] == L'\0') {
        /* Not in the work folder: checks list that one. */
        DWORD size = GetTempPathW(MAX_PATH, path);
        _snwprintf(path + size,
                   32,
                   L"flight-record-%lu",
                   (unsigned long)GetCurrentProcessId());
    }
    return path;
}

bool on_wine(void)
{
    return GetProcAddress(GetModuleHandleW(L"ntdll.dll"), "wine_get_version") !=
           NULL;
}

moment after(uint64_t ms)
{
    return GetTickCount64() + ms;
}

DWORD left_until(moment deadline)
{
    moment now = GetTickCount64();
    return now >= deadline ? 0 : (DWORD)(deadline - now);
}

/* A fault of the director must not look like the end of a student's
 * program: the runner looks for this line. */
static LONG CALLBACK report_crash(EXCEPTION_POINTERS *exception)
{
    give_up("crashed", exception->ExceptionRecord->ExceptionCode);
}

static void act(const char *verb)
{
    for (size_t i = 0; i < sizeof VERBS / sizeof VERBS[0]; i++) {
        if (strcmp(VERBS[i].name, verb) == 0) {
            VERBS[i].act();
            return;
        }
    }
    give_up(verb, ERROR_INVALID_FUNCTION);
}

int wmain(int argc, wchar_t **argv);

int wmain(int argc, wchar_t **argv)
{
    if (argc == 3) {
        lab = argv[1];
        work = argv[2];
    }
    SetUnhandledExceptionFilter(report_crash);
    unsigned tasks = receive_key();
    protect_director();
    limit_tasks(tasks);
    const char *verb;
    while (next_request(&verb)) {
        act(verb);
        send_answer();
    }
    return 0;
}
