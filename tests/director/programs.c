/* programs.c - starts the student's programs and follows them to their end. */
#include "director.h"

#include <stdio.h>
#include <stdlib.h>

#define STUDENTS_MAX 512
static struct student students[STUDENTS_MAX];
static size_t student_count;
static HANDLE job; /* every program of this play ends with the director */

struct student *take_student(void)
{
    uint64_t number = take_number();
    if (number >= student_count)
        give_up("no such program", 0);
    return &students[number];
}

static HANDLE the_job(void)
{
    if (job == NULL) {
        JOBOBJECT_EXTENDED_LIMIT_INFORMATION limits = {0};
        limits.BasicLimitInformation.LimitFlags =
            JOB_OBJECT_LIMIT_KILL_ON_JOB_CLOSE;
        job = CreateJobObjectW(NULL, NULL);
        if (job == NULL ||
            !SetInformationJobObject(
                job, JobObjectExtendedLimitInformation, &limits, sizeof limits))
            give_up("CreateJobObject", GetLastError());
    }
    return job;
}

/* ---- starting
 * ------------------------------------------------------------------ */

struct switches {
    const wchar_t *faults, *hold, *hold_prefix;
    bool record, lacks_impersonate, plain_wine;
};

/* The seam in a student's program reads these. They stand in the director's
 * own environment only while it creates the process. */
static void set_switches(const struct switches *switches)
{
    wchar_t *hold = NULL;
    if (switches->hold != NULL) {
        size_t room =
            wcslen(switches->hold) + wcslen(switches->hold_prefix) + 2;
        hold = scratch(room * sizeof *hold);
        _snwprintf(
            hold, room, L"%ls:%ls", switches->hold, switches->hold_prefix);
    }
    SetEnvironmentVariableW(L"NPLAB_FAULTS", switches->faults);
    SetEnvironmentVariableW(L"NPLAB_HOLD", hold);
    SetEnvironmentVariableW(L"NPLAB_RECORD",
                            switches->record ? record_path() : NULL);
    SetEnvironmentVariableW(L"NPLAB_LACKS_IMPERSONATE",
                            switches->lacks_impersonate ? L"1" : NULL);
    SetEnvironmentVariableW(L"NPLAB_PLATFORM",
                            switches->plain_wine ? L"off" : NULL);
}

/* The two events of a held call. Anyone may open them: the program may run
 * with a lesser token. */
static DWORD make_hold_events(struct student *student, wchar_t *prefix)
{
    wchar_t name[80];
    struct security open_to_all;
    _snwprintf(prefix,
               64,
               L"Local\\nplab-hold-%lx-%llu",
               (unsigned long)GetCurrentProcessId(),
               (unsigned long long)student_count);
    DWORD err = make_security(L"D:(A;;GA;;;WD)", &open_to_all);
    if (err != 0)
        return err;
    _snwprintf(name, 80, L"%ls.reached", prefix);
    student->reached = CreateEventW(&open_to_all.attributes, TRUE, FALSE, name);
    _snwprintf(name, 80, L"%ls.go", prefix);
    student->go = CreateEventW(&open_to_all.attributes, TRUE, FALSE, name);
    if (student->reached == NULL || student->go == NULL)
        err = GetLastError();
    drop_security(&open_to_all);
    return err;
}

static DWORD create_process(struct student *student,
                            HANDLE token,
                            const wchar_t *exe,
                            wchar_t *command,
                            HANDLE standard[3])
{
    STARTUPINFOEXW info = {0};
    PROCESS_INFORMATION made = {0};
    SIZE_T size = 0;
    const DWORD flags =
        EXTENDED_STARTUPINFO_PRESENT | CREATE_SUSPENDED | DETACHED_PROCESS;
    DWORD err = 0;

    info.StartupInfo.cb = sizeof info;
    info.StartupInfo.dwFlags = STARTF_USESTDHANDLES;
    info.StartupInfo.hStdInput = standard[0];
    info.StartupInfo.hStdOutput = standard[1];
    info.StartupInfo.hStdError = standard[2];
    InitializeProcThreadAttributeList(NULL, 1, 0, &size);
    info.lpAttributeList = scratch(size);
    /* The program gets its three standard handles and none of ours. */
    if (!InitializeProcThreadAttributeList(info.lpAttributeList, 1, 0, &size))
        return GetLastError();
    BOOL ok = UpdateProcThreadAttribute(info.lpAttributeList,
                                        0,
                                        PROC_THREAD_ATTRIBUTE_HANDLE_LIST,
                                        standard,
                                        3 * sizeof standard[0],
                                        NULL,
                                        NULL);
    if (ok && token == NULL)
        ok = CreateProcessW(exe,
                            command,
                            NULL,
                            NULL,
                            TRUE,
                            flags,
                            NULL,
                            work_folder(),
                            &info.StartupInfo,
                            &made);
    else if (ok)
        ok = CreateProcessAsUserW(token,
                                  exe,
                                  command,
                                  NULL,
                                  NULL,
                                  TRUE,
                                  flags,
                                  NULL,
                                  work_folder(),
                                  &info.StartupInfo,
                                  &made);
    if (!ok)
        err = GetLastError();
    DeleteProcThreadAttributeList(info.lpAttributeList);
    if (err != 0)
        return err;
    if (!AssignProcessToJobObject(the_job(), made.hProcess))
        give_up("AssignProcessToJobObject", GetLastError());
    ResumeThread(made.hThread);
    CloseHandle(made.hThread);
    student->process = made.hProcess;
    student->pid = made.dwProcessId;
    student->main_thread = made.dwThreadId;
    return 0;
}

/* start EXE COMMAND AS INPUT INPUT_ENDS FAULTS HOLD RECORD LACKS PLAIN ->
 * PROGRAM */
void do_start(void)
{
    const wchar_t *exe = in_folder(lab_folder(), take_text());
    wchar_t *command = take_text();
    const wchar_t *as = take_text();
    size_t input_size;
    const unsigned char *input = take_bytes(&input_size);
    bool input_ends = take_flag();
    struct switches switches = {0};
    switches.faults = take_text();
    switches.hold = take_text();
    switches.record = take_flag();
    switches.lacks_impersonate = take_flag();
    switches.plain_wine = take_flag();

    if (student_count == STUDENTS_MAX)
        give_up("too many programs", 0);
    struct student *student = &students[student_count];
    *student = (struct student){0};
    HANDLE standard[3] = {
        INVALID_HANDLE_VALUE, INVALID_HANDLE_VALUE, INVALID_HANDLE_VALUE};
    HANDLE primary = NULL;
    wchar_t prefix[64];

    DWORD err = find_identity(as, &primary, NULL);
    if (err == 0)
        err = make_stream(&student->in, true, &standard[0]);
    if (err == 0)
        err = make_stream(&student->out, false, &standard[1]);
    if (err == 0)
        err = make_stream(&student->err, false, &standard[2]);
    if (err == 0 && switches.hold != NULL) {
        switches.hold_prefix = prefix;
        err = make_hold_events(student, prefix);
    }
    if (err == 0) {
        set_switches(&switches);
        err = create_process(student, primary, exe, command, standard);
        set_switches(&(struct switches){0});
    }
    for (int i = 0; i < 3; i++)
        if (standard[i] != INVALID_HANDLE_VALUE)
            CloseHandle(standard[i]);
    if (err == 0 && input != NULL && input_size > 0)
        write_stream(&student->in, input, input_size);
    if (err == 0 && input_ends) {
        CloseHandle(student->in.ours);
        student->in.ours = NULL;
    }
    if (err != 0) {
        answer_error(err);
        return;
    }
    answer_number(student_count++);
}

/* ---- waiting
 * ------------------------------------------------------------------- */

static bool has_ended(const struct student *student, DWORD wait_ms)
{
    return WaitForSingleObject(student->process, wait_ms) == WAIT_OBJECT_0;
}

static DWORD exit_code(const struct student *student)
{
    DWORD code = 0;
    GetExitCodeProcess(student->process, &code);
    return code;
}

static bool floods(struct student *student)
{
    return is_flooded(&student->out) || is_flooded(&student->err);
}

/* await_pipe PROGRAM PIPE MS -> 0 | 1 EXIT_CODE | 2 LAST_ERROR
 * 0: a client could open it now; 1: the program ended first; 2: too late. */
void do_await_pipe(void)
{
    struct student *student = take_student();
    const wchar_t *pipe = take_text();
    moment deadline = after(take_number());
    for (;;) {
        if (WaitNamedPipeW(pipe, 1)) {
            answer_number(0);
            return;
        }
        DWORD err = GetLastError();
        if (has_ended(student, 1)) {
            answer_number(1);
            answer_number(exit_code(student));
            return;
        }
        if (left_until(deadline) == 0) {
            answer_number(2);
            answer_number(err);
            return;
        }
    }
}

/* await_held PROGRAM MS -> 0 | 1 */
void do_await_held(void)
{
    struct student *student = take_student();
    uint64_t ms = take_number();
    if (student->reached == NULL) {
        answer_number(0);
        return;
    }
    HANDLE either[2] = {student->reached, student->process};
    DWORD which = WaitForMultipleObjects(2, either, FALSE, (DWORD)ms);
    answer_number(which == WAIT_OBJECT_0);
}

void do_release(void)
{
    struct student *student = take_student();
    if (student->go != NULL)
        SetEvent(student->go);
}

/* await_end PROGRAM MS -> ENDED CODE FLOODED */
void do_await_end(void)
{
    struct student *student = take_student();
    moment deadline = after(take_number());
    bool ended, flooded;
    do {
        DWORD slice = left_until(deadline);
        ended = has_ended(student, slice > 50 ? 50 : slice);
        flooded = floods(student);
    } while (!ended && !flooded && left_until(deadline) > 0);
    answer_number(ended);
    answer_number(ended ? exit_code(student) : 0);
    answer_number(flooded);
}

void do_kill(void)
{
    struct student *student = take_student();
    TerminateProcess(student->process, 1);
    WaitForSingleObject(student->process, 2000);
}
